import { describe, expect, it } from 'vitest';
import { checkPattern } from './check.ts';
import { compilePatterns, NO_PATTERNS } from './compile.ts';
import { fullDefinition, type PatternDefinition } from './definition.ts';
import { type CompiledExpression, compileExpression, isFault } from './expression.ts';
import { GROK_LIBRARY } from './grok-library.ts';
import { levelOf } from './level.ts';
import { applyFields } from './pattern-event.ts';
import { secondsOf } from './pattern-time.ts';
import { scanLines } from './scan.ts';

const grok = (source: string, pieces: Record<string, string> = {}) => compileExpression(source, { kind: 'grok', pieces });
const sound = (source: string, pieces?: Record<string, string>): CompiledExpression => {
  const compiled = grok(source, pieces);
  if (isFault(compiled)) throw new Error(`${source}: ${compiled.message}`);
  return compiled;
};
const pattern = (given: Partial<PatternDefinition> & { expression: string }) => fullDefinition({ id: '1', name: 'p', ...given });

describe('the pieces of grok', () => {
  it.each(Object.keys(GROK_LIBRARY))('%s compiles', (name) => {
    expect(isFault(sound(`%{${name}}`))).toBe(false);
  });

  it.each([
    ['IP', '10.0.0.255', true],
    ['IP', '2001:db8::ff00:42:8329', true],
    ['IP', '::ffff:192.0.2.1', true],
    ['IP', '::1', true],
    ['IP', '256.1.1.1', false],
    ['IP', 'hello', false],
    ['IPV4', '1.2.3', false],
    ['HOSTNAME', 'db-1.eu.example.org', true],
    ['NUMBER', '-12.5', true],
    ['NUMBER', 'twelve', false],
    ['UUID', '123e4567-e89b-12d3-a456-426614174000', true],
    ['UUID', '123e4567-e89b-12d3-a456', false],
    ['MAC', '00:1B:44:11:3a:b7', true],
    ['QS', '"a \\"quoted\\" word"', true],
    ['QS', '"open', false],
    ['UNIXPATH', '/var/log/app.log', true],
    ['WINPATH', 'C:\\Windows\\System32', true],
    ['URI', 'https://user:pw@example.org:8443/a/b?x=1&y=2', true],
    ['EMAILADDRESS', 'ann.b+c@example.org', true],
    ['TIMESTAMP_ISO8601', '2026-11-22T10:00:00.123Z', true],
    ['TIMESTAMP_ISO8601', '2026-11-22 10:00:00,123 +0100', true],
    ['TIMESTAMP_ISO8601', '22.11.2026', false],
    ['SYSLOGTIMESTAMP', 'Nov  2 10:00:00', true],
    ['HTTPDATE', '22/Nov/2026:10:00:00 +0000', true],
    ['LOGLEVEL', 'WARNING', true],
    ['LOGLEVEL', 'Hello', false],
    ['MONTH', 'Sept', true],
    ['HTTPDERROR_DATE', 'Sun Nov 22 10:00:00.123456 2026', true],
    ['DATE_EU', '22.11.2026', true],
    ['JAVACLASS', 'org.example.Shop$Cart', true],
    ['URN', 'urn:isbn:0451450523', true],
  ])('%s: %s → %s', (name, text, matches) => {
    expect(sound(`^%{${name}}$`).test(text)).toBe(matches);
  });

  it('spells out nested ones and finds their fields', () => {
    const line = '192.0.2.7 - ann [22/Nov/2026:10:00:00 +0000] "GET /cart?id=7 HTTP/1.1" 502 157 "-" "curl/8.0"';
    expect(sound('^%{COMBINEDAPACHELOG}').exec(line)?.fields).toMatchObject({
      client: '192.0.2.7',
      auth: 'ann',
      timestamp: '22/Nov/2026:10:00:00 +0000',
      verb: 'GET',
      request: '/cart?id=7',
      status: '502',
    });
  });

  it('takes own pieces before those of the library, types of fields and nested names', () => {
    const compiled = sound('%{ORDER:order} took %{NUMBER:took:float} from %{IP:[client][ip]}', {
      ORDER: 'ORD-%{DIGITS}',
      DIGITS: '\\d+',
    });
    expect(compiled.fields).toEqual(['order', 'took', 'client.ip']);
    expect(compiled.exec('ORD-77 took 1.5 from 10.0.0.1')?.fields).toEqual({
      order: 'ORD-77',
      took: '1.5',
      'client.ip': '10.0.0.1',
    });
  });

  it('lets two branches fill one field', () => {
    expect(sound('a=%{INT:n}|b=%{INT:n}').exec('b=7')?.fields).toEqual({ n: '7' });
  });
});

describe('what is wrong is said, with the place', () => {
  it.each([
    ['abc(def', 3, /never closed/],
    ['abc)def', 3, /closes nothing/],
    ['a[b(c', 1, /never closed/],
    ['a(?=x)b', 1, /Look-around/],
    ['a(?<!x)b', 1, /Look-around/],
    ['\\\\1 [\\1] a\\1', 5, /reference back/],
    ['a{2000}', 1, /too large/],
    ['((a{100}){100})', 9, /too large/],
    ['x %{NOPE:y}', 2, /no grok piece NOPE/],
    ['%{ip}', 0, /did you mean IP\?/],
    ['x %{IP', 2, /not closed/],
    ['%{IP:a b}', 0, /not a reference/],
    ['a**', 1, /Two repetitions/],
    ['+a', 0, /nothing before \+/],
    ['(?P<a>x)(?P<a>y)', 12, /two groups named a/],
    ['(?>x)', 0, /Atomic/],
    ['[z-a]', 1, /no range/],
    ['(?<na-me>x)', 0, /name of a group/],
    ['trailing\\', 8, /backslash at the end/],
    ['%{IP:a} then (', 13, /never closed/],
    ['two\nlines', 3, /line break/],
    ['   ', 0, /empty/],
    ['x'.repeat(2001), 2000, /At most 2000/],
    ['\\pL{1000}'.repeat(200), 0, /too large a program/],
    ['('.repeat(1500), 1499, /never closed|nest too deeply/],
    [`${'(?:'.repeat(400)}a${')'.repeat(400)}{1000}{1000}`, undefined, /./],
  ])('%s', (source, position, message) => {
    const fault = grok(source);
    if (!isFault(fault)) throw new Error('compiled');
    expect(fault.message).toMatch(message);
    if (position !== undefined) expect(fault.position).toBe(position);
    expect(fault.length).toBeGreaterThan(0);
  });

  it('names pieces that use themselves', () => {
    const fault = grok('%{A}', { A: 'x%{B}', B: 'y%{A}' });
    expect(fault).toMatchObject({ position: 0, message: expect.stringContaining('A → B → A') });
  });

  it('spelling out stops in time: pieces that double each other', () => {
    const pieces = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`A${i}`, `%{A${i + 1}}%{A${i + 1}}`]));
    expect(grok('%{A0}', { ...pieces, A30: 'x' })).toMatchObject({ message: expect.stringMatching(/longer than|deep/) });
  });

  it('a definition that holds says what it captures; one that does not says every fault', () => {
    expect(checkPattern(pattern({ expression: '%{IP:client} %{WORD:w}' }))).toEqual({ faults: [], fields: ['client', 'w'] });
    const { faults } = checkPattern(
      pattern({
        name: ' ',
        expression: '%{WORD:w}',
        levelField: 'severity',
        fields: { w: 'nowhere', x: 'tag:x' },
        tags: { ü: 'x' },
        pieces: { lower: 'x', BAD: '(' },
        maxLines: 0,
        continuation: { mode: 'while', expression: '[' },
      }),
    );
    expect(faults.map(({ field }) => field).sort()).toEqual([
      'continuation.expression',
      'fields.w',
      'fields.x',
      'levelField',
      'maxLines',
      'name',
      'pieces.BAD',
      'pieces.lower',
      'tags.ü',
    ]);
  });
});

describe('hostile expressions stay linear', () => {
  it.each([
    ['(a+)+$', `${'a'.repeat(8000)}!`],
    ['(x+x+)+y', 'x'.repeat(8000)],
    ['^(([a-z])+.)+[A-Z]([a-z])+$', 'a'.repeat(8000)],
    ['(?:a?){400}a{400}b', 'a'.repeat(8000)],
    ['(.*)(.*)(.*)(.*)(.*)(.*)[ab]{300}x', 'ab'.repeat(4000)],
    ['(?:[ab]*a[ab]{14}c|x\\d)', 'ab'.repeat(4000)],
    ['(\\w{1,900})(\\d{1,900}) (\\S{1,900})', 'a1'.repeat(4000)],
  ])('%s', (expression, line) => {
    const compiled = sound(expression);
    const began = performance.now();
    compiled.test(line);
    compiled.exec(line);
    // Back-tracking would take longer than the universe lasts; the slowest of these takes about 0.1 s.
    expect(performance.now() - began).toBeLessThan(5_000);
  });

  it('looks no further than the limit of a line', () => {
    expect(sound('needle').test(`${'x'.repeat(9000)}needle`)).toBe(false);
  });
});

describe('a set of patterns', () => {
  const definitions = [
    pattern({ id: 'i', name: 'noise', expression: 'health check failed', level: 'ignore' }),
    pattern({ id: 'off', name: 'off', expression: 'failed', enabled: false }),
    pattern({ id: 'broken', name: 'broken', expression: '(' }),
    pattern({
      id: 'b',
      name: 'billing',
      expression: '^%{LOGLEVEL:level} billing: %{GREEDYDATA:message}',
      level: 'warning',
      levelField: 'level',
      category: 'billing',
      tags: { team: 'payments' },
    }),
    pattern({ id: 'c', name: 'any failure', expression: 'FAILED', ignoreCase: true }),
  ];
  const matcher = compilePatterns(definitions);

  it('answers the first that matches; what is off or broken is not in it', () => {
    expect(matcher.size).toBe(3);
    expect(matcher.start('nothing here')).toBeUndefined();
    expect(matcher.start('the health check failed again')?.pattern).toMatchObject({ id: 'i', level: 'ignore' });
    expect(matcher.start('it failed')?.pattern.id).toBe('c');
    expect(compilePatterns([])).toBe(NO_PATTERNS);
  });

  it('takes the level from its field, and the fixed one when that says none', () => {
    expect(matcher.start('FATAL billing: no card')?.pattern).toMatchObject({ level: 'fatal', category: 'billing' });
    const odd = compilePatterns([pattern({ expression: '^%{WORD:l} x', levelField: 'l', level: 'warning' })]);
    expect(odd.start('hello x')?.pattern.level).toBe('warning');
  });

  it('a field called like a property of every object is only a field', () => {
    const hit = compilePatterns([pattern({ expression: '(?P<constructor>x)(?P<__proto__>y)' })]).start('xy')!;
    const event: Record<string, unknown> = {};
    applyFields(event, hit, 'xy');
    expect(event['tags']).toMatchObject({ constructor: 'x' });
    expect(({} as Record<string, unknown>)['y']).toBeUndefined();
  });
});

describe('joining lines', () => {
  const lines = ['ERR one', '  at a', '  at b', '', 'note', 'END', 'ERR two', 'ERR three', '\tat c'];
  const joined = (continuation: PatternDefinition['continuation'], maxLines = 100) =>
    scanLines(compilePatterns([pattern({ expression: '^ERR', continuation, maxLines })]), lines).map(({ first, last }) => [
      first,
      last,
    ]);

  it.each([
    [
      'none',
      null,
      [
        [0, 0],
        [6, 6],
        [7, 7],
      ],
    ],
    [
      'indented',
      null,
      [
        [0, 2],
        [6, 6],
        [7, 8],
      ],
    ],
    [
      'while',
      '^\\s|^$|note',
      [
        [0, 4],
        [6, 6],
        [7, 8],
      ],
    ],
    [
      'until',
      '^END',
      [
        [0, 5],
        [6, 8],
      ],
    ],
    [
      'until_start',
      null,
      [
        [0, 5],
        [6, 6],
        [7, 8],
      ],
    ],
  ] as const)('%s', (mode, expression, expected) => {
    expect(joined({ mode, expression })).toEqual(expected);
  });

  it('never more than maxLines', () => {
    expect(joined({ mode: 'until', expression: '^NEVER' }, 2)).toEqual([
      [0, 1],
      [6, 7],
    ]);
    expect(joined({ mode: 'until_start', expression: null }, 1)).toEqual([
      [0, 0],
      [6, 6],
      [7, 7],
    ]);
  });

  it('ends early when told to stop', () => {
    let asked = 0;
    const many = Array.from({ length: 1000 }, () => 'ERR x');
    const found = scanLines(compilePatterns([pattern({ expression: '^ERR' })]), many, () => ++asked > 3);
    expect(found.length).toBeLessThan(300);
  });
});

describe('what becomes of fields', () => {
  const event = (
    given: Partial<PatternDefinition> & { expression: string },
    text: string,
    before: Record<string, unknown> = {},
  ) => {
    const hit = compilePatterns([pattern(given)]).start(text.split('\n')[0]!)!;
    applyFields(before, hit, text);
    return before;
  };

  it('names that mean a part of the event fill it; others become tags, or extra data when they would differ on every line', () => {
    expect(
      event(
        {
          expression:
            '^%{TIMESTAMP_ISO8601:timestamp} %{HOSTNAME:host} %{WORD:logger} %{USER:user} pid=%{INT:pid} shard=%{INT:shard} %{JAVACLASS:type}: %{GREEDYDATA:message}',
          level: 'fatal',
          category: 'shop',
          tags: { team: 'a' },
        },
        '2026-11-22T10:00:00Z web1 cart ann pid=12 shard=3 shop.Broken: it is empty',
      ),
    ).toEqual({
      timestamp: Date.UTC(2026, 10, 22, 10) / 1000,
      server_name: 'web1',
      logger: 'cart',
      user: { username: 'ann' },
      level: 'fatal',
      tags: { team: 'a', pattern: 'p', category: 'shop', shard: '3' },
      extra: { pid: '12' },
      exception: { values: [{ type: 'shop.Broken', value: 'it is empty' }] },
      logentry: { formatted: 'it is empty' },
    });
  });

  it('the definition has the last word', () => {
    const fields = { a: 'extra:alpha', b: 'tag:beta', c: 'drop', d: 'fingerprint', e: 'transaction' };
    const made = event({ expression: '(?P<a>1)(?P<b>2)(?P<c>3)(?P<d>4)(?P<e>5)', fields }, '12345\nmore');
    expect(made).toMatchObject({
      extra: { alpha: '1' },
      fingerprint: ['4'],
      transaction: '5',
      logentry: { formatted: '12345\nmore' },
    });
    expect(made['tags']).toEqual({ pattern: 'p', beta: '2' });
  });

  it('leaves what it says nothing about, and names the exception that a trace has given', () => {
    const before = {
      logentry: { formatted: 'whole' },
      platform: 'java',
      exception: { values: [{ type: 'Outer' }, { type: 'Inner', value: 'v', stacktrace: { frames: [] } }] },
    };
    expect(event({ expression: '^(?P<type>\\w+)!' }, 'Better!', before)).toMatchObject({
      platform: 'java',
      logentry: { formatted: 'whole' },
      exception: { values: [{ type: 'Outer' }, { type: 'Better', value: 'v', stacktrace: { frames: [] } }] },
    });
  });

  it.each([
    ['2026-11-22T10:00:00Z', Date.UTC(2026, 10, 22, 10)],
    ['2026-11-22 10:00:00,250 +0130', Date.UTC(2026, 10, 22, 8, 30, 0, 250)],
    ['2026/11/22 10:00:00', Date.UTC(2026, 10, 22, 10)],
    ['22/Nov/2026:10:00:00 -0100', Date.UTC(2026, 10, 22, 11)],
    ['Sun Nov 22 10:00:00.500000 2026', Date.UTC(2026, 10, 22, 10, 0, 0, 500)],
    ['22-Nov-2026 10:00:00.5', Date.UTC(2026, 10, 22, 10, 0, 0, 500)],
    ['1795341600', 1_795_341_600_000],
    ['1795341600123', 1_795_341_600_123],
    ['Nov 22 10:00:00', undefined],
    ['2026-13-41', undefined],
    ['yesterday', undefined],
  ])('the time %s', (text, ms) => {
    expect(secondsOf(text)).toBe(ms === undefined ? undefined : ms / 1000);
  });

  it.each([
    ['ERROR', 'error'],
    ['[warn]', 'warning'],
    ['<crit>', 'fatal'],
    ['E', 'error'],
    ['notice', 'info'],
    ['SEVERE', 'fatal'],
    ['3', 'error'],
    ['50', 'error'],
    ['502', 'error'],
    ['404', 'warning'],
    ['8', undefined],
    ['hello', undefined],
  ])('the level %s → %s', (text, level) => {
    expect(levelOf(text)).toBe(level);
  });
});
