import { DATABASES, QUEUES } from './databases.ts';
import { CONTAINERS, DELIVERY, NOISE } from './delivery.ts';
import type { LibraryPattern } from './library-pattern.ts';
import { RUNTIMES } from './runtimes.ts';
import { SYSTEM } from './system.ts';
import { WEB_SERVERS } from './web-servers.ts';

/** Every ready-made pattern, in the order it is shown. None is on until it is copied into a project. */
export const PATTERN_LIBRARY: readonly LibraryPattern[] = [
  ...WEB_SERVERS,
  ...DATABASES,
  ...QUEUES,
  ...SYSTEM,
  ...CONTAINERS,
  ...RUNTIMES,
  ...DELIVERY,
  ...NOISE,
];

/** The library pattern of that key. */
export function libraryPattern(key: string): LibraryPattern | undefined {
  return PATTERN_LIBRARY.find((pattern) => pattern.key === key);
}
