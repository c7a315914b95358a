import { Migration20261122205732 } from './Migration20261122205732.ts';

/** In order; applied at start. */
export const migrations = [
  { name: 'Migration20261122205732', class: Migration20261122205732 },
];
