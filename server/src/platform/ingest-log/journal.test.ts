import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLog } from '../log.ts';
import { type JournalDisk, realDisk } from './journal-disk.ts';
import { type LogLoss, openJournalReader } from './journal-reader.ts';
import { type JournalOptions, type JournalWriter, openJournalWriter } from './journal-writer.ts';
import { listSegments, segmentPath } from './segment.ts';

let directory: string;
const writers: JournalWriter[] = [];
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'journal-'));
});
afterEach(async () => {
  for (const writer of writers.splice(0)) await writer.close().catch(() => undefined);
  rmSync(directory, { recursive: true, force: true });
});

async function open(options: Partial<JournalOptions> = {}): Promise<JournalWriter> {
  const writer = await openJournalWriter({ directory, log: silentLog, ...options });
  writers.push(writer);
  return writer;
}
const record = (text: string): Uint8Array => Buffer.from(text);
const NO_LIMITS = { maxRecords: 1_000_000, maxBytes: 64 * 1024 * 1024 };

/** Everything from a position on, read in small steps, as the digest does. */
function readAll(until: number, from = 0, limits = { maxRecords: 3, maxBytes: 100 }) {
  const losses: LogLoss[] = [];
  const reader = openJournalReader(directory, (loss) => losses.push(loss));
  const texts: string[] = [];
  let position = from;
  while (position < until) {
    const { records, next } = reader.read(position, until, limits);
    expect(next).toBeGreaterThan(position);
    for (const r of records) texts.push(Buffer.from(r).toString());
    position = next;
  }
  reader.close();
  return { texts, losses, position };
}

describe('an append', () => {
  it('is read back in order, over segments, with a position that only grows', async () => {
    const writer = await open({ segmentBytes: 200 });
    const texts = Array.from({ length: 50 }, (_, i) => `record ${i} ${'x'.repeat(i)}`);
    let before = -1;
    for (const text of texts) {
      await writer.append([record(text)]);
      expect(writer.position).toBeGreaterThan(before);
      before = writer.position;
    }
    expect(listSegments(directory).length).toBeGreaterThan(5);
    expect(readAll(writer.position)).toEqual({ texts, losses: [], position: writer.position });
  });

  it('that arrives while a flush is running joins the next one', async () => {
    let syncs = 0;
    const writer = await open({
      disk: {
        ...realDisk,
        datasync: (fd) => {
          syncs++;
          return realDisk.datasync(fd);
        },
      },
    });
    syncs = 0;
    await Promise.all(Array.from({ length: 500 }, (_, i) => writer.append([record(`r${i}`)])));
    expect(syncs).toBe(2);
    expect(readAll(writer.position, 0, NO_LIMITS).texts.length).toBe(500);
  });

  it('tells the flushed position before or when it is answered', async () => {
    const writer = await open();
    const told: number[] = [];
    const stop = writer.onFlushed((position) => told.push(position));
    await writer.append([record('a'), record('b')]);
    expect(told).toEqual([writer.position]);
    stop();
    await writer.append([record('c')]);
    expect(told.length).toBe(1);
  });

  it('of nothing answers at once; an empty or a huge record is refused alone', async () => {
    const writer = await open();
    await writer.append([]);
    await expect(writer.append([new Uint8Array()])).rejects.toMatchObject({ code: 'PAYLOAD_TOO_LARGE' });
    await expect(writer.append([new Uint8Array(17 * 1024 * 1024)])).rejects.toMatchObject({ code: 'PAYLOAD_TOO_LARGE' });
    await writer.append([record('fine')]);
    expect(readAll(writer.position).texts).toEqual(['fine']);
  });

  it('after close is refused; close waits for what is under way', async () => {
    const writer = await open();
    const pending = writer.append([record('last')]);
    await writer.close();
    await pending;
    await expect(writer.append([record('x')])).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(readAll(writer.position).texts).toEqual(['last']);
  });

  it('larger than the read limit is still given out', async () => {
    const writer = await open();
    await writer.append([record('small'), record('L'.repeat(5000)), record('small')]);
    expect(readAll(writer.position, 0, { maxRecords: 10, maxBytes: 64 }).texts.map((t) => t.length)).toEqual([5, 5000, 5]);
  });
});

describe('opening', () => {
  it('is refused while another has the log open', async () => {
    const writer = await open();
    await expect(open()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    await writer.append([record('still mine')]);
    await writer.close();
    const next = await open();
    expect(readAll(next.position).texts).toEqual(['still mine']);
  });
});

describe('acknowledging', () => {
  it('deletes whole segments only, and lowers the backlog', async () => {
    const writer = await open({ segmentBytes: 100 });
    const ends: number[] = [];
    for (let i = 0; i < 10; i++) {
      await writer.append([record('y'.repeat(80))]);
      ends.push(writer.position);
    }
    expect(writer.backlogBytes).toBe(writer.position);
    writer.acknowledged(ends[4]! - 1);
    expect(writer.start).toBe(ends[3]);
    expect(writer.backlogBytes).toBe(writer.position - ends[4]! + 1);
    writer.acknowledged(ends[2]!); // an older word changes nothing
    expect(writer.backlogBytes).toBe(writer.position - ends[4]! + 1);
    writer.acknowledged(Number.MAX_SAFE_INTEGER);
    expect(writer.backlogBytes).toBe(0);
    await writer.append([record('after')]);
    expect(readAll(writer.position, ends[9]).texts).toEqual(['after']);
    await writer.close();
    expect(listSegments(directory)).toHaveLength(1);
  });

  it('of everything gives a filled segment up once it is quiet', async () => {
    const writer = await open({ idleMs: 10 });
    await writer.append([new Uint8Array(2 * 1024 * 1024).fill(65)]);
    const { position } = writer;
    writer.acknowledged(position);
    await expect.poll(() => listSegments(directory)).toEqual([position]);
    await writer.append([record('next')]);
    await writer.close();
    expect(listSegments(directory).map((start) => statSync(segmentPath(directory, start)).size)).toEqual([12]);
    expect(readAll(writer.position, writer.start).texts).toEqual(['next']);
  });

  it('keeps positions over restarts, also when every record was digested', async () => {
    let writer = await open();
    await writer.append([new Uint8Array(2 * 1024 * 1024).fill(65)]);
    writer.acknowledged(writer.position);
    const position = writer.position;
    await writer.close();
    writer = await open();
    expect(writer.position).toBe(position);
    await writer.append([record('on')]);
    expect(writer.position).toBe(position + 10);
  });

  it('starts behind the watermark of the digest when the directory was lost', async () => {
    const writer = await open({ atLeast: 12_345 });
    expect(writer.position).toBe(12_345);
    await writer.append([record('new')]);
    await writer.close();
    const again = await open({ atLeast: 20_000 });
    expect(again.position).toBe(20_000);
    expect(readAll(12_356, 12_345).texts).toEqual(['new']);
  });
});

describe('a disk that refuses', () => {
  /** Fails the named calls while `broken`; a write that fails has written half. */
  function failing(calls: ReadonlySet<string>) {
    const state = { broken: false };
    const fail = (name: string) => state.broken && calls.has(name);
    const enospc = () => Promise.reject(Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' }));
    const disk: JournalDisk = {
      ...realDisk,
      open: (path) => (fail('open') ? enospc() : realDisk.open(path)),
      write: (fd, buffer, offset) =>
        fail('write')
          ? realDisk.write(fd, buffer.subarray(0, buffer.length >> 1), offset).then(enospc)
          : realDisk.write(fd, buffer, offset),
      datasync: (fd) => (fail('datasync') ? enospc() : realDisk.datasync(fd)),
      truncate: (fd, length) => (fail('truncate') ? enospc() : realDisk.truncate(fd, length)),
      syncDirectory: (path) => (fail('syncDirectory') ? enospc() : realDisk.syncDirectory(path)),
    };
    return { disk, state };
  }

  it.each([
    ['a write', ['write']],
    ['a flush', ['datasync']],
    ['a write, and the cut after it', ['write', 'truncate']],
    ['the name of a new segment', ['syncDirectory']],
    ['a new segment', ['open']],
    ['everything', ['open', 'write', 'datasync', 'truncate', 'syncDirectory']],
  ])('%s: all who wait are refused, nothing is half-kept, later appends work again', async (_, calls) => {
    const { disk, state } = failing(new Set(calls));
    let writer = await open({ disk, segmentBytes: 60 });
    await writer.append([record('kept before '.padEnd(50))]);
    const position = writer.position;
    state.broken = true;
    const results = await Promise.allSettled(['one', 'two', 'three'].map((t) => writer.append([record(t.padEnd(50))])));
    expect(results.map((r) => r.status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(writer.position).toBe(position);
    await expect(writer.append([record('four')])).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    state.broken = false;
    await writer.append([record('kept after')]);
    const texts = ['kept before '.padEnd(50), 'kept after'];
    expect(readAll(writer.position)).toMatchObject({ texts, losses: [] });
    const end = writer.position;
    await writer.close();
    writer = await open();
    expect(writer.position).toBe(end);
    expect(readAll(writer.position)).toMatchObject({ texts, losses: [] });
  });
});

describe('damage in the middle', () => {
  async function threeSegments() {
    const writer = await open({ segmentBytes: 100 });
    const starts: number[] = [];
    for (let i = 0; i < 9; i++) {
      starts.push(writer.position);
      await writer.append([record(`record ${i} ${'z'.repeat(15)}`)]);
    }
    const segments = listSegments(directory);
    return { writer, starts, segments };
  }
  const flip = (segment: number, offset: number) => {
    const path = segmentPath(directory, segment);
    const bytes = readFileSync(path);
    bytes[offset]! ^= 0xff;
    writeFileSync(path, bytes);
  };
  const numbers = (texts: string[]) => texts.map((text) => Number(text.split(' ')[1]));

  it('in a payload costs that record, and is told', async () => {
    const { writer, starts, segments } = await threeSegments();
    flip(segments[1]!, starts[4]! - segments[1]! + 12);
    const { texts, losses } = readAll(writer.position);
    expect(numbers(texts)).toEqual([0, 1, 2, 3, 5, 6, 7, 8]);
    expect(losses).toEqual([{ from: starts[4], to: starts[5], reason: 'a record is damaged' }]);
  });

  it('in a length costs the rest of the segment', async () => {
    const { writer, starts, segments } = await threeSegments();
    flip(segments[1]!, starts[4]! - segments[1]! + 1);
    const { texts, losses } = readAll(writer.position);
    expect(numbers(texts)).toEqual([0, 1, 2, 3, 6, 7, 8]);
    expect(losses).toEqual([{ from: starts[4], to: segments[2], reason: 'the rest of a segment is damaged' }]);
  });

  it('a segment that is gone costs itself, and is told', async () => {
    const { writer, segments } = await threeSegments();
    rmSync(segmentPath(directory, segments[1]!));
    const { texts, losses } = readAll(writer.position);
    expect(numbers(texts)).toEqual([0, 1, 2, 6, 7, 8]);
    expect(losses).toEqual([{ from: segments[1], to: segments[2], reason: 'a stretch is missing' }]);
  });

  it('in a record of the last segment does not cost the sound ones behind it at the next start', async () => {
    const { writer, starts, segments } = await threeSegments();
    const end = writer.position;
    await writer.close();
    flip(segments[2]!, starts[7]! - segments[2]! + 12);
    const again = await open();
    expect(again.position).toBe(end);
    await again.append([record('record 9')]);
    expect(numbers(readAll(again.position).texts)).toEqual([0, 1, 2, 3, 4, 5, 6, 8, 9]);
  });

  it('a tail of zeros, or of any bytes, is cut', async () => {
    for (const tail of [Buffer.alloc(5000), Buffer.from('garbage that is no frame at all'), Buffer.from([5, 0, 0, 0, 1])]) {
      const writer = await open();
      await writer.append([record('good')]);
      const end = writer.position;
      await writer.close();
      appendFileSync(segmentPath(directory, listSegments(directory).at(-1)!), tail);
      const again = await open();
      expect(again.position).toBe(end);
      await again.close();
    }
  });
});
