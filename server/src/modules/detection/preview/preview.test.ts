import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type AccessWorld, expectA, openAccessWorld } from '../../../../test/access-world.ts';
import { openTestDatabase, type TestDatabase } from '../../../../test/databases.ts';
import { NotFoundRefusal, ValidationRefusal } from '../../../platform/graphql/refusals.ts';
import type { Actor } from '../../access/actor.ts';
import { SYSTEM } from '../../access/actor-for.ts';
import { fullDefinition, type PatternDefinition } from '../../analysis/patterns/definition.ts';
import { Pattern } from '../../projects/pattern.entity.ts';
import { PatternRefusal } from '../../projects/pattern-refusal.ts';
import type { Project } from '../../projects/project.entity.ts';
import { PatternPreview, type PreviewOutcome } from './pattern-preview.service.ts';
import { PreviewThread } from './preview-thread.ts';
import { previewPattern } from './preview-work.ts';

const definition = (given: Partial<PatternDefinition>) =>
  fullDefinition({ id: 'draft', name: 'Draft', expression: '^BILL', ...given });
const run = (lines: readonly string[], ...definitions: PatternDefinition[]) =>
  previewPattern({ definitions, draftId: 'draft', lines, countOnly: false }, () => false);
const TEXT = [
  '2026-11-22T10:00:00Z INFO up',
  'BILL 7: no card',
  '  again',
  'fine',
  'BILL 8: ü late',
  '2026-11-22T10:00:01Z ERROR disk is full',
];

describe('trying a pattern', () => {
  it('shows hits with their lines, fields, and what they would be without it', () => {
    const result = run(
      TEXT,
      definition({
        expression: '^BILL %{INT:bill}: %{GREEDYDATA:message}',
        level: 'warning',
        continuation: { mode: 'indented', expression: null },
      }),
    );
    expect(result).toMatchObject({ lineCount: 6, hitCount: 2, hitLineCount: 3, complete: true });
    expect(result.lines).toEqual([
      expect.objectContaining({
        line: 1,
        start: 0,
        end: 15,
        takenBy: null,
        spans: [
          { name: 'bill', start: 5, end: 6 },
          { name: 'message', start: 8, end: 15 },
        ],
      }),
      expect.objectContaining({ line: 4 }),
    ]);
    expect(result.hits[0]).toMatchObject({
      first: 1,
      last: 2,
      title: 'no card',
      level: 'warning',
      ignored: false,
      fields: [
        { name: 'bill', value: '7', target: 'tag:bill' },
        { name: 'message', value: 'no card', target: 'message' },
      ],
      event: { level: 'warning', tags: { bill: '7', pattern: 'Draft' } },
      instead: [],
    });
    expect(result.hits[1]).toMatchObject({ first: 4, last: 4, title: 'ü late' });
  });

  it('an ignored line is shown as a hit, and the event it would have been', () => {
    const [hit] = run(TEXT, definition({ expression: 'disk is full', level: 'ignore' })).hits;
    expect(hit).toMatchObject({
      first: 5,
      ignored: true,
      level: 'ignore',
      instead: [{ first: 5, last: 5, level: 'error', pattern: null }],
    });
  });

  it('says which pattern before it has the line', () => {
    const first = fullDefinition({ id: '1', name: 'First', expression: 'no card' });
    const result = run(TEXT, first, definition({}));
    expect(result).toMatchObject({ hitCount: 1, matchCount: 2 });
    expect(result.lines).toMatchObject([
      { line: 1, takenBy: 'First' },
      { line: 4, takenBy: null },
    ]);
  });

  it('stops when told, with what it has', () => {
    const lines = Array.from({ length: 5_000 }, (_, i) => `BILL ${i}`);
    let asked = 0;
    const result = previewPattern({ definitions: [definition({})], draftId: 'draft', lines, countOnly: true }, () => ++asked > 4);
    expect(result).toMatchObject({ lineCount: 100, hitCount: 100, complete: false, hits: [], lines: [] });
  });
});

describe('the thread', () => {
  const thread = new PreviewThread({ log: { error: () => undefined } as never });
  afterAll(() => thread.close());
  const job = (lines: string[], expression = '^BILL') => ({
    definitions: [definition({ expression })],
    draftId: 'draft',
    lines,
    countOnly: true,
  });

  it('answers; a newer try takes the place of an older one', async () => {
    const many = Array.from({ length: 40_000 }, (_, i) => `${i} nothing`);
    const older = thread.run('ann', job(many));
    const waiting = thread.run('ann', job(many));
    const newer = thread.run('ann', job(['BILL', 'x']));
    const others = thread.run('bob', job(['x']));
    expect(await older).toBe('superseded');
    expect(await waiting).toBe('superseded');
    expect(await newer).toMatchObject({ hitCount: 1, lineCount: 2, complete: true });
    expect(await others).toMatchObject({ hitCount: 0 });
  });

  it('is bounded in time for the worst expression and lines', async () => {
    const lines = Array.from({ length: 3_000 }, () => `x BILL ${'ab'.repeat(2_000)}`);
    for (const countOnly of [true, false]) {
      const order = { ...job(lines, 'BILL (.*)(.*)(.*)(.*)[ab]{300}'), countOnly };
      expect(await thread.run('ann', order, 100)).toMatchObject({ complete: false });
    }
  }, 30_000);

  it('looks at the watch for every long line', () => {
    const lines = Array.from({ length: 50 }, (_, i) => `BILL ${i} ${'x'.repeat(4_000)}`);
    const shares: number[] = [];
    const stop = (share: number) => shares.push(share) > 3;
    expect(previewPattern({ ...job(lines), lines, countOnly: false }, stop)).toMatchObject({
      lineCount: 3,
      complete: false,
      hits: [{ first: 0 }],
      lines: [],
    });
    expect(shares).toEqual([0.5, 0.5, 0.5, 0.5, 0.7, 0.8, 0.9, 1]);
  });
});

describe('the service', () => {
  let db: TestDatabase;
  let world: AccessWorld;
  let project: Project;
  let admin: Actor;
  let preview: PatternPreview;
  beforeAll(async () => {
    db = await openTestDatabase('sqlite');
  });
  afterAll(async () => {
    await preview.close();
    await db.close();
  });
  beforeEach(async () => {
    await preview?.close();
    world = openAccessWorld(db);
    project = await world.project();
    admin = (await world.person('ADMIN')).actor;
    const { projects, patternDirectory: directory } = world.projects;
    preview = new PatternPreview({ directory, projects, clock: world.clock, log: world.log });
  });
  const request = (given: object = {}) => ({
    projectId: String(project.id),
    draft: definition({ name: '' }),
    patternId: null,
    text: TEXT.join('\r\n'),
    sourceId: null,
    ...given,
  });
  const answered = (result: unknown) => result as PreviewOutcome;

  it('tries a draft without a name among the patterns of the project', async () => {
    const first = await world.projects.patterns.create(
      SYSTEM,
      String(project.id),
      fullDefinition({ name: 'First', expression: 'no card' }),
    );
    const result = answered(await preview.test(admin, request()));
    expect(result).toMatchObject({ captures: [], recorded: null, pasted: { hitCount: 1, lines: [{ takenBy: 'First' }, {}] } });
    const inPlace = answered(await preview.test(admin, request({ patternId: String(expectA(first, Pattern).id) })));
    expect(inPlace.pasted?.hitCount).toBe(2);
  });

  it('refuses with the place of the fault, and what is too long', async () => {
    const broken = expectA(await preview.test(admin, request({ draft: definition({ expression: 'a(' }) })), PatternRefusal);
    expect(broken.faults).toMatchObject([{ field: 'expression', position: 1 }]);
    expect(expectA(await preview.test(admin, request({ text: '\n'.repeat(3_000) })), ValidationRefusal).code).toBe('TOO_LONG');
    expectA(await preview.test(admin, request({ projectId: '99999' })), NotFoundRefusal);
  });

  it('counts over the recorded lines of the last day, for those who may read them', async () => {
    expectA(await preview.test(admin, request({ sourceId: '5' })), NotFoundRefusal);
    const asked: unknown[] = [];
    preview.useRecordedLines({
      async recentLines(_, sourceId, options) {
        asked.push([sourceId, options]);
        return ['BILL 1', 'x', 'BILL 2'];
      },
    });
    const result = answered(await preview.test(admin, request({ text: null, sourceId: '5' })));
    const sinceAt = world.clock.now() - 24 * 3_600_000;
    expect(result).toMatchObject({ pasted: null, recorded: { sinceAt, lineCount: 3, hitCount: 2, complete: true } });
    expect(asked).toEqual([['5', { sinceAt, limit: 50_000 }]]);
    expect(await preview.recentLines(admin, String(project.id), '5')).toHaveLength(3);
    const viewer = (await world.person('VIEWER', [project.id])).actor;
    expect(answered(await preview.test(viewer, request())).pasted?.hitCount).toBe(2);
    await expect(preview.test(viewer, request({ sourceId: '5' }))).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(preview.recentLines(viewer, String(project.id), '5')).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });
});
