import { describe, expect, it } from 'vitest';
import { type CompiledExpression, compileExpression, isFault } from './expression.ts';
import { GROK_LIBRARY } from './grok-library.ts';

const grok = (source: string, pieces: Record<string, string> = {}) => compileExpression(source, { kind: 'grok', pieces });
const sound = (source: string, pieces?: Record<string, string>): CompiledExpression => {
  const compiled = grok(source, pieces);
  if (isFault(compiled)) throw new Error(`${source}: ${compiled.message}`);
  return compiled;
};

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
