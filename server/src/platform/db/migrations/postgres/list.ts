import { Migration20261122183928 } from './Migration20261122183928.ts';
import { Migration20261122222337_detection } from './Migration20261122222337_detection.ts';

/** In order; applied at start. */
export const migrations = [
  { name: 'Migration20261122183928', class: Migration20261122183928 },
  { name: 'Migration20261122222337_detection', class: Migration20261122222337_detection },
];
