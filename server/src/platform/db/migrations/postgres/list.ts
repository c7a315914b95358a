import { Migration20261122183104 } from './Migration20261122183104.ts';

/** In order; applied at start. */
export const migrations = [
  { name: 'Migration20261122183104', class: Migration20261122183104 },
];
