import { minutes } from '../../../platform/clock.ts';
import type { OutcomeCount } from '../../detection/digest.task.ts';
import type { Level } from '../../detection/normalized-event.ts';
import { hourOf } from './group-budget.ts';
import type { PreparedEvent } from './store.ts';

/** Events of one batch with the same fingerprint. */
export interface Bundle {
  readonly projectId: number;
  hash: string;
  version: string;
  why: readonly string[];
  /** In log order; the first names a new error. */
  events: PreparedEvent[];
  firstSeenAt: number;
  /** The event that happened last: its level and release are the error's. */
  last: PreparedEvent;
}

export interface LevelCount {
  at: number;
  projectId: number;
  level: Level;
  count: number;
}

export interface ReleaseCount {
  projectId: number;
  version: string;
  count: number;
  firstSeenAt: number;
  lastSeenAt: number;
}

/** Everything a batch adds, summed, so that each row is written once. */
export interface Gathered {
  bundles: Bundle[];
  minutes: LevelCount[];
  hours: LevelCount[];
  releases: ReleaseCount[];
  environments: { projectId: number; name: string; firstSeenAt: number }[];
  outcomes: OutcomeCount[];
  /** Earliest arrival per project. */
  projects: Map<number, number>;
}

/** How long counts by the minute are kept; older events do not make new ones. */
export const MINUTES_KEPT_MS = minutes(2 * 24 * 60);

/** An event that is not stored: only its fate is counted. */
export interface Refused {
  event: PreparedEvent;
  outcome: 'duplicate' | 'invalid';
  reason: string;
}

/** Sums a batch. `kept` are the events that are stored. */
export function gather(
  kept: readonly PreparedEvent[],
  refused: readonly Refused[],
  decided: readonly OutcomeCount[],
  now: number,
): Gathered {
  const bundles = new Map<string, Bundle>();
  const perMinute = new Map<string, LevelCount>();
  const perHour = new Map<string, LevelCount>();
  const releases = new Map<string, ReleaseCount>();
  const environments = new Map<string, { projectId: number; name: string; firstSeenAt: number }>();
  const outcomes = new Map<string, OutcomeCount>();
  const projects = new Map<number, number>();

  for (const [place, event] of kept.entries()) {
    event.place = place;
    const { projectId, timestamp, level } = event;
    const key = `${projectId} ${event.hash}`;
    const bundle = bundles.get(key);
    if (bundle) add(bundle, event);
    else bundles.set(key, bundleOf(event));

    const minute = Math.floor(timestamp / 60_000) * 60_000;
    if (minute > now - MINUTES_KEPT_MS) countLevel(perMinute, minute, projectId, level);
    countLevel(perHour, hourOf(timestamp), projectId, level);
    if (event.release !== null) countRelease(releases, projectId, event.release, timestamp);
    if (event.environment !== null) {
      const name = `${projectId} ${event.environment}`;
      const seen = environments.get(name);
      if (!seen) environments.set(name, { projectId, name: event.environment, firstSeenAt: timestamp });
      else if (timestamp < seen.firstSeenAt) seen.firstSeenAt = timestamp;
    }
    const first = projects.get(projectId);
    if (first === undefined || event.receivedAt < first) projects.set(projectId, event.receivedAt);
    countOutcome(outcomes, outcomeOf(event, 'accepted', ''));
  }
  for (const { event, outcome, reason } of refused) countOutcome(outcomes, outcomeOf(event, outcome, reason));
  for (const outcome of decided) countOutcome(outcomes, outcome);

  return {
    bundles: [...bundles.values()],
    minutes: [...perMinute.values()],
    hours: [...perHour.values()],
    releases: [...releases.values()],
    environments: [...environments.values()],
    outcomes: [...outcomes.values()],
    projects,
  };
}

/** Adds fates that were decided while writing. */
export function addOutcomes(gathered: Gathered, more: readonly OutcomeCount[]): void {
  if (more.length === 0) return;
  const outcomes = new Map<string, OutcomeCount>();
  for (const outcome of gathered.outcomes) countOutcome(outcomes, outcome);
  for (const outcome of more) countOutcome(outcomes, outcome);
  gathered.outcomes = [...outcomes.values()];
}

/** Adds all of `other` to `bundle`, when both turn out to belong to the same error. */
export function absorb(bundle: Bundle, other: Bundle): void {
  for (const event of other.events) bundle.events.push(event);
  if (other.firstSeenAt < bundle.firstSeenAt) bundle.firstSeenAt = other.firstSeenAt;
  if (other.last.timestamp >= bundle.last.timestamp) bundle.last = other.last;
}

function bundleOf(event: PreparedEvent): Bundle {
  const { projectId, hash, version, why, timestamp } = event;
  return { projectId, hash, version, why, events: [event], firstSeenAt: timestamp, last: event };
}

function add(bundle: Bundle, event: PreparedEvent): void {
  const { timestamp } = event;
  bundle.events.push(event);
  if (timestamp < bundle.firstSeenAt) bundle.firstSeenAt = timestamp;
  if (timestamp >= bundle.last.timestamp) bundle.last = event;
}

function countLevel(counts: Map<string, LevelCount>, at: number, projectId: number, level: Level): void {
  const key = `${at} ${projectId} ${level}`;
  const known = counts.get(key);
  if (known) known.count += 1;
  else counts.set(key, { at, projectId, level, count: 1 });
}

function countRelease(counts: Map<string, ReleaseCount>, projectId: number, version: string, timestamp: number): void {
  const key = `${projectId} ${version}`;
  const known = counts.get(key);
  if (!known) {
    counts.set(key, { projectId, version, count: 1, firstSeenAt: timestamp, lastSeenAt: timestamp });
    return;
  }
  known.count += 1;
  if (timestamp < known.firstSeenAt) known.firstSeenAt = timestamp;
  if (timestamp > known.lastSeenAt) known.lastSeenAt = timestamp;
}

function countOutcome(counts: Map<string, OutcomeCount>, outcome: OutcomeCount): void {
  const { projectId, hour, keyId, item, outcome: fate, reason, sdk } = outcome;
  const key = `${projectId} ${hour} ${keyId} ${fate} ${sdk}\n${item}\n${reason}`;
  const known = counts.get(key);
  if (known) known.quantity += outcome.quantity;
  else counts.set(key, { ...outcome });
}

function outcomeOf(event: PreparedEvent, outcome: OutcomeCount['outcome'], reason: string): OutcomeCount {
  return {
    hour: hourOf(event.receivedAt),
    projectId: event.projectId,
    keyId: event.keyId ?? 0,
    item: event.item,
    outcome,
    reason,
    sdk: event.sdk,
    quantity: 1,
  };
}
