import { Migration20261122183055 } from './Migration20261122183055.ts';

/** In order; applied at start. */
export const migrations = [
  { name: 'Migration20261122183055', class: Migration20261122183055 },
];
