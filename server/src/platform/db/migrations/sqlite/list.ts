import { Migration20261122183920 } from './Migration20261122183920.ts';
import { Migration20261122222337_detection } from './Migration20261122222337_detection.ts';

/** In order; applied at start. */
export const migrations = [
  { name: 'Migration20261122183920', class: Migration20261122183920 },
  { name: 'Migration20261122222337_detection', class: Migration20261122222337_detection },
];
