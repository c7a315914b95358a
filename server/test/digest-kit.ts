import type { OutcomeCount } from '../src/modules/detection/digest.task.ts';
import type { NormalizedEvent } from '../src/modules/detection/normalized-event.ts';
import { analysis } from '../src/modules/errors/digest/analysis.ts';
import { Digester, type Step } from '../src/modules/errors/digest/digester.ts';
import { openDigestStore } from '../src/modules/errors/digest/open-store.ts';
import type { Analyse } from '../src/modules/errors/digest/prepare.ts';
import { RejectedRecords } from '../src/modules/errors/digest/rejected-records.ts';
import type { DigestStore } from '../src/modules/errors/digest/store.ts';
import type { EventFact } from '../src/modules/errors/facts.ts';
import type { Clock } from '../src/platform/clock.ts';
import type { Sql } from '../src/platform/db/sql.ts';
import type { IngestLogReader } from '../src/platform/ingest-log/ingest-log.ts';
import type { TestDatabase } from './databases.ts';

/** An ingest log in memory; a position is a number of bytes, as in the journal. */
export class MemoryLog implements IngestLogReader {
  readonly #records: { at: number; bytes: Uint8Array }[] = [];
  position = 0;

  append(...records: Uint8Array[]): void {
    for (const bytes of records) {
      this.#records.push({ at: this.position, bytes });
      this.position += bytes.length + 8;
    }
  }

  read(from: number, until: number, limits: { maxRecords: number; maxBytes: number }) {
    const first = this.#records.findIndex((record) => record.at >= from && record.at < until);
    if (first < 0) return { records: [], next: from };
    const some = this.#records.slice(first, first + limits.maxRecords).filter((record) => record.at < until);
    const last = some.at(-1)!;
    return { records: some.map((record) => Uint8Array.from(record.bytes)), next: last.at + last.bytes.length + 8 };
  }

  close(): void {}
}

/** The bytes detection writes for an event. */
export function eventRecord(projectId: number, event: NormalizedEvent, keyId = 1): Uint8Array {
  return Buffer.from(JSON.stringify({ kind: 'event', projectId, keyId, sizeBytes: 100, event }));
}

export function outcomesRecord(...outcomes: OutcomeCount[]): Uint8Array {
  return Buffer.from(JSON.stringify({ kind: 'outcomes', outcomes }));
}

/** A digest over a test database and a log in memory. */
export class DigestKit {
  readonly log: MemoryLog;
  readonly store: DigestStore;
  readonly digester: Digester;
  readonly facts: EventFact[] = [];
  readonly steps: Step[] = [];

  constructor(
    db: TestDatabase,
    clock: Clock,
    options: { log?: MemoryLog; newGroupsPerHour?: number; analyse?: Analyse; store?: DigestStore } = {},
  ) {
    this.log = options.log ?? new MemoryLog();
    this.store = options.store ?? openDigestStore(db.config, options.newGroupsPerHour);
    this.digester = new Digester({
      store: this.store,
      reader: this.log,
      analyse: options.analyse ?? analysis,
      clock,
      rejects: new RejectedRecords(db.config.dataDir),
    });
  }

  /** Digests everything in the log, counters included. @throws what the digest would wait out */
  async drain(): Promise<void> {
    for (;;) {
      const step = await this.digester.step(this.log.position);
      this.steps.push(step);
      if (step.kind === 'idle') return;
      if (step.kind === 'waiting' && step.error !== undefined) throw step.error;
      if (step.kind === 'committed') this.facts.push(...step.result.facts);
    }
  }

  /** Digests events of one project. */
  async digest(projectId: number, ...events: NormalizedEvent[]): Promise<void> {
    this.log.append(...events.map((event) => eventRecord(projectId, event)));
    await this.drain();
  }

  close(): Promise<void> {
    return this.store.close();
  }
}

/** Every row the digest writes for a project, with row ids and moments of writing left out: equal before and after a replay. */
export async function countsOfProject(sql: Sql, projectId: number) {
  const groups = await sql.all<{ id: number; number: number; [column: string]: unknown }>(
    `select id, number, title, status, level, event_count, user_count, first_seen_at, last_seen_at, first_release, last_release
     from error_group where project_id = ? and deleted_at is null order by number`,
    [projectId],
  );
  const perGroup = (text: string) =>
    Promise.all(groups.map(async ({ id, number }) => ({ number, rows: await sql.all(text, [id]) })));
  return {
    groups: groups.map(({ id: _, ...row }) => row),
    tags: await perGroup('select key, value, event_count, last_seen_at from error_tag where group_id = ? order by key, value'),
    users: await perGroup('select user_hash from error_user where group_id = ? order by user_hash'),
    hours: await perGroup('select hour, event_count from error_hour where group_id = ? order by hour'),
    activity: await perGroup('select kind from activity where group_id = ? order by id'),
    events: await sql.all(
      'select event_id, occurred_at, timestamp, level, environment, release, hash from error_event where project_id = ? order by id',
      [projectId],
    ),
    minutes: await sql.all('select minute, level, event_count from project_minute where project_id = ? order by 1, 2', [
      projectId,
    ]),
    projectHours: await sql.all('select hour, level, event_count from project_hour where project_id = ? order by 1, 2', [
      projectId,
    ]),
    releases: await sql.all(
      'select version, first_seen_at, last_seen_at, event_count from release where project_id = ? order by 1',
      [projectId],
    ),
    environments: await sql.all('select name, first_seen_at from environment where project_id = ? order by 1', [projectId]),
  };
}

/** Sums of a project's outcomes by fate. */
export async function outcomesOf(sql: Sql, projectId: number): Promise<Record<string, number>> {
  const rows = await sql.all<{ outcome: string; n: number }>(
    'select outcome, sum(quantity) as n from ingest_outcome where project_id = ? group by outcome order by outcome',
    [projectId],
  );
  return Object.fromEntries(rows.map(({ outcome, n }) => [outcome, n]));
}
