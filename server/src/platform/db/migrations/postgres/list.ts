import { Migration20261122183928 } from './Migration20261122183928.ts';

/** In order; applied at start. */
export const migrations = [
  { name: 'Migration20261122183928', class: Migration20261122183928 },
];
