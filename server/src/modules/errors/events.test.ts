import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eachDatabase } from '../../../test/databases.ts';
import { type ErrorsWorld, errorsWorld, somebody } from '../../../test/errors-world.ts';
import { HOUR, makeError, makeEvents, makeProject, NOW } from '../../../test/factories.ts';

const iso = (ms: number): string => new Date(ms).toISOString();

eachDatabase((db) => {
  describe('events', () => {
    let world: ErrorsWorld;
    let shop: number;
    let blog: number;
    let error: number;
    let quiet: number;
    let ids: number[];
    let blogIds: number[];
    const admin = somebody('ADMIN');
    const EVENT_ID = 'c0ffee'.padEnd(32, '0');

    beforeAll(async () => {
      world = await errorsWorld(db());
      const sql = db().write;
      shop = await makeProject(sql, { slug: 'shop', name: 'The Shop' });
      blog = await makeProject(sql, { slug: 'blog' });
      error = await makeError(sql, { projectId: shop, number: 7, title: 'cart broke', eventCount: 4 });
      quiet = await makeError(sql, { projectId: blog, title: 'blog broke' });
      await sql.run(`insert into "grouping" (project_id, hash, version, group_id, why) values (?, 'hash-1', 'v1', ?, ?)`, [
        shop,
        error,
        JSON.stringify(['by its stack']),
      ]);
      // In order of arrival; by time the second and third are one moment, the fourth is the oldest.
      ids = await makeEvents(sql, { projectId: shop, groupId: error }, [
        { timestamp: NOW - 3 * HOUR, environment: 'production', release: '1.0', level: 'fatal' },
        { timestamp: NOW - HOUR, environment: 'production', release: '2.0' },
        {
          timestamp: NOW - HOUR,
          eventId: EVENT_ID,
          message: 'it broke',
          transaction: 'GET /cart',
          logger: 'app',
          dist: '9',
          serverName: 'web-1',
          environment: 'staging',
          platform: 'javascript',
          exceptions: [
            { type: 'CauseError', value: 'deep', frames: [] },
            {
              type: 'TypeError',
              value: 'x is not a function',
              module: 'm',
              handled: false,
              mechanism: 'onerror',
              frames: [
                { function: 'outer', filename: 'a.js', line: 1, inApp: false },
                {
                  function: 'inner',
                  filename: 'app/cart.js',
                  absPath: '/srv/app/cart.js',
                  line: 12,
                  column: 3,
                  inApp: true,
                  context: 'cart.total()',
                  pre: ['a', 'b'],
                  post: ['c'],
                  vars: { n: 1 },
                },
              ],
            },
          ],
          stacktrace: [{ function: 'attached' }],
          threads: [{ id: '1', name: 'main', crashed: true, frames: [{ function: 'run' }] }],
          breadcrumbs: [
            { timestamp: NOW - 2 * HOUR, type: 'http', category: 'fetch', level: 'warning', message: 'slow', data: { ms: 9 } },
            {},
          ],
          tags: [
            ['environment', 'staging'],
            ['customer', 'acme'],
          ],
          contexts: { runtime: { name: 'node' } },
          extra: { note: 'n' },
          request: { url: 'https://shop/cart', method: 'GET' },
          user: { id: '7' },
          sdk: { name: 'sentry.javascript.node', version: '10' },
          modules: { express: '5' },
          traceId: 'trace',
          errors: [{ field: 'extra.big', reason: 'cut' }],
        },
        { timestamp: NOW - 10 * HOUR },
      ]);
      blogIds = await makeEvents(sql, { projectId: blog, groupId: quiet, hash: 'gone' }, [{ timestamp: NOW - 5 * HOUR }]);
    });
    afterAll(() => world.close());

    const listed = async (asked: Parameters<typeof world.events.list>[1]) =>
      (await world.events.list(admin, asked)).edges.map((edge) => edge.node.id);

    it('of an error are listed newest first, by time and arrival', async () => {
      expect(await listed({ errorId: String(error) })).toEqual([ids[2], ids[1], ids[0], ids[3]]);
      const { error: found } = await world.run(
        admin,
        `{ error(id: "${error}") { latestEvent { id } oldestEvent { id } events(first: 2) { totalCount edges { node { id } } } } }`,
      );
      expect(found).toEqual({
        latestEvent: { id: String(ids[2]) },
        oldestEvent: { id: String(ids[3]) },
        events: { totalCount: 4, edges: [{ node: { id: String(ids[2]) } }, { node: { id: String(ids[1]) } }] },
      });
    });

    it('of projects are listed in the order they came in, newest first', async () => {
      expect(await listed({})).toEqual([...blogIds, ...[...ids].reverse()]);
      expect(await listed({ projectId: String(blog) })).toEqual(blogIds);
      expect(await listed({ projectId: String(shop), filter: { projectIds: [String(blog)] } })).toEqual([]);
      expect(await listed({ errorId: String(error), projectId: String(blog) })).toEqual([]);
      expect(await listed({ errorId: 'nonsense' })).toEqual([]);
    });

    it('are filtered by what is theirs, and by what is their error’s', async () => {
      const of = async (filter: object, errorId?: string) => listed({ filter, errorId });
      expect(await of({ level: ['fatal'] })).toEqual([ids[0]]);
      expect(await of({ environment: ['production'] }, String(error))).toEqual([ids[1], ids[0]]);
      expect(await of({ release: ['2.0'], environment: ['production'] })).toEqual([ids[1]]);
      expect(await of({ seenFrom: new Date(NOW - 3 * HOUR), seenTo: new Date(NOW - HOUR) })).toEqual([ids[0]]);
      expect(await of({ text: 'blog' })).toEqual(blogIds);
      expect(await of({ status: ['RESOLVED'] })).toEqual([]);
      const page = await world.events.list(admin, { filter: { environment: ['production'] }, errorId: String(error) });
      expect(await page.countAll()).toBe(2);
    });

    it.each([
      ['an error', () => ({ errorId: String(error) }), 4],
      ['all projects', () => ({}), 5],
    ])('of %s are paged without gap or double', async (_, asked, total) => {
      const whole = await listed(asked());
      expect(whole).toHaveLength(total);
      const seen: number[] = [];
      let after: string | null = null;
      do {
        const page: Awaited<ReturnType<typeof world.events.list>> = await world.events.list(admin, {
          ...asked(),
          first: 2,
          after,
        });
        seen.push(...page.edges.map((edge) => edge.node.id));
        expect(await page.countAll()).toBe(total);
        after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
      } while (after !== null);
      expect(seen).toEqual(whole);
    });

    it('refuse the cursor of the other order', async () => {
      const { pageInfo } = await world.events.list(admin, { first: 1 });
      await expect(world.events.list(admin, { errorId: String(error), after: pageInfo.endCursor })).rejects.toMatchObject({
        code: 'BAD_INPUT',
      });
    });

    it('are found by row id or event id, dashes or not', async () => {
      const uuid = EVENT_ID.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-').toUpperCase();
      const found = async (by: Parameters<typeof world.events.find>[1]) => (await world.events.find(admin, by))?.id ?? null;
      expect(await found({ id: String(ids[2]) })).toBe(ids[2]);
      expect(await found({ eventId: EVENT_ID })).toBe(ids[2]);
      expect(await found({ eventId: uuid, projectId: String(shop) })).toBe(ids[2]);
      expect(await found({ eventId: EVENT_ID, projectId: String(blog) })).toBeNull();
      expect(await found({ id: String(ids[2]), projectId: String(blog) })).toBeNull();
      expect(await found({ id: String(ids[1]), eventId: EVENT_ID })).toBeNull();
      expect(await found({ eventId: 'f'.repeat(32) })).toBeNull();
      expect(await found({ eventId: 'short' })).toBeNull();
      expect(await found({ id: '0' })).toBeNull();
      await expect(found({})).rejects.toMatchObject({ code: 'BAD_INPUT' });
    });

    it('know their neighbours inside the error', async () => {
      const around = async (id: number | undefined) => {
        const { errorEvent } = await world.run(admin, `{ errorEvent(id: "${id}") { previous { id } next { id } } }`);
        return [errorEvent.previous?.id ?? null, errorEvent.next?.id ?? null];
      };
      const [a, b, c, d] = ids.map(String);
      expect(await around(ids[3])).toEqual([null, a]);
      expect(await around(ids[0])).toEqual([d, b]);
      expect(await around(ids[1])).toEqual([a, c]);
      expect(await around(ids[2])).toEqual([b, null]);
    });

    it('show everything that was reported', async () => {
      const { errorEvent } = await world.run(
        admin,
        `query ($id: ID) { errorEvent(id: $id) { id eventId group { shortId } project { name } timestamp receivedAt level platform title message
           culprit transaction logger environment release dist serverName source
           exceptions { type value module handled mechanism frames { function filename absPath line column inApp context pre post vars } }
           threads { id name crashed current frames { function inApp pre } }
           breadcrumbs { timestamp type category level message data } tags { key value } contexts extra request user sdk modules traceId
           notes { field reason } grouping { version hash why } raw markdown } }`,
        { id: String(ids[2]) },
      );
      const { raw, markdown, ...rest } = errorEvent;
      expect(rest).toEqual({
        id: String(ids[2]),
        eventId: EVENT_ID,
        group: { shortId: 'SHOP-7' },
        project: { name: 'The Shop' },
        timestamp: iso(NOW - HOUR),
        receivedAt: iso(NOW - HOUR),
        level: 'ERROR',
        platform: 'javascript',
        title: 'TypeError: x is not a function',
        message: 'it broke',
        culprit: 'GET /cart',
        transaction: 'GET /cart',
        logger: 'app',
        environment: 'staging',
        release: null,
        dist: '9',
        serverName: 'web-1',
        source: 'sentry-envelope',
        exceptions: [
          { type: 'CauseError', value: 'deep', module: null, handled: null, mechanism: null, frames: [] },
          {
            type: 'TypeError',
            value: 'x is not a function',
            module: 'm',
            handled: false,
            mechanism: 'onerror',
            frames: [
              {
                function: 'outer',
                filename: 'a.js',
                absPath: null,
                line: 1,
                column: null,
                inApp: false,
                context: null,
                pre: [],
                post: [],
                vars: null,
              },
              {
                function: 'inner',
                filename: 'app/cart.js',
                absPath: '/srv/app/cart.js',
                line: 12,
                column: 3,
                inApp: true,
                context: 'cart.total()',
                pre: ['a', 'b'],
                post: ['c'],
                vars: { n: 1 },
              },
            ],
          },
        ],
        threads: [
          { id: null, name: null, crashed: false, current: true, frames: [{ function: 'attached', inApp: false, pre: [] }] },
          { id: '1', name: 'main', crashed: true, current: false, frames: [{ function: 'run', inApp: false, pre: [] }] },
        ],
        breadcrumbs: [
          { timestamp: iso(NOW - 2 * HOUR), type: 'http', category: 'fetch', level: 'WARNING', message: 'slow', data: { ms: 9 } },
          { timestamp: null, type: null, category: null, level: null, message: null, data: null },
        ],
        tags: [
          { key: 'environment', value: 'staging' },
          { key: 'customer', value: 'acme' },
        ],
        contexts: { runtime: { name: 'node' } },
        extra: { note: 'n' },
        request: { url: 'https://shop/cart', method: 'GET' },
        user: { id: '7' },
        sdk: { name: 'sentry.javascript.node', version: '10' },
        modules: { express: '5' },
        traceId: 'trace',
        notes: [{ field: 'extra.big', reason: 'cut' }],
        grouping: { version: 'v1', hash: 'hash-1', why: ['by its stack'] },
      });
      expect(raw).toMatchObject({ eventId: EVENT_ID, timestamp: NOW - HOUR, message: 'it broke' });
      expect(markdown).toContain('SHOP-7');
      expect(markdown).toContain('x is not a function');
    });

    it('are shown as far as they are kept', async () => {
      const sql = db().write;
      const [id] = await makeEvents(sql, { projectId: blog, groupId: quiet, hash: 'gone' }, [{}]);
      await sql.run('delete from event_block where id = (select block_id from error_event where id = ?)', [id as number]);
      const { errorEvent } = await world.run(
        admin,
        `{ errorEvent(id: "${id}") { title level exceptions { type } tags { key } contexts raw markdown grouping { version hash why } } }`,
      );
      expect(errorEvent).toEqual({
        title: '(no longer kept)',
        level: 'ERROR',
        exceptions: [],
        tags: [],
        contexts: {},
        raw: {},
        markdown: '',
        grouping: { version: 'unknown', hash: 'gone', why: [] },
      });
      await sql.run('delete from error_event where id = ?', [id as number]);
    });

    it('of a list are read together', async () => {
      world.statements.length = 0;
      const { errorEvents } = await world.run(
        admin,
        `{ errorEvents(first: 5) { edges { node { id title serverName tags { key } grouping { version } group { title } project { slug } } } } }`,
      );
      expect(errorEvents.edges).toHaveLength(5);
      expect(world.statements.length).toBeLessThanOrEqual(8); // ends, page, rows, blocks, groups, projects, groupings of two projects
    });
  });
});
