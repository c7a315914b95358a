import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eachDatabase } from '../../../test/databases.ts';
import { type ErrorsWorld, errorsWorld, somebody } from '../../../test/errors-world.ts';
import { anEvent, makeActivity, makeError, makeEvents, makeProject, NOW } from '../../../test/factories.ts';
import type { EventFact } from './facts.ts';
import type { LiveErrorsService } from './live.service.ts';
import { factFilter } from './live-filter.ts';

const admin = somebody('ADMIN');
const FACT: EventFact = {
  id: 1,
  eventId: 'a'.repeat(32),
  groupId: 10,
  projectId: 1,
  isNew: false,
  isRegression: false,
  title: 'TypeError: cart is empty',
  culprit: 'total in app/cart.js',
  level: 'error',
  environment: 'production',
  release: '1.2.0',
  timestamp: NOW,
  receivedAt: NOW,
};

describe('what a subscription shows', () => {
  const slugs = new Map([[1, 'web-shop']]);
  it.each<[string, Parameters<typeof factFilter>[1], Partial<EventFact>, boolean]>([
    ['everything', null, {}, true],
    ['its project', { projectIds: ['1'] }, {}, true],
    ['not another', { projectIds: ['2'] }, {}, false],
    ['its level', { level: ['fatal', 'error'] }, {}, true],
    ['not another', { level: ['fatal'] }, {}, false],
    ['its environment', { environment: ['production'] }, {}, true],
    ['not one without', { environment: ['production'] }, { environment: null }, false],
    ['its release', { release: ['1.2.0'] }, {}, true],
    ['not another', { release: ['1.2'] }, {}, false],
    ['all its words', { text: 'EMPTY cart.js' }, {}, true],
    ['not some of them', { text: 'empty full' }, {}, false],
    ['times inside', { seenFrom: new Date(NOW), seenTo: new Date(NOW + 1) }, {}, true],
    ['not before', { seenFrom: new Date(NOW + 1) }, {}, false],
    ['not after', { seenTo: new Date(NOW) }, {}, false],
    ['whatever the status', { status: ['RESOLVED'], assignee: ['none'] }, {}, true],
  ])('%s', (_, filter, change, shown) => expect(factFilter(admin, filter)({ ...FACT, ...change })).toBe(shown));

  it.each<[string, Partial<EventFact>, boolean]>([
    ['cart*empty', {}, true],
    ['empty*cart', {}, true], // cart stands in the culprit too
    ['!cart', {}, false],
    ['level:fatal', {}, false],
    ['level:[fatal,error] env:prod*', {}, true],
    ['env:prod', {}, false],
    ['project:web-*', {}, true],
    ['!project:web-shop', {}, false],
    ['release:1.2.0', {}, true],
    ['is:new', {}, false],
    ['is:new', { isNew: true }, true],
    ['is:[new,regressed]', { isRegression: true }, true],
    ['has:environment !has:release', { release: null }, true],
    ['title:"is empty" culprit:app/', {}, true],
    ['culprit:app/', { culprit: null }, false],
  ])('query %s', (query, change, shown) => expect(factFilter(admin, null, query, slugs)({ ...FACT, ...change })).toBe(shown));

  it.each(['is:resolved', 'assigned:me', 'timesSeen:>3', 'customer:acme', 'type:TypeError', 'is:broken'])(
    'refuses the query %s',
    (query) => {
      expect(() => factFilter(admin, null, query)).toThrow(expect.objectContaining({ code: 'BAD_INPUT' }));
    },
  );

  it('nothing of projects out of sight', () => {
    expect(factFilter(somebody('VIEWER', [2]), null)(FACT)).toBe(false);
    expect(factFilter(somebody('VIEWER', [1]), null)(FACT)).toBe(true);
  });
});

eachDatabase((db) => {
  describe('live', () => {
    let world: ErrorsWorld;
    let shop: number;
    let error: number;
    let gone: number;
    let ids: number[];
    const FIRST = 'a'.repeat(32);
    const BACK = 'b'.repeat(32);

    beforeAll(async () => {
      world = await errorsWorld(db());
      const sql = db().write;
      shop = await makeProject(sql, { slug: 'shop' });
      error = await makeError(sql, { projectId: shop, title: 'cart broke' });
      gone = await makeError(sql, { projectId: shop, title: 'deleted', deletedAt: 1 });
      ids = await makeEvents(sql, { projectId: shop, groupId: error }, [
        { eventId: FIRST, transaction: 'GET /' },
        { level: 'fatal', exceptions: [], message: 'out of memory', environment: 'production', release: '1' },
        { eventId: BACK },
      ]);
      await makeEvents(sql, { projectId: shop, groupId: gone }, [{}]);
      await makeActivity(sql, { groupId: error, kind: 'created', data: { eventId: FIRST } });
      await makeActivity(sql, { groupId: error, kind: 'regressed', data: { from: 'RESOLVED', eventId: BACK } });
    });
    afterAll(() => world.close());

    const replayed = async (asked: Parameters<LiveErrorsService['received']>[1], actor = admin) => {
      const { options } = await world.live.received(actor, asked);
      const facts: EventFact[] = [];
      for await (const fact of options.replay?.(options.after ?? 0) ?? []) facts.push(fact);
      return facts;
    };

    it('replays what came since, as it was told when it was new', async () => {
      const facts = await replayed({ after: '0' });
      expect(facts.map((fact) => fact.id)).toEqual(ids);
      const event = anEvent();
      expect(facts[0]).toEqual({
        id: ids[0],
        eventId: FIRST,
        groupId: error,
        projectId: shop,
        isNew: true,
        isRegression: false,
        title: 'TypeError: x is not a function',
        culprit: 'GET /',
        level: 'error',
        environment: null,
        release: null,
        timestamp: event.timestamp,
        receivedAt: event.receivedAt,
      });
      expect(facts[1]).toMatchObject({
        title: 'out of memory',
        level: 'fatal',
        environment: 'production',
        release: '1',
        isNew: false,
      });
      expect(facts[2]).toMatchObject({ isNew: false, isRegression: true });
    });

    it('replays from where the subscriber was, filtered, and nothing without being asked', async () => {
      expect((await replayed({ after: String(ids[0]) })).map((fact) => fact.id)).toEqual(ids.slice(1));
      expect((await replayed({ after: '0', filter: { level: ['fatal'] } })).map((fact) => fact.id)).toEqual([ids[1]]);
      expect((await replayed({ after: '0', query: 'project:sh* !memory' })).map((fact) => fact.id)).toEqual([ids[0], ids[2]]);
      expect(await replayed({ after: '999999999' })).toEqual([]);
      expect((await world.live.received(admin, {})).options.replay).toBeUndefined();
      await expect(world.live.received(admin, { after: 'x' })).rejects.toMatchObject({ code: 'BAD_INPUT' });
    });

    it('goes through many pages without gap or double', async () => {
      const more = await makeEvents(
        db().write,
        { projectId: shop, groupId: error },
        Array.from({ length: 450 }, () => ({})),
      );
      expect((await replayed({ after: String(ids[2]) })).map((fact) => fact.id)).toEqual(more);
    });

    it('answers a fact without reads, and reads when more is asked for', async () => {
      const fact = { ...FACT, id: ids[0] as number, groupId: error, projectId: shop, isNew: true };
      const answer = async (fields: string) => {
        world.statements.length = 0;
        return (await world.run(admin, `subscription { errorEventReceived { ${fields} } }`, {}, fact)).errorEventReceived;
      };
      expect(
        await answer(
          'id eventId errorId projectId isNew isRegression title culprit level environment release timestamp receivedAt',
        ),
      ).toEqual({
        id: String(ids[0]),
        eventId: FACT.eventId,
        errorId: String(error),
        projectId: String(shop),
        isNew: true,
        isRegression: false,
        title: FACT.title,
        culprit: FACT.culprit,
        level: 'ERROR',
        environment: 'production',
        release: '1.2.0',
        timestamp: new Date(NOW).toISOString(),
        receivedAt: new Date(NOW).toISOString(),
      });
      expect(world.statements).toEqual([]);
      expect(await answer('project { slug } error { title } event { culprit }')).toEqual({
        project: { slug: 'shop' },
        error: { title: 'cart broke' },
        event: { culprit: 'GET /' },
      });
      const changed = async (kind: string, errorId: number) =>
        (
          await world.run(
            admin,
            'subscription { errorChanged { kind errorId error { title } } }',
            {},
            { kind, errorId, projectId: shop, seq: 1 },
          )
        ).errorChanged;
      expect(await changed('UPDATED', error)).toEqual({
        kind: 'UPDATED',
        errorId: String(error),
        error: { title: 'cart broke' },
      });
      expect(await changed('DELETED', gone)).toEqual({ kind: 'DELETED', errorId: String(gone), error: null });
    });

    it('hands on what the bus tells while somebody listens', () => {
      const told: number[] = [];
      const publish = (id: number) => world.bus.publish('errorEventsDigested', { facts: [{ ...FACT, id }] });
      publish(1);
      const stop = world.live.events.listen((fact) => told.push(fact.id));
      publish(2);
      stop();
      publish(3);
      expect(told).toEqual([2]);

      const changes: [string, number][] = [];
      const stopChanges = world.live.changes.listen((change, seq) => changes.push([change.kind, seq]));
      world.bus.publish('errorChanged', {
        changes: [
          { kind: 'CREATED', errorId: 1, projectId: shop },
          { kind: 'DELETED', errorId: 1, projectId: shop },
        ],
      });
      stopChanges();
      expect(changes).toEqual([
        ['CREATED', 1],
        ['DELETED', 2],
      ]);
    });
  });
});
