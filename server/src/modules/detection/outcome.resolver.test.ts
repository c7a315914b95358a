import { graphql } from 'graphql';
import { Arg, ID, Query, Resolver } from 'type-graphql';
import { beforeAll, expect, it } from 'vitest';
import { eachDatabase } from '../../../test/databases.ts';
import { HOUR, makeProject, NOW } from '../../../test/factories.ts';
import { fixedClock } from '../../platform/clock.ts';
import { buildGraphqlSchema } from '../../platform/graphql/build.ts';
import { userActor } from '../access/actor-for.ts';
import { ProjectType } from '../projects/project.types.ts';
import { ProjectOutcomesResolver } from './outcome.resolver.ts';

@Resolver(() => ProjectType)
class ProjectsForTest {
  @Query(() => [ProjectType])
  some(@Arg('ids', () => [ID]) ids: string[]) {
    return ids.map((id) => ({ id: Number(id) }));
  }
}

const QUERY = `query ($ids: [ID!]!, $from: DateTimeISO, $to: DateTimeISO) {
  some(ids: $ids) { outcomes(from: $from, to: $to) { hour item outcome reason sdk quantity } }
}`;

eachDatabase((db) => {
  let ids: number[];
  let ask: (ids: number[], variables?: object, memberOf?: number[]) => Promise<unknown>;

  beforeAll(async () => {
    ids = [await makeProject(db().write), await makeProject(db().write)];
    const [first, second] = ids as [number, number];
    const row = (
      projectId: number,
      hour: number,
      keyId: number,
      item: string,
      outcome: string,
      reason: string,
      quantity: number,
    ) =>
      db().write.run(
        'insert into ingest_outcome (project_id, hour, key_id, item, outcome, reason, sdk, quantity) values (?, ?, ?, ?, ?, ?, ?, ?)',
        [projectId, hour, keyId, item, outcome, reason, 'sdk/1', quantity],
      );
    await row(first, NOW, 1, 'event', 'accepted', '', 5);
    await row(first, NOW, 2, 'event', 'accepted', '', 7);
    await row(first, NOW, 1, 'session', 'unsupported', 'no_room', 3_000_000_000);
    await row(first, NOW - 30 * HOUR, 1, 'event', 'rate_limited', 'key_quota', 2);
    await row(second, NOW - HOUR, 3, 'error', 'filtered', 'sdk:sample_rate', 9);
    const resolver = new ProjectOutcomesResolver({ sql: db().read, clock: fixedClock(NOW + 60_000) });
    const schema = buildGraphqlSchema({
      resolvers: [ProjectOutcomesResolver, ProjectsForTest],
      container: new Map<unknown, unknown>([
        [ProjectOutcomesResolver, resolver],
        [ProjectsForTest, new ProjectsForTest()],
      ]) as never,
    });
    ask = async (projectIds, variables = {}, memberOf = ids) => {
      const actor = userActor({ id: 1, name: 'a', role: 'VIEWER' }, memberOf);
      const contextValue = { actor, ip: '', userAgent: null, loaders: new Map(), sessionId: null };
      const result = await graphql({ schema, source: QUERY, variableValues: { ids: projectIds, ...variables }, contextValue });
      if (result.errors?.[0]) throw result.errors[0].originalError ?? result.errors[0];
      return JSON.parse(JSON.stringify(result.data?.['some'])).map((p: { outcomes: unknown }) => p.outcomes);
    };
  });

  const at = (ms: number) => new Date(ms).toISOString();

  it('the last 24 hours of each project, its keys summed', async () => {
    expect(await ask(ids)).toEqual([
      [
        { hour: at(NOW), item: 'session', outcome: 'UNSUPPORTED', reason: 'no_room', sdk: 'sdk/1', quantity: 2 ** 31 - 1 },
        { hour: at(NOW), item: 'event', outcome: 'ACCEPTED', reason: '', sdk: 'sdk/1', quantity: 12 },
      ],
      [{ hour: at(NOW - HOUR), item: 'error', outcome: 'FILTERED', reason: 'sdk:sample_rate', sdk: 'sdk/1', quantity: 9 }],
    ]);
  });

  it("a span of one's own", async () => {
    const span = { from: at(NOW - 29.5 * HOUR), to: at(NOW) };
    expect(await ask([ids[0]!], span)).toMatchObject([[{ hour: at(NOW - 30 * HOUR), outcome: 'RATE_LIMITED', quantity: 2 }]]);
  });

  it('a senseless span and a project out of sight are refused', async () => {
    await expect(ask(ids, { from: at(NOW), to: at(NOW) })).rejects.toMatchObject({ code: 'BAD_INPUT' });
    await expect(ask(ids, { from: at(NOW - 100 * 24 * HOUR), to: at(NOW) })).rejects.toMatchObject({ code: 'BAD_INPUT' });
    await expect(ask(ids, {}, [ids[0]!])).rejects.toMatchObject({ code: expect.stringMatching(/FORBIDDEN|NOT_FOUND/) });
  });
});
