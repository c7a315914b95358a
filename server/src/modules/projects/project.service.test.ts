import { beforeEach, describe, expect, it } from 'vitest';
import { type AccessWorld, expectA, openAccessWorld, START } from '../../../test/access-world.ts';
import { eachDatabase } from '../../../test/databases.ts';
import { ConflictRefusal, NotFoundRefusal, ValidationRefusal } from '../../platform/graphql/refusals.ts';
import type { Actor } from '../access/actor.ts';
import { ANONYMOUS, SYSTEM, tokenActor } from '../access/actor-for.ts';
import { ensureFirstProject } from './first-project.ts';
import { DEFAULT_SETTINGS, DsnKey, Environment, Project, Release } from './project.entity.ts';
import type { ProjectService } from './project.service.ts';

const forbidden = expect.objectContaining({ code: 'FORBIDDEN' });

eachDatabase((db) => {
  let world: AccessWorld;
  let service: ProjectService;
  let admin: Actor;
  beforeEach(async () => {
    world = openAccessWorld(db());
    service = world.projects.projects;
    const em = db().orm.em.fork();
    await em.nativeDelete(DsnKey, {});
    await em.nativeDelete(Project, {});
    await em.nativeDelete(Environment, {});
    await em.nativeDelete(Release, {});
    admin = (await world.person('ADMIN')).actor;
  });
  const create = async (input: object) => expectA(await service.create(admin, { name: 'Shop', ...input }), Project);

  describe('a new project', () => {
    it('has a slug of its name, the default settings and one key that ingestion knows at once', async () => {
      const project = await create({ name: ' Shop  EU ', platform: 'node' });
      expect(project).toMatchObject({ name: 'Shop EU', slug: 'shop-eu', platform: 'node', status: 'ACTIVE', createdAt: START });
      expect(project.settings).toEqual(DEFAULT_SETTINGS);
      const [[key]] = (await world.projects.keys.keysOf([project.id])) as [[DsnKey]];
      expect(key.publicKey).toMatch(/^[0-9a-f]{32}$/);
      expect(world.projects.keys.dsnOf(key)).toBe(`https://${key.publicKey}@errata.example/sub/${project.id}`);
      expect(world.projects.directory.find(key.publicKey)).toMatchObject({ projectId: project.id, status: 'ACTIVE' });
      expect(world.changedProjects).toEqual([project.id]);
    });

    it('gets a slug of its own when the name is taken, also when several are made at once', async () => {
      const projects = await Promise.all([1, 2, 3].map(() => create({})));
      expect(projects.map((project) => project.slug).sort()).toEqual(['shop', 'shop-2', 'shop-3']);
    });

    it('is refused the slug of another, a bad one, an empty name and a strange platform', async () => {
      await create({ slug: 'mine' });
      expect(expectA(await service.create(admin, { name: 'x', slug: 'mine' }), ConflictRefusal).code).toBe('SLUG_TAKEN');
      const faults: [object, string][] = [
        [{ slug: 'Not a slug' }, 'slug'],
        [{ slug: '' }, 'slug'],
        [{ name: ' ' }, 'name'],
        [{ platform: '<script>' }, 'platform'],
      ];
      for (const [change, field] of faults) {
        expect(expectA(await service.create(admin, { name: 'x', ...change }), ValidationRefusal).field).toBe(field);
      }
      expect(await service.list(SYSTEM)).toHaveLength(1);
    });

    it('is made by administrators, not by a token that is bound to other projects', async () => {
      const operator = await world.person('OPERATOR');
      await expect(service.create(operator.actor, { name: 'x' })).rejects.toEqual(forbidden);
      await expect(service.create(ANONYMOUS, { name: 'x' })).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
      const { user } = await world.person('OWNER');
      const bound = tokenActor(user, { id: 1, name: 'x', scopes: ['projects:write'], projectIds: [1] }, []);
      await expect(service.create(bound, { name: 'x' })).rejects.toEqual(forbidden);
    });
  });

  describe('changing a project', () => {
    it('renames, moves the slug, and changes only the settings named', async () => {
      const { id } = await create({ platform: 'node' });
      const changes = { name: 'Store', slug: 'store', settings: { scrubEmails: true, eventsPerMinute: 60 } };
      expectA(await service.update(admin, String(id), changes), Project);
      expectA(await service.update(admin, String(id), { settings: { sensitiveFields: ['iban'] } }), Project);
      const stored = await service.find(admin, { slug: 'store' });
      expect(stored).toMatchObject({ id, name: 'Store', platform: 'node' });
      expect(stored?.settings).toEqual({
        ...DEFAULT_SETTINGS,
        scrubEmails: true,
        eventsPerMinute: 60,
        sensitiveFields: ['iban'],
      });
      expect(world.projects.directory.project(id)).toMatchObject({ slug: 'store', settings: { eventsPerMinute: 60 } });
      expectA(await service.update(admin, String(id), { platform: null }), Project);
      expect((await service.find(admin, { id: String(id) }))?.platform).toBeNull();
    });

    it('changes nothing when a part is refused', async () => {
      const { id } = await create({});
      await create({ slug: 'other' });
      const before = await service.find(admin, { id: String(id) });
      expectA(await service.update(admin, String(id), { name: 'New', settings: { eventsPerMinute: 0 } }), ValidationRefusal);
      expectA(await service.update(admin, String(id), { name: 'New', slug: 'A B' }), ValidationRefusal);
      expectA(await service.update(admin, String(id), { name: 'New', slug: 'other' }), ConflictRefusal);
      expect(await service.find(admin, { id: String(id) })).toEqual(before);
    });

    it('archives and restores; archived ones are hidden by default, still found, and told to ingestion', async () => {
      const { id } = await create({});
      expectA(await service.setStatus(admin, String(id), 'ARCHIVED'), Project);
      expect(await service.list(admin)).toEqual([]);
      expect((await service.list(admin, true)).map((project) => project.id)).toEqual([id]);
      expect(await service.find(admin, { id: String(id) })).toMatchObject({ status: 'ARCHIVED' });
      expect(world.projects.directory.project(id)?.projectStatus).toBe('ARCHIVED');
      await service.setStatus(admin, String(id), 'ACTIVE');
      expect(await service.list(admin)).toHaveLength(1);
    });

    it('of another is not possible: by role, by a bound token, by a made-up id', async () => {
      const [mine, other] = [await create({ name: 'Mine' }), await create({ name: 'Other' })];
      const { user } = await world.person('OWNER');
      const bound = tokenActor(
        user,
        { id: 1, name: 'x', scopes: ['projects:write', 'projects:read'], projectIds: [mine.id] },
        [],
      );
      expectA(await service.update(bound, String(mine.id), { name: 'Still mine' }), Project);
      expectA(await service.update(bound, String(other.id), { name: 'Taken' }), NotFoundRefusal);
      expectA(await service.setStatus(bound, String(other.id), 'ARCHIVED'), NotFoundRefusal);
      for (const id of ['999999', '0', '-1', 'x', '1;drop table project']) {
        expectA(await service.update(admin, id, { name: 'x' }), NotFoundRefusal);
      }
      const operator = await world.person('OPERATOR', [mine.id]);
      await expect(service.update(operator.actor, String(mine.id), { name: 'x' })).rejects.toEqual(forbidden);
      await expect(service.setStatus(operator.actor, String(mine.id), 'ARCHIVED')).rejects.toEqual(forbidden);
      expect((await service.find(admin, { id: String(other.id) }))?.name).toBe('Other');
    });
  });

  describe('seeing projects', () => {
    it('is for members, and for OWNER and ADMIN all of them', async () => {
      const [a, b] = [await create({ name: 'A' }), await create({ name: 'B' })];
      const names = async (actor: Actor) => (await service.list(actor)).map((project) => project.name);
      const viewer = await world.person('VIEWER', [b.id]);
      const outsider = await world.person('OPERATOR');
      const owner = await world.person('OWNER');
      expect(await names(viewer.actor)).toEqual(['B']);
      expect(await names(outsider.actor)).toEqual([]);
      expect(await names(owner.actor)).toEqual(['A', 'B']);
      expect(await service.find(viewer.actor, { id: String(a.id) })).toBeNull();
      expect(await service.find(viewer.actor, { slug: a.slug })).toBeNull();
      expect(await service.find(viewer.actor, { slug: b.slug })).toMatchObject({ id: b.id });
      expect(await service.find(viewer.actor, { id: String(a.id), slug: b.slug })).toBeNull();
      expect(await service.find(owner.actor, {})).toBeNull();
      await expect(service.list(ANONYMOUS)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
      await expect(service.find(ANONYMOUS, { id: String(a.id) })).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
      expect(await service.projectsByIds([b.id, 999_999, a.id])).toMatchObject([{ id: b.id }, null, { id: a.id }]);
    });

    it('lists environments and releases as they were learnt from events', async () => {
      const [a, b] = [await create({ name: 'A' }), await create({ name: 'B' })];
      const em = db().orm.em.fork();
      await em.insertMany(Environment, [
        { projectId: a.id, name: 'staging', firstSeenAt: START },
        { projectId: a.id, name: 'production', firstSeenAt: START },
      ]);
      const release = (projectId: number, n: number) => ({
        projectId,
        version: `1.0.${n}`,
        firstSeenAt: START,
        lastSeenAt: START + n,
        eventCount: n,
      });
      await em.insertMany(Release, [...Array.from({ length: 9 }, (_, n) => release(a.id, n)), release(b.id, 3)]);
      expect(await service.environmentsOf([b.id, a.id])).toEqual([[], ['production', 'staging']]);
      const [ofA, ofB, none] = await service.releasesOf([a.id, b.id, 999_999], 2);
      expect(ofA).toMatchObject([
        { version: '1.0.8', firstSeen: START, lastSeen: START + 8, eventCount: 8 },
        { version: '1.0.7', eventCount: 7 },
      ]);
      expect(ofB).toMatchObject([{ version: '1.0.3' }]);
      expect(none).toEqual([]);
      expect(await service.releasesOf([a.id], 0)).toEqual([[]]);
      expect(await service.releasesOf([a.id], -5)).toEqual([[]]);
    });
  });

  it('the first project is made once, and its DSN told at every start', async () => {
    const first = await ensureFirstProject(world.projects);
    expect(first).toMatchObject({ slug: 'my-project', created: true });
    expect(first?.dsn).toMatch(new RegExp(`^https://[0-9a-f]{32}@errata\\.example/sub/${first?.projectId}$`));
    expect(await ensureFirstProject(world.projects)).toEqual({ ...first, created: false });
    await service.setStatus(SYSTEM, String(first?.projectId), 'ARCHIVED');
    expect(await ensureFirstProject(world.projects)).toBeNull();
  });
});
