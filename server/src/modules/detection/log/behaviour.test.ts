import { describe, expect, it } from 'vitest';
import { compilePatterns } from '../../analysis/patterns/compile.ts';
import { fullDefinition, type PatternDefinition } from '../../analysis/patterns/definition.ts';
import { detectText } from './detect-text.ts';
import { type DetectedEvent, LogDetector, type LogDetectorOptions } from './log-detector.ts';

const JS = ['TypeError: x is not a function', '    at f (/srv/a.js:1:2)', '    at g (/srv/a.js:9:2)'];
const JAVA = ['java.io.IOException: disk full', '\tat com.acme.A.b(A.java:1)', '\tat com.acme.A.c(A.java:9)'];
const INFO = '2026-03-14 09:00:00,000 INFO [web-1] shop - all is well';

function detect(lines: readonly string[], options: LogDetectorOptions = {}): DetectedEvent[] {
  return detectText(lines.join('\n'), { referenceTime: Date.UTC(2026, 2, 15), ...options });
}

const raw = ({ event }: DetectedEvent) => (event['extra'] as { raw: string }).raw;
const raws = (events: readonly DetectedEvent[]) => events.map(raw).sort();
const joined = (...traces: string[][]) => traces.map((lines) => lines.join('\n')).sort();
/** One line of each in turn. */
const zip = (a: readonly string[], b: readonly string[]) =>
  a.flatMap((line, i) => [line, b[i] ?? '']).filter((line) => line !== '');

describe('several writers in one file', () => {
  it.each([
    [
      'two streams of a container',
      (stream: number) => (line: string) => `2026-03-14T09:00:00Z ${['stdout', 'stderr'][stream]} F ${line}`,
    ],
    ['two services', (service: number) => (line: string) => `web-${service}  | ${line}`],
    ['two processes', (pid: number) => (line: string) => `Mar 14 09:00:00 web3 shop[${pid}]: ${line}`],
  ])('%s do not mix', (_, writer) => {
    expect(raws(detect(zip(JS.map(writer(0)), JAVA.map(writer(1)))))).toEqual(joined(JS, JAVA));
  });

  it('two threads that log their traces line by line', () => {
    const by = (thread: string) => (line: string) => `2026-03-14 09:00:00 ERROR [${thread}] shop - ${line}`;
    const events = detect(zip(JS.map(by('t1')), JAVA.map(by('t2'))));
    expect(events.map(({ event }) => event['tags'])).toEqual([{ thread: 't1' }, { thread: 't2' }]);
    for (const { event } of events) expect(event['exception']).toMatchObject({ values: [{ stacktrace: { frames: [{}, {}] } }] });
  });

  it("a trace goes on behind another thread's lines", () => {
    expect(raws(detect([JAVA[0] as string, JAVA[1] as string, INFO, INFO, JAVA[2] as string, INFO]))).toEqual(joined(JAVA));
  });

  it('formats may change from line to line', () => {
    const lines = [
      INFO,
      '{"level":50,"msg":"first"}',
      ...JS,
      'level=error msg=second',
      'E0314 09:00:00.000000 1 a.go:1] third',
      INFO,
    ];
    expect(detect(lines)).toHaveLength(4);
  });
});

describe('what belongs together', () => {
  it('parts of a line that a container runtime cut', () => {
    const cri = [
      '2026-03-14T09:00:00Z stderr P Type',
      '2026-03-14T09:00:00Z stdout F talk',
      '2026-03-14T09:00:00Z stderr F Error: x',
      '2026-03-14T09:00:00Z stderr F     at f (/a.js:1:2)',
    ];
    const docker = (log: string) => JSON.stringify({ log, stream: 'stderr', time: '2026-03-14T09:00:00Z' });
    for (const lines of [cri, [docker('Type'), docker('Error: x\n'), docker('    at f (/a.js:1:2)\n')]]) {
      const [event, ...more] = detect(lines);
      expect(more).toEqual([]);
      expect(raw(event as DetectedEvent)).toBe('TypeError: x\n    at f (/a.js:1:2)');
      expect(event).toMatchObject({ start: 0, line: 1 });
    }
  });

  it('the lines behind an error line that have no prefix', () => {
    const lines = ['2026-03-14 09:00:00 ERROR [t] shop - query failed:', 'SELECT *', 'FROM orders', INFO];
    expect(raws(detect(lines))).toEqual([lines.slice(0, 3).join('\n')]);
  });

  it('but not talk behind an error on a stream without prefixes', () => {
    expect(raws(detect(['Error: cannot connect', 'Trying again', 'Connected']))).toEqual(['Error: cannot connect']);
  });

  it('two errors one under the other are two', () => {
    expect(detect([...JS, ...JAVA])).toHaveLength(2);
    expect(detect(['Error: a', 'Error: b', INFO])).toHaveLength(2);
  });

  it('a head that says nothing, when frames follow', () => {
    expect(raws(detect([INFO, 'Everything went wrong', '    at f (/srv/a.js:1:2)', '    at g (/srv/a.js:9:2)']))).toEqual([
      'Everything went wrong\n    at f (/srv/a.js:1:2)\n    at g (/srv/a.js:9:2)',
    ]);
  });

  it('a trace that was logged as information is an event of that level', () => {
    const [event] = detect(['2026-03-14 09:00:00 INFO [t] shop - trying again', ...JAVA]);
    expect(event?.event).toMatchObject({ platform: 'java' });
    expect(raw(event as DetectedEvent)).toContain(JAVA.join('\n'));
  });
});

describe('what goes with an event', () => {
  it("the writer's lines before it as breadcrumbs, ten at most", () => {
    const talk = Array.from(
      { length: 14 },
      (_, i) => `web-1 | 2026-03-14 09:00:0${i % 10} INFO [t] shop - step ${i} ${'.'.repeat(600)}`,
    );
    const [event] = detect([...talk.flatMap((line) => [line, 'db-1 | other talk']), ...JS.map((line) => `web-1 | ${line}`)]);
    const { values } = (event as DetectedEvent).event['breadcrumbs'] as {
      values: { message: string; level: string; category: string }[];
    };
    expect(values).toHaveLength(10);
    expect(values.map(({ message }) => Number(message.split(' ')[1]))).toEqual([4, 5, 6, 7, 8, 9, 10, 11, 12, 13]);
    expect(values[0]).toMatchObject({ category: 'shop', level: 'info' });
    expect(values.every(({ message }) => message.length <= 500)).toBe(true);
  });

  it('where it stands in the file', () => {
    const before = `${INFO}\n${INFO}\n`;
    const [event] = detectText(`${before}${JS.join('\n')}\n${INFO}`);
    expect(event).toMatchObject({
      start: before.length,
      end: before.length + JS.join('\n').length + 1,
      line: 3,
      category: 'exception',
    });
  });

  it('a cap on what is long', () => {
    const [event] = detect([`Error: ${'x'.repeat(100_000)}`, '    at f (/a.js:1:2)']);
    expect(raw(event as DetectedEvent).length).toBeLessThan(16_100);
  });
});

describe('encodings', () => {
  const text = `${INFO}\r\nErreur: café\r\n${JS.join('\r\n')}\r\n`;
  it.each([
    ['UTF-16 LE with its mark', Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')])],
    ['UTF-16 BE with its mark', Buffer.concat([Buffer.from([0xfe, 0xff]), Buffer.from(text, 'utf16le').swap16()])],
    ['UTF-16 LE without', Buffer.from(text, 'utf16le')],
    ['UTF-8 with its mark', Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(text)])],
    ['a file cut short under its writer', Buffer.concat([Buffer.alloc(5000), Buffer.from(text)])],
    ['UTF-8 with bytes that are none', Buffer.concat([Buffer.from([0xc3, 0x28, 0xff, 10]), Buffer.from(text)])],
  ])('%s', (_, bytes) => {
    const detector = new LogDetector();
    detector.write(bytes);
    detector.flush();
    const events = detector.take();
    expect(events.map(raw)).toEqual([JS.join('\n')]);
    expect(bytes.subarray(events[0]?.start, events[0]?.end).toString('latin1').replaceAll('\u0000', '')).toContain('TypeError');
  });

  it('Latin-1 when told', () => {
    const detector = new LogDetector({ encoding: 'latin1' });
    detector.write(Buffer.from('Error: caf\u00e9 ferm\u00e9\n', 'latin1'));
    detector.flush();
    expect(detector.take().map(raw)).toEqual(['Error: café fermé']);
  });
});

describe('flush', () => {
  it('ends what is open, and a last line without an end when it is an error', () => {
    const detector = new LogDetector();
    detector.write(Buffer.from('Error: half'));
    expect([detector.take(), detector.open]).toEqual([[], false]);
    detector.flush();
    expect(detector.take()).toHaveLength(1);
    detector.write(Buffer.from('\n'));
    detector.flush();
    expect(detector.take()).toEqual([]);
  });

  it('leaves half a line that says nothing yet', () => {
    const detector = new LogDetector();
    detector.write(Buffer.from('2026-03-14 09:00:00 ER'));
    detector.flush();
    detector.write(Buffer.from('ROR [t] shop - late\n'));
    detector.flush();
    expect(detector.take().map(raw)).toEqual(['2026-03-14 09:00:00 ERROR [t] shop - late']);
  });
});

describe('progress bars', () => {
  it('end their lines with a CR', () => {
    expect(raws(detect(['10 %\r20 %\r30 %\rError: no space left\r\n']))).toEqual(['Error: no space left']);
  });
});

describe("systemd's journal", () => {
  const entry = (fields: Record<string, string>) => {
    const parts = Object.entries({
      __CURSOR: 's=1',
      __REALTIME_TIMESTAMP: '1773480442592000',
      _HOSTNAME: 'web3',
      SYSLOG_IDENTIFIER: 'shop',
      _PID: '4711',
      ...fields,
    });
    return Buffer.concat([
      ...parts.map(([name, value]) => {
        if (!value.includes('\n')) return Buffer.from(`${name}=${value}\n`);
        const length = Buffer.alloc(8);
        length.writeBigUInt64LE(BigInt(Buffer.byteLength(value)));
        return Buffer.concat([Buffer.from(`${name}\n`), length, Buffer.from(`${value}\n`)]);
      }),
      Buffer.from('\n'),
    ]);
  };
  const told = { server_name: 'web3', tags: { process: 'shop', pid: '4711' }, timestamp: 1773480442.592 };

  it.each([1, 7, 100_000])('as exported, in pieces of %i bytes', (size) => {
    const bytes = Buffer.concat([
      entry({ MESSAGE: 'started', PRIORITY: '6' }),
      entry({ MESSAGE: 'no card', PRIORITY: '3' }),
      ...JS.map((MESSAGE) => entry({ MESSAGE, PRIORITY: '6' })),
      entry({ MESSAGE: 'going on', PRIORITY: '6' }),
      entry({ MESSAGE: JAVA.join('\n'), PRIORITY: '6' }),
    ]);
    const detector = new LogDetector();
    for (let i = 0; i < bytes.length; i += size) detector.write(bytes.subarray(i, i + size));
    detector.flush();
    const events = detector.take();
    expect(events.map(raw)).toEqual(['no card', JS.join('\n'), JAVA.join('\n')]);
    for (const { event, start } of events) {
      expect(event).toMatchObject(told);
      expect(bytes.toString('latin1', start, start + 9)).toBe('__CURSOR=');
    }
  });

  it('as JSON', () => {
    const line = (MESSAGE: unknown, PRIORITY = '6') =>
      JSON.stringify({
        __REALTIME_TIMESTAMP: '1773480442592000',
        _HOSTNAME: 'web3',
        SYSLOG_IDENTIFIER: 'shop',
        _PID: '4711',
        MESSAGE,
        PRIORITY,
      });
    const events = detect([
      line('no card', '3'),
      ...JS.map((text) => line(text)),
      line([...Buffer.from('\u001b[31mError: bytes\u001b[0m')]),
    ]);
    expect(events.map(raw)).toEqual(['no card', JS.join('\n'), 'Error: bytes']);
    for (const { event } of events) expect(event).toMatchObject(told);
  });
});

it('escapes of logfmt are read, and what is none stays as it is', () => {
  const [told] = detect([String.raw`level=error msg="C:\cards\Kunde: \"none\"\r\n\tfirst"`]);
  expect(told?.event).toMatchObject({ logentry: { formatted: 'C:\\cards\\Kunde: "none"\n\tfirst' } });
});

describe('colours', () => {
  it('are taken off inside of JSON, too', () => {
    const line = (text: string) => JSON.stringify({ log: `${text}\n`, stream: 'stderr', time: '2026-03-14T09:00:00Z' });
    expect(raws(detect(['\u001b[31mError: x\u001b[0m', '    \u001b[90mat f (/a.js:1:2)\u001b[39m'].map(line)))).toEqual([
      'Error: x\n    at f (/a.js:1:2)',
    ]);
    const [told] = detect([JSON.stringify({ level: 'error', msg: '\u001b[31mno card\u001b[0m' })]);
    expect(told?.event).toMatchObject({ logentry: { formatted: 'no card' } });
  });
});

describe("the project's patterns", () => {
  const patterns = (...given: (Partial<PatternDefinition> & { name: string; expression: string })[]) =>
    compilePatterns(given.map((definition, i) => fullDefinition({ id: `p${i}`, kind: 'regex', ...definition })));

  it('find what nothing else would, in any carrier', () => {
    const [event, ...more] = detect(['2026-03-14T09:00:00Z stdout F DENIED card=12', '2026-03-14T09:00:00Z stdout F fine'], {
      patterns: patterns({ name: 'denied', expression: '^DENIED card=(?<card>\\d+)', level: 'warning', category: 'payment' }),
    });
    expect(more).toEqual([]);
    expect(event).toMatchObject({ category: 'payment', pattern: 'p0', event: { level: 'warning' } });
  });

  it('can say that something is no event, with the trace behind it', () => {
    const ignore = patterns({ name: 'noise', expression: 'connection reset', level: 'ignore' });
    expect(detect(['2026-03-14 09:00:00 ERROR [t] shop - connection reset', ...JAVA, INFO], { patterns: ignore })).toEqual([]);
  });

  it('say how many lines belong to it', () => {
    const block = patterns({ name: 'dump', expression: '^BEGIN DUMP', continuation: { mode: 'until', expression: '^END DUMP' } });
    const events = detect(['BEGIN DUMP', 'Error: inside', '  at f (/a.js:1:2)', 'END DUMP', 'Error: outside'], {
      patterns: block,
    });
    expect(events.map(raw)).toEqual(['BEGIN DUMP\nError: inside\n  at f (/a.js:1:2)\nEND DUMP', 'Error: outside']);
  });
});

describe('wrapper', () => {
  it('can be named, or be none', () => {
    const line = '2026-03-14T09:00:00Z stderr F Error: x';
    expect(raws(detect([line], { wrapper: 'cri' }))).toEqual(['Error: x']);
    expect(detect([line], { wrapper: 'none' })).toEqual([]);
    expect(detect([line], { wrapper: 'syslog' })).toEqual([]);
  });
});
