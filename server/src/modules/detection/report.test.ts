import { graphql } from 'graphql';
import { Query, Resolver } from 'type-graphql';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { type AccessWorld, openAccessWorld } from '../../../test/access-world.ts';
import { eachDatabase } from '../../../test/databases.ts';
import { type IngestServer, startIngestServer } from '../../../test/ingest-server.ts';
import { STACK } from '../../../test/otlp-requests.ts';
import { buildGraphqlSchema } from '../../platform/graphql/build.ts';
import type { Actor } from '../access/actor.ts';
import { SYSTEM, tokenActor, userActor } from '../access/actor-for.ts';
import type { Project } from '../projects/project.entity.ts';
import { ReportResolver } from './report.resolver.ts';
import { ReportService } from './report.service.ts';

/** A schema needs a question. */
@Resolver()
class QuestionForTest {
  @Query(() => Boolean)
  there() {
    return true;
  }
}

const MUTATION = `mutation ($input: [ErrorReportInput!]!, $projectId: ID, $slug: String) {
  reportErrors(input: $input, projectId: $projectId, slug: $slug) {
    __typename
    ... on ReportedErrors { accepted results { index eventId outcome reason message field retryAfterSeconds } }
    ... on UserError { code message }
    ... on ValidationRefusal { field }
  }
}`;

eachDatabase((db) => {
  let world: AccessWorld;
  let server: IngestServer;
  let shop: Project;
  let other: Project;
  let ingestOnly: Actor;
  let schema: ReturnType<typeof buildGraphqlSchema>;

  beforeAll(async () => {
    world = openAccessWorld(db());
    await world.projects.directory.start();
    server = await startIngestServer({ clock: world.clock });
    shop = await world.project('Shop');
    other = await world.project('Other');
    await world.projects.directory.settled();
    ingestOnly = tokenActor(
      { id: 1, name: 'ci', role: 'VIEWER' },
      { id: 1, name: 't', scopes: ['events:write'], projectIds: null },
      [shop.id],
    );
    const service = new ReportService({
      sql: db().read,
      clock: world.clock,
      pipeline: server.detection.pipeline,
      directory: world.projects.directory,
    });
    schema = buildGraphqlSchema({
      resolvers: [ReportResolver, QuestionForTest],
      container: new Map<unknown, unknown>([
        [ReportResolver, new ReportResolver(service)],
        [QuestionForTest, new QuestionForTest()],
      ]) as never,
    });
  });
  beforeEach(async () => {
    await server.outcomes();
    server.log.records.length = 0;
  });
  afterAll(async () => {
    await world.projects.directory.close();
    await server.close();
  });

  async function report(
    input: unknown,
    target: object = { slug: shop.slug },
    actor = ingestOnly,
  ): Promise<Record<string, never>> {
    const contextValue = { ...world.context(actor), userAgent: 'errata-cli/0.1.0 (linux)' };
    const result = await graphql({ schema, source: MUTATION, variableValues: { input, ...target }, contextValue });
    if (result.errors?.[0]) throw result.errors[0].originalError ?? result.errors[0];
    return JSON.parse(JSON.stringify(result.data?.['reportErrors']));
  }

  it('reports with everything that can be told become events', async () => {
    const answer = await report([
      {
        stack: STACK,
        level: 'FATAL',
        timestamp: '2025-12-31T23:00:00Z',
        environment: 'production',
        release: 'shop@1',
        serverName: 'w1',
        transaction: 'POST /checkout',
        tags: { plan: 'gold' },
        user: { id: '7', ipAddress: '203.0.113.9' },
        request: { url: 'https://shop.example.com/', method: 'post', queryString: 'a=b', headers: { Accept: '*/*' } },
        contexts: { order: { id: 9 } },
        extra: { attempt: 2 },
        fingerprint: ['payments'],
        breadcrumbs: [{ message: 'clicked', category: 'ui', data: { x: 1 } }],
        eventId: '5E3B1F2A-0000-4000-8000-00000000000A',
      },
      {
        type: 'Slow',
        message: 'too slow',
        frames: [{ function: 'main', filename: 'a.py', line: 3, column: 1, inApp: true, context: 'x()' }],
        platform: 'python',
      },
      { message: 'only words' },
    ]);
    expect(answer).toMatchObject({
      __typename: 'ReportedErrors',
      accepted: 3,
      results: [
        { index: 0, outcome: 'ACCEPTED', reason: null, field: null, eventId: '5e3b1f2a00004000800000000000000a' },
        {},
        {},
      ],
    });
    expect(server.events()).toMatchObject([
      {
        source: 'graphql',
        level: 'fatal',
        platform: 'node',
        occurredAt: Date.parse('2025-12-31T23:00:00Z'),
        environment: 'production',
        release: 'shop@1',
        serverName: 'w1',
        transaction: 'POST /checkout',
        user: { id: '7', ipAddress: '203.0.113.9' },
        request: { method: 'POST', queryString: 'a=b', headers: [['Accept', '*/*']] },
        contexts: { order: { id: 9 } },
        extra: { attempt: 2 },
        fingerprint: ['payments'],
        breadcrumbs: [{ message: 'clicked' }],
        exceptions: [{ type: 'PaymentError', value: 'card refused' }],
        sdk: { name: 'errata-cli', version: '0.1.0' },
      },
      {
        platform: 'python',
        exceptions: [{ type: 'Slow', frames: [{ function: 'main', line: 3, column: 1, inApp: true, context: 'x()' }] }],
      },
      { message: 'only words', level: 'error' },
    ]);
    expect(server.log.records.flatMap((record) => (record.kind === 'event' ? [record.item] : []))).toEqual(
      Array(3).fill('graphql'),
    );
  });

  it('what is wrong with one does not hurt the others; it is told where', async () => {
    const { accepted, results } = (await report([
      {},
      { message: 'm' },
      { message: 'm', timestamp: 'then' },
      { message: 'm', level: 'loud' },
    ])) as unknown as {
      accepted: number;
      results: object[];
    };
    expect(accepted).toBe(1);
    expect(results).toMatchObject([
      { index: 0, outcome: 'INVALID', reason: 'empty', field: 'input.0.message', eventId: null },
      { index: 1, outcome: 'ACCEPTED' },
      {
        index: 2,
        outcome: 'INVALID',
        reason: 'timestamp',
        field: 'input.2.timestamp',
        message: expect.stringContaining('ISO 8601'),
      },
      { index: 3, outcome: 'INVALID', reason: 'level', field: 'input.3.level' },
    ]);
    expect(await server.outcomes()).toEqual({
      'graphql invalid empty': 1,
      'graphql invalid timestamp': 1,
      'graphql invalid level': 1,
    });
  });

  it('a thousand at once, and no more', async () => {
    const input = Array.from({ length: 1_001 }, (_, i) => ({ message: `m ${i}` }));
    expect(await report(input.slice(1))).toMatchObject({ accepted: 1_000 });
    expect(await report(input)).toMatchObject({ __typename: 'ValidationRefusal', code: 'TOO_MANY', field: 'input' });
    expect(await report([])).toMatchObject({ code: 'REQUIRED', field: 'input' });
    expect(await server.outcomes()).toEqual({ 'graphql invalid too_many': 1_001 });
  });

  it('a disk that refuses is told, with when to try again', async () => {
    server.log.failing = true;
    expect(await report([{ message: 'm' }])).toMatchObject({
      accepted: 0,
      results: [{ outcome: 'FAILED', reason: 'disk', retryAfterSeconds: 30 }],
    });
    server.log.failing = false;
  });

  it('by id or slug; what is out of sight does not exist; an archived project takes nothing', async () => {
    const one = [{ message: 'm' }];
    expect(await report(one, { projectId: String(shop.id) })).toMatchObject({ accepted: 1 });
    expect(await report(one, {})).toMatchObject({ __typename: 'ValidationRefusal', code: 'REQUIRED' });
    for (const target of [
      { slug: other.slug },
      { projectId: String(other.id) },
      { slug: 'none' },
      { projectId: '-1' },
      { projectId: 'x' },
    ])
      expect(await report(one, target)).toMatchObject({ __typename: 'NotFoundRefusal' });
    expect(await report(one, { slug: other.slug }, SYSTEM)).toMatchObject({ accepted: 1 });
    await world.projects.projects.setStatus(SYSTEM, String(other.id), 'ARCHIVED');
    await world.projects.directory.settled();
    expect(await report(one, { slug: other.slug }, SYSTEM)).toMatchObject({
      __typename: 'ConflictRefusal',
      code: 'PROJECT_ARCHIVED',
    });
  });

  it('a project that another process has just made is found', async () => {
    await db().write.run(
      "insert into project (slug, name, status, settings, created_at) select 'made-elsewhere', 'M', status, settings, created_at from project where id = ?",
      [shop.id],
    );
    expect(await report([{ message: 'm' }], { slug: 'made-elsewhere' }, SYSTEM)).toMatchObject({ accepted: 1 });
  });

  it('nobody without events:write', async () => {
    const scopeless = tokenActor(
      { id: 1, name: 'ci', role: 'OWNER' },
      { id: 1, name: 't', scopes: ['errors:write'], projectIds: null },
      [],
    );
    await expect(report([{ message: 'm' }], { slug: shop.slug }, scopeless)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    expect(
      await report([{ message: 'm' }], { slug: shop.slug }, userActor({ id: 3, name: 'v', role: 'VIEWER' }, [shop.id])),
    ).toMatchObject({ accepted: 1 });
  });
});
