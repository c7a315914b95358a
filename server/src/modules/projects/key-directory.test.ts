import { beforeEach, describe, expect, it, vi } from 'vitest';
import { type AccessWorld, openAccessWorld, START } from '../../../test/access-world.ts';
import { eachDatabase } from '../../../test/databases.ts';
import { Bus } from '../../platform/bus/bus.ts';
import { seconds } from '../../platform/clock.ts';
import type { Sql } from '../../platform/db/sql.ts';
import { silentLog } from '../../platform/log.ts';
import { KeyDirectory } from './key-directory.ts';
import { DEFAULT_SETTINGS, DsnKey, Project } from './project.entity.ts';

eachDatabase((db) => {
  let world: AccessWorld;
  beforeEach(() => {
    world = openAccessWorld(db());
  });
  const otherNode = (sql: Sql = db().read, bus = new Bus(silentLog)) =>
    new KeyDirectory({ sql, orm: db().orm, clock: world.clock, bus, log: silentLog });
  const firstKey = async (project: Project) => (await world.projects.keys.keysOf([project.id]))[0]![0]!;

  it('knows every key and project from the start, whatever their status', async () => {
    const project = await world.project();
    const key = await firstKey(project);
    await db().orm.em.fork().nativeUpdate(Project, { id: project.id }, { status: 'ARCHIVED' });
    await db().orm.em.fork().nativeUpdate(DsnKey, { id: key.id }, { status: 'DISABLED' });
    const directory = otherNode();
    expect(directory.find(key.publicKey)).toBeUndefined();
    await directory.start();
    expect(directory.find(key.publicKey)).toEqual({
      keyId: key.id,
      publicKey: key.publicKey,
      status: 'DISABLED',
      keyEventsPerMinute: null,
      keyQuotas: [],
      projectId: project.id,
      slug: project.slug,
      projectStatus: 'ARCHIVED',
      settings: DEFAULT_SETTINGS,
    });
    expect(directory.project(project.id)).toMatchObject({ projectStatus: 'ARCHIVED' });
    expect(directory.find('0'.repeat(32))).toBeUndefined();
    expect(directory.find('__proto__')).toBeUndefined();
    expect(directory.project(999_999)).toBeUndefined();
    await directory.close();
  });

  it('fails the start when the database cannot be read', async () => {
    const broken = { ...db().read, all: () => Promise.reject(new Error('down')) } as unknown as Sql;
    await expect(otherNode(broken).start()).rejects.toThrow('down');
  });

  it('hears of changes of this node by the bus, and of other nodes’ by looking again', async () => {
    vi.useFakeTimers();
    try {
      const directory = otherNode();
      await directory.start();
      const project = await world.project(); // on another bus: another node
      const key = await firstKey(project);
      expect(directory.find(key.publicKey)).toBeUndefined();
      vi.advanceTimersByTime(30_000);
      await directory.settled();
      expect(directory.find(key.publicKey)).toBeDefined();
      await directory.close();
    } finally {
      vi.useRealTimers();
    }
  });

  it('looks again for a key it does not know, but not for every one', async () => {
    const directory = otherNode();
    await directory.start();
    const key = await firstKey(await world.project()); // on another bus: the command line
    const all = vi.spyOn(db().read, 'all');
    for (let n = 0; n < 5; n += 1) expect(directory.find(key.publicKey)).toBeUndefined();
    expect(all).not.toHaveBeenCalled(); // looked a moment ago
    world.clock.advance(seconds(2));
    for (let n = 0; n < 5; n += 1) expect(directory.find(key.publicKey)).toBeUndefined();
    expect(all).toHaveBeenCalledTimes(1);
    await directory.settled();
    expect(directory.find(key.publicKey)).toBeDefined();
    all.mockRestore();
    await directory.close();
  });

  it('looks again when a change comes while it is looking', async () => {
    const project = await world.project();
    const key = await firstKey(project);
    const gates: (() => void)[] = [];
    const slow = {
      all: async (...args: Parameters<Sql['all']>) => {
        const rows = await db().read.all(...args);
        await new Promise<void>((resolve) => gates.push(resolve));
        return rows;
      },
    } as unknown as Sql;
    const bus = new Bus(silentLog);
    const directory = otherNode(slow, bus);
    bus.publish('projectChanged', { projectId: project.id });
    await vi.waitFor(() => expect(gates).toHaveLength(1)); // has read, and not yet taken over
    await db().orm.em.fork().nativeUpdate(DsnKey, { id: key.id }, { status: 'DISABLED' });
    bus.publish('projectChanged', { projectId: project.id });
    bus.publish('projectChanged', { projectId: project.id });
    const settled = directory.settled();
    gates[0]!();
    await vi.waitFor(() => expect(gates).toHaveLength(2)); // two changes, one more look
    gates[1]!();
    await settled;
    expect(directory.find(key.publicKey)?.status).toBe('DISABLED');
    expect(gates).toHaveLength(2);
  });

  it('keeps what it knows when the database is away for a while', async () => {
    const project = await world.project();
    const key = await firstKey(project);
    let away = false;
    const sql = {
      all: (...args: Parameters<Sql['all']>) => (away ? Promise.reject(new Error('down')) : db().read.all(...args)),
    } as unknown as Sql;
    const directory = otherNode(sql);
    await directory.start();
    away = true;
    await directory.refresh();
    expect(directory.find(key.publicKey)).toBeDefined();
    away = false;
    await directory.refresh();
    expect(directory.find(key.publicKey)).toBeDefined();
    await directory.close();
  });

  describe('when keys were last used', () => {
    const lastUsed = async (key: DsnKey) => (await db().orm.em.fork().findOneOrFail(DsnKey, { id: key.id })).lastUsedAt;

    it('is written at a flush, not at every event, and with the time of the use', async () => {
      const key = await firstKey(await world.project());
      const { directory } = world.projects;
      directory.touch(key.id);
      world.clock.advance(seconds(20));
      directory.touch(key.id);
      expect(await lastUsed(key)).toBeNull();
      world.clock.advance(seconds(40));
      await directory.flush();
      expect(await lastUsed(key)).toBe(START + seconds(20));
    });

    it('is written at the end too', async () => {
      const key = await firstKey(await world.project());
      const directory = otherNode();
      await directory.start();
      directory.touch(key.id);
      await directory.close();
      expect(await lastUsed(key)).toBe(START);
    });
  });
});
