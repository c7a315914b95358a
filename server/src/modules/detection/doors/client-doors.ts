import { bulkDoor } from './bulk.ts';
import type { Door } from './door.ts';

/** The doors for clients that speak neither Sentry's envelope nor its store: for compose and for tests alike. */
export function createClientDoors(): Door[] {
  return [bulkDoor];
}
