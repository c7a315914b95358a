import { Migration20261122211223 } from './Migration20261122211223.ts';

/** In order; applied at start. */
export const migrations = [
  { name: 'Migration20261122211223', class: Migration20261122211223 },
];
