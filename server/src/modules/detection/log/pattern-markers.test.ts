import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compilePatterns } from '../../analysis/patterns/compile.ts';
import { fullDefinition, type PatternDefinition } from '../../analysis/patterns/definition.ts';
import { PATTERN_LIBRARY } from '../../analysis/patterns/library/library.ts';
import type { PatternMatcher } from '../../analysis/patterns/matcher.ts';
import { LogDetector, type LogDetectorOptions } from './log-detector.ts';
import { markersWith } from './pattern-markers.ts';

const compiled = (...given: (Partial<PatternDefinition> & { expression: string })[]) =>
  compilePatterns(given.map((one, i) => fullDefinition({ id: `p${i}`, name: `p${i}`, kind: 'regex', ...one })));
const quoted = (text: string) => text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');

function detect(bytes: Buffer, patterns: PatternMatcher, options: LogDetectorOptions = {}) {
  const detector = new LogDetector({ referenceTime: 0, ...options, patterns });
  detector.write(bytes);
  detector.flush();
  return detector.take();
}

const ascii = (json: string) => json.replace(/[\u007f-\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
const docker = (text: string) => JSON.stringify({ log: `${text}\n`, stream: 'stdout', time: '2026-03-14T09:00:00Z' });
/** How a text may stand in a file: as it is, and as programs and runtimes write it around and into each other. */
const CARRIERS: Record<string, (text: string) => string> = {
  bare: (text) => text,
  docker,
  'ASCII docker': (text) => ascii(docker(text)),
  json: (text) => JSON.stringify({ level: 'info', msg: text }),
  'json of PHP': (text) => JSON.stringify({ level: 'info', message: text }).replaceAll('/', '\\/'),
  'json of Go': (text) =>
    JSON.stringify({ level: 'info', msg: text }).replace(/[<>&]/g, (c) => `\\u00${c.charCodeAt(0).toString(16)}`),
  'json in docker': (text) => docker(JSON.stringify({ level: 'info', msg: text })),
  'json behind a logger': (text) => `2026-03-14 09:00:00 INFO a.b - ${JSON.stringify({ msg: text })}`,
  logfmt: (text) => `level=info msg=${JSON.stringify(text)}`,
  'logfmt in docker': (text) => docker(`level=info msg=${JSON.stringify(text)}`),
  cri: (text) => `2026-03-14T09:00:00Z stdout F ${text}`,
  syslog: (text) => `<14>Mar 14 09:00:00 web3 app[7]: ${text}`,
  'colours between letters': (text) => [...text].join('\u001b[32m'),
  'colours in json': (text) => JSON.stringify({ level: 'info', msg: [...text].join('\u001b[1m') }),
  'colours of journald': (text) => [...text].join('#033[1m'),
  'NULs among letters': (text) => text.replace(/[ks]/g, '\0$&'),
  'bytes of the journal': (text) => JSON.stringify({ __REALTIME_TIMESTAMP: '1', PRIORITY: '6', MESSAGE: [...Buffer.from(text)] }),
  'cut by the runtime': (text) =>
    [text.slice(0, text.length / 2), `${text.slice(text.length / 2)}\n`]
      .map((log) => JSON.stringify({ log, stream: 'stdout', time: '2026-03-14T09:00:00Z' }))
      .join('\n'),
};

describe('texts that patterns demand', () => {
  it.each(Object.entries(CARRIERS))('are found in the bytes: %s', (_, carry) => {
    const text = 'gate 7 of <kiosk> "east/west" & \\ Küche stuck';
    const bytes = Buffer.from(`${carry(text)}\n`);
    for (const part of ['gate 7', '<kiosk>', '"east/west"', 'west" & \\', ' Küche', 'ü', 'stuck'])
      expect(detect(bytes, compiled({ expression: quoted(part) })), part).toHaveLength(1);
    const shouted = Buffer.from(`${carry('\u212aIO\u017f\u212a shut')}\n`);
    expect(detect(shouted, compiled({ expression: 'kiosk', ignoreCase: true }))).toHaveLength(1);
    expect(detect(Buffer.from(`${carry('all is well')}\n`), compiled({ expression: 'kiosk' }))).toEqual([]);
  });

  it('rule out no line that asking every line would find', () => {
    const letters = fc.string({ minLength: 2, maxLength: 6, unit: fc.constantFrom(...'abkS7 "\\/<ü\t:') });
    const lines = fc.array(fc.tuple(letters, letters, letters, fc.constantFrom(...Object.values(CARRIERS))), { maxLength: 8 });
    fc.assert(
      fc.property(letters, letters, lines, fc.boolean(), (one, other, parts, ignoreCase) => {
        const patterns = compiled({ expression: quoted(one), ignoreCase, level: 'warning' }, { expression: quoted(other) });
        const text = parts.map(([a, b, c, carry], i) => carry(`${a}${i % 2 === 0 ? one : b}${c}`)).join('\n');
        for (const encoding of ['utf8', 'latin1', 'utf16le'] as const) {
          const bytes = Buffer.from(`${text}\n`, encoding);
          const every = detect(bytes, { ...patterns, literals: null }, { encoding });
          expect(detect(bytes, patterns, { encoding })).toEqual(every);
        }
      }),
      { numRuns: 200, interruptAfterTimeLimit: 4_000 }, // fewer on a busy machine,
    );
  });

  it('are cut short when there are many, and left when there are too many', () => {
    const many = (count: number) =>
      compiled(...Array.from({ length: count }, (_, i) => ({ expression: `number ${i} is a long one` })));
    const { table, tells } = markersWith(many(1_200), 'error');
    expect(tells).toBe(true);
    expect(table.next.byteLength).toBeLessThan(4_000_000);
    const bytes = Buffer.from('number 1100 is a long one\nnumber x is\n');
    expect(detect(bytes, many(1_200))).toHaveLength(1);
    expect(markersWith(compiled({ expression: 'x+' }), 'error').tells).toBe(false);
    expect(detect(Buffer.from('fine\nxx\n'), compiled({ expression: '^x+$' }))).toHaveLength(1);
  });

  it('are there in every pattern of the library, so that most lines are only looked through', () => {
    const free = PATTERN_LIBRARY.filter(({ definition }) => !markersWith(compilePatterns([definition]), 'error').tells);
    expect(free.map(({ definition }) => definition.name)).toEqual([]);
  });
});
