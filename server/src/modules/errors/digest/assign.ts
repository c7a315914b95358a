import type { ErrorStatus } from '../error-group.entity.ts';
import type { ErrorChange, EventFact } from '../facts.ts';
import { moveOnEvent, type ReleaseOrder, type Standing } from '../states.ts';
import { absorb, type Bundle } from './gather.ts';
import { OVERFLOW } from './group-budget.ts';
import type { DigestResult, Naming, PreparedEvent, Touched } from './store.ts';

/** What the digest must know of an existing error. */
export interface GroupState extends Standing {
  id: number;
  firstSeenAt: number;
  lastSeenAt: number;
  deletedAt: number | null;
}

/** One error that the batch touches, and what is to be done with it. */
export interface GroupWork {
  readonly bundle: Bundle;
  /** As the table has it; undefined for an error to be made. */
  readonly state: GroupState | undefined;
  /** Row id and human number; given by the store to new errors. */
  id: number;
  number: number;
  /** The move an event causes. */
  move: { to: ErrorStatus; by: PreparedEvent } | undefined;
}

/** Finds the error a fingerprint leads to. One that is being deleted does not count: what still happens is news. */
export type FindGroup = (projectId: number, hash: string) => GroupState | undefined;

/**
 * Lets in as many new fingerprints as each project has room for; the rest goes into one overflow bundle per project.
 * Answers the bundles to work with, overflow bundles last.
 */
export function admitBundles(
  bundles: readonly Bundle[],
  isKnown: (bundle: Bundle) => boolean,
  room: (projectId: number) => number,
): Bundle[] {
  const admitted: Bundle[] = [];
  const left = new Map<number, number>();
  const overflow = new Map<number, Bundle>();
  for (const bundle of bundles) {
    if (isKnown(bundle)) {
      admitted.push(bundle);
      continue;
    }
    const rest = left.get(bundle.projectId) ?? room(bundle.projectId);
    left.set(bundle.projectId, rest - 1);
    if (rest > 0) {
      admitted.push(bundle);
      continue;
    }
    const gathered = overflow.get(bundle.projectId);
    if (gathered) absorb(gathered, bundle);
    else {
      bundle.hash = OVERFLOW.hash;
      bundle.version = OVERFLOW.version;
      bundle.why = OVERFLOW.why;
      overflow.set(bundle.projectId, bundle);
    }
  }
  return [...admitted, ...overflow.values()];
}

/** Bundles to errors: several fingerprints may lead to one (after a merge, or over grouping versions). */
export function assignGroups(bundles: readonly Bundle[], find: FindGroup): GroupWork[] {
  const existing = new Map<number, GroupWork>();
  const fresh: GroupWork[] = [];
  for (const bundle of bundles) {
    const state = find(bundle.projectId, bundle.hash);
    if (state === undefined || state.deletedAt !== null) {
      fresh.push({ bundle, state: undefined, id: 0, number: 0, move: undefined });
      continue;
    }
    const work = existing.get(state.id);
    if (work) absorb(work.bundle, bundle);
    else existing.set(state.id, { bundle, state, id: state.id, number: 0, move: undefined });
  }
  return [...[...existing.values()].sort((a, b) => a.id - b.id), ...fresh];
}

/** The releases whose order decides a move in this batch. */
export function releasesInQuestion(works: readonly GroupWork[]): { projectId: number; version: string }[] {
  const wanted = new Map<string, { projectId: number; version: string }>();
  for (const { state, bundle } of works) {
    if (state?.status !== 'RESOLVED' || state.resolvedInRelease === null) continue;
    const { projectId } = bundle;
    for (const version of [state.resolvedInRelease, ...bundle.events.map((event) => event.release)]) {
      if (version !== null) wanted.set(`${projectId} ${version}`, { projectId, version });
    }
  }
  return [...wanted.values()];
}

/** Decides every move of the batch: the first event of an error that causes one counts. */
export function decideMoves(works: readonly GroupWork[], releases: (projectId: number) => ReleaseOrder, now: number): void {
  for (const work of works) {
    const { state, bundle } = work;
    if (state?.status !== 'RESOLVED' && state?.status !== 'ARCHIVED') continue;
    for (const event of bundle.events) {
      const to = moveOnEvent(state, event, releases(bundle.projectId), now);
      if (to === undefined) continue;
      work.move = { to, by: event };
      break;
    }
  }
}

/** Words and values of a new error's row that come from its first event. */
export function namingOf(bundle: Bundle, name: (first: PreparedEvent) => Naming) {
  const first = bundle.events[0]!;
  const { platform, title, culprit } = first;
  const firstRelease = firstReleaseOf(bundle);
  if (bundle.hash !== OVERFLOW.hash) return { title, culprit, platform, firstRelease, ...name(first) };
  const nothing = { culprit: null, type: null, value: null, messageTemplate: null, handled: null };
  return { title: OVERFLOW.title, platform, firstRelease, ...nothing };
}

/** The first release that the events of a bundle name. */
export function firstReleaseOf({ events }: Bundle): string | null {
  return events.find((event) => event.release !== null)?.release ?? null;
}

/**
 * The release that an error was seen in last: that of the newest event, as they came in, which names one; null when the
 * batch does not say. The same whichever way the log is cut into batches.
 */
export function lastReleaseOf({ bundle, state }: GroupWork): string | null {
  let newest = state?.lastSeenAt ?? Number.NEGATIVE_INFINITY;
  let release: string | null = null;
  for (const event of bundle.events) {
    if (event.timestamp < newest) continue;
    newest = event.timestamp;
    release = event.release ?? release;
  }
  return release;
}

/** Lines for the history. `at` is the moment of digestion. */
export function activitiesOf(works: readonly GroupWork[]): { groupId: number; kind: string; data: Record<string, unknown> }[] {
  const lines: { groupId: number; kind: string; data: Record<string, unknown> }[] = [];
  for (const { id, state, move, bundle } of works) {
    if (state === undefined) {
      lines.push({ groupId: id, kind: 'created', data: { eventId: bundle.events[0]!.eventId } });
    } else if (move !== undefined) {
      const { eventId, release } = move.by;
      const fixedIn = state.resolvedInRelease;
      lines.push({
        groupId: id,
        kind: move.to === 'REGRESSED' ? 'regressed' : 'ongoing',
        data: { from: state.status, eventId, ...(release === null ? {} : { release }), ...(fixedIn === null ? {} : { fixedIn }) },
      });
    }
  }
  return lines;
}

/** What the world learns once the batch is committed. `ids`: row ids of the kept events. */
export function resultOf(
  works: readonly GroupWork[],
  kept: readonly PreparedEvent[],
  ids: readonly number[],
  refused: number,
): Omit<DigestResult, 'lockMs' | 'sides'> {
  const facts = new Array<EventFact>(kept.length);
  const changes: ErrorChange[] = [];
  const touched: Touched[] = [];
  for (const work of works) {
    const { id, bundle, state, move } = work;
    const { projectId } = bundle;
    touched.push({ errorId: id, projectId });
    if (state === undefined) changes.push({ kind: 'CREATED', errorId: id, projectId });
    else if (move !== undefined) changes.push({ kind: 'UPDATED', errorId: id, projectId });
    const first = state === undefined ? bundle.events[0] : undefined;
    for (const event of bundle.events) {
      facts[event.place] = {
        id: ids[event.place]!,
        eventId: event.eventId,
        groupId: id,
        projectId,
        isNew: event === first,
        isRegression: move?.to === 'REGRESSED' && move.by === event,
        title: event.title,
        culprit: event.culprit,
        level: event.level,
        environment: event.environment,
        release: event.release,
        timestamp: event.timestamp,
        receivedAt: event.receivedAt,
      };
    }
  }
  return { facts, changes, touched, refused };
}
