import type { Random } from '../bench/random.ts';

/** What breaks readers that saw only good input, whatever the format; each suite adds what breaks its own. */
export const TOKENS: readonly string[] = ['\n', '{', '}', '"', '[', ']', 'null', '\\', '\0', '\u00ff', '\\ud800', 'NaN'];

/** A change of bytes at a place. */
export type Mutation = (bytes: Buffer, at: number, random: Random) => Buffer;

const VALUES: readonly unknown[] = [
  null,
  1,
  -1.5e300,
  true,
  '',
  'x',
  [],
  {},
  [[1]],
  { values: [null, 1, {}] },
  { a: { b: [{}] } },
  '\ud800\0',
  '9'.repeat(30),
  1e20,
];

/**
 * One to four changes: bytes lost, said twice or changed, the rest cut off, a token put in.
 * @param tokens each character a byte
 * @param more changes that only this format knows, each as frequent as one of the others
 */
export function mutated(bytes: Buffer, random: Random, tokens: readonly string[], more: readonly Mutation[] = []): Buffer {
  let out = bytes;
  for (let i = 1 + random.below(4); i > 0; i--) {
    const at = random.below(out.length + 1);
    const to = Math.min(out.length, at + 1 + random.below(40));
    const kind = random.below(6 + more.length);
    if (kind === 0) out = Buffer.concat([out.subarray(0, at), out.subarray(to)]);
    else if (kind === 1) out = out.subarray(0, at);
    else if (kind === 2) out = Buffer.concat([out.subarray(0, to), out.subarray(at)]);
    else if (kind === 3 && at < out.length) {
      out = Buffer.from(out);
      out[at] = random.below(256);
    } else if (kind >= 6) out = (more[kind - 6] as Mutation)(out, at, random);
    else out = Buffer.concat([out.subarray(0, at), Buffer.from(random.pick(tokens), 'latin1'), out.subarray(at)]);
  }
  return out;
}

/**
 * Another value of any type in the place of some: still JSON, but not what it was.
 * @param share of the values that are replaced
 */
export function damaged(value: unknown, random: Random, share: number): unknown {
  // Copies: what stands within its own kind would be a circle.
  const pick = (_: string, inner: unknown) => (random.next() < share ? structuredClone(random.pick(VALUES)) : inner);
  return JSON.parse(JSON.stringify(value, pick));
}
