import { Migration20261122205126 } from './Migration20261122205126.ts';

/** In order; applied at start. */
export const migrations = [
  { name: 'Migration20261122205126', class: Migration20261122205126 },
];
