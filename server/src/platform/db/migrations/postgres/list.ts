import { Migration20261122210504 } from './Migration20261122210504.ts';

/** In order; applied at start. */
export const migrations = [
  { name: 'Migration20261122210504', class: Migration20261122210504 },
];
