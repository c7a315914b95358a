import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { eventRecord, MemoryLog } from '../../../../test/digest-kit.ts';
import { anEvent, NOW } from '../../../../test/factories.ts';
import { fixedClock } from '../../../platform/clock.ts';
import { analysis } from './analysis.ts';
import { Digester, type Step } from './digester.ts';
import { RejectedRecords } from './rejected-records.ts';
import { type DigestBatch, type DigestStore, PositionMoved } from './store.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'errata-test-'));
const rejectedFile = join(dataDir, 'ingest-log', 'rejected.ndjson');
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

/** A store in memory that fails as told. */
class FakeStore implements DigestStore {
  readonly targetMs = 50;
  at = 0;
  batches: DigestBatch[] = [];
  resets = 0;
  fail: (batch: DigestBatch) => unknown = () => undefined;

  async position() {
    return this.at;
  }
  async commit(batch: DigestBatch) {
    const error = this.fail(batch);
    if (error !== undefined) throw error;
    if (batch.from !== this.at) throw new PositionMoved();
    this.at = batch.to;
    this.batches.push(batch);
    return { facts: [], sides: [], changes: [], touched: [], refused: 0, lockMs: 1 };
  }
  uncounted() {
    return 'nothing' as const;
  }
  async settle() {
    return [];
  }
  async quiet(): Promise<never> {
    throw new Error('not here');
  }
  async reset() {
    this.resets += 1;
  }
  async close() {}
}

function world(count: number) {
  const log = new MemoryLog();
  const events = Array.from({ length: count }, () => anEvent());
  log.append(...events.map((event) => eventRecord(1, event)));
  const store = new FakeStore();
  const digester = new Digester({
    store,
    reader: log,
    analyse: analysis,
    clock: fixedClock(NOW),
    rejects: new RejectedRecords(dataDir),
  });
  const steps: Step[] = [];
  const run = async (limit = 1_000) => {
    for (let i = 0; i < limit; i++) {
      const step = await digester.step(log.position);
      steps.push(step);
      if (step.kind === 'idle') break;
    }
    return steps;
  };
  const kept = () => store.batches.flatMap((batch) => batch.events.map((event) => event.eventId));
  return { log, events, store, digester, run, steps, kept };
}

const coded = (code: string) => Object.assign(new Error(code), { code });

describe('the digester', () => {
  it('goes through the log in order, each batch from where the last one ended', async () => {
    const w = world(900);
    await w.run();
    expect(w.kept()).toEqual(w.events.map((event) => event.eventId));
    expect(w.store.batches.map((batch) => batch.drained)).toEqual(w.store.batches.map((_, i, all) => i === all.length - 1));
    expect(w.store.at).toBe(w.log.position);
  });

  it('tries again when the database is busy, without complaint', async () => {
    const w = world(10);
    let times = 3;
    w.store.fail = () => (times-- > 0 ? coded('SQLITE_BUSY') : undefined);
    await w.run();
    expect(w.steps.map((step) => step.kind)).toEqual(['waiting', 'waiting', 'waiting', 'committed', 'idle']);
    expect(w.steps[0]).toEqual({ kind: 'waiting', waitMs: 10, error: undefined });
    expect(w.kept()).toHaveLength(10);
  });

  it('waits longer and longer for a database that is gone, opens it anew each time, and loses nothing', async () => {
    const w = world(10);
    let times = 12;
    w.store.fail = () => (times-- > 0 ? coded('ECONNREFUSED') : undefined);
    await w.run();
    const waits = w.steps.flatMap((step) => (step.kind === 'waiting' ? [step.waitMs] : []));
    expect(waits).toEqual([10, 20, 40, 80, 160, 320, 640, 1280, 2560, 5000, 5000, 5000]);
    expect(w.store.resets).toBe(12);
    expect(w.kept()).toHaveLength(10);
  });

  it('asks the database where it stands when a commit went through unheard', async () => {
    const w = world(10);
    let first = true;
    w.store.fail = (batch) => {
      if (!first) return undefined;
      first = false;
      w.store.batches.push(batch);
      w.store.at = batch.to;
      return new Error('Connection terminated unexpectedly');
    };
    await w.run();
    expect(w.kept()).toEqual(w.events.map((event) => event.eventId));
  });

  it('isolates records that cannot be stored, and goes on with the rest', async () => {
    const w = world(300);
    const bad = new Set([w.events[0]!.eventId, w.events[77]!.eventId, w.events[299]!.eventId]);
    w.store.fail = (batch) => (batch.events.some((event) => bad.has(event.eventId)) ? coded('SQLITE_TOOBIG') : undefined);
    await w.run();
    expect(w.kept()).toEqual(w.events.map((event) => event.eventId).filter((id) => !bad.has(id)));
    const outcomes = w.store.batches.flatMap((batch) => batch.outcomes);
    expect(outcomes).toHaveLength(3);
    expect(outcomes[0]).toMatchObject({ projectId: 1, keyId: 1, item: 'event', outcome: 'failed', quantity: 1 });
    const lines = readFileSync(rejectedFile, 'utf8').trim().split('\n');
    expect(lines.map((line) => JSON.parse(JSON.parse(line).record).event.eventId)).toEqual([...bad]);
  });

  it('slows down when every record is refused: the fault is hardly theirs', async () => {
    const w = world(40);
    w.store.fail = (batch) => (batch.events.length > 0 ? new TypeError('a fault of ours') : undefined);
    await w.run();
    const pauses = w.steps.flatMap((step) => (step.kind === 'committed' ? [step.pauseMs] : []));
    expect(pauses).toHaveLength(40);
    expect(pauses.slice(0, 20)).toEqual(new Array(20).fill(0));
    expect(pauses.slice(20)).toEqual(new Array(20).fill(1_000));
    expect(readFileSync(rejectedFile, 'utf8').trim().split('\n')).toHaveLength(40);
  });

  it('puts rejected records on file once, however often their batch is tried', async () => {
    const w = world(1);
    w.log.append(Buffer.from('nonsense'));
    let times = 3;
    w.store.fail = () => (times-- > 0 ? coded('ECONNREFUSED') : undefined);
    await w.run();
    expect(readFileSync(rejectedFile, 'utf8').trim().split('\n')).toHaveLength(1);
  });

  it('yields to another digest of the same log', async () => {
    const w = world(10);
    let first = true;
    w.store.fail = (batch) => {
      if (first) w.store.at = batch.to;
      first = false;
      return undefined;
    };
    await w.run();
    expect(w.steps.map((step) => step.kind)).toEqual(['waiting', 'idle']);
  });
});
