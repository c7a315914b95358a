import type { Clock } from '../../platform/clock.ts';
import type { ContentStore } from '../../platform/files/content-store.ts';
import { sentryDoors, sentryRooms } from './beside-events.ts';
import { createClientDoors } from './doors/client-doors.ts';
import { cronDoor } from './doors/cron.ts';
import type { Door } from './doors/door.ts';
import type { ItemRoom } from './item-room.ts';
import { checkInRoom } from './items/check-in.ts';
import { sessionRoom } from './items/session.ts';
import { sessionsRoom } from './items/sessions.ts';
import type { TraceLinks } from './trace-links.ts';

/**
 * Every address that takes something in, besides envelope and store. A new one stands here, or it is not open; the fuzz of
 * law (a) fails until it has a request for it.
 */
export function everyDoor(store: ContentStore, clock: Clock): Door[] {
  return [...sentryDoors(store), ...createClientDoors(clock), cronDoor];
}

/** Every room for items of envelopes, under the same rule. */
export function everyRoom(store: ContentStore, traces: TraceLinks): ItemRoom[] {
  return [...sentryRooms(store, traces), sessionRoom, sessionsRoom, checkInRoom];
}
