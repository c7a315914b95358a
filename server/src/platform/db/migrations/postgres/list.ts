import { Migration20261122210203 } from './Migration20261122210203.ts';

/** In order; applied at start. */
export const migrations = [
  { name: 'Migration20261122210203', class: Migration20261122210203 },
];
