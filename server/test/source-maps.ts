import { createHash } from 'node:crypto';
import { zip } from '../src/cli/zip-writer.ts';

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

function vlq(value: number): string {
  let rest = value < 0 ? (-value << 1) | 1 : value << 1;
  let text = '';
  do {
    const digit = rest & 31;
    rest >>>= 5;
    text += DIGITS[rest > 0 ? digit | 32 : digit];
  } while (rest > 0);
  return text;
}

/** A segment of a source map, absolute and zero-based: generated column, then source, line, column, then name. */
export type Segment = readonly [column: number, source?: number, line?: number, sourceColumn?: number, name?: number];

/** The `mappings` of lines of segments. */
export function encodeMappings(lines: readonly (readonly Segment[])[]): string {
  const last = [0, 0, 0, 0, 0];
  return lines
    .map((segments) => {
      last[0] = 0;
      return segments
        .map((segment) =>
          segment
            .map((value, i) => {
              const delta = value! - last[i]!;
              last[i] = value!;
              return vlq(delta);
            })
            .join(''),
        )
        .join(',');
    })
    .join(';');
}

export const CART = `export class Cart {
  total(): number {
    return this.items.reduce((a, b) => a + b.price, 0);
  }
}

export function checkout(cart: Cart): number {
  const total = cart.total();
  if (total === 0) throw new Error('nothing to pay');
  return total;
}
`;
export const MAIN = `import { Cart, checkout } from './cart.ts';

export function onPay(): void {
  checkout(new Cart());
}
`;
export const DEBUG_ID = '96e11043-d305-5ae1-a9a4-df18c71704fc';

/**
 * The map of a bundle of two files on one line: column 100 (from 1: 101) is the throw in `checkout`, 200 the call in
 * `onPay`, 300 a call inside a package. @param line the bundle's line that holds them, from 0
 */
export function cartMap(change: Record<string, unknown> = {}, line = 0): string {
  const segments: Segment[] = [
    [0, 0, 0, 0],
    [100, 0, 8, 19],
    [200, 1, 3, 2, 0],
    [300, 2, 0, 0],
  ];
  return JSON.stringify({
    version: 3,
    sources: ['../src/cart.ts', '../src/main.ts', '../node_modules/framework/index.js'],
    sourcesContent: [CART, MAIN, 'export const run = (f) => f();\n'],
    names: ['checkout'],
    mappings: encodeMappings([...Array.from({ length: line }, () => []), segments]),
    ...change,
  });
}

export const sha1 = (bytes: Uint8Array): string => createHash('sha1').update(bytes).digest('hex');

/** An artifact bundle as sentry-cli makes it: one script and its map. */
export function cartBundle(
  options: { debugId?: string | null; release?: string; project?: string; url?: string; map?: string } = {},
): Buffer {
  const { debugId = DEBUG_ID, release, project = 'shop', url = '~/app.js', map = cartMap() } = options;
  const headers = debugId === null ? {} : { 'Debug-Id': debugId };
  const manifest = {
    files: {
      'files/_/_/app.js': { url, type: 'minified_source', headers: { ...headers, Sourcemap: 'app.js.map' } },
      'files/_/_/app.js.map': { url: `${url}.map`, type: 'source_map', headers },
    },
    org: 'acme',
    project,
    ...(release === undefined ? {} : { release }),
  };
  return zip([
    { name: 'manifest.json', content: Buffer.from(JSON.stringify(manifest)) },
    { name: 'files/_/_/app.js', content: Buffer.from('(()=>{})();\n//# sourceMappingURL=app.js.map\n') },
    { name: 'files/_/_/app.js.map', content: Buffer.from(map) },
  ]);
}
