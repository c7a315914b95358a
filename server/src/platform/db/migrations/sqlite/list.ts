import { Migration20261122174226 } from './Migration20261122174226.ts';

/** In order; applied at start. */
export const migrations = [
  { name: 'Migration20261122174226', class: Migration20261122174226 },
];
