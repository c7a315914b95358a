import { describe, expect, it } from 'vitest';
import { encodeMappings } from '../../../../test/source-maps.ts';
import { holdsTooMuch, MAP_BOUNDS } from './bounds.ts';
import { functionScopes } from './function-scopes.ts';
import { OriginalSource, openSourceMap, SourceMap } from './source-map.ts';

const MB = 1024 * 1024;

/** Milliseconds of processor that work takes: what else runs on the machine does not count. */
function cost(work: () => unknown): number {
  const begun = process.threadCpuUsage();
  work();
  const { user, system } = process.threadCpuUsage(begun);
  return (user + system) / 1000;
}

const plain = (mappings: string) => ({ version: 3, sources: ['a.ts'], names: [], mappings });
const positions = (map: SourceMap, line = 1) => {
  for (let i = 1; i <= 100; i++)
    try {
      map.originalOf(line, i * 37);
    } catch {
      // said to people as it is
    }
};

describe('a map that was made to cost takes no longer than one of its size', () => {
  it.each<[string, string, number]>([
    ['segments on one line, all at one column', 'AAAA,'.repeat(2 * MB), 1],
    ['segments on one line, out of order', 'CAAA,DAAA,'.repeat(MB), 1],
    ['separators with nothing between them', `AAAA${','.repeat(10 * MB)}AAAA`, 1],
    ['lines with nothing on them', `AAAA${';'.repeat(10 * MB)}AAAA`, 10 * MB],
  ])('%s', (_, mappings, line) => {
    let map: SourceMap | undefined;
    expect(cost(() => (map = new SourceMap(plain(mappings))))).toBeLessThan(2_000);
    expect(cost(() => positions(map!, line))).toBeLessThan(2_000);
  });

  it('sections whose map is broken are found out once', () => {
    const broken = { offset: { line: 0, column: 0 }, map: plain(`${'AAAA,'.repeat(MB)}!`) };
    const map = new SourceMap({ version: 3, sections: [broken] });
    expect(cost(() => positions(map))).toBeLessThan(1_000);
  });

  it.each<[string, object, string]>([
    [
      'sections without end',
      { sections: Array.from({ length: MAP_BOUNDS.sections + 1 }, () => ({})) },
      'it has too many sections',
    ],
    ['a segment of many fields', { sources: [], mappings: 'A'.repeat(MB) }, 'the mappings are broken at 16'],
    ['numbers without end', { sources: [], mappings: 'g'.repeat(MB) }, 'the mappings are broken at 7'],
    ['what is no digit', { sources: [], mappings: 'AAAA,\u{1f600}' }, 'the mappings are broken at 5'],
    ['half a segment', { sources: [], mappings: 'AA' }, 'the mappings are broken at 2'],
  ])('%s are no map', (_, fields, message) => {
    expect(() => new SourceMap({ version: 3, ...fields })).toThrow(message);
  });

  it('values are counted before they are parsed, whatever stands in quotes', () => {
    const bytes = (text: string) => Buffer.from(text);
    expect(holdsTooMuch(bytes(`[${'[],'.repeat(100)}[]]`), 150)).toBe(true);
    expect(holdsTooMuch(bytes('{"sourcesContent":["[[[,,,,\\\\\\",,,"],"x":"\\\\"}'), 4)).toBe(false);
    expect(holdsTooMuch(bytes('{"a":"\\\\",,,,,'), 4)).toBe(true);
    expect(holdsTooMuch(bytes('"never closed,,,,,,,'), 3)).toBe(false);
    expect(() => openSourceMap('['.repeat(MB))).toThrow('it is not JSON');
  });
});

describe('an original file that was made to cost', () => {
  it('is not shown when it is too large', () => {
    const map = new SourceMap({
      ...plain(encodeMappings([[[0, 0, 0, 0]]])),
      sourcesContent: ['\n'.repeat(MAP_BOUNDS.contentLength + 1)],
    });
    const position = map.originalOf(1, 1);
    expect([position?.source.content, position?.source.lineCount, position?.source.line(1)]).toEqual([undefined, 0, undefined]);
  });

  it('of nothing but lines is gone through once', () => {
    const source = new OriginalSource('a', `${'\n'.repeat(4 * MB)}end`);
    expect(cost(() => expect(source.line(4 * MB + 1)).toBe('end'))).toBeLessThan(1_500);
    expect(source.lineCount).toBe(4 * MB + 1);
    expect([source.line(1), source.line(0), source.line(4 * MB + 2)]).toEqual(['', undefined, undefined]);
  });

  it.each([
    ['brackets that nothing closes', '('.repeat(900_000) + ']'.repeat(900_000)],
    ['slashes that begin no regular expression', '(/[ '.repeat(450_000)],
    ['templates in templates', '`${'.repeat(600_000)],
    ['comments that do not end', '/*'.repeat(900_000)],
    ['arrows', 'a=>'.repeat(600_000)],
  ])('its functions are read in one pass: %s', (_, text) => {
    expect(cost(() => functionScopes(text).at(text.length - 1))).toBeLessThan(3_000);
  });
});
