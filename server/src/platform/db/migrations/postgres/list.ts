import { Migration20261122221225 } from './Migration20261122221225.ts';

/** In order; applied at start. */
export const migrations = [
  { name: 'Migration20261122221225', class: Migration20261122221225 },
];
