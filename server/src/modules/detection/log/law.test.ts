import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LINE_BYTES } from './line-scanner.ts';
import { type DetectedEvent, LogDetector, type LogDetectorOptions } from './log-detector.ts';
import { TRACES } from './samples.ts';

/** On a busy machine fewer samples are tried, not for longer. */
const BOUNDED = { interruptAfterTimeLimit: 4_000 };
const OPTIONS: LogDetectorOptions = { referenceTime: Date.UTC(2026, 2, 15) };

function detect(chunks: Iterable<Buffer>, options = OPTIONS): DetectedEvent[] {
  const detector = new LogDetector(options);
  const found: DetectedEvent[] = [];
  for (const chunk of chunks) {
    const borrowed = Buffer.from(chunk);
    detector.write(borrowed);
    borrowed.fill(0x2a); // the buffer is the caller's again
    found.push(...detector.take());
  }
  detector.flush();
  return [...found, ...detector.take()];
}

/** Cuts bytes at arbitrary places. */
function* cut(bytes: Buffer, places: readonly number[]): Generator<Buffer> {
  let from = 0;
  for (const place of [...places].sort((a, b) => a - b)) {
    const to = place % (bytes.length + 1);
    if (to <= from) continue;
    yield bytes.subarray(from, to);
    from = to;
  }
  yield bytes.subarray(from);
}

const wrap: ((line: string, i: number) => string)[] = [
  (line) => line,
  (line) => `web-1  | ${line}`,
  (line, i) => JSON.stringify({ log: `${line}\n`, stream: i % 3 === 0 ? 'stdout' : 'stderr', time: '2026-03-14T09:00:00Z' }),
  (line, i) => `2026-03-14T09:00:00Z std${i % 2 === 0 ? 'err' : 'out'} ${line.length % 17 === 0 ? 'P' : 'F'} ${line}`,
  (line, i) => `<${8 + (i % 8)}>Mar 14 09:00:00 web3 app[${i % 2}]: ${line}`,
];

/**
 * A log of traces, error lines and talk, in all carriers and with all ways to end a line; neighbours may mix their lines.
 * `torn`: the lines of a trace also change their writer, as no program does.
 */
const logsOf = (torn: boolean) =>
  fc
    .array(
      fc.record({
        kind: fc.integer({ min: 0, max: 9 }),
        sample: fc.integer({ min: 0, max: TRACES.length - 1 }),
        carrier: fc.integer({ min: 0, max: wrap.length - 1 }),
        end: fc.constantFrom('\n', '\n', '\r\n', '\r'),
        junk: fc.string({ maxLength: 30, unit: 'binary' }),
      }),
      { maxLength: 14 },
    )
    .map((parts) => {
      const texts = parts.map(({ kind, sample, carrier, end, junk }, i) => {
        const lines =
          kind < 4
            ? (TRACES[sample]?.text.split('\n') ?? [])
            : kind === 4
              ? [`2026-03-14 09:00:00 ERROR [t${i % 2}] a.b - ${junk}`]
              : kind === 5
                ? [junk]
                : [`2026-03-14 09:00:00 INFO [t] a.b - all is well ${i}`];
        return lines.map((line, j) => (wrap[carrier] as (typeof wrap)[number])(line, torn ? j : i) + end);
      });
      const mixed = texts.flatMap((lines, i) => {
        if (parts[i]?.kind !== 3 || texts[i + 1] === undefined) return lines;
        const other = texts.splice(i + 1, 1, [])[0] ?? [];
        return [...lines, ...other].map((_, j) => (j % 2 === 0 ? lines : other)[j >> 1] ?? '');
      });
      return mixed.join('');
    });
const logs = logsOf(false);

describe('laws', () => {
  it('the same bytes give the same events, wherever they are cut', () => {
    fc.assert(
      fc.property(logsOf(true), fc.array(fc.nat(20_000), { maxLength: 30 }), (text, places) => {
        const bytes = Buffer.from(text, 'utf8');
        expect(detect(cut(bytes, places))).toEqual(detect([bytes]));
      }),
      { numRuns: 150, ...BOUNDED },
    );
  });

  it('a byte at a time, too', () => {
    const text = TRACES.map(({ text }) => `${text}\r\n2026-03-14 09:00:00 INFO [t] a.b - ok\r\n`).join('');
    const bytes = Buffer.from(text);
    expect(detect(Array.from(bytes, (byte) => Buffer.from([byte])))).toEqual(detect([bytes]));
  });

  it('any bytes are taken, and events lie within them, in no other event', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 20 }), logs, (chunks, text) => {
        const bytes = Buffer.concat([...chunks.map((chunk) => Buffer.from(chunk)), Buffer.from(text)]);
        for (const encoding of ['auto', 'utf8', 'utf16le', 'utf16be', 'latin1'] as const)
          for (const { start, end, event } of detect([bytes], { ...OPTIONS, encoding, minLevel: 'info' })) {
            expect(start).toBeGreaterThanOrEqual(0);
            expect(end).toBeGreaterThan(start);
            expect(end).toBeLessThanOrEqual(bytes.length);
            expect(() => JSON.stringify(event)).not.toThrow();
          }
      }),
      { numRuns: 60, ...BOUNDED },
    );
  });

  it('reading on from the safe offset loses nothing and finds nothing else', () => {
    fc.assert(
      fc.property(logs, fc.nat(20_000), (text, place) => {
        const bytes = Buffer.from(text, 'utf8');
        const at = place % (bytes.length + 1);
        const first = new LogDetector(OPTIONS);
        first.write(bytes.subarray(0, at));
        const before = first.take();
        const { safeOffset } = first;
        expect(safeOffset).toBeLessThanOrEqual(at);
        const again = detect([bytes.subarray(safeOffset)], { ...OPTIONS, baseOffset: safeOffset });
        const seen = new Set([...before, ...again].map(({ start }) => start));
        expect([...seen].sort((a, b) => a - b)).toEqual(
          detect([bytes])
            .map(({ start }) => start)
            .sort((a, b) => a - b),
        );
      }),
      { numRuns: 150, ...BOUNDED },
    );
  });

  it('memory does not grow with a line, with open events, or with what is no text', () => {
    const detector = new LogDetector(OPTIONS);
    const chunk = Buffer.alloc(1024 * 1024, 'x');
    detector.write(Buffer.from('2026-03-14 09:00:00 ERROR [t] a.b - long: '));
    for (let i = 0; i < 30; i++) detector.write(chunk);
    detector.write(Buffer.from('\nTypeError: first\n'));
    for (let i = 0; i < 20_000; i++) detector.write(Buffer.from(`    at f${i} (/srv/a.js:${i}:1) ${'y'.repeat(200)}\n`));
    detector.flush();
    const events = detector.take();
    for (const { event } of events) expect(JSON.stringify(event).length).toBeLessThan(800_000);
    expect(events.length).toBeLessThan(40);
    expect(detector.stats).toMatchObject({ cutLines: 1, binary: false });
    expect(detector.stats.skippedBytes).toBeGreaterThan(30 * chunk.length - LINE_BYTES);
  });

  it('no line takes long, however it is made', () => {
    const long = 100_000;
    const pieces = [
      'a',
      'a.',
      'A$',
      'a::',
      ' ',
      '\t',
      '(',
      '[',
      '{',
      '<',
      '"',
      "'",
      '|',
      '=',
      'a=b ',
      'a="',
      '\\',
      '1',
      '1:',
      '2026-03-14 ',
      '09:00:00 ',
      ' at ',
      'at a(',
      '#0 ',
      'Error',
      'Error: ',
      'E/',
      '-',
      '--- ',
      '[error] ',
      '[a] ',
      '\u001b[',
      '\u001b]',
      '^',
      '~',
      '.rb:1:in `',
      'x@http://a',
      'Caused by: ',
      ': ',
      'Assertion `',
      '** (',
      '{"log":"',
      '{"a":',
      'Exception in ',
    ];
    const starts = [
      '',
      'ERROR ',
      '    at ',
      'java.lang.',
      'File "',
      '2026-03-14 09:00:00 ERROR ',
      '<11>1 - - - - - [',
      'web-1 | ',
      '2026-03-14T09:00:00Z stderr F ',
      '{"log":"error',
      'level=error a="',
      'TypeError (',
      '/a.rb:1:in `',
      'PHP Fatal error:  ',
      '#0 ',
      'Jan  1 00:00:00 h t: ',
    ];
    let slowest = { ms: 0, of: '' };
    for (const start of starts)
      for (const piece of pieces) {
        const line = start + piece.repeat(long / piece.length);
        const bytes = Buffer.from(`error ${piece}\n${line}\n    at f (/a.js:1:2)\n${line} error\n`);
        const before = process.cpuUsage().user;
        detect([bytes], { ...OPTIONS, minLevel: 'info' });
        const ms = (process.cpuUsage().user - before) / 1000;
        if (ms > slowest.ms) slowest = { ms, of: JSON.stringify([start, piece]) };
      }
    expect(slowest.ms, slowest.of).toBeLessThan(400);
  }, 60_000);

  it('a binary file is passed over', () => {
    const detector = new LogDetector(OPTIONS);
    detector.write(Buffer.from([0x1f, 0x8b, 8, 0, 1, 2, 3, 4]));
    detector.write(Buffer.from('\nError: inside of an archive\n'));
    detector.flush();
    expect(detector.take()).toEqual([]);
    expect(detector.stats).toMatchObject({ binary: true, lines: 0 });
    expect(detector.safeOffset).toBe(detector.offset);
  });
});
