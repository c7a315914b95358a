import { closeSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openLog } from './open-log.ts';
import { recentLines } from './recent-lines.ts';

let folder: string;
const isAllowed = (real: string) => real.startsWith(`${folder}/logs/`);
beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'errata-open-')));
  mkdirSync(join(folder, 'logs'));
  writeFileSync(join(folder, 'secret'), 'the key\nof the house\n');
  writeFileSync(join(folder, 'logs/a.log'), 'one\ntwo\n');
  symlinkSync(join(folder, 'logs/a.log'), join(folder, 'link-to-log'));
  symlinkSync(join(folder, 'secret'), join(folder, 'logs/b.log'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it.each([
  ['logs/a.log', true],
  ['link-to-log', true],
  ['logs/b.log', false],
  ['secret', false],
  ['logs', false],
])('%s is opened: %s', (path, expected) => {
  const opened = openLog(join(folder, path), isAllowed);
  if (opened !== undefined) closeSync(opened.fd);
  expect(opened !== undefined).toBe(expected);
});

it('lines of a followed file are not those of what has taken its place', () => {
  const path = join(folder, 'logs/a.log');
  const { fd, stat } = openLog(path, isAllowed)!;
  closeSync(fd);
  const lines = () => recentLines([{ path, ino: stat.ino, from: 0, to: 8 }], { maxBytes: 100, limit: 10 }, isAllowed);
  expect(lines()).toEqual(['one', 'two']);
  unlinkSync(path);
  expect(lines()).toEqual([]);
  symlinkSync(join(folder, 'secret'), path);
  expect(lines()).toEqual([]);
});
