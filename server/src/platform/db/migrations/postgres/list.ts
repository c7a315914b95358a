import { Migration20261122181520 } from './Migration20261122181520.ts';

/** In order; applied at start. */
export const migrations = [
  { name: 'Migration20261122181520', class: Migration20261122181520 },
];
