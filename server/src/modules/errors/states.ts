import { days } from '../../platform/clock.ts';
import type { ErrorStatus } from './error-group.entity.ts';

/**
 * Who moves an error: an arriving event (digest), a person or token (user), the passing of time (clock), a monitor that
 * recovered from the incident the error is about (monitor).
 */
export type Mover = 'digest' | 'user' | 'clock' | 'monitor';

/**
 * Every legal move of an error's status, and who may make it. What is not listed does not happen. Undoing a bulk change
 * puts back what was and is not a move.
 */
export const MOVES: Readonly<Record<ErrorStatus, Readonly<Partial<Record<ErrorStatus, readonly Mover[]>>>>> = {
  NEW: { ONGOING: ['user', 'clock'], ESCALATING: ['clock'], ARCHIVED: ['user'], RESOLVED: ['user', 'monitor'] },
  ONGOING: { ESCALATING: ['clock'], ARCHIVED: ['user'], RESOLVED: ['user', 'monitor'] },
  ESCALATING: { ONGOING: ['user', 'clock'], ARCHIVED: ['user'], RESOLVED: ['user', 'monitor'] },
  REGRESSED: { ONGOING: ['user', 'clock'], ESCALATING: ['clock'], ARCHIVED: ['user'], RESOLVED: ['user', 'monitor'] },
  ARCHIVED: { ONGOING: ['user', 'clock', 'digest'], ESCALATING: ['clock'], RESOLVED: ['user'] },
  RESOLVED: { ONGOING: ['user'], REGRESSED: ['digest'], ARCHIVED: ['user'] },
};

/** May `by` move an error from one status to another? Staying is always allowed. */
export function mayMove(from: ErrorStatus, to: ErrorStatus, by: Mover): boolean {
  return from === to || (MOVES[from][to]?.includes(by) ?? false);
}

/** The statuses from which `by` may move an error to another one. */
export function movableTo(to: ErrorStatus, by: Mover): ErrorStatus[] {
  return (Object.keys(MOVES) as ErrorStatus[]).filter((from) => from !== to && mayMove(from, to, by));
}

/** How long an error counts as NEW (or freshly REGRESSED, or ESCALATING) before the clock calls it ONGOING. */
export const FRESH_FOR_MS = days(7);

/** What decides how an error answers to an event. */
export interface Standing {
  status: ErrorStatus;
  resolvedAt: number | null;
  resolvedInRelease: string | null;
  archivedUntilAt: number | null;
}

/**
 * Order of a project's releases: the moment each was first seen, undefined for one never seen.
 * First-seen order needs no version grammar, and is right for hashes and dates too.
 */
export type ReleaseOrder = (release: string) => number | undefined;

/**
 * The move an arriving event causes, or undefined.
 * RESOLVED → REGRESSED, unless the event happened before the resolution, or comes from the release that holds the fix or
 * from one first seen before it (a release never seen before this event counts as the newest; if the release with the
 * fix itself has not been seen, everything else is older). ARCHIVED → ONGOING once its date has passed.
 */
export function moveOnEvent(
  standing: Standing,
  event: { timestamp: number; release: string | null },
  releases: ReleaseOrder,
  now: number,
): ErrorStatus | undefined {
  if (standing.status === 'ARCHIVED') {
    return standing.archivedUntilAt !== null && standing.archivedUntilAt <= now ? 'ONGOING' : undefined;
  }
  if (standing.status !== 'RESOLVED') return undefined;
  if (standing.resolvedAt !== null && event.timestamp < standing.resolvedAt) return undefined;
  const fixedIn = standing.resolvedInRelease;
  if (fixedIn === null || event.release === null) return 'REGRESSED';
  if (event.release === fixedIn) return undefined;
  const fixSeenAt = releases(fixedIn);
  if (fixSeenAt === undefined) return undefined;
  const seenAt = releases(event.release);
  return seenAt !== undefined && seenAt <= fixSeenAt ? undefined : 'REGRESSED';
}
