import { fromJson } from '../../../platform/db/json-column.ts';
import type { Sql } from '../../../platform/db/sql.ts';
import { debugIdText, isCandidate, scriptKey, stacksOf } from '../../analysis/source-map/candidates.ts';
import { fileOf, mapFrames, type OwnCode } from '../../analysis/source-map/map-frames.ts';
import type { OriginalPosition, SourceMap } from '../../analysis/source-map/source-map.ts';
import { sourcePath } from '../../analysis/source-map/source-path.ts';
import type { NormalizedEvent, NormalizedFrame } from '../../detection/normalized-event.ts';
import { type FoundMap, mapByUrl, mapsByDebugId, releaseHasFiles } from '../../projects/artifacts/artifact-lookup.ts';
import { type FrameOutcome, type FrameReport, placeOf } from './explain.ts';
import type { MapCache } from './map-cache.ts';

/** The field under which an event notes what source maps could not do for it. */
export const MAP_NOTE = 'source map';
/** Notes of one event. */
const MAX_NOTES = 5;
/** Maps may be opened for so long in one go; what is left over is mapped when it is read. */
export const OPENING_BUDGET_MS = 1_500;
/** Looking up the places of one event takes no longer, maps that are opened for it not counted. */
export const EVENT_BUDGET_MS = 500;
/** Scripts looked up in one go: events may name as many as they like. */
const MAX_SCRIPTS = 200;
/** Settings of projects are looked up again after this. */
const KEPT_MS = 10_000;

/** An event to be mapped, in place. */
export interface MappingTask {
  projectId: number;
  event: NormalizedEvent;
}

/** The script of some frames, and what there is of it. */
type Script =
  | { kind: 'map'; found: FoundMap }
  /** Said to people; undefined: nothing that anybody expected is missing. */
  | { kind: 'none'; reason: string | undefined };

/** What was looked up of a project in one go. */
interface Known {
  scripts: Map<string, Script>;
  releases: Map<string, boolean>;
}

/**
 * Applies the source maps on record to events, in place: original frames, and a note for what is missing. Asks the tables
 * for each script once a batch; opened maps are kept.
 */
export class EventMapper {
  readonly #maps: MapCache;
  /** Uploads whose maps were applied since they were last asked for. */
  readonly #used = new Set<number>();
  readonly #own = new Map<number, { own: OwnCode; until: number }>();

  constructor(maps: MapCache) {
    this.#maps = maps;
  }

  /**
   * Maps events. Answers those that were changed. @param now any clock that moves, ms
   * @param budgetMs longest that maps may be opened for
   */
  async apply(sql: Sql, tasks: readonly MappingTask[], now: number, budgetMs = OPENING_BUDGET_MS): Promise<Set<NormalizedEvent>> {
    const changed = new Set<NormalizedEvent>();
    const until = this.#maps.openingMs + budgetMs;
    for (const [projectId, some] of Map.groupBy(tasks, (task) => task.projectId)) {
      const own = await this.#ownCode(sql, projectId, now);
      const known: Known = { scripts: new Map(), releases: new Map() };
      for (const { event } of some) {
        const byFrame = await this.#scriptsOf(sql, projectId, event, known);
        if (this.#applyTo(event, byFrame, own, until)) changed.add(event);
      }
    }
    return changed;
  }

  /** Milliseconds spent on opening maps so far. */
  get openingMs(): number {
    return this.#maps.openingMs;
  }

  /** Uploads used since the last call, for their `last_used_at`. */
  takeUsed(): number[] {
    const used = [...this.#used];
    this.#used.clear();
    return used;
  }

  /** What maps come to for each frame of an event as it was sent; changes nothing. */
  async explain(sql: Sql, projectId: number, event: NormalizedEvent, now: number): Promise<FrameReport[]> {
    await this.#ownCode(sql, projectId, now);
    const byFrame = await this.#scriptsOf(sql, projectId, event, { scripts: new Map(), releases: new Map() });
    const reports: FrameReport[] = [];
    const add = (stack: string, frames: readonly NormalizedFrame[] | undefined) => {
      for (const [i, frame] of (frames ?? []).toReversed().entries()) {
        const debugId = scriptKey(frame).debugId;
        const told = this.#explained(event, frame, byFrame.get(frame));
        reports.push({
          stack,
          frame: i + 1,
          place: placeOf(frame),
          debugId: debugId === undefined ? null : debugIdText(debugId),
          ...told,
        });
      }
    };
    for (const [i, exception] of event.exceptions.toReversed().entries()) add(`exception ${i + 1}`, exception.frames);
    add('stack', event.stacktrace);
    for (const [i, thread] of (event.threads ?? []).entries()) add(`thread ${i + 1}`, thread.frames);
    return reports;
  }

  #explained(
    event: NormalizedEvent,
    frame: NormalizedFrame,
    script: Script | undefined,
  ): { outcome: FrameOutcome; reason: string; original: string | null } {
    const no = (outcome: FrameOutcome, reason: string) => ({ outcome, reason, original: null });
    if (script === undefined) return no('NOT_A_SCRIPT', 'It has no line and column in a file: built in, or without a place.');
    if (script.kind === 'none') return no('NO_MAP', script.reason ?? nothingNamed(event, frame));
    const { sha256, url } = script.found;
    const map = this.#maps.get(sha256);
    if (typeof map === 'string') return no('BROKEN_MAP', `The source map ${url} cannot be used: ${map}.`);
    let position: OriginalPosition | undefined;
    try {
      position = map.originalOf(frame.line ?? 1, Math.max(1, frame.column ?? 1));
    } catch (error) {
      return no('BROKEN_MAP', `The source map ${url} cannot be used: ${(error as Error).message}.`);
    }
    if (position === undefined)
      return no('NO_POSITION', `The source map ${url} says nothing about this line and column: is it of another build?`);
    const { source, line, column } = position;
    const bare = source.content === undefined ? ', which does not hold its source' : '';
    return {
      outcome: 'MAPPED',
      reason: `By the source map ${url}${bare}.`,
      original: `${sourcePath(source.path)}:${line}:${column}`,
    };
  }

  #applyTo(event: NormalizedEvent, byFrame: Map<NormalizedFrame, Script>, own: OwnCode, until: number): boolean {
    const notes = new Set<string>();
    let mapped = 0;
    const begun = performance.now();
    const opened = this.#maps.openingMs;
    const mapFor = (frame: NormalizedFrame): SourceMap | string | undefined => {
      const script = byFrame.get(frame);
      if (script === undefined) return undefined;
      if (script.kind === 'none') return script.reason;
      const { sha256, bundleId, url } = script.found;
      if (performance.now() - begun - (this.#maps.openingMs - opened) > EVENT_BUDGET_MS)
        return `looking up places in source maps took longer than ${EVENT_BUDGET_MS} ms: the rest of the frames is left as it was sent`;
      if (!this.#maps.has(sha256) && this.#maps.openingMs >= until)
        return `there was no time to open the source map of ${fileOf(frame)}; it is applied when the event is read`;
      this.#used.add(bundleId);
      const map = this.#maps.get(sha256);
      return typeof map === 'string' ? `the source map ${url} cannot be used: ${map}` : map;
    };
    for (const frames of stacksOf(event)) {
      const result = mapFrames(frames, mapFor, own);
      mapped += result.mapped;
      for (const note of result.notes) notes.add(note);
    }
    const before = event.errors.length;
    const kept = event.errors.filter((note) => note.field !== MAP_NOTE);
    const added = [...notes].slice(0, MAX_NOTES).map((reason) => ({ field: MAP_NOTE, reason: reason.slice(0, 400) }));
    if (mapped === 0 && added.length === 0 && kept.length === before) return false;
    event.errors = [...kept, ...added];
    return true;
  }

  async #scriptsOf(sql: Sql, projectId: number, event: NormalizedEvent, known: Known): Promise<Map<NormalizedFrame, Script>> {
    const byFrame = new Map<NormalizedFrame, Script>();
    const { scripts } = known;
    for (const frames of stacksOf(event))
      for (const frame of frames) {
        if (!isCandidate(frame)) continue;
        const { debugId, urls } = scriptKey(frame);
        const key = `${debugId ?? ''}\n${event.release ?? ''}\n${event.dist ?? ''}\n${urls[0] ?? ''}`;
        let script = scripts.get(key);
        if (script === undefined) {
          if (scripts.size >= MAX_SCRIPTS) continue;
          script = await this.#lookUp(sql, projectId, event, frame, debugId, urls, known);
          scripts.set(key, script);
        }
        byFrame.set(frame, script);
      }
    return byFrame;
  }

  /** By debug id; without one, or when none is on record, by what its release holds. */
  async #lookUp(
    sql: Sql,
    projectId: number,
    event: NormalizedEvent,
    frame: NormalizedFrame,
    debugId: string | undefined,
    urls: readonly string[],
    known: Known,
  ): Promise<Script> {
    if (debugId !== undefined) {
      const found = (await mapsByDebugId(sql, projectId, [debugId])).get(debugId);
      if (found !== undefined) return { kind: 'map', found };
    }
    const { release, dist } = event;
    if (release !== undefined && release !== '' && (await this.#hasFiles(sql, projectId, release, known))) {
      const found = await mapByUrl(sql, projectId, release.slice(0, 200), dist ?? '', urls);
      if (found.kind === 'found') return { kind: 'map', found: found.map };
      if (found.kind === 'no_map')
        return { kind: 'none', reason: `release ${release} has the script ${found.script}, but no source map of it` };
    }
    if (debugId === undefined) return { kind: 'none', reason: undefined };
    return { kind: 'none', reason: missingMap(frame, debugId) };
  }

  async #hasFiles(sql: Sql, projectId: number, release: string, { releases }: Known): Promise<boolean> {
    let found = releases.get(release);
    if (found === undefined) {
      found = await releaseHasFiles(sql, projectId, release.slice(0, 200));
      releases.set(release, found);
    }
    return found;
  }

  async #ownCode(sql: Sql, projectId: number, now: number): Promise<OwnCode> {
    const known = this.#own.get(projectId);
    if (known !== undefined && known.until > now) return known.own;
    const row = await sql.get<{ settings: unknown }>('select settings from project where id = ?', [projectId]);
    const settings = row === undefined ? {} : fromJson<Partial<OwnCode>>(row.settings);
    const own = { inAppInclude: settings.inAppInclude ?? [], inAppExclude: settings.inAppExclude ?? [] };
    this.#own.set(projectId, { own, until: now + KEPT_MS });
    return own;
  }
}

/** What is said of a script that names a map nobody uploaded. */
function missingMap(frame: NormalizedFrame, debugId: string): string {
  return `no source map for debug id ${debugIdText(debugId)} (${fileOf(frame)}) has been uploaded`;
}

/** Why there is no map for a script that names none. */
function nothingNamed(event: NormalizedEvent, frame: NormalizedFrame): string {
  const { urls } = scriptKey(frame);
  if (event.release === undefined) return 'The script has no debug id, and the event no release: nothing says which map it is.';
  const names = urls.slice(0, 3).join(', ');
  const dist = event.dist === undefined ? '' : ` (dist ${event.dist})`;
  return `The script has no debug id, and release ${event.release}${dist} holds no file named ${names}.`;
}

/** Notes what is missing when a project has no source maps at all, as far as its scripts name any. In place; says whether it did. */
export function noteMissingMaps(event: NormalizedEvent): boolean {
  const reasons = new Set<string>();
  for (const frames of stacksOf(event))
    for (const frame of frames) {
      if (frame.debugId === undefined || !isCandidate(frame)) continue;
      const { debugId } = scriptKey(frame);
      if (debugId !== undefined) reasons.add(missingMap(frame, debugId));
    }
  if (reasons.size === 0) return false;
  event.errors = [
    ...event.errors,
    ...[...reasons].slice(0, MAX_NOTES).map((reason) => ({ field: MAP_NOTE, reason: reason.slice(0, 400) })),
  ];
  return true;
}
