import { appendFileSync, mkdtempSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { silentLog } from '../log.ts';
import { openJournalReader } from './journal-reader.ts';
import { type JournalOptions, openJournalWriter } from './journal-writer.ts';
import { listSegments, segmentPath } from './segment.ts';

const directory = mkdtempSync(join(tmpdir(), 'journal-law-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const open = (options: Partial<JournalOptions>) => openJournalWriter({ directory, log: silentLog, ...options });
const record = (text: string): Uint8Array => Buffer.from(text);

/** Everything from a position on, read in small steps, as the digest does. */
function readAll(until: number, from: number) {
  const reader = openJournalReader(directory);
  const texts: string[] = [];
  for (let position = from; position < until; ) {
    const { records, next } = reader.read(position, until, { maxRecords: 3, maxBytes: 100 });
    expect(next).toBeGreaterThan(position);
    texts.push(...records.map((r) => Buffer.from(r).toString()));
    position = next;
  }
  const { lost } = reader;
  reader.close();
  return { texts, lost };
}

describe('law: what is read is exactly the durable prefix', () => {
  const step = fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({
        kind: fc.constant('append' as const),
        sizes: fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 4 }),
      }),
    },
    // The process dies while a flush of these records is under way: some prefix of the bytes reached the disk.
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('crash' as const),
        sizes: fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 4 }),
        cut: fc.double({ min: 0, max: 1, noNaN: true }),
        garbage: fc.uint8Array({ maxLength: 20 }),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant('acknowledge' as const), part: fc.double({ min: 0, max: 1, noNaN: true }) }),
    },
  );

  it('over any sequence of appends, acknowledgements and crashes that cut at any byte', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), fc.integer({ min: 64, max: 2000 }), async (steps, segmentBytes) => {
        rmSync(directory, { recursive: true, force: true });
        let writer = await open({ segmentBytes });
        let n = 0;
        const make = (size: number) => `${n++}:`.padEnd(size, '#');
        /** Position after each record known to be in the log, and its text. */
        const durable: { end: number; text: string }[] = [];
        let acknowledged = 0;
        for (const s of steps) {
          if (s.kind === 'append') {
            const texts = s.sizes.map(make);
            await writer.append(texts.map(record));
            let end = writer.position - texts.reduce((sum, t) => sum + 8 + t.length, 0);
            for (const text of texts) {
              end += 8 + text.length;
              durable.push({ end, text });
            }
          } else if (s.kind === 'acknowledge') {
            const at = durable[Math.floor(s.part * (durable.length - 1))];
            if (at) {
              writer.acknowledged(at.end);
              acknowledged = Math.max(acknowledged, at.end);
            }
          } else {
            const before = writer.position;
            const texts = s.sizes.map(make);
            await writer.append(texts.map(record));
            await writer.close();
            const last = listSegments(directory).at(-1)!;
            const from = Math.max(before, last);
            const cut = from + Math.floor(s.cut * (writer.position - from));
            truncateSync(segmentPath(directory, last), cut - last);
            let end = before;
            for (const text of texts) {
              end += 8 + text.length;
              if (end <= cut) durable.push({ end, text });
            }
            if (s.garbage.length > 0) {
              appendFileSync(segmentPath(directory, last), s.garbage);
            }
            writer = await open({ segmentBytes });
            expect(writer.position).toBe(durable.at(-1)?.end ?? 0);
            writer.acknowledged(acknowledged);
          }
        }
        const { texts, lost } = readAll(writer.position, acknowledged);
        expect(lost.stretches).toBe(0);
        expect(texts).toEqual(durable.filter((d) => d.end > acknowledged).map((d) => d.text));
        await writer.close();
      }),
      { numRuns: 200, seed: 20261122 },
    );
  }, 60_000);
});
