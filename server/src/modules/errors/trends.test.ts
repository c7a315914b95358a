import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eachDatabase } from '../../../test/databases.ts';
import { type ErrorsWorld, errorsWorld, somebody } from '../../../test/errors-world.ts';
import { HOUR, makeError, makeProject, NOW } from '../../../test/factories.ts';

const MINUTE = 60_000;
const iso = (ms: number): string => new Date(ms).toISOString();

eachDatabase((db) => {
  describe('trends and the overview', () => {
    let world: ErrorsWorld;
    let shop: number;
    let quiet: number;
    let busy: number;
    let calm: number;
    const admin = somebody('ADMIN');

    beforeAll(async () => {
      world = await errorsWorld(db());
      world.clock.set(NOW + 30 * MINUTE);
      const sql = db().write;
      shop = await makeProject(sql, { slug: 'shop', name: 'Shop' });
      quiet = await makeProject(sql, { slug: 'quiet', name: 'Quiet' });
      busy = await makeError(sql, {
        projectId: shop,
        title: 'busy',
        firstSeenAt: NOW - 40 * HOUR,
        lastSeenAt: NOW,
        hours: { [NOW]: 4, [NOW - HOUR]: 10, [NOW - 23 * HOUR]: 1, [NOW - 24 * HOUR]: 100, [NOW - 48 * HOUR]: 1000 },
        users: ['u1', 'u2'],
      });
      calm = await makeError(sql, {
        projectId: shop,
        title: 'calm',
        firstSeenAt: NOW - HOUR,
        lastSeenAt: NOW - HOUR,
        hours: { [NOW - HOUR]: 3 },
        users: ['u2', 'u3'],
        eventCount: 9999,
      });
      await makeError(sql, { projectId: shop, title: 'closed', status: 'RESOLVED', lastSeenAt: NOW, hours: { [NOW]: 500 } });
      await makeError(sql, {
        projectId: shop,
        title: 'gone',
        deletedAt: 1,
        lastSeenAt: NOW,
        hours: { [NOW]: 500 },
        users: ['u9'],
      });
      const count = async (at: number, level: string, n: number, projectId = shop) => {
        const upsert = (table: string, column: string, moment: number) =>
          sql.run(
            `insert into ${table} (${column}, project_id, level, event_count) values (?, ?, ?, ?)
             on conflict (${column}, project_id, level) do update set event_count = ${table}.event_count + excluded.event_count`,
            [moment, projectId, level, n],
          );
        await upsert('project_minute', 'minute', Math.floor(at / MINUTE) * MINUTE);
        await upsert('project_hour', 'hour', Math.floor(at / HOUR) * HOUR);
      };
      await count(NOW + 29 * MINUTE, 'error', 1);
      await count(NOW + 10 * MINUTE, 'fatal', 2);
      await count(NOW - 20 * MINUTE, 'error', 4);
      await count(NOW - 24 * HOUR + 31 * MINUTE, 'error', 8); // just within the last 24 hours
      await count(NOW - 24 * HOUR + 29 * MINUTE, 'error', 16); // just before them
      await count(NOW - 40 * HOUR, 'warning', 32);
      await count(NOW - 48 * HOUR + 29 * MINUTE, 'warning', 64); // before the 24 hours before
    });
    afterAll(() => world.close());

    it('draws sparklines with every hour, the current one last', async () => {
      const data = await world.run(
        admin,
        '{ errors(query: "busy") { edges { node { sparkline three: sparkline(hours: 3) } } } }',
      );
      const { sparkline, three } = data.errors.edges[0].node;
      expect(three).toEqual([0, 10, 4]);
      expect(sparkline).toEqual([1, ...new Array(21).fill(0), 10, 4]);
      await expect(world.run(admin, '{ errors { edges { node { sparkline(hours: 169) } } } }')).rejects.toMatchObject({
        code: 'BAD_INPUT',
      });
    });

    it('fills the trend of an error with zeros', async () => {
      const { error } = await world.run(
        admin,
        `{ error(id: "${busy}") { trend { name unit bucketSeconds points { at value } } } }`,
      );
      const { points, ...series } = error.trend;
      expect(series).toEqual({ name: 'events', unit: 'events', bucketSeconds: 3600 });
      expect(points).toHaveLength(24);
      expect(points[0]).toEqual({ at: iso(NOW - 23 * HOUR), value: 1 });
      expect(points[23]).toEqual({ at: iso(NOW), value: 4 });
    });

    it('counts by days of the time zone that is asked for', async () => {
      const days = async (midnight: number) => {
        const { error } = await world.run(
          admin,
          `query ($from: DateTimeISO, $to: DateTimeISO) { error(id: "${busy}") { trend(from: $from, to: $to, bucketSeconds: 86400) { points { at value } } } }`,
          { from: iso(midnight), to: iso(midnight + 72 * HOUR) },
        );
        return error.trend.points.map((point: { value: number }) => point.value);
      };
      // NOW is noon UTC: midnight there; midnight at UTC+12 (noon UTC); midnight at UTC+11 (13:00 UTC).
      const midnight = NOW - 12 * HOUR;
      expect(await days(midnight - 48 * HOUR)).toEqual([1000, 100 + 1, 10 + 4]);
      expect(await days(NOW - 72 * HOUR)).toEqual([0, 1000, 100 + 1 + 10]);
      expect(await days(NOW - 47 * HOUR)).toEqual([100, 1 + 10 + 4, 0]);
    });

    it('trends of projects come per minute while minutes are kept, all by one statement', async () => {
      const document = `query ($from: DateTimeISO, $to: DateTimeISO, $bucket: Int) { overview { eventsByProject { id } }
        errors { edges { node { project { slug openErrorCount lastEventAt trend(from: $from, to: $to, bucketSeconds: $bucket) { bucketSeconds points { at value } } } } } } }`;
      const trend = async (from: number, to: number, bucket: number) => {
        const data = await world.run(admin, document, { from: iso(from), to: iso(to), bucket });
        const { project } = data.errors.edges[0].node;
        expect(project).toMatchObject({ slug: 'shop', openErrorCount: 2, lastEventAt: iso(NOW) });
        return [project.trend.bucketSeconds, project.trend.points.map((point: { value: number }) => point.value)];
      };
      expect(await trend(NOW - 30 * MINUTE, NOW + 30 * MINUTE, 600)).toEqual([600, [0, 4, 0, 0, 2, 1]]);
      expect(await trend(NOW - HOUR, NOW + HOUR, 3600)).toEqual([3600, [4, 3]]);
      // Older than minutes are kept: hours.
      expect(await trend(NOW - 72 * HOUR + MINUTE, NOW - 71 * HOUR, 60)).toEqual([3600, [0]]);
      world.statements.length = 0;
      await world.trends.ofProjects([shop, quiet], {});
      expect(world.statements).toHaveLength(1);
    });

    it('sums up the last 24 hours exactly, also where hours are cut', async () => {
      const { overview } = await world.run(
        admin,
        `{ overview { openErrorCount newErrorCount24h eventCount24h eventCountPrevious24h userCount24h
           eventsByProject { id name count } eventsByLevel { name count } newest { title } busiest { title } } }`,
      );
      expect(overview).toEqual({
        openErrorCount: 2,
        newErrorCount24h: 2, // calm, and the one closed since
        eventCount24h: 15,
        eventCountPrevious24h: 48,
        userCount24h: 3,
        eventsByProject: [{ id: String(shop), name: 'Shop', count: 15 }],
        eventsByLevel: [
          { name: 'ERROR', count: 13 },
          { name: 'FATAL', count: 2 },
        ],
        newest: [{ title: 'calm' }, { title: 'busy' }],
        busiest: [{ title: 'busy' }, { title: 'calm' }],
      });
      expect(calm).toBeGreaterThan(busy);
    });

    it('shows one series per level that occurred, severest first, gapless', async () => {
      const trend = async (hours: number) =>
        (
          await world.run(admin, `{ overview { trend(hours: ${hours}) { name bucketSeconds points { value } } } }`)
        ).overview.trend.map((series: { name: string; bucketSeconds: number; points: { value: number }[] }) => [
          series.name,
          series.bucketSeconds,
          series.points.length,
          series.points.reduce((sum, point) => sum + point.value, 0),
        ]);
      expect(await trend(1)).toEqual([
        ['fatal', 60, 60, 2],
        ['error', 60, 60, 5],
      ]);
      expect(await trend(48)).toEqual([
        ['fatal', 3600, 48, 2],
        ['error', 3600, 48, 29],
        ['warning', 3600, 48, 32],
      ]);
      const { overview } = await world.run(admin, `{ overview(projectIds: ["${quiet}"]) { trend { name points { value } } } }`);
      expect(overview.trend).toEqual([{ name: 'error', points: new Array(24).fill({ value: 0 }) }]);
    });
  });
});
