import { beforeEach, describe, expect, it } from 'vitest';
import { type AccessWorld, expectA, openAccessWorld } from '../../../test/access-world.ts';
import { eachDatabase } from '../../../test/databases.ts';
import { ConflictRefusal, NotFoundRefusal, ValidationRefusal } from '../../platform/graphql/refusals.ts';
import type { Actor } from '../access/actor.ts';
import { SYSTEM, tokenActor } from '../access/actor-for.ts';
import { fullDefinition, type PatternDefinition } from '../analysis/patterns/definition.ts';
import { Pattern } from './pattern.entity.ts';
import { definitionOf } from './pattern-definition.ts';
import { PatternRefusal, YamlRefusal } from './pattern-refusal.ts';
import type { Project } from './project.entity.ts';

eachDatabase((db) => {
  let world: AccessWorld;
  let project: Project;
  let admin: Actor;
  let changed: number[];
  beforeEach(async () => {
    world = openAccessWorld(db());
    project = await world.project();
    admin = (await world.person('ADMIN')).actor;
    await world.projects.patternDirectory.refresh();
    changed = [];
    world.bus.subscribe('patternsChanged', ({ projectId }) => void changed.push(projectId));
  });
  const service = () => world.projects.patterns;
  const directory = () => world.projects.patternDirectory;
  const id = () => String(project.id);
  const draft = (given: Partial<PatternDefinition> = {}) =>
    fullDefinition({ name: 'Billing', expression: '^BILL %{WORD:what}', ...given });
  const create = async (given: Partial<PatternDefinition> = {}, position?: number) =>
    expectA(await service().create(admin, id(), draft(given), position), Pattern);
  const names = async () => (await service().patternsOf([project.id]))[0]!.map(({ name }) => name);

  it('a pattern is made, found by watchers at once, changed and deleted', async () => {
    const made = await create({ name: '  Billing  service ', tags: { team: 'a' } });
    expect(made).toMatchObject({ name: 'Billing service', position: 0, enabled: true });
    const before = directory().patternsOf(project.id);
    expect(before.start('BILL late')).toMatchObject({
      pattern: { id: String(made.id), tags: { team: 'a' } },
      fields: { what: 'late' },
    });
    expect(changed).toEqual([project.id]);

    await directory().refresh();
    expect(directory().patternsOf(project.id)).toBe(before);

    const update = await service().update(admin, String(made.id), draft({ expression: '^PAY', level: 'fatal' }), made.updatedAt);
    expect(expectA(update, Pattern).updatedAt).toBeGreaterThan(made.createdAt);
    expect(directory().patternsOf(project.id).start('BILL late')).toBeUndefined();
    expect(directory().patternsOf(project.id).start('PAY')?.pattern.level).toBe('fatal');

    expectA(await service().setEnabled(admin, String(made.id), false), Pattern);
    expect(directory().patternsOf(project.id).size).toBe(0);
    expect(directory().definitionsOf(project.id)).toMatchObject([{ enabled: false, expression: '^PAY' }]);

    const gone = expectA(await service().delete(admin, String(made.id)), Pattern);
    expect(definitionOf(gone)).toMatchObject({ name: 'Billing', expression: '^PAY', enabled: false });
    expect(directory().definitionsOf(project.id)).toEqual([]);
    expect(directory().versionOf(project.id)).toBe('');
    expect(changed).toHaveLength(4);
  });

  it('a change that began from an older state is refused', async () => {
    const made = await create();
    const based = made.updatedAt;
    expectA(await service().update(admin, String(made.id), draft({ description: 'mine' }), based), Pattern);
    const refusal = await service().update(admin, String(made.id), draft({ description: 'his' }), based);
    expect(expectA(refusal, ConflictRefusal).code).toBe('CHANGED_SINCE');
    expect(directory().definitionsOf(project.id)[0]?.description).toBe('mine');
  });

  it('what does not hold is refused with every fault and its place', async () => {
    const refusal = expectA(
      await service().create(admin, id(), draft({ name: '', expression: 'a(', maxLines: 0 })),
      PatternRefusal,
    );
    expect(refusal.faults).toEqual([
      expect.objectContaining({ field: 'name', code: 'REQUIRED' }),
      expect.objectContaining({ field: 'maxLines', code: 'OUT_OF_RANGE' }),
      expect.objectContaining({ field: 'expression', code: 'INVALID_EXPRESSION', position: 1, length: 1 }),
    ]);
    expect(expectA(await service().create(admin, id(), draft({ name: 'x'.repeat(81) })), PatternRefusal).faults[0]).toMatchObject(
      {
        field: 'name',
        code: 'TOO_LONG',
      },
    );
    await create();
    expect(expectA(await service().create(admin, id(), draft()), ConflictRefusal).code).toBe('NAME_TAKEN');
    const second = await create({ name: 'Second' });
    expect(expectA(await service().update(admin, String(second.id), draft()), ConflictRefusal).code).toBe('NAME_TAKEN');
    expect(await names()).toEqual(['Billing', 'Second']);
  });

  it('patterns stand in an order, and the first that matches has the line', async () => {
    const [a, b] = [await create({ name: 'a', expression: 'x' }), await create({ name: 'b', expression: 'x' })];
    const c = await create({ name: 'c', expression: 'x' }, 1);
    expect(await names()).toEqual(['a', 'c', 'b']);
    expect(directory().patternsOf(project.id).start('x')?.pattern.name).toBe('a');
    const ids = [b, a, c].map((pattern) => String(pattern.id));
    expect(await service().reorder(admin, id(), ids)).toMatchObject([
      { name: 'b', position: 0 },
      { position: 1 },
      { position: 2 },
    ]);
    expect(directory().patternsOf(project.id).start('x')?.pattern.name).toBe('b');
    for (const wrong of [ids.slice(1), [...ids, ids[0]!], ['1', '2', 'x'], []])
      expect(expectA(await service().reorder(admin, id(), wrong), ConflictRefusal).code).toBe('CHANGED_SINCE');
    await service().delete(admin, String(b.id));
    expect((await service().patternsOf([project.id]))[0]!.map(({ name, position }) => [name, position])).toEqual([
      ['a', 0],
      ['c', 1],
    ]);
  });

  it('ready-made ones are copied; those that ignore lines come first, a taken name gets a number', async () => {
    await create();
    const copies = (await service().copyFromLibrary(admin, id(), [
      'postgresql',
      'ignore-health-checks',
      'postgresql',
    ])) as Pattern[];
    expect(copies).toHaveLength(2);
    await service().copyFromLibrary(admin, id(), ['postgresql']);
    expect(await names()).toEqual(['Ignore: health checks', 'Billing', 'PostgreSQL: errors', 'PostgreSQL: errors 2']);
    for (const keys of [[], ['nope'], ['postgresql', 'nope']])
      expect(expectA(await service().copyFromLibrary(admin, id(), keys), ValidationRefusal).code).toBe('UNKNOWN_PATTERN');
  });

  it('there are at most two hundred', async () => {
    const yaml = `patterns:\n${Array.from({ length: 200 }, (_, i) => `- {name: n${i}, regex: x}`).join('\n')}`;
    await service().import(admin, id(), yaml, 'REPLACE', false);
    expect(expectA(await service().create(admin, id(), draft()), ValidationRefusal).code).toBe('TOO_MANY');
    expect(expectA(await service().copyFromLibrary(admin, id(), ['redis']), ValidationRefusal).code).toBe('TOO_MANY');
    const one = 'patterns:\n- {name: more, regex: x}';
    expect(expectA(await service().import(admin, id(), one, 'MERGE', true), ValidationRefusal).code).toBe('TOO_MANY');
  });

  describe('YAML', () => {
    const yaml = `patterns:
  - {name: c, grok: 'C', level: fatal}
  - {name: a, grok: 'changed'}
`;
    beforeEach(async () => {
      await create({ name: 'a', expression: 'A' });
      await create({ name: 'b', expression: 'B' });
    });

    it('goes out and comes in again as nothing new', async () => {
      const plan = await service().import(admin, id(), await service().toYaml(project.id), 'REPLACE', true);
      expect(plan).toMatchObject({
        reordered: false,
        changes: [
          { action: 'KEEP', name: 'a' },
          { action: 'KEEP', name: 'b' },
        ],
      });
    });

    it('merging keeps the others; the preview changes nothing', async () => {
      const changes = [
        { action: 'ADD', name: 'c', parts: [] },
        { action: 'CHANGE', name: 'a', parts: ['expression'] },
        { action: 'KEEP', name: 'b', parts: [] },
      ];
      expect(await service().import(admin, id(), yaml, 'MERGE', true)).toMatchObject({ changes });
      expect(await names()).toEqual(['a', 'b']);
      expect(await service().import(admin, id(), yaml, 'MERGE', false)).toMatchObject({ changes });
      expect(await names()).toEqual(['a', 'b', 'c']);
      expect(
        directory()
          .definitionsOf(project.id)
          .map(({ expression }) => expression),
      ).toEqual(['changed', 'B', 'C']);
    });

    it('replacing makes the set that of the file, keeping ids of those that stay', async () => {
      const [before] = (await service().patternsOf([project.id]))[0]!;
      const plan = await service().import(admin, id(), yaml, 'REPLACE', false);
      expect(plan).toMatchObject({ changes: [{ action: 'ADD' }, { action: 'CHANGE' }, { action: 'REMOVE', name: 'b' }] });
      expect((await service().patternsOf([project.id]))[0]).toMatchObject([{ name: 'c' }, { name: 'a', id: before!.id }]);
    });

    it('two that change places by name are taken over', async () => {
      const swapped = "patterns:\n- {name: b, grok: 'B'}\n- {name: a, grok: 'A'}\n";
      expect(await service().import(admin, id(), swapped, 'REPLACE', false)).toMatchObject({ reordered: true });
      expect(await names()).toEqual(['b', 'a']);
    });

    it('what is wrong is said by lines, and nothing of it is taken', async () => {
      const refusal = await service().import(admin, id(), `${yaml}  - {name: d, grok: '('}\n`, 'MERGE', false);
      expect(expectA(refusal, YamlRefusal)).toMatchObject({
        message: expect.stringMatching(/^Line 4: grok: /),
        faults: [{ line: 4 }],
      });
      expect(await names()).toEqual(['a', 'b']);
    });
  });

  it('other projects and other people are kept out', async () => {
    const other = await world.project();
    const his = expectA(await service().create(SYSTEM, String(other.id), draft()), Pattern);
    const { user } = await world.person('OWNER');
    const bound = tokenActor(user, { id: 1, name: 'x', scopes: ['projects:write'], projectIds: [project.id] }, []);
    const all = (actor: Actor, projectId: string, patternId: string) => [
      () => service().create(actor, projectId, draft({ name: 'n' })),
      () => service().update(actor, patternId, draft()),
      () => service().setEnabled(actor, patternId, false),
      () => service().delete(actor, patternId),
      () => service().reorder(actor, projectId, []),
      () => service().copyFromLibrary(actor, projectId, ['redis']),
      () => service().import(actor, projectId, 'patterns: []', 'REPLACE', false),
    ];
    for (const attempt of all(bound, String(other.id), String(his.id))) expectA(await attempt(), NotFoundRefusal);
    for (const unknown of ['999999', 'x', ''])
      for (const attempt of all(SYSTEM, unknown, unknown)) expectA(await attempt(), NotFoundRefusal);
    const operator = (await world.person('OPERATOR', [other.id])).actor;
    for (const attempt of all(operator, String(other.id), String(his.id)))
      await expect(attempt()).rejects.toMatchObject({ code: 'FORBIDDEN' });
    expect(directory().definitionsOf(other.id)).toHaveLength(1);
  });

  it('what another process changed is learnt of at the next look', async () => {
    const made = await create();
    const elsewhere = openAccessWorld(db());
    await elsewhere.projects.patterns.update(SYSTEM, String(made.id), draft({ expression: 'ELSEWHERE' }));
    expect(directory().patternsOf(project.id).start('ELSEWHERE')).toBeUndefined();
    await directory().refresh();
    expect(directory().patternsOf(project.id).start('ELSEWHERE')).toBeDefined();
  });
});
