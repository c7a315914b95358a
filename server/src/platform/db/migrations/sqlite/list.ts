import { Migration20261122221221 } from './Migration20261122221221.ts';

/** In order; applied at start. */
export const migrations = [
  { name: 'Migration20261122221221', class: Migration20261122221221 },
];
