import { Migration20261122210502 } from './Migration20261122210502.ts';

/** In order; applied at start. */
export const migrations = [
  { name: 'Migration20261122210502', class: Migration20261122210502 },
];
