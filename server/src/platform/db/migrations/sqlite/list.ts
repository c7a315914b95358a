import { Migration20261122181518 } from './Migration20261122181518.ts';

/** In order; applied at start. */
export const migrations = [
  { name: 'Migration20261122181518', class: Migration20261122181518 },
];
