import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_QUERY_LENGTH, parseQuery, type QueryTerm } from './query-language.ts';

/** The terms without their bookkeeping; fails when the query is refused. */
function terms(query: string): Record<string, unknown>[] {
  const parsed = parseQuery(query);
  if (!parsed.ok) throw new Error(`${query}: ${parsed.fault.message}`);
  return parsed.terms.map(({ position: _, negated, ...rest }: QueryTerm) => (negated ? { not: rest } : rest));
}
const text = (...pattern: string[]) => ({ kind: 'text', pattern });
const tag = (key: string, ...patterns: string[][]) => ({ kind: 'tag', key, patterns });

describe('words', () => {
  it.each<[string, unknown[]]>([
    ['', []],
    ['   ', []],
    ['""', []],
    ['timeout', [text('timeout')]],
    ['connection  refused', [text('connection'), text('refused')]],
    ['"connection refused"', [text('connection refused')]],
    ['"say \\"no\\" \\\\ twice"', [text('say "no" \\ twice')]],
    ['check*out', [text('check', 'out')]],
    ['a**b', [text('a', 'b')]],
    ['*tail', [text('', 'tail')]],
    ['head*', [text('head', '')]],
    ['5\\*3', [text('5*3')]],
    ['"5*3"', [text('5*3')]],
    ['!noise', [{ not: text('noise') }]],
    ['!"two words"', [{ not: text('two words') }]],
    ['!', [text('!')]],
    ['a !', [text('a'), text('!')]],
    ['größe', [text('größe')]],
  ])('%s', (query, expected) => expect(terms(query)).toEqual(expected));
});

describe('what only looks like a term stays text', () => {
  it.each<[string, unknown[]]>([
    ['TypeError: x is undefined', ['TypeError:', 'x', 'is', 'undefined'].map((word) => text(word))],
    ['http://host/path', [text('http://host/path')]],
    ['Foo::Bar', [text('Foo::Bar')]],
    ['C:\\path', [text('C:\\path')]],
    ['12:30', [text('12:30')]],
    [':x', [text(':x')]],
  ])('%s', (query, expected) => expect(terms(query)).toEqual(expected));
});

describe('terms', () => {
  it.each<[string, unknown[]]>([
    ['is:unresolved', [{ kind: 'is', values: ['unresolved'] }]],
    ['IS:Resolved', [{ kind: 'is', values: ['resolved'] }]],
    ['!is:archived', [{ not: { kind: 'is', values: ['archived'] } }]],
    ['is:[new, regressed]', [{ kind: 'is', values: ['new', 'regressed'] }]],
    ['level:error', [{ kind: 'level', levels: ['error'] }]],
    ['level:[warn, critical]', [{ kind: 'level', levels: ['warning', 'fatal'] }]],
    ['project:shop', [{ kind: 'project', patterns: [['shop']] }]],
    ['project:shop-*', [{ kind: 'project', patterns: [['shop-', '']] }]],
    ['env:production', [tag('environment', ['production'])]],
    ['environment:[a,"b c"]', [tag('environment', ['a'], ['b c'])]],
    ['release:1.2.*', [tag('release', ['1.2.', ''])]],
    ['release:app@1.0:2', [tag('release', ['app@1.0:2'])]],
    ['browser.name:"Mobile Safari"', [tag('browser.name', ['Mobile Safari'])]],
    ['"odd key":1', [tag('odd key', ['1'])]],
    ['constructor:x', [tag('constructor', ['x'])]],
    ['!customer:acme', [{ not: tag('customer', ['acme']) }]],
    ['customer:""', [tag('customer', [''])]],
    ['assigned:me', [{ kind: 'assigned', who: ['me'] }]],
    ['assignee:[none,Ann@Example.com]', [{ kind: 'assigned', who: ['none', 'ann@example.com'] }]],
    ['has:user', [{ kind: 'has', key: 'user' }]],
    ['title:"no such"', [{ kind: 'column', column: 'title', patterns: [['no such']] }]],
    ['error.type:*Error', [{ kind: 'column', column: 'type', patterns: [['', 'Error']] }]],
    ['issue:Web-Shop-12', [{ kind: 'reference', slug: 'web-shop', number: 12 }]],
    ['timesSeen:>10', [{ kind: 'number', field: 'timesSeen', compare: '>', value: 10 }]],
    ['timesseen:3', [{ kind: 'number', field: 'timesSeen', compare: '=', value: 3 }]],
    ['users:>=5', [{ kind: 'number', field: 'users', compare: '>=', value: 5 }]],
    ['age:-24h', [{ kind: 'ago', field: 'firstSeen', within: true, milliseconds: 86_400_000 }]],
    ['age:30m', [{ kind: 'ago', field: 'firstSeen', within: true, milliseconds: 1_800_000 }]],
    ['lastSeen:+2w', [{ kind: 'ago', field: 'lastSeen', within: false, milliseconds: 1_209_600_000 }]],
    [
      'firstSeen:2026-01-31',
      [{ kind: 'moment', field: 'firstSeen', compare: 'during', at: Date.UTC(2026, 0, 31), until: Date.UTC(2026, 1, 1) }],
    ],
    [
      'lastSeen:>=2026-01-31T10:00:00+02:00',
      [
        {
          kind: 'moment',
          field: 'lastSeen',
          compare: '>=',
          at: Date.UTC(2026, 0, 31, 8),
          until: Date.UTC(2026, 0, 31, 8, 0, 1),
        },
      ],
    ],
  ])('%s', (query, expected) => expect(terms(query)).toEqual(expected));

  it('reads many together and says where each begins', () => {
    const parsed = parseQuery('is:new  !env:dev pay*');
    expect(parsed.ok && parsed.terms.map((term) => [term.kind, term.position, term.negated])).toEqual([
      ['is', 0, false],
      ['tag', 8, true],
      ['text', 17, false],
    ]);
  });
});

describe('refuses, saying where', () => {
  it.each<[string, number, RegExp]>([
    ['a is:broken', 5, /is: knows unresolved/],
    ['is:', 0, /needs a value/],
    ['level:loud', 6, /level: knows/],
    ['x "open', 2, /not closed/],
    ['env:"open', 4, /not closed/],
    ['level:[error,]', 13, /between its commas/],
    ['is:[new,lost]', 3, /is: knows/],
    ['issue:[A-1,B-2]', 6, /takes one value/],
    ['timesSeen:many', 10, /needs a number/],
    ['users:>', 6, /needs a number/],
    ['age:soon', 4, /needs a time/],
    ['firstSeen:2026-02-30', 10, /needs a time/],
    ['issue:12', 6, /reference like/],
    ['a '.repeat(31), 60, /at most 30 terms/],
    ['a'.repeat(MAX_QUERY_LENGTH + 1), MAX_QUERY_LENGTH, /at most 1000 characters/],
  ])('%s', (query, position, message) => {
    const parsed = parseQuery(query);
    expect(parsed).toMatchObject({ ok: false, fault: { position, message: expect.stringMatching(message) } });
  });
});

it('answers for any text without throwing', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'ab!":*\\[], =<>isage-1h'), maxLength: 60 }), (query) => {
      const parsed = parseQuery(query);
      if (!parsed.ok) expect(parsed.fault.position).toBeLessThanOrEqual(query.length);
    }),
    { numRuns: 2000 },
  );
});
