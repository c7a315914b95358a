import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { freshConfig, openTestDatabase, type TestDatabase } from '../../../../test/databases.ts';
import { countsOfProject, eventRecord, outcomesOf } from '../../../../test/digest-kit.ts';
import { anEvent, makeProject } from '../../../../test/factories.ts';
import { Bus } from '../../../platform/bus/bus.ts';
import { systemClock } from '../../../platform/clock.ts';
import { openSqlite } from '../../../platform/db/sql.ts';
import { openJournalWriter } from '../../../platform/ingest-log/journal-writer.ts';
import { journalDirectory } from '../../../platform/ingest-log/segment.ts';
import { silentLog } from '../../../platform/log.ts';
import type { ErrorChange, EventFact } from '../facts.ts';
import { type DigestDeps, startDigest } from './digest-host.ts';

async function host(db: TestDatabase, weakness: Partial<Pick<DigestDeps, 'workerFile' | 'silenceLimitMs'>> = {}) {
  const ingestLog = await openJournalWriter({ directory: journalDirectory(db.config.dataDir), log: silentLog });
  const bus = new Bus(silentLog);
  const facts: EventFact[] = [];
  const changes: ErrorChange[] = [];
  bus.subscribe('errorEventsDigested', (message) => facts.push(...message.facts));
  bus.subscribe('errorChanged', (message) => changes.push(...message.changes));
  const digest = await startDigest({ config: db.config, log: silentLog, ingestLog, bus, clock: systemClock, ...weakness });
  return {
    digest,
    ingestLog,
    bus,
    facts,
    changes,
    async close() {
      const drained = await digest.stop();
      await ingestLog.close();
      return drained;
    },
  };
}

describe.each(['sqlite', 'postgres'] as const)('the digest thread on %s', (dialect) => {
  const opened: TestDatabase[] = [];
  const open = async () => {
    const db = await openTestDatabase(dialect);
    opened.push(db);
    return db;
  };
  afterAll(() => Promise.all(opened.map((db) => db.close())));

  it('digests what is flushed, acknowledges it and publishes facts in order', async () => {
    const db = await open();
    const projectId = await makeProject(db.write);
    const h = await host(db);
    const events = Array.from({ length: 1200 }, (_, i) => anEvent({ user: { id: String(i % 10) } }));
    for (let i = 0; i < events.length; i += 100) {
      await h.ingestLog.append(events.slice(i, i + 100).map((event) => eventRecord(projectId, event)));
    }
    expect(await h.digest.drained()).toBe(true);
    expect(h.facts.map((fact) => fact.eventId)).toEqual(events.map((event) => event.eventId));
    expect(h.facts.map((fact) => fact.id)).toEqual(h.facts.map((fact) => fact.id).toSorted((a, b) => a - b));
    expect(h.changes[0]).toMatchObject({ kind: 'CREATED', projectId });
    expect(h.ingestLog.backlogBytes).toBe(0);
    expect(h.digest.figures()).toMatchObject({ lagMs: 0, eventsDigested: 1200, rejected: 0, restarts: 0 });
    expect((await countsOfProject(db.read, projectId)).groups).toMatchObject([{ event_count: 1200, user_count: 10 }]);
    expect(await h.close()).toBe(true);
    expect(h.changes.at(-1)).toMatchObject({ kind: 'UPDATED', projectId });
  });

  it('digests on stopping what was accepted, and goes on where it was at the next start', async () => {
    const db = await open();
    const projectId = await makeProject(db.write);
    const first = await host(db);
    await first.ingestLog.append(Array.from({ length: 300 }, () => eventRecord(projectId, anEvent())));
    expect(await first.close()).toBe(true);
    expect(await outcomesOf(db.read, projectId)).toEqual({ accepted: 300 });
    const second = await host(db);
    await second.ingestLog.append([eventRecord(projectId, anEvent())]);
    expect(await second.digest.drained()).toBe(true);
    expect(second.digest.figures().eventsDigested).toBe(1);
    expect(await second.close()).toBe(true);
    expect(await outcomesOf(db.read, projectId)).toEqual({ accepted: 301 });
  });
});

describe('the digest thread in trouble', () => {
  it('waits for a database that is locked, and loses nothing', async () => {
    const db = await openTestDatabase('sqlite');
    const projectId = await makeProject(db.write);
    const h = await host(db);
    const blocker = openSqlite(db.config, 'write');
    blocker.exec('begin immediate');
    await h.ingestLog.append([eventRecord(projectId, anEvent())]);
    expect(await h.digest.drained(200)).toBe(false);
    expect(h.digest.figures().lagMs).toBeGreaterThan(0);
    blocker.exec('commit');
    blocker.close();
    expect(await h.digest.drained()).toBe(true);
    expect(await outcomesOf(db.read, projectId)).toEqual({ accepted: 1 });
    await h.close();
    await db.close();
  });

  it('puts aside what is not a record and keeps it on file', async () => {
    const db = await openTestDatabase('sqlite');
    const projectId = await makeProject(db.write);
    const h = await host(db);
    await h.ingestLog.append([Buffer.from('{"kind":"riddle"}'), eventRecord(projectId, anEvent())]);
    expect(await h.digest.drained()).toBe(true);
    expect(h.digest.figures()).toMatchObject({ rejected: 1, eventsDigested: 1 });
    const file = join(db.config.dataDir, 'ingest-log', 'rejected.ndjson');
    expect(existsSync(file)).toBe(true);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ record: '{"kind":"riddle"}' });
    await h.close();
    await db.close();
  });

  it.each(['die here', 'hang here'])(
    'replaces a thread that cannot take a record (%s), and puts that one aside',
    async (message) => {
      const db = await openTestDatabase('sqlite');
      const projectId = await makeProject(db.write);
      const workerFile = new URL('../../../../test/dying-digest-worker.ts', import.meta.url);
      const h = await host(db, { workerFile, silenceLimitMs: 3_000 });
      const before = Array.from({ length: 7 }, () => eventRecord(projectId, anEvent()));
      const after = Array.from({ length: 7 }, () => eventRecord(projectId, anEvent()));
      await h.ingestLog.append([...before, eventRecord(projectId, anEvent({ message })), ...after]);
      expect(await h.digest.drained(80_000)).toBe(true);
      expect(h.digest.figures()).toMatchObject({ eventsDigested: 14, rejected: 1 });
      expect(h.digest.figures().restarts).toBeGreaterThan(1);
      expect(await outcomesOf(db.read, projectId)).toEqual({ accepted: 14 });
      expect(await outcomesOf(db.read, 0)).toEqual({ failed: 1 });
      await h.close();
      await db.close();
    },
    90_000,
  );

  it('refuses to start when the thread cannot even begin', async () => {
    const { config, dispose } = await freshConfig('sqlite');
    rmSync(config.dataDir, { recursive: true });
    const ingestLog = { position: 0, backlogBytes: 0, onFlushed: () => () => undefined, acknowledged: () => undefined } as never;
    // A value that cannot be sent to a thread.
    const broken = { dataDir: (() => '') as never, databaseUrl: undefined };
    await expect(
      startDigest({ config: broken, log: silentLog, ingestLog, bus: new Bus(silentLog), clock: systemClock }),
    ).rejects.toThrow();
    await dispose();
  });
});
