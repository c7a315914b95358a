import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fixedClock } from '../clock.ts';
import { ContentStore } from './content-store.ts';

const START = Date.UTC(2026, 0, 1);
let directory: string;
let clock: ReturnType<typeof fixedClock>;
let store: ContentStore;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'errata-store-'));
  clock = fixedClock(START);
  store = new ContentStore({ directory, clock });
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const sha = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest('hex');
const put = (bytes: string | Buffer, max = 1e6) => {
  const writer = store.begin(max);
  writer.write(Buffer.from(bytes));
  return writer.keep();
};
const read = async (sha256: string) => {
  const handle = await store.open(sha256);
  const bytes = await handle?.readFile();
  await handle?.close();
  return bytes;
};
const files = () => readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());

describe('content', () => {
  it('is found by its hash, whether small or larger than what is held', async () => {
    for (const bytes of [Buffer.alloc(0), Buffer.from('hello'), Buffer.alloc(300_000, 7)]) {
      const writer = store.begin(1e6);
      for (let at = 0; at < bytes.length; at += 50_000) writer.write(bytes.subarray(at, at + 50_000));
      expect(await writer.keep()).toEqual({ sha256: sha(bytes), sizeBytes: bytes.length });
      expect(await read(sha(bytes))).toEqual(bytes);
    }
    expect(readdirSync(join(directory, 'tmp'))).toEqual([]);
  });

  it('is kept once, however often it comes', async () => {
    await Promise.all([put('same'), put('same'), put('same')]);
    expect(files()).toHaveLength(1);
  });

  it('that is too large leaves nothing behind', async () => {
    const writer = store.begin(100_000);
    for (let i = 0; i < 5; i++) writer.write(Buffer.alloc(40_000));
    expect(writer.overflowed).toBe(true);
    await expect(writer.keep()).rejects.toThrow(RangeError);
    expect(files()).toEqual([]);
  });

  it('that is discarded leaves nothing behind, and discarding what is kept does nothing', async () => {
    const given = store.begin(1e6);
    given.write(Buffer.alloc(200_000));
    given.discard();
    expect(files()).toEqual([]);
    const kept = store.begin(1e6);
    kept.write(Buffer.from('kept'));
    await kept.keep();
    kept.discard();
    expect(await read(sha('kept'))).toEqual(Buffer.from('kept'));
  });

  it('is never looked up by a path', async () => {
    writeFileSync(join(directory, 'secret'), 'x');
    for (const name of ['../secret', 'secret', `${'a'.repeat(63)}/`, '']) expect(await store.open(name)).toBeUndefined();
    expect(store.remove('../secret', Number.POSITIVE_INFINITY)).toBe(0);
  });

  it('that cannot be written says so when it is to be kept', async () => {
    rmSync(join(directory, 'tmp'), { recursive: true });
    const writer = store.begin(1e6);
    writer.write(Buffer.alloc(100_000));
    await expect(writer.keep()).rejects.toThrow(/ENOENT/);
  });
});

it('nothing is written to a disk that is nearly full', async () => {
  const full = new ContentStore({ directory, clock, freeBytes: () => 200 * 1024 * 1024 });
  const writer = full.begin(1e9);
  for (let i = 0; i < 4; i++) writer.write(Buffer.alloc(50_000));
  expect(files()).toEqual([]);
  await expect(writer.keep()).rejects.toThrow(/nearly full/);
});

describe('removing', () => {
  it('takes what is old and leaves what came (again) since', async () => {
    const { sha256 } = await put('old');
    clock.advance(1000);
    const again = await put('again');
    clock.advance(1000);
    await put('again');
    expect(store.remove(sha256, START + 500)).toBe(3);
    expect(store.remove(again.sha256, START + 1500)).toBe(0);
    expect(await read(again.sha256)).toBeDefined();
    // A new process knows from the file's own time.
    const next = new ContentStore({ directory, clock });
    expect(next.remove(again.sha256, START + 1500)).toBe(0);
    expect(next.remove(again.sha256, START + 2500)).toBe(5);
  });

  it('walks over every name', async () => {
    const put3 = await Promise.all(['a', 'b', 'c'].map((text) => put(text)));
    const seen: string[] = [];
    for await (const names of store.names()) seen.push(...names);
    expect(seen.sort()).toEqual(put3.map(({ sha256 }) => sha256).sort());
  });
});

it('what an interrupted process left half written is cleared away', () => {
  writeFileSync(join(directory, 'tmp', 'half'), 'x');
  new ContentStore({ directory, clock });
  expect(files()).toEqual([]);
});
