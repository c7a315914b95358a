import { Migration20261122210855 } from './Migration20261122210855.ts';

/** In order; applied at start. */
export const migrations = [
  { name: 'Migration20261122210855', class: Migration20261122210855 },
];
