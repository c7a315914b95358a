import { days, minutes, seconds } from '../../../platform/clock.ts';
import { fromJson } from '../../../platform/db/json-column.ts';
import type { Sql } from '../../../platform/db/sql.ts';
import { debugIdsOf, wantsMaps } from '../../analysis/source-map/candidates.ts';
import type { ScrubbedEvent } from '../../detection/normalized-event.ts';
import type { Chore } from '../digest/housekeeping.ts';
import type { Analyse } from '../digest/prepare.ts';
import type { Analysed } from '../digest/store.ts';
import type { ErrorChange } from '../facts.ts';
import { readEvents } from '../payload-store.ts';
import type { EventMapper } from './event-mapper.ts';

/** Errors gone through in one piece of work: fewer when opening their maps takes longer than {@link PIECE_MS}. */
const ERRORS_AT_ONCE = 10;
const PIECE_MS = 1_000;
/** Latest events of an error that are looked at, for every fingerprint it has had lately. */
const EVENTS = 20;
/** Errors that fell silent before this are left as they are; reading their events applies the maps all the same. */
const RECENT_MS = days(90);
const MAX_ERRORS = 5_000;
/** An upload is gone through this long after it came: by then the digest knows of it, and no event slips through between. */
const AFTER_MS = seconds(3);
const SCRIPTS = `('javascript', 'node', 'react-native', 'deno', 'bun', 'electron', 'capacitor', 'cordova', 'ionic', 'other')`;

interface Waiting {
  id: number;
  project_id: number;
  release: string;
}

/** How far the upload in hand has been gone through. */
interface Work {
  bundle: Waiting;
  groups: number[];
  /** Debug ids of its maps; empty when it is known by its release alone. */
  debugIds: ReadonlySet<string>;
}

/**
 * Chores of the digest thread for source maps. Maps that came after events: the newest events of errors they concern are
 * mapped, and the fingerprint they have now leads to the same error, so that the next event joins it instead of making
 * another one; title and culprit follow. And the moments at which maps were used.
 */
export function lateMaps(deps: { mapper: EventMapper; analyse: Analyse }): Chore[] {
  const { mapper, analyse } = deps;
  let work: Work | undefined;
  return [
    {
      everyMs: seconds(2),
      async run(sql, now) {
        work ??= await begin(sql, now);
        if (work === undefined) return { more: false, news: [] };
        const { bundle, groups } = work;
        const changes: ErrorChange[] = [];
        const begun = performance.now();
        for (let i = 0; i < ERRORS_AT_ONCE && performance.now() - begun < PIECE_MS; i++) {
          const groupId = groups.shift();
          if (groupId === undefined) break;
          if (await regroup(sql, { mapper, analyse, work, groupId, now }))
            changes.push({ kind: 'UPDATED', errorId: groupId, projectId: bundle.project_id });
        }
        if (groups.length === 0) {
          await sql.transaction((tx) => tx.run('update artifact_bundle set applied_at = ? where id = ?', [now, bundle.id]));
          work = undefined;
        }
        return { more: true, news: changes.length > 0 ? [{ kind: 'changed', changes, touched: [] }] : [] };
      },
    },
    {
      everyMs: minutes(1),
      async run(sql, now) {
        const used = mapper.takeUsed();
        if (used.length === 0) return { more: false, news: [] };
        await sql.transaction(async (tx) => {
          for (const id of used) await tx.run('update artifact_bundle set last_used_at = ? where id = ?', [now, id]);
        });
        return { more: false, news: [] };
      },
    },
  ];
}

/** The oldest upload that is still to be gone through, with the errors it may concern, last seen first. */
async function begin(sql: Sql, now: number): Promise<Work | undefined> {
  const bundle = await sql.get<Waiting>(
    'select id, project_id, release from artifact_bundle where applied_at is null and uploaded_at <= ? order by id limit 1',
    [now - AFTER_MS],
  );
  if (bundle === undefined) return undefined;
  const ids = await sql.all<{ debug_id: string }>(
    `select distinct debug_id from artifact_file where bundle_id = ? and type = 'source_map' and debug_id is not null`,
    [bundle.id],
  );
  const groups = await sql.all<{ id: number }>(
    `select id from error_group where project_id = ? and last_seen_at > ? and deleted_at is null and platform in ${SCRIPTS}
     order by last_seen_at desc limit ?`,
    [bundle.project_id, now - RECENT_MS, MAX_ERRORS],
  );
  return { bundle, groups: groups.map((group) => group.id), debugIds: new Set(ids.map((row) => row.debug_id)) };
}

/** Goes through the latest events of one error. Answers whether anything about it was changed. */
async function regroup(
  sql: Sql,
  deps: { mapper: EventMapper; analyse: Analyse; work: Work; groupId: number; now: number },
): Promise<boolean> {
  const { mapper, analyse, work, groupId, now } = deps;
  const { bundle } = work;
  const rows = await sql.all<{ id: number; hash: string; release: string | null }>(
    'select id, hash, release from error_event where group_id = ? order by timestamp desc, id desc limit ?',
    [groupId, EVENTS],
  );
  const newest = [...Map.groupBy(rows, (row) => row.hash).values()].map((some) => some[0]!);
  const events = await readEvents(
    sql,
    newest.map((row) => row.id),
  );
  const found: { analysed: Analysed; former: string }[] = [];
  for (const row of newest) {
    const event = events.get(row.id);
    if (event === undefined || !concerns(event, row.release, work)) continue;
    const changed = await mapper.apply(sql, [{ projectId: bundle.project_id, event }], now);
    if (!changed.has(event) || !isMapped(event)) continue;
    found.push({ analysed: analyse.event(event), former: row.hash });
  }
  if (found.length === 0) return false;
  return sql.transaction((tx) => join(tx, { bundle, groupId, found, now }));
}

/** Leads the new fingerprints to the error, unless they lead to another one already. */
async function join(
  tx: Sql,
  made: { bundle: Waiting; groupId: number; found: readonly { analysed: Analysed; former: string }[]; now: number },
): Promise<boolean> {
  const { bundle, groupId, found, now } = made;
  const group = await tx.get<{ title: string; culprit: string | null }>(
    'select title, culprit from error_group where id = ? and deleted_at is null',
    [groupId],
  );
  if (group === undefined) return false;
  let joined = 0;
  let taken: number | undefined;
  for (const { analysed } of found) {
    const { hash, version, why } = analysed;
    const known = await tx.get<{ group_id: number }>('select group_id from grouping where project_id = ? and hash = ?', [
      bundle.project_id,
      hash,
    ]);
    if (known !== undefined) {
      if (known.group_id !== groupId) taken = known.group_id;
      continue;
    }
    await tx.run('insert into grouping (project_id, hash, version, group_id, why) values (?, ?, ?, ?, ?)', [
      bundle.project_id,
      hash,
      version,
      groupId,
      JSON.stringify([...why, 'Source maps were applied to earlier events: later ones join the same error']),
    ]);
    joined += 1;
  }
  const { title, culprit } = found[0]!.analysed;
  const renamed = title !== group.title || culprit !== group.culprit;
  // That two errors are one is said even when nothing else is new, once.
  const told = taken === undefined || (await toldOfSame(tx, groupId, taken));
  if (joined === 0 && !renamed && told) return false;
  await tx.run('update error_group set title = ?, culprit = ?, updated_at = ? where id = ?', [title, culprit, now, groupId]);
  const data = {
    ...(bundle.release === '' ? {} : { release: bundle.release }),
    ...(culprit === group.culprit ? {} : { from: group.culprit, to: culprit }),
    ...(taken === undefined ? {} : { sameAs: taken }),
  };
  await tx.run(`insert into activity (group_id, kind, actor, user_id, data, at) values (?, 'mapped', 'system', null, ?, ?)`, [
    groupId,
    JSON.stringify(data),
    now,
  ]);
  return true;
}

async function toldOfSame(tx: Sql, groupId: number, other: number): Promise<boolean> {
  const lines = await tx.all<{ data: unknown }>(`select data from activity where group_id = ? and kind = 'mapped'`, [groupId]);
  return lines.some(({ data }) => fromJson<{ sameAs?: number }>(data).sameAs === other);
}

function concerns(event: ScrubbedEvent, release: string | null, { bundle, debugIds }: Work): boolean {
  if (!wantsMaps(event)) return false;
  if (bundle.release !== '' && release === bundle.release) return true;
  if (debugIds.size === 0) return false;
  for (const id of debugIdsOf(event)) if (debugIds.has(id)) return true;
  return false;
}

function isMapped(event: ScrubbedEvent): boolean {
  const stacks = [
    ...event.exceptions.map((one) => one.frames),
    event.stacktrace ?? [],
    ...(event.threads ?? []).map((one) => one.frames),
  ];
  return stacks.some((frames) => frames.some((frame) => frame.minified !== undefined));
}
