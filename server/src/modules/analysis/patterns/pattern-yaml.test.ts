import { describe, expect, it } from 'vitest';
import { fullDefinition } from './definition.ts';
import { PATTERN_LIBRARY } from './library/library.ts';
import { printPatternsYaml, readPatternsYaml } from './pattern-yaml.ts';

const said = (text: string) => readPatternsYaml(text).faults.map(({ line, message }) => `${line}: ${message}`);
const nested = (open: string, close = '') => `version: 1\npatterns: ${open.repeat(50_000)}${close.repeat(50_000)}`;

describe('patterns as YAML', () => {
  it('come back as they were written: the whole library', () => {
    const definitions = PATTERN_LIBRARY.map(({ definition }) => definition);
    const read = readPatternsYaml(printPatternsYaml(definitions));
    expect(read.faults).toEqual([]);
    expect(read.definitions).toEqual(definitions);
  });

  it('come back with everything set, whatever is in them', () => {
    const odd = fullDefinition({
      name: 'It\'s: #1 - "x"',
      description: 'first\nsecond: line',
      enabled: false,
      kind: 'regex',
      expression: `^(?P<a>\\d+)'s "x" # not a comment$`,
      ignoreCase: true,
      level: 'ignore',
      levelField: 'a',
      category: 'yes',
      continuation: { mode: 'until', expression: "^it's over" },
      maxLines: 7,
      fields: { a: 'extra:null' },
      tags: { team: '007', on: 'true' },
      pieces: { ONE: '1' },
      sample: '1\'s "x" # not a comment\n\tindented\n\nlast',
    });
    expect(readPatternsYaml(printPatternsYaml([odd])).definitions).toEqual([odd]);
  });

  it('by hand need little', () => {
    const { definitions, faults } = readPatternsYaml(
      "patterns:\n  - name: Billing\n    grok: '^BILL %{WORD:l} %{GREEDYDATA:message}'\n    level: warning\n    continue:\n      while: '^ '\n    tags: {team: 7}\n",
    );
    expect(faults).toEqual([]);
    expect(definitions).toMatchObject([{ name: 'Billing', kind: 'grok', level: 'warning', tags: { team: '7' }, maxLines: 100 }]);
  });

  it.each([
    ['', ['1: A set of patterns is a mapping with "version" and "patterns".']],
    ['patterns: 3', ['1: "patterns" has to be a list.']],
    ['version: 2\npatterns: []', ['1: Only version 1 is known.']],
    ['patterns:\n  - name: a\n    grok: x\n  - name: a\n    regex: y', ['4: There are two patterns named a.']],
    ['patterns:\n  - name: a\n    grok: x\n    colour: red', [expect.stringMatching(/^4: "colour" is not known here/)]],
    ['patterns:\n  - name: a\n    grok: x\n    grok: y', ['4: "grok" is there twice.']],
    ['patterns:\n  - name: a\n    grok: x\n    regex: y', ['4: A pattern has one expression: "grok" or "regex".']],
    ['patterns:\n  - name: a\n', ['2: A pattern has to have an expression: "grok" or "regex".']],
    ["patterns:\n  - name: a\n    grok: 'a('", ['3: grok: This ( is never closed. (character 2)']],
    [
      'patterns:\n  - name: a\n    grok: x\n    level: bad\n    enabled: maybe',
      [expect.stringMatching(/^4: One of ignore/), '5: true or false.'],
    ],
    [
      "patterns:\n  - name: a\n    grok: x\n    fields:\n      nope: 'tag:x'",
      ['5: fields.nope: The expression has no field nope; it has none.'],
    ],
    [
      "patterns:\n  - name: a\n    grok: x\n    continue: {until: '['}",
      [expect.stringMatching(/^4: continue: This \[ is never closed/)],
    ],
    ['patterns:\n  - name: a\n    grok: x\n    continue: sometimes', [expect.stringMatching(/^4: One of none, indented/)]],
    ['patterns:\n  - name: [a]\n    grok: x', [expect.stringMatching(/^2: This has to be a text/)]],
    ['patterns: [', [expect.stringMatching(/^1: /)]],
    ['a: 1\n---\nb: 2', [expect.any(String)]],
    ['patterns:\n  - &x {name: a, grok: x}\n  - *x', ['2: Anchors (&name) are not accepted.']],
    ['patterns:\n  - *x', ['2: Aliases (*name) are not accepted.']],
    ['patterns: !!js/function x', ['1: Tags (!name) are not accepted.']],
    ['? a\n: b', ['1: Explicit keys (?) are not accepted.']],
  ])('%j', (text, faults) => {
    expect(said(text)).toEqual(faults);
  });

  it.each([
    ['nested lists', nested('[')],
    ['nested mappings', nested('{a: ')],
    ['nested and closed', nested('[', ']')],
    ['dashes', `patterns:\n${'- '.repeat(50_000)}`],
    ['keys in keys', `patterns:\n${'a: '.repeat(50_000)}`],
    ['ever deeper', Array.from({ length: 600 }, (_, i) => `${' '.repeat(i)}- a:`).join('\n')],
    ['many keys', Array.from({ length: 60_000 }, (_, i) => `k${i}: 1`).join('\n')],
    ['too long', `patterns: "${'x'.repeat(600_000)}"`],
    ['many documents', '---\n'.repeat(60_000)],
    ['many patterns', `patterns:\n${Array.from({ length: 201 }, (_, i) => `- {name: n${i}, grok: x}`).join('\n')}`],
    ['a thousand faults', `patterns:\n${'- {}\n'.repeat(150)}`],
    ['control characters', '\u0002\u0018\u001f\ufeff\u0000'],
    ['a billion laughs', `a: &a [x,x]\n${Array.from({ length: 30 }, (_, i) => `b${i}: &b${i} [*a,*a]`).join('\n')}`],
  ])('refuses %s at once', (_, text) => {
    const began = performance.now();
    const { definitions, faults } = readPatternsYaml(text);
    expect(definitions).toEqual([]);
    expect(faults.length).toBeGreaterThan(0);
    expect(faults.length).toBeLessThanOrEqual(50);
    expect(performance.now() - began).toBeLessThan(3_000);
  });

  it('a key like __proto__ touches nothing', () => {
    expect(said('patterns:\n  - name: a\n    grok: x\n    tags: {__proto__: y}\n    __proto__: {}')).toHaveLength(1);
    expect(({} as Record<string, unknown>)['y']).toBeUndefined();
  });
});
