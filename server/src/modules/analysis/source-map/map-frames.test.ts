import { describe, expect, it } from 'vitest';
import { anEvent } from '../../../../test/factories.ts';
import { cartMap, DEBUG_ID } from '../../../../test/source-maps.ts';
import type { NormalizedFrame } from '../../detection/normalized-event.ts';
import { debugIdsOf, isCandidate, plainDebugId, scriptKey, urlNames, wantsMaps } from './candidates.ts';
import { mapFrames, type OwnCode } from './map-frames.ts';
import { openSourceMap } from './source-map.ts';

const OWN: OwnCode = { inAppInclude: [], inAppExclude: [] };
const frame = (column: number, change: Partial<NormalizedFrame> = {}): NormalizedFrame => ({
  function: 'e',
  filename: '/app.js',
  absPath: 'https://shop.test/app.js',
  line: 1,
  column,
  inApp: true,
  ...change,
});
const map = openSourceMap(cartMap());

describe('frames', () => {
  it('get the place, function and source lines of their original, and keep what was sent', () => {
    const frames = [frame(201, { function: 'n', context: 'x' }), frame(101)];
    expect(mapFrames(frames, () => map, OWN)).toEqual({ mapped: 2, notes: new Set() });
    expect(frames[1]).toEqual({
      function: 'checkout',
      filename: 'src/cart.ts',
      absPath: '../src/cart.ts',
      line: 9,
      column: 20,
      inApp: true,
      context: "  if (total === 0) throw new Error('nothing to pay');",
      pre: ['  }', '}', '', 'export function checkout(cart: Cart): number {', '  const total = cart.total();'],
      post: ['  return total;', '}', ''],
      minified: { function: 'e', filename: '/app.js', absPath: 'https://shop.test/app.js', line: 1, column: 101, inApp: true },
    });
    expect(frames[0]).toMatchObject({ function: 'onPay', filename: 'src/main.ts', line: 4, minified: { context: 'x' } });
  });

  it('of packages are not the project’s own, unless it says so', () => {
    const mapped = (own: Partial<OwnCode>, sent?: boolean) => {
      const frames = [frame(301, sent === undefined ? {} : { inApp: sent })];
      mapFrames(frames, () => map, { ...OWN, ...own });
      return frames[0]?.inApp;
    };
    expect(mapped({})).toBe(false);
    expect(mapped({ inAppInclude: ['node_modules/framework'] })).toBe(true);
    expect(mapped({ inAppInclude: ['node_modules'], inAppExclude: ['node_modules/framework'] })).toBe(false);
    const frames = [frame(101, { inApp: false })];
    mapFrames(frames, () => map, OWN);
    expect(frames[0]?.inApp).toBe(false);
  });

  it('without sources are called as the map names the call, never as the minifier did', () => {
    const bare = openSourceMap(cartMap({ sourcesContent: undefined }));
    const frames = [frame(201, { function: 'Object.submit' }), frame(101), frame(101)];
    const { notes } = mapFrames(frames, () => bare, OWN);
    expect(frames.map((one) => one.function)).toEqual(['Object.submit', 'checkout', undefined]);
    expect(frames[1]).not.toHaveProperty('context');
    expect([...notes].join()).toContain('does not hold the source of src/cart.ts');
  });

  it('stay as they are without a map, and say why if somebody expected one', () => {
    const frames = [frame(101), frame(101, { line: 7 }), { function: 'x', filename: 'node:fs', line: 1, column: 1 }];
    const before = structuredClone(frames);
    expect(mapFrames(frames, () => undefined, OWN)).toEqual({ mapped: 0, notes: new Set() });
    expect(mapFrames(frames, () => 'no map at all', OWN).notes).toEqual(new Set(['no map at all']));
    const { notes } = mapFrames(frames, (one) => (one.line === 7 ? map : undefined), OWN);
    expect([...notes]).toEqual(['the source map of shop.test/app.js says nothing about line 7, column 101']);
    expect(frames).toEqual(before);
  });

  it('are mapped once', () => {
    const frames = [frame(101)];
    mapFrames(frames, () => map, OWN);
    const once = structuredClone(frames);
    expect(mapFrames(frames, () => map, OWN).mapped).toBe(0);
    expect(frames).toEqual(once);
  });
});

describe('what maps are looked for by', () => {
  it.each([
    [
      'https://shop.test/static/app.js?v=1#x',
      ['https://shop.test/static/app.js?v=1#x', 'https://shop.test/static/app.js', '~/static/app.js'],
    ],
    ['app:///dist/index.js', ['app:///dist/index.js', '~/dist/index.js']],
    ['/srv/app/index.js', ['/srv/app/index.js', '~/srv/app/index.js']],
    ['./index.js', ['./index.js', '~/index.js']],
    ['~/index.js', ['~/index.js']],
    ['node:internal/modules', []],
    ['<anonymous>', []],
  ])('%s', (place, names) => {
    expect(urlNames(place)).toEqual(names);
  });

  it('is the debug id in any spelling', () => {
    const plain = DEBUG_ID.replaceAll('-', '');
    expect([DEBUG_ID, DEBUG_ID.toUpperCase(), plain, `${DEBUG_ID}-1`].map(plainDebugId)).toEqual([plain, plain, plain, plain]);
    expect(['', 'x'.repeat(32), '0'.repeat(32), 7, undefined].map(plainDebugId)).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    expect(scriptKey(frame(1, { debugId: DEBUG_ID }))).toMatchObject({
      debugId: plain,
      urls: ['https://shop.test/app.js', '~/app.js', '/app.js'],
    });
  });

  it('concerns scripts with a place, of script platforms', () => {
    const event = (platform: string, one: NormalizedFrame) => anEvent({ platform, exceptions: [{ type: 'E', frames: [one] }] });
    expect(wantsMaps(event('javascript', frame(1)))).toBe(true);
    expect(wantsMaps(event('python', frame(1)))).toBe(false);
    expect(wantsMaps(event('node', { function: 'x', filename: 'node:fs', line: 1, column: 2 }))).toBe(false);
    expect(isCandidate({ filename: 'a.js', line: 3 })).toBe(false);
    expect(debugIdsOf(event('javascript', frame(1, { debugId: DEBUG_ID })))).toEqual(new Set([DEBUG_ID.replaceAll('-', '')]));
  });
});
