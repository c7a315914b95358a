import { Migration20261122210200 } from './Migration20261122210200.ts';

/** In order; applied at start. */
export const migrations = [
  { name: 'Migration20261122210200', class: Migration20261122210200 },
];
