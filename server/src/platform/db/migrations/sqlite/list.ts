import { Migration20261122183920 } from './Migration20261122183920.ts';

/** In order; applied at start. */
export const migrations = [
  { name: 'Migration20261122183920', class: Migration20261122183920 },
];
