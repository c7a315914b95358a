import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eachDatabase } from '../../../test/databases.ts';
import { type ErrorsWorld, errorsWorld, somebody } from '../../../test/errors-world.ts';
import { HOUR, makeError, makeProject, makeUser, NOW } from '../../../test/factories.ts';
import type { Actor } from '../access/actor.ts';
import { ErrorOrderField, OrderDirection } from './enums.types.ts';
import type { ListQuery } from './list.service.ts';

const DAY = 24 * HOUR;

eachDatabase((db) => {
  describe('the errors list', () => {
    let world: ErrorsWorld;
    let shop: number;
    let blog: number;
    let ann: number;
    let admin: Actor;
    const ids = new Map<string, number>();

    beforeAll(async () => {
      world = await errorsWorld(db());
      const sql = db().write;
      shop = await makeProject(sql, { slug: 'web-shop', name: 'Shop' });
      blog = await makeProject(sql, { slug: 'blog' });
      const old = await makeProject(sql, { slug: 'old', status: 'ARCHIVED' });
      ann = await makeUser(sql, { email: 'ann@example.com', role: 'ADMIN' });
      admin = somebody('ADMIN', [], ann);
      const add = async (name: string, values: Omit<Parameters<typeof makeError>[1], 'projectId'>, projectId = shop) =>
        ids.set(name, await makeError(sql, { projectId, title: name, value: name, culprit: null, ...values }));
      await add('payment timeout', {
        number: 12,
        level: 'fatal',
        status: 'NEW',
        lastSeenAt: NOW - HOUR,
        firstSeenAt: NOW - 2 * HOUR,
        eventCount: 50,
        userCount: 7,
        handled: false,
        tags: { environment: ['production', 'staging'], release: '1.2.0', customer: 'acme' },
      });
      await add('Cart is 100% empty', {
        status: 'ONGOING',
        lastSeenAt: NOW - 3 * HOUR,
        firstSeenAt: NOW - 10 * DAY,
        eventCount: 5,
        userCount: 1,
        handled: true,
        assigneeId: ann,
        culprit: 'Cart_total in src/cart.ts',
        tags: { environment: 'production', release: '1.3.0' },
      });
      await add('resolved one', {
        status: 'RESOLVED',
        level: 'warning',
        lastSeenAt: NOW - 5 * DAY,
        eventCount: 500,
        tags: { environment: 'staging' },
      });
      await add('archived one', { status: 'ARCHIVED', lastSeenAt: NOW - 6 * DAY, eventCount: 5 });
      await add('blog: ошибка', { status: 'REGRESSED', lastSeenAt: NOW - 2 * HOUR, eventCount: 2, userCount: 2 }, blog);
      await add('escalating one', { status: 'ESCALATING', lastSeenAt: NOW - 4 * HOUR, eventCount: 9000, level: 'info' }, blog);
      await add('deleted one', { deletedAt: NOW - 1000 });
      await add('of the archived project', {}, old);
    });
    afterAll(() => world.close());

    const titles = async (asked: ListQuery, actor = admin) =>
      (await world.list.list(actor, asked)).edges.map((edge) => edge.node.title);
    const PAYMENT = 'payment timeout';
    const CART = 'Cart is 100% empty';
    const RESOLVED = 'resolved one';
    const ARCHIVED = 'archived one';
    const BLOG = 'blog: ошибка';
    const ESCALATING = 'escalating one';
    const ALL = [PAYMENT, BLOG, CART, ESCALATING, RESOLVED, ARCHIVED];

    it('shows the last seen first, without deleted errors and archived projects', async () => {
      expect(await titles({})).toEqual(ALL);
    });

    it('answers rows with the fields of the API', async () => {
      const { edges } = await world.list.list(admin, { query: 'timeout' });
      expect(edges[0]?.node).toMatchObject({
        id: ids.get(PAYMENT),
        projectId: shop,
        shortId: 'WEB-SHOP-12',
        title: PAYMENT,
        level: 'fatal',
        status: 'NEW',
        firstSeen: NOW - 2 * HOUR,
        lastSeen: NOW - HOUR,
        eventCount: 50,
        userCount: 7,
        assigneeId: null,
        commentCount: 0,
      });
    });

    it('filters', async () => {
      const cases: [ListQuery['filter'], string[]][] = [
        [{}, ALL],
        [{ projectIds: [String(blog)] }, [BLOG, ESCALATING]],
        [{ projectIds: ['999999'] }, []],
        [{ projectIds: [] }, []],
        [{ status: ['NEW', 'REGRESSED'] }, [PAYMENT, BLOG]],
        [{ status: [] }, []],
        [{ level: ['fatal', 'warning'] }, [PAYMENT, RESOLVED]],
        [{ environment: ['staging'] }, [PAYMENT, RESOLVED]],
        [{ environment: ['production', 'staging'] }, [PAYMENT, CART, RESOLVED]],
        [{ environment: ['production'], release: ['1.3.0'] }, [CART]],
        [{ release: ['9'] }, []],
        [{ assignee: ['me'] }, [CART]],
        [{ assignee: [String(ann)] }, [CART]],
        [{ assignee: ['none'], status: ['NEW'] }, [PAYMENT]],
        [{ assignee: ['none', 'me'], status: ['NEW', 'ONGOING'] }, [PAYMENT, CART]],
        [{ seenFrom: new Date(NOW - 3 * HOUR) }, [PAYMENT, BLOG, CART]],
        [{ seenTo: new Date(NOW - 2 * HOUR) }, [CART, ESCALATING, RESOLVED, ARCHIVED]],
        [{ text: 'TIME pay' }, [PAYMENT]],
        [{ text: 'pay nothing' }, []],
        [{ text: '100%' }, [CART]],
        [{ text: '1%0' }, []],
        [{ text: 'cart_total' }, [CART]],
        [{ text: 'a_t' }, []],
        [{ text: 'ошибка' }, [BLOG]],
        [{ text: "o'neill\\" }, []],
      ];
      for (const [filter, expected] of cases) expect([filter, await titles({ filter })]).toEqual([filter, expected]);
    });

    it('understands queries', async () => {
      const cases: [string, string[]][] = [
        ['', ALL],
        ['is:unresolved', [PAYMENT, BLOG, CART, ESCALATING]],
        ['!is:unresolved', [RESOLVED, ARCHIVED]],
        ['is:[new,escalating]', [PAYMENT, ESCALATING]],
        ['is:resolved', [RESOLVED]],
        ['is:archived', [ARCHIVED]],
        ['is:regressed', [BLOG]],
        ['is:unhandled', [PAYMENT]],
        ['is:handled', [CART]],
        ['!is:handled', [PAYMENT, BLOG, ESCALATING, RESOLVED, ARCHIVED]],
        ['is:assigned', [CART]],
        ['level:fatal', [PAYMENT]],
        ['!level:[fatal,error]', [ESCALATING, RESOLVED]],
        ['project:blog', [BLOG, ESCALATING]],
        ['project:web-*', [PAYMENT, CART, RESOLVED, ARCHIVED]],
        ['!project:web-shop', [BLOG, ESCALATING]],
        ['env:staging', [PAYMENT, RESOLVED]],
        ['!env:production', [BLOG, ESCALATING, RESOLVED, ARCHIVED]],
        ['env:[production,staging] is:unresolved', [PAYMENT, CART]],
        ['release:1.*', [PAYMENT, CART]],
        ['release:1.2.0', [PAYMENT]],
        ['customer:acme', [PAYMENT]],
        ['customer:AC*', [PAYMENT]],
        ['!customer:acme is:new', []],
        ['has:customer', [PAYMENT]],
        ['!has:environment', [BLOG, ESCALATING, ARCHIVED]],
        ['has:assignee', [CART]],
        ['assigned:me', [CART]],
        ['assigned:ann@example.com', [CART]],
        ['assigned:[none,me]', ALL],
        ['!assigned:none', [CART]],
        ['timesSeen:>=50', [PAYMENT, ESCALATING, RESOLVED]],
        ['timesSeen:5', [CART, ARCHIVED]],
        ['users:>1', [PAYMENT, BLOG]],
        ['age:-3h', [PAYMENT, BLOG]],
        ['age:+7d', [CART]],
        ['lastSeen:-150m', [PAYMENT, BLOG]],
        ['lastSeen:2026-11-22', [PAYMENT, BLOG, CART, ESCALATING]],
        ['lastSeen:<2026-11-17', [ARCHIVED]],
        ['lastSeen:<=2026-11-17', [RESOLVED, ARCHIVED]],
        ['lastSeen:>2026-11-17', [PAYMENT, BLOG, CART, ESCALATING]],
        ['lastSeen:>=2026-11-17', [PAYMENT, BLOG, CART, ESCALATING, RESOLVED]],
        ['issue:web-shop-12', [PAYMENT]],
        ['issue:BLOG-12', []],
        ['title:timeout', [PAYMENT]],
        ['type:TypeError level:info', [ESCALATING]],
        ['type:Type', []],
        ['culprit:*cart.ts', [CART]],
        ['!culprit:cart is:ongoing', []],
        ['!cart is:ongoing', []],
        ['p*timeout', [PAYMENT]],
        ['timeout*p', []],
        ['"100% empty"', [CART]],
        ['!one is:unresolved', [PAYMENT, BLOG, CART]],
      ];
      for (const [query, expected] of cases) expect([query, await titles({ query })]).toEqual([query, expected]);
    });

    it('joins filter and query', async () => {
      expect(await titles({ filter: { level: ['fatal'] }, query: 'is:resolved' })).toEqual([]);
      expect(await titles({ filter: { level: ['fatal'] }, query: 'is:new' })).toEqual([PAYMENT]);
    });

    it('shows an archived project that is named', async () => {
      const { id } = (await db().read.get<{ id: number }>("select id from project where slug = 'old'"))!;
      expect(await titles({ filter: { projectIds: [String(id)] } })).toEqual(['of the archived project']);
    });

    it.each(
      Object.values(ErrorOrderField).flatMap((field) => Object.values(OrderDirection).map((direction) => ({ field, direction }))),
    )('pages by $field $direction without gap or double', async (orderBy) => {
      const whole = await titles({ orderBy });
      expect([...whole].sort()).toEqual([...ALL].sort());
      const reverse = await titles({ orderBy: { ...orderBy, direction: orderBy.direction === 'asc' ? 'desc' : 'asc' } });
      expect(reverse).toEqual([...whole].reverse());
      for (const first of [1, 2, 4]) {
        const seen: string[] = [];
        let after: string | null = null;
        do {
          const page: Awaited<ReturnType<typeof world.list.list>> = await world.list.list(admin, { orderBy, first, after });
          seen.push(...page.edges.map((edge) => edge.node.title));
          expect(page.pageInfo.hasPreviousPage).toBe(after !== null);
          after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
        } while (after !== null);
        expect(seen).toEqual(whole);
      }
    });

    it('keeps its place while errors come in', async () => {
      const first = await world.list.list(admin, { first: 3 });
      const sql = db().write;
      const added = await makeError(sql, { projectId: shop, title: 'brand new', lastSeenAt: NOW });
      const second = await world.list.list(admin, { first: 3, after: first.pageInfo.endCursor });
      const seen = [...first.edges, ...second.edges].map((edge) => edge.node.title);
      await sql.run('delete from error_group where id = ?', [added]);
      expect(seen).toEqual(ALL);
      expect(second.pageInfo.hasNextPage).toBe(false);
    });

    it('counts what matches, beyond the page', async () => {
      const page = await world.list.list(admin, { first: 1, query: 'is:unresolved' });
      expect(await page.countAll()).toEqual({ count: 4, exact: true });
    });

    it.each<[string, ListQuery, RegExp]>([
      ['a foreign cursor', { after: Buffer.from('first-seen-desc.1.1').toString('base64url') }, /after: not a cursor/],
      ['nonsense as cursor', { after: '%%%' }, /after: not a cursor/],
      ['a cursor that injects', { after: Buffer.from("last-seen-desc.1.1' or 1=1").toString('base64url') }, /after/],
      ['a page of nothing', { first: 0 }, /first: between/],
      ['a page too large', { first: 201 }, /first: between/],
      ['a query it cannot read', { query: 'is:broken' }, /at character 4/],
      ['an id that is none', { filter: { projectIds: ['1 or 1=1'] } }, /projectIds/],
      ['an assignee that is none', { filter: { assignee: ['you'] } }, /assignee/],
      ['too many words', { filter: { text: 'a '.repeat(21) } }, /text: at most/],
    ])('refuses %s', async (_, asked, message) => {
      await expect(world.list.list(admin, asked)).rejects.toMatchObject({
        code: 'BAD_INPUT',
        message: expect.stringMatching(message),
      });
    });

    it('answers 50 rows by one statement per field, whatever the number of rows', async () => {
      const document = `query ($first: Int) { errors(first: $first) { totalCount totalCountIsExact pageInfo { hasNextPage endCursor }
        edges { cursor node { ...Row } } } }
        fragment Row on ErrorGroup { id shortId title culprit level status handled firstSeen lastSeen eventCount userCount
          commentCount environments sparkline project { id slug name } assignee { id name } }`;
      const statementsFor = async (first: number) => {
        world.statements.length = 0;
        const data = await world.run(admin, document, { first });
        return { count: world.statements.length, rows: data.errors.edges.length, data };
      };
      const two = await statementsFor(2);
      const six = await statementsFor(6);
      expect([two.rows, six.rows]).toEqual([2, 6]);
      expect(two.count).toBe(5); // page, project, environments, sparkline, count: nobody is assigned to these two
      expect(six.count).toBe(5); // with an assignee, but the page is the whole list and needs no count
      expect(six.data.errors).toMatchObject({ totalCount: 6, totalCountIsExact: true });
      expect(six.data.errors.edges[2].node).toMatchObject({
        title: CART,
        level: 'ERROR',
        status: 'ONGOING',
        handled: true,
        lastSeen: new Date(NOW - 3 * HOUR).toISOString(),
        environments: ['production'],
        sparkline: new Array(24).fill(0),
        project: { id: String(shop), slug: 'web-shop', name: 'Shop' },
        assignee: { id: String(ann), name: 'ann' },
      });
    });
  });

  describe('a list longer than is counted', () => {
    it('says that its count is a lower bound', async () => {
      const world = await errorsWorld(db());
      const sql = db().write;
      const projectId = await makeProject(sql);
      const admin = somebody('ADMIN');
      await sql.transaction(async (tx) => {
        await tx.run(
          `insert into error_group (project_id, number, title, level, status, platform, first_seen_at, last_seen_at, updated_at)
           with recursive n(i) as (select 1 union all select i + 1 from n where i < 10001)
           select ${projectId}, i, 'e', 'error', 'NEW', 'node', i, i, 1 from n`,
        );
      });
      const count = async (query: string) =>
        (await world.list.list(admin, { filter: { projectIds: [String(projectId)] }, query, first: 1 })).countAll();
      expect(await count('')).toEqual({ count: 10_000, exact: false });
      expect(await count('lastSeen:<1970-01-01T00:00:09')).toEqual({ count: 8999, exact: true });
      await world.close();
    });
  });
});
