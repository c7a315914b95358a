import { Migration20261122205730 } from './Migration20261122205730.ts';

/** In order; applied at start. */
export const migrations = [
  { name: 'Migration20261122205730', class: Migration20261122205730 },
];
