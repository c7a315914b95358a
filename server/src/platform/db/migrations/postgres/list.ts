import { Migration20261122205128 } from './Migration20261122205128.ts';

/** In order; applied at start. */
export const migrations = [
  { name: 'Migration20261122205128', class: Migration20261122205128 },
];
