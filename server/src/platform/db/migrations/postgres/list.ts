import { Migration20261122210858 } from './Migration20261122210858.ts';

/** In order; applied at start. */
export const migrations = [
  { name: 'Migration20261122210858', class: Migration20261122210858 },
];
