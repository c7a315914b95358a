import { originalPositionFor, type SourceMapInput, TraceMap } from '@jridgewell/trace-mapping';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeMappings, type Segment } from '../../../../test/source-maps.ts';
import { MappingIndex } from './mapping-index.ts';
import { BrokenMap, openSourceMap, SourceMap } from './source-map.ts';
import { isLibrarySource, sourcePath } from './source-path.ts';

const segment = (max: number): fc.Arbitrary<Segment> =>
  fc.oneof(
    fc.tuple(fc.nat(max)),
    fc.tuple(fc.nat(max), fc.nat(2), fc.nat(5000), fc.nat(500)),
    fc.tuple(fc.nat(max), fc.nat(2), fc.nat(5000), fc.nat(500), fc.nat(2)),
  );
const sorted = (segments: Segment[]) => [...segments].sort((a, b) => a[0] - b[0]);
const SOURCES = ['a.ts', 'src/b.ts', '../c.ts'];
const NAMES = ['alpha', 'beta', 'gamma'];

describe('positions', () => {
  it('agree with the library that every tool uses, sorted or not', () => {
    const lines = fc.array(
      fc
        .uniqueArray(segment(2_000), { maxLength: 600, selector: ([column]) => column })
        .chain((segments) => fc.constantFrom(sorted(segments), segments)),
      { minLength: 1, maxLength: 6, size: 'max' },
    );
    fc.assert(
      fc.property(lines, fc.array(fc.tuple(fc.nat(6), fc.nat(2_100)), { minLength: 30 }), (made, asked) => {
        const raw = { version: 3, sources: SOURCES, names: NAMES, mappings: encodeMappings(made) };
        const theirs = new TraceMap(raw as SourceMapInput);
        const ours = new SourceMap(raw);
        for (const [line, column] of asked) {
          const expected = originalPositionFor(theirs, { line: line + 1, column });
          const found = ours.originalOf(line + 1, column + 1);
          expect(found === undefined ? null : [found.source.path, found.line, found.column - 1, found.name ?? null]).toEqual(
            expected.source === null ? null : [expected.source, expected.line, expected.column, expected.name],
          );
        }
      }),
      { numRuns: 60 },
    );
  });

  it('take the first of several segments at one column', () => {
    const index = new MappingIndex(
      encodeMappings([
        [
          [0, 0, 1, 1],
          [4, 0, 2, 2],
          [4, 0, 3, 3],
          [9, 0, 4, 4],
        ],
      ]),
    );
    expect(index.find(0, 5)).toEqual({ source: 0, line: 2, column: 2, name: -1 });
  });

  it('are found in lines of many thousand segments', () => {
    const line: Segment[] = Array.from({ length: 20_000 }, (_, i) => [i * 3, 0, i, i % 100]);
    const index = new MappingIndex(encodeMappings([[], line, [[0, 0, 7, 7]]]));
    expect(index.find(0, 10)).toBeUndefined();
    for (const i of [0, 1, 255, 256, 257, 511, 512, 19_999]) expect(index.find(1, i * 3 + 2)?.line).toBe(i);
    expect(index.find(2, 1_000)).toMatchObject({ line: 7 });
    expect(index.find(3, 0)).toBeUndefined();
  });

  it('of an index map are looked for in the section they fall into', () => {
    const part = (source: string, mappings: string) => ({ version: 3, sources: [source], names: [], mappings });
    const map = new SourceMap({
      version: 3,
      sections: [
        { offset: { line: 0, column: 0 }, map: part('a.ts', encodeMappings([[[0, 0, 0, 0]], [[0, 0, 10, 0]]])) },
        { offset: { line: 1, column: 50 }, map: part('b.ts', encodeMappings([[[0, 0, 20, 0]], [[3, 0, 30, 0]]])) },
      ],
    });
    const at = (line: number, column: number) => {
      const found = map.originalOf(line, column);
      return found && `${found.source.path}:${found.line}`;
    };
    expect([at(1, 9), at(2, 40), at(2, 51), at(3, 4), at(3, 2)]).toEqual(['a.ts:1', 'a.ts:11', 'b.ts:21', 'b.ts:31', undefined]);
  });
});

describe('a map', () => {
  it('carries its sources', () => {
    const map = openSourceMap(
      `)]}'\n${JSON.stringify({ version: 3, sourceRoot: 'lib', sources: ['a.ts'], sourcesContent: ['one\r\ntwo\nthree'], names: [], mappings: 'AAAA' })}`,
    );
    const source = map.originalOf(1, 1)!.source;
    expect([source.path, source.lineCount, source.line(1), source.line(2), source.line(3), source.line(4)]).toEqual([
      'lib/a.ts',
      3,
      'one',
      'two',
      'three',
      undefined,
    ]);
  });

  it.each([
    ['no JSON', '<html>', 'not JSON'],
    ['a list', '[]', 'not a JSON object'],
    ['another version', '{"version":2,"mappings":""}', 'version 3'],
    ['no mappings', '{"version":3}', 'no mappings'],
    ['broken mappings', '{"version":3,"mappings":"AA*A"}', 'broken'],
    ['endless digits', `{"version":3,"mappings":"${'g'.repeat(50)}"}`, 'broken'],
    [
      'sections without a map',
      '{"version":3,"sections":[{"offset":{"line":0,"column":0},"url":"http://x/"}]}',
      'no map of its own',
    ],
  ])('with %s is refused in words', (_, text, words) => {
    expect(() => openSourceMap(text)).toThrow(BrokenMap);
    expect(() => openSourceMap(text)).toThrow(words);
  });

  it('that refers to what it does not hold answers nothing', () => {
    const map = new SourceMap({
      version: 3,
      sources: [null, 7],
      names: [5],
      mappings: encodeMappings([
        [
          [0, 0, 0, 0, 0],
          [5, 1, 0, 0, 9],
          [9, 40, 0, 0],
        ],
      ]),
    });
    expect([1, 6, 10].map((column) => map.originalOf(1, column))).toEqual([undefined, undefined, undefined]);
  });
});

describe('paths of sources', () => {
  it.each([
    ['webpack://shop/./src/cart.ts?a1b2', 'src/cart.ts'],
    ['webpack:///./src/cart.ts', 'src/cart.ts'],
    ['webpack:///src/cart.ts', 'src/cart.ts'],
    ['webpack://@acme/shop/./src/cart.ts', 'src/cart.ts'],
    ['webpack://_N_E/./pages/index.tsx', 'pages/index.tsx'],
    ['webpack://shop/src/cart.ts', 'src/cart.ts'],
    ['webpack-internal:///./src/cart.ts', 'src/cart.ts'],
    ['turbopack:///[project]/src/cart.ts', 'src/cart.ts'],
    ['../../src/cart.ts', 'src/cart.ts'],
    ['./src/../lib/cart.ts', 'src/../lib/cart.ts'],
    ['..\\src\\cart.ts', 'src/cart.ts'],
    ['file:///home/ci/shop/src/cart.ts', '/home/ci/shop/src/cart.ts'],
    ['/srv/shop/cart.ts', '/srv/shop/cart.ts'],
    ['src/Cart.vue?vue&type=script&setup=true&lang.ts', 'src/Cart.vue'],
    ['../', '../'],
  ])('%s → %s', (raw, path) => {
    expect(sourcePath(raw)).toBe(path);
  });

  it('tell own code from others', () => {
    const library = [
      'webpack:///./node_modules/react/index.js',
      '../../node_modules/.pnpm/a/b.js',
      'webpack/bootstrap',
      'webpack://shop/webpack/runtime/chunk',
      'webpack:///(webpack)/buildin/module.js',
      '\0vite/preload-helper.js',
    ];
    expect(library.filter((path) => !isLibrarySource(path))).toEqual([]);
    const own = ['src/cart.ts', 'webpack://shop/./src/webpack-notes.ts', '../src/modules/node.ts', 'app:///src/a.ts'];
    expect(own.filter(isLibrarySource)).toEqual([]);
  });
});
