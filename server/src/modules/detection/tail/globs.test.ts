import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Globs, matchesName } from './globs.ts';
import { isCompressed, isRotationOf } from './rotation.ts';

describe('names', () => {
  it.each([
    ['a.log', '*.log', true],
    ['a.log.1', '*.log', false],
    ['.a.log', '*.log', false],
    ['.a.log', '.*.log', true],
    ['abc', 'a?c', true],
    ['ac', 'a?c', false],
    ['app-3.log', 'app-[0-9].log', true],
    ['app-x.log', 'app-[!0-9].log', true],
    ['app-x.log', 'app-[0-9].log', false],
    ['a]b', 'a[]]b', true],
    ['a[b', 'a[b', true],
    ['abcabc', '*abc', true],
    ['', '*', true],
  ])('%s against %s: %s', (name, pattern, expected) => {
    expect(matchesName(name, pattern)).toBe(expected);
  });

  it('takes no longer for a hostile name', () => {
    const started = performance.now();
    expect(matchesName('a'.repeat(255), `${'*a'.repeat(60)}*b`)).toBe(false);
    expect(performance.now() - started).toBeLessThan(100);
  });
});

describe('alternatives', () => {
  it.each([
    ['/x/a-{b,c}.{log,txt}', ['/x/a-b.log', '/x/a-c.log', '/x/a-b.txt', '/x/a-c.txt'], ['/x/a-b', '/x/a-.log']],
    ['/x/{a,{b,c}d}', ['/x/a', '/x/bd', '/x/cd'], ['/x/b', '/x/ad']],
    ['/x/{a{b,c}', ['/x/{ab', '/x/{ac'], ['/x/ab']],
    ['/x/{a}b{,c}', ['/x/{a}b', '/x/{a}bc'], ['/x/ab']],
  ])('of %s', (glob, wanted, unwanted) => {
    const globs = new Globs([glob]);
    expect(wanted.filter((path) => !globs.matches(path))).toEqual([]);
    expect(unwanted.filter((path) => globs.matches(path))).toEqual([]);
  });

  it.each(['{a,b}', '{{a,b}', '{a,{b,c}}'])('of very many lists %s take no longer', (list) => {
    const started = performance.now();
    new Globs([`/x/${list.repeat(90)}`]);
    expect(performance.now() - started).toBeLessThan(500); // it was longer than a life
  });
});

it.each(['/x/../*', '/x/{../*,y}', '/x/{.,y}{.,z}/*', '/x/{..,y}/*'])('no pattern leads upwards: %s', (glob) => {
  expect(new Globs([glob]).matches('/x/../etc')).toBe(false);
  expect(new Globs([`${tmpdir()}${glob}`]).folders().filter((path) => path.includes('..'))).toEqual([]);
  expect(new Globs([glob.replace('/x', tmpdir())]).expand(10).paths.filter((path) => !path.startsWith(tmpdir()))).toEqual([]);
});

describe('files', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'errata-globs-'));
    for (const path of ['a/x/1.log', 'a/y/z/2.log', 'b/3.txt', 'b/4.log']) {
      mkdirSync(join(folder, path, '..'), { recursive: true });
      writeFileSync(join(folder, path), '');
    }
    symlinkSync(folder, join(folder, 'a/round'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const find = (globs: string[], exclusions: string[] = [], limit = 100) =>
    new Globs(
      globs.map((glob) => `${folder}/${glob}`),
      exclusions.map((glob) => (glob.includes('/') ? `${folder}/${glob}` : glob)),
    ).expand(limit);
  const found = (...args: Parameters<typeof find>) => find(...args).paths.map((path) => path.slice(folder.length + 1));

  it('are found at any depth, through links only where they are named', () => {
    expect(found(['a/**/*.log'])).toEqual(['a/x/1.log', 'a/y/z/2.log']);
    expect(found(['**/*.log'])).toEqual(['a/x/1.log', 'a/y/z/2.log', 'b/4.log']);
    expect(found(['a/round/b/*.log'])).toEqual(['a/round/b/4.log']);
    expect(found(['b/*.{log,txt}', 'b/4.log'])).toEqual(['b/3.txt', 'b/4.log']);
    expect(found(['none/*.log', 'b/none.log'])).toEqual([]);
  });

  it('are left out by name or by path', () => {
    expect(found(['**/*.log'], ['2.*'])).toEqual(['a/x/1.log', 'b/4.log']);
    expect(found(['**/*.log'], ['a/**'])).toEqual(['b/4.log']);
  });

  it('are no more than asked for, and it says so', () => {
    const { paths, problems } = find(['**/*.log'], [], 2);
    expect(paths).toHaveLength(2);
    expect(problems.map(({ code }) => code)).toEqual(['too_many']);
  });
});

describe('rotation', () => {
  it.each([
    ['app.log.1', 'app.log', true],
    ['app.log-20261122', 'app.log', true],
    ['app-2026-11-22.log', 'app.log', true],
    ['app.1.log', 'app.log', true],
    ['app.log.old', 'app.log', true],
    ['app.log.1.gz', 'app.log', true],
    ['app.log', 'app.log', false],
    ['app.log.json', 'app.log', false],
    ['application.log', 'app.log', false],
    ['app-worker.log', 'app.log', false],
  ])('%s of %s: %s', (name, base, expected) => {
    expect(isRotationOf(name, base)).toBe(expected);
  });

  it('knows packed files by their names', () => {
    expect(['a.gz', 'a.log.zst', 'a.BZ2', 'a.log', 'gz'].map(isCompressed)).toEqual([true, true, true, false, false]);
  });
});
