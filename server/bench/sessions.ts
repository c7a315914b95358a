/**
 * `npx tsx bench/sessions.ts` in `server/`: how fast the digest writes sessions on SQLite, alone and beside events. Records
 * come from memory, so that nothing but the digest is measured. Each session is sent twice, as SDKs do.
 */
import { hash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { entities } from '../src/entities.ts';
import { analysis } from '../src/modules/errors/digest/analysis.ts';
import { Digester } from '../src/modules/errors/digest/digester.ts';
import { openDigestStore } from '../src/modules/errors/digest/open-store.ts';
import { RejectedRecords } from '../src/modules/errors/digest/rejected-records.ts';
import { systemClock } from '../src/platform/clock.ts';
import { parseConfig } from '../src/platform/config.ts';
import { migrate } from '../src/platform/db/migrate.ts';
import { openOrm } from '../src/platform/db/orm.ts';
import { openSql } from '../src/platform/db/sql.ts';
import type { IngestLogReader } from '../src/platform/ingest-log/ingest-log.ts';
import { silentLog } from '../src/platform/log.ts';
import { anEvent } from '../test/factories.ts';

const now = Date.now();
let made = 0;

function sessionRecord(n: number, sequence: number): Buffer {
  const state = n % 50 === 0 ? 'crashed' : n % 9 === 0 ? 'errored' : 'healthy';
  const update = {
    sequence,
    state: sequence === 1 ? 'healthy' : state,
    startedAt: now - (n % 3_600) * 1000,
    userHash: hex(n % 5_000, 16),
  };
  const data = {
    id: hash('sha256', String(n), 'hex').slice(0, 32),
    release: `shop@1.${n % 5}.0`,
    environment: 'production',
    update,
  };
  return record({ kind: 'side', side: 'session', projectId: 1, keyId: 1, receivedAt: now, item: 'session', sdk: 'b/1', data });
}

function eventRecord(n: number): Buffer {
  const event = anEvent({
    eventId: hex(++made, 32),
    timestamp: now,
    occurredAt: now,
    exceptions: [{ type: 'TypeError', value: `x is not a function ${n % 40}`, frames: [] }] as never,
  });
  return record({ kind: 'event', projectId: 1, keyId: 1, sizeBytes: 900, event });
}

const hex = (n: number, digits: number) => n.toString(16).padStart(digits, '0').slice(-digits);
const record = (value: object) => Buffer.from(JSON.stringify(value));

class Log implements IngestLogReader {
  readonly #records: readonly Buffer[];
  constructor(records: readonly Buffer[]) {
    this.#records = records;
  }
  get end(): number {
    return this.#records.length;
  }
  read(from: number, until: number, limits: { maxRecords: number }) {
    const next = Math.min(until, from + limits.maxRecords);
    return { records: this.#records.slice(from, next), next };
  }
  close(): void {}
}

/** Digests records into a fresh database; answers seconds. */
async function measure(records: readonly Buffer[]): Promise<number> {
  const dataDir = mkdtempSync(join(tmpdir(), 'errata-sessions-'));
  const config = parseConfig({ ERRATA_DATA_DIR: dataDir, ERRATA_LOG_LEVEL: 'silent' });
  const orm = await openOrm(config, entities);
  await migrate(orm, config, silentLog, systemClock);
  const sql = openSql(config, 'write');
  await sql.run(
    "insert into project (id, slug, name, status, settings, created_at, last_error_number) values (1, 'p', 'p', 'ACTIVE', '{}', 0, 0)",
  );
  const store = openDigestStore(config);
  const log = new Log(records);
  const digester = new Digester({
    store,
    reader: log,
    analyse: analysis,
    clock: systemClock,
    rejects: new RejectedRecords(dataDir),
  });
  const begun = performance.now();
  for (;;) {
    const step = await digester.step(log.end);
    if (step.kind === 'waiting' && step.error !== undefined) throw step.error;
    if (step.kind === 'idle') break;
  }
  const seconds = (performance.now() - begun) / 1000;
  await store.close();
  const kept = await sql.get<{ n: number | null }>('select sum(session_count) as n from release_hour');
  if (records.length > EVENTS && kept?.n !== SESSIONS) throw new Error(`${kept?.n} sessions counted`);
  await sql.close();
  await orm.close(true);
  rmSync(dataDir, { recursive: true, force: true });
  return seconds;
}

const SESSIONS = 40_000;
const EVENTS = 20_000;
// The second update of a session comes when the first is long written.
const numbers = Array.from({ length: SESSIONS }, (_, n) => n);
const sessions = [1, 2].flatMap((sequence) => numbers.map((n) => sessionRecord(n, sequence)));
const events = Array.from({ length: EVENTS }, (_, n) => eventRecord(n));
const PER_EVENT = sessions.length / EVENTS;
const both = events.flatMap((event, n) => [event, ...sessions.slice(n * PER_EVENT, (n + 1) * PER_EVENT)]);
await measure(events.slice(0, 5_000)); // warm
const alone = await measure(sessions);
console.log(`sessions alone      ${Math.round(sessions.length / alone)} updates/s`);
const without = await measure(events);
console.log(`events alone        ${Math.round(EVENTS / without)} events/s`);
const together = await measure(both);
console.log(
  `four updates an event ${Math.round(EVENTS / together)} events/s with ${Math.round(sessions.length / together)} updates/s`,
);
console.log(`an update costs     ${(((together - without) / sessions.length) * 1e6).toFixed(0)} µs beside events`);
