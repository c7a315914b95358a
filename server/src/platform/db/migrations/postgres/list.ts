import { Migration20261122174229 } from './Migration20261122174229.ts';

/** In order; applied at start. */
export const migrations = [
  { name: 'Migration20261122174229', class: Migration20261122174229 },
];
