import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type AccessWorld, expectA, openAccessWorld } from '../../../test/access-world.ts';
import { eachDatabase } from '../../../test/databases.ts';
import { days } from '../../platform/clock.ts';
import { NotFoundRefusal, ValidationRefusal } from '../../platform/graphql/refusals.ts';
import { SYSTEM } from '../access/actor-for.ts';
import { LogPaths } from './log-paths.ts';
import { LogSource } from './log-source.entity.ts';
import { LogSourceService } from './log-source.service.ts';

let folder: string;
let paths: LogPaths;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'errata-roots-'));
  for (const name of ['logs/app', 'data', 'else']) mkdirSync(join(folder, name), { recursive: true });
  symlinkSync(join(folder, 'else'), join(folder, 'logs/out'));
  symlinkSync(join(folder, 'logs/app'), join(folder, 'into'));
  writeFileSync(join(folder, 'logs/app/a.log'), '');
  paths = new LogPaths({ logRoots: [join(folder, 'logs'), join(folder, 'data')], dataDir: join(folder, 'data') });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('which files may be read', () => {
  it.each([
    ['logs/app/*.log', true],
    ['logs/*/b.log', true],
    ['logs/app/a.log', true],
    ['logs/not/there/yet/*.log', true],
    ['into/*.log', true],
    ['logs/out/*.log', false],
    ['else/*.log', false],
    ['logs-of-others/*.log', false],
    ['*/*.log', false],
    ['data/*.log', false],
    ['logs/../else/*.log', false],
  ])('%s: %s', (glob, isAllowed) => {
    expect(paths.whyNot(`${folder}/${glob}`) === undefined).toBe(isAllowed);
  });

  it('says why not, in words', () => {
    expect(paths.whyNot('app.log')).toContain('absolute');
    expect(paths.whyNot(join(folder, 'data/x.log'))).toContain('data directory');
    expect(paths.whyNot('/etc/passwd')).toContain('ERRATA_LOG_ROOTS');
    const everything = new LogPaths({ logRoots: ['/'], dataDir: join(folder, 'data') });
    for (const glob of ['/proc/self/environ', '/proc/*/environ', '/sys/*', '/dev/fd/0'])
      expect(everything.whyNot(glob)).toContain('is no log');
    expect(everything.isAllowed('/proc/self/environ')).toBe(false);
    expect(everything.whyNot(`${folder}/else/*.log`)).toBeUndefined();
    expect(new LogPaths({ logRoots: [], dataDir: '/srv' }).whyNot('/var/log/x')).toContain('none is set');
  });
});

eachDatabase((database) => {
  let world: AccessWorld;
  let sources: LogSourceService;
  beforeEach(() => {
    world = openAccessWorld(database());
    sources = new LogSourceService({ orm: database().orm, clock: world.clock, bus: world.bus, paths });
  });
  const input = () => ({ name: ' App  log ', globs: [` ${folder}/logs/app/*.log `, ''] });
  const make = async () => {
    const project = await world.project();
    return { project, source: expectA(await sources.create(SYSTEM, String(project.id), input()), LogSource) };
  };

  it('are made with defaults, cleaned', async () => {
    const { project, source } = await make();
    expect(source).toMatchObject({ projectId: project.id, name: 'App log', globs: [`${folder}/logs/app/*.log`], startAt: 'END' });
    expect(source).toMatchObject({ enabled: true, watcher: 'SERVER', minLevel: 'error', tags: {}, deletedAt: null, revision: 1 });
    expect((await sources.watchedHere()).map(({ id }) => id)).toContain(source.id);
  });

  it.each([
    ['name', { name: ' ' }],
    ['globs', { globs: [] }],
    ['globs', { globs: ['/etc/passwd'] }],
    ['globs', { globs: ['relative.log'], watcher: 'AGENT' as const }],
    ['globs', { globs: ['/var/log/../x'], watcher: 'AGENT' as const }],
    ['encoding', { encoding: 'ebcdic' }],
    ['wrapper', { wrapper: 'paper' }],
    ['minLevel', { minLevel: 'loud' }],
    ['timeZone', { timeZone: 'Mars/Olympus' }],
    ['pollIntervalMs', { pollIntervalMs: 1 }],
    ['flushAfterMs', { flushAfterMs: 10_000_000 }],
    ['tags', { tags: [{ key: 'a b', value: 'c' }] }],
  ])('refuses a bad %s', async (field, changes) => {
    const { project, source } = await make();
    expect(expectA(await sources.create(SYSTEM, String(project.id), { ...input(), ...changes }), ValidationRefusal).field).toBe(
      field,
    );
    expect(expectA(await sources.update(SYSTEM, String(source.id), changes), ValidationRefusal).field).toBe(field);
  });

  it('may be anywhere for an agent', async () => {
    const project = await world.project();
    const changes = { name: 'a', globs: ['/srv/*.log'], watcher: 'AGENT' as const };
    const source = expectA(await sources.create(SYSTEM, String(project.id), changes), LogSource);
    expect((await sources.watchedHere()).map(({ id }) => id)).not.toContain(source.id);
    // Not so once the server is to read them.
    expectA(await sources.update(SYSTEM, String(source.id), { watcher: 'SERVER' }), ValidationRefusal);
  });

  it('are paused, resumed, deleted and restored; gone for good after a day', async () => {
    const { project, source } = await make();
    const id = String(source.id);
    const isWatched = async () => (await sources.watchedHere()).some((one) => one.id === source.id);
    await sources.setEnabled(SYSTEM, id, false);
    expect(await isWatched()).toBe(false);
    expect(expectA(await sources.setEnabled(SYSTEM, id, true), LogSource).revision).toBe(3);
    await sources.remove(SYSTEM, id);
    expect(await isWatched()).toBe(false);
    expect((await sources.sourcesOf([project.id]))[0]).toEqual([]);
    expectA(await sources.update(SYSTEM, id, { name: 'x' }), NotFoundRefusal);
    expectA(await sources.restore(SYSTEM, id), LogSource);
    expect(await isWatched()).toBe(true);
    await world.projects.projects.setStatus(SYSTEM, String(project.id), 'ARCHIVED');
    expect(await isWatched()).toBe(false);
    await sources.remove(SYSTEM, id);
    expect(await sources.sweep()).toContain(source.id);
    world.clock.advance(days(1) + 1);
    expect(await sources.sweep()).not.toContain(source.id);
    expectA(await sources.restore(SYSTEM, id), NotFoundRefusal);
  });

  it('are for those who may see and change the project', async () => {
    const { project, source } = await make();
    const id = String(source.id);
    const { actor: viewer } = await world.person('VIEWER', [project.id]);
    const { actor: stranger } = await world.person('OPERATOR', []);
    expect((await sources.find(viewer, id))?.id).toBe(source.id);
    expect(await sources.find(stranger, id)).toBeNull();
    await expect(sources.create(viewer, String(project.id), input())).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(sources.remove(viewer, id)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(sources.draft(viewer, String(project.id), input())).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });
});
