import type { Clock } from '../../../platform/clock.ts';
import { bugsnagDoor } from './bugsnag.ts';
import { bulkDoor } from './bulk.ts';
import type { Door } from './door.ts';
import { createOtlpDoors } from './otlp.ts';
import { rollbarDoor } from './rollbar.ts';

/** The doors for clients that speak neither Sentry's envelope nor its store: for compose and for tests alike. */
export function createClientDoors(clock: Clock): Door[] {
  return [bulkDoor, ...createOtlpDoors(clock), bugsnagDoor, rollbarDoor];
}
