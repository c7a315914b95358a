import {
  appendFileSync,
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { followed, TailWorld } from '../../../../test/tail-kit.ts';

let world: TailWorld;
let n = 0;
const at = (name: string) => join(world.logs, name);
/** Writes numbered events; answers their messages. */
function write(name: string, count: number, path = at(name)): string[] {
  const messages = Array.from({ length: count }, () => `ERROR ${name} ${++n}`);
  appendFileSync(path, messages.map((message) => `INFO fine\n${message}\n`).join(''));
  return messages;
}
beforeEach(() => {
  world = new TailWorld();
  mkdirSync(world.logs, { recursive: true });
});
afterEach(() => world.dispose());

const source = (changes = {}) => followed({ globs: [at('*.log')], ...changes });
const sorted = (list: readonly string[]) => [...list].sort();

describe('following', () => {
  it('reads what is there, what is added and what appears', async () => {
    const all = write('a.log', 3);
    world.start([source()]);
    await world.count(3);
    all.push(...write('a.log', 2), ...write('b.log', 2));
    await world.count(7);
    await world.caughtUp();
    expect(sorted(world.messages)).toEqual(sorted(all));
    expect(world.delivered).toHaveLength(7);
    expect(world.delivered[0]?.value['extra']).toMatchObject({ 'log.file': at('a.log'), 'log.offset': 10 });
  });

  it('hears of changes without waiting for a poll', async () => {
    write('a.log', 1);
    world.start([source({ polling: 'AUTO', pollIntervalMs: 600_000 })], { watch: true });
    await world.count(1);
    await delay(50); // the watch begins after the first look
    write('a.log', 1);
    await world.count(2);
  });

  it('waits for the end of a half-written line, and joins what belongs together', async () => {
    writeFileSync(at('a.log'), 'ERROR one\n  at here\n  at the');
    world.start([source({ flushAfterMs: 100 })]);
    await delay(300);
    expect(world.messages).toEqual([]);
    appendFileSync(at('a.log'), 're\n');
    await world.count(1);
    expect(world.messages).toEqual(['ERROR one\n  at here\n  at there']);
  });

  it.each([
    ['END', 0, 1],
    ['LAST_LINES', 4, 3],
    ['BEGINNING', 0, 6],
  ] as const)('begins at %s, and reads files that appear later whole', async (startAt, startLines, expected) => {
    write('a.log', 5);
    world.start([source({ startAt, startLines })]);
    await world.until(() => world.engine?.statuses().get('source-1')?.fileCount === 1);
    write('b.log', 1);
    await world.count(expected);
    await world.caughtUp();
    expect(world.messages).toHaveLength(expected);
  });

  it('takes up a file with its first line, not with the next look for files', async () => {
    world.start([source({ pollIntervalMs: 100, flushAfterMs: 100 })]);
    await world.until(() => world.engine?.statuses().get('source-1')?.state === 'WAITING');
    writeFileSync(at('a.log'), '');
    await delay(500); // found, and empty
    const all = write('a.log', 1);
    await delay(250);
    copyFileSync(at('a.log'), at('a.log.1'));
    truncateSync(at('a.log'), 0);
    all.push(...write('a.log', 1));
    await world.count(2);
    expect(sorted(world.messages)).toEqual(sorted(all));
  });

  it('leaves out what is excluded, packed, or no file', async () => {
    const kept = write('a.log', 1);
    write('debug.log', 1);
    mkdirSync(at('folder.log'));
    writeFileSync(at('a.log.1.gz'), gzipSync('ERROR packed\n'));
    world.start([source({ globs: [at('*')], exclusions: ['debug*'] })]);
    await world.caughtUp();
    await world.count(1);
    expect(world.messages).toEqual(kept);
    expect(
      world.engine
        ?.statuses()
        .get('source-1')
        ?.problems.map(({ code }) => code),
    ).toEqual(['compressed']);
  });

  it('leaves binary files alone', async () => {
    writeFileSync(at('a.log'), Buffer.from([0, 1, 2, 0x0a]));
    world.start([source()]);
    await world.until(() => world.engine?.statuses().get('source-1')?.files[0]?.state === 'BINARY');
    expect(world.engine?.statuses().get('source-1')?.state).toBe('FAILED');
  });

  it.skipIf(process.getuid?.() === 0)('says when it may not read, and reads once it may', async () => {
    const messages = write('a.log', 1);
    chmodSync(at('a.log'), 0);
    world.start([source()]);
    await world.until(() => world.engine?.statuses().get('source-1')?.problems[0]?.code === 'permission');
    chmodSync(at('a.log'), 0o600);
    await world.count(1);
    expect(world.messages).toEqual(messages);
  });

  it('follows two thousand files with few descriptors', { timeout: 60_000 }, async () => {
    const all: string[] = [];
    for (let i = 0; i < 2000; i += 1) all.push(...write(`app-${i}.log`, 1));
    world.start([source({ pollIntervalMs: 200 })]);
    await world.until(() => world.messages.length === 2000, 30_000);
    for (let i = 0; i < 2000; i += 100) all.push(...write(`app-${i}.log`, 1));
    await world.until(() => world.messages.length === 2020, 30_000);
    expect(sorted(world.messages)).toEqual(sorted(all));
    const open = readDescriptors().filter((path) => path.startsWith(world.logs));
    expect(open.length).toBeLessThanOrEqual(512);
  });
});

describe('rotation', () => {
  for (const glob of ['*.log', '*.log*']) {
    it(`by rename, watching ${glob}`, async () => {
      const all = write('a.log', 2);
      world.start([source({ globs: [at(glob)] })]);
      await world.count(2);
      for (let round = 0; round < 3; round += 1) {
        if (existsSync(at('a.log.1'))) renameSync(at('a.log.1'), at('a.log.2'));
        renameSync(at('a.log'), at('a.log.1'));
        // The writer has it open still and writes to the renamed file for a while.
        all.push(...write('a.log', 2, at('a.log.1')), ...write('a.log', 2));
        await world.count(all.length);
      }
      await world.caughtUp();
      expect(sorted(world.messages)).toEqual(sorted(all));
      expect(world.delivered).toHaveLength(all.length);
    });

    it(`by copy and truncation, watching ${glob}`, async () => {
      const all = write('a.log', 3);
      world.start([source({ globs: [at(glob)] })]);
      await world.count(3);
      for (let round = 0; round < 3; round += 1) {
        // Not yet read when it is emptied: only the copy has it.
        all.push(...write('a.log', 2));
        copyFileSync(at('a.log'), at(`a.log.${round + 1}`));
        truncateSync(at('a.log'), 0);
        all.push(...write('a.log', round + 1));
        await world.count(all.length);
      }
      await world.caughtUp();
      expect(sorted(world.messages)).toEqual(sorted(all));
    });
  }

  it('notices that a file was emptied and is longer again', async () => {
    const all = write('a.log', 1);
    world.start([source({ pollIntervalMs: 100 })]);
    await world.count(1);
    truncateSync(at('a.log'), 0);
    all.push(...write('a.log', 30));
    await world.count(31);
    expect(sorted(world.messages)).toEqual(sorted(all));
  });

  it('reads a deleted file to its end, and the next of the same name', async () => {
    const all = write('a.log', 2);
    world.start([source()]);
    await world.count(2);
    all.push(...write('a.log', 1));
    unlinkSync(at('a.log'));
    all.push(...write('a.log', 1));
    await world.count(4);
    expect(sorted(world.messages)).toEqual(sorted(all));
  });

  it('follows a link to where it leads by now', async () => {
    const pods = join(world.folder, 'pods');
    mkdirSync(pods);
    const all = write('0', 2, join(pods, '0.txt'));
    symlinkSync(join(pods, '0.txt'), at('pod.log'));
    world.start([source()]);
    await world.count(2);
    all.push(...write('0', 1, join(pods, '0.txt')), ...write('1', 2, join(pods, '1.txt')));
    symlinkSync(join(pods, '1.txt'), at('pod.next'));
    renameSync(at('pod.next'), at('pod.log'));
    await world.count(5);
    expect(sorted(world.messages)).toEqual(sorted(all));
  });
});

describe('a restart', () => {
  it('goes on where it stopped, over a rotation meanwhile', async () => {
    const all = write('a.log', 3);
    world.start([source()]);
    await world.count(3);
    await world.caughtUp();
    world.stop();
    all.push(...write('a.log', 1));
    renameSync(at('a.log'), at('a.log.2'));
    await delay(20);
    all.push(...write('a.log', 2, at('a.log.1')), ...write('a.log', 1));
    world.start([source()]);
    await world.count(all.length);
    await world.caughtUp();
    expect(sorted(world.messages)).toEqual(sorted(all));
    expect(world.delivered).toHaveLength(all.length);
  });

  it('finds the copy of what was emptied meanwhile', async () => {
    const all = write('a.log', 3);
    world.start([source()]);
    await world.count(3);
    await world.caughtUp();
    world.stop();
    all.push(...write('a.log', 2));
    copyFileSync(at('a.log'), at('a.log.1'));
    truncateSync(at('a.log'), 0);
    all.push(...write('a.log', 1));
    world.start([source()]);
    await world.count(all.length);
    await world.caughtUp();
    expect(sorted(world.messages)).toEqual(sorted(all));
  });

  it('gives events that come again the ids that they had', async () => {
    const all = write('a.log', 300);
    world.start([source()]);
    await world.count(300);
    await world.caughtUp();
    const state = join(world.folder, 'state');
    world.stop();
    const before = new Set(world.delivered.map(({ value }) => value['event_id']));
    rmSync(state, { recursive: true });
    world.start([source()]);
    await world.until(() => world.delivered.length === 600);
    expect(new Set(world.delivered.map(({ value }) => value['event_id']))).toEqual(before);
    expect(world.messages).toEqual(all);
  });

  it('begins anew when the positions are damaged, and keeps them for a look', async () => {
    write('a.log', 1);
    world.start([source()]);
    await world.caughtUp();
    world.stop();
    writeFileSync(join(world.folder, 'state/source-1.json'), '{"version":1,"fil');
    world.start([source()]);
    await world.count(1);
    expect(statSync(join(world.folder, 'state/source-1.json.damaged')).size).toBe(17);
  });
});

describe('back-pressure', () => {
  it('waits and brings again what was refused, and moves no position meanwhile', async () => {
    let refusals = 0;
    world.answer = (reports) => {
      refusals += 1;
      if (refusals > 4) return { accepted: reports.length, again: [], waitMs: 0, reason: '' };
      // The first half is taken, the rest has to come again.
      const again = reports.map((_, i) => i).slice(Math.floor(reports.length / 2));
      return { accepted: reports.length - again.length, again, waitMs: 1, reason: 'The quota is used up.' };
    };
    const all = write('a.log', 100);
    world.start([source()]);
    await world.until(() => world.engine?.statuses().get('source-1')?.state === 'HELD');
    expect(readFileSync(join(world.folder, 'state/source-1.json'), 'utf8')).toContain('"offset":0');
    await world.count(100);
    await world.caughtUp();
    expect(sorted(world.messages)).toEqual(sorted(all));
    expect(world.delivered).toHaveLength(100);
  });

  it('reads no further than two batches ahead', async () => {
    world.answer = () => new Promise(() => {}); // never
    write('a.log', 20_000);
    world.start([source()]);
    await delay(300);
    const [file] = world.engine?.statuses().get('source-1')?.files ?? [];
    expect(file?.positionBytes).toBeGreaterThan(0);
    expect(file?.positionBytes).toBeLessThan(600_000);
    expect(world.delivered).toEqual([]);
  });
});

function readDescriptors(): string[] {
  return readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`);
    } catch {
      return [];
    }
  });
}
