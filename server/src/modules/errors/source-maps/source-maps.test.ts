import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eachDatabase } from '../../../../test/databases.ts';
import { eventRecord, MemoryLog } from '../../../../test/digest-kit.ts';
import { anEvent, makeProject, NOW } from '../../../../test/factories.ts';
import { cartMap, DEBUG_ID } from '../../../../test/source-maps.ts';
import { Bus } from '../../../platform/bus/bus.ts';
import { fixedClock, seconds } from '../../../platform/clock.ts';
import { fromJson } from '../../../platform/db/json-column.ts';
import { silentLog } from '../../../platform/log.ts';
import type { NormalizedEvent } from '../../detection/normalized-event.ts';
import { deleteBundles, insertBundle } from '../../projects/artifacts/artifact-records.ts';
import { BlobStore } from '../../projects/artifacts/blob-store.ts';
import { readFile } from '../../projects/artifacts/bundle-reader.ts';
import { analysis } from '../digest/analysis.ts';
import { Digester } from '../digest/digester.ts';
import { openDigestStore } from '../digest/open-store.ts';
import { RejectedRecords } from '../digest/rejected-records.ts';
import type { DigestStore } from '../digest/store.ts';
import { EventService } from '../events.service.ts';
import { readEvents } from '../payload-store.ts';
import { DigestMaps } from './digest-maps.ts';
import { EventMapper } from './event-mapper.ts';
import { lateMaps } from './late-maps.ts';
import { MapCache } from './map-cache.ts';
import { ReadMaps } from './read-maps.ts';

let eventCount = 0;

/** A crash in the bundle, as a browser sends it. */
function crash(change: Partial<NormalizedEvent> = {}, debugId: string | undefined = DEBUG_ID, fn = 'e'): NormalizedEvent {
  const place = {
    filename: '/app.js',
    absPath: 'https://shop.test/app.js',
    line: 1,
    inApp: true,
    ...(debugId === undefined ? {} : { debugId }),
  };
  eventCount += 1;
  return anEvent({
    platform: 'javascript',
    eventId: eventCount.toString(16).padStart(32, 'a'),
    exceptions: [
      {
        type: 'Error',
        value: 'nothing to pay',
        frames: [
          { ...place, function: 'n', column: 201 },
          { ...place, function: fn, column: 101 },
        ],
      },
    ],
    ...(debugId === undefined
      ? {}
      : { debugMeta: { images: [{ type: 'sourcemap', code_file: place.absPath, debug_id: debugId }] } }),
    ...change,
  });
}

eachDatabase((db) => {
  const clock = fixedClock(NOW);
  const log = new MemoryLog();
  let store: DigestStore;
  let digester: Digester;
  let mapper: EventMapper;
  let blobs: BlobStore;
  let project: number;

  beforeAll(async () => {
    project = await makeProject(db().write);
    blobs = new BlobStore(db().config.dataDir, clock);
    mapper = new EventMapper(new MapCache(blobs));
    store = openDigestStore(db().config);
    const maps = new DigestMaps({ mapper, clock });
    digester = new Digester({
      store,
      reader: log,
      analyse: analysis,
      clock,
      rejects: new RejectedRecords(db().config.dataDir),
      maps,
    });
  });
  afterAll(() => store.close());

  const digest = async (...events: NormalizedEvent[]) => {
    clock.advance(seconds(2)); // beyond what the digest keeps of which projects have maps
    log.append(...events.map((event) => eventRecord(project, event)));
    for (;;) {
      const step = await digester.step(log.position);
      if (step.kind === 'idle') break;
      if (step.kind === 'waiting' && step.error !== undefined) throw step.error;
    }
    const rows = await db().read.all<{ id: number; group_id: number }>(
      'select id, group_id from error_event where project_id = ? order by id desc limit ?',
      [project, events.length],
    );
    const found = await readEvents(
      db().read,
      rows.map((row) => row.id),
    );
    return rows.reverse().map((row) => ({ id: row.id, group: row.group_id, event: found.get(row.id)! }));
  };
  const upload = (
    options: { release?: string; dist?: string; debugId?: string | null; url?: string; map?: string; projectId?: number } = {},
  ) => {
    const { release = '', dist = '', debugId = DEBUG_ID, url = '~/app.js', map = cartMap(), projectId = project } = options;
    const headers = debugId === null ? {} : { 'debug-id': debugId };
    const files = [
      ...readFile({ url, type: 'minified_source', headers: { ...headers, sourcemap: 'app.js.map' } }, Buffer.from('x()'), blobs),
      ...readFile({ url: `${url}.map`, type: 'source_map', headers }, Buffer.from(map), blobs),
    ];
    const bundle = { projectId, kind: 'bundle' as const, checksum: '', release, dist, uploadedBy: 'ci', problems: [] };
    return db().write.transaction((tx) => insertBundle(tx, { ...bundle, uploadedAt: clock.now(), files }));
  };
  const drop = (...ids: number[]) => db().write.transaction((tx) => deleteBundles(tx, ids));
  const late = async () => {
    clock.advance(seconds(10));
    const [chore] = lateMaps({ mapper, analyse: analysis });
    const changed: number[] = [];
    for (;;) {
      const { more, news } = await chore!.run(await store.quiet(), clock.now());
      for (const one of news) if (one.kind === 'changed') changed.push(...one.changes.map((change) => change.errorId));
      if (!more) return changed;
    }
  };
  const group = (id: number) =>
    db().read.get<{ title: string; culprit: string }>('select title, culprit from error_group where id = ?', [id]);
  const top = (event: NormalizedEvent) => event.exceptions[0]!.frames.at(-1)!;

  describe('in the digest', () => {
    it('events go by as they are while there are no maps, and say which one they lack', async () => {
      const [named, plain] = await digest(crash(), crash({ release: 'a' }));
      expect(named!.event.errors).toEqual([
        { field: 'source map', reason: `no source map for debug id ${DEBUG_ID} (shop.test/app.js) has been uploaded` },
      ]);
      expect(top(named!.event)).toMatchObject({ function: 'e', column: 101 });
      expect(plain!.event.errors).toHaveLength(1);
    });

    it('frames are mapped by debug id before events are grouped, whatever the minifier called them', async () => {
      const bundle = await upload();
      const [one, two] = await digest(crash({}, DEBUG_ID, 'e'), crash({ release: 'other' }, DEBUG_ID.toUpperCase(), 'q'));
      expect(top(one!.event)).toMatchObject({
        function: 'checkout',
        filename: 'src/cart.ts',
        line: 9,
        minified: { function: 'e' },
      });
      expect(one!.event.errors).toEqual([]);
      expect(two!.group).toBe(one!.group);
      expect(await group(one!.group)).toEqual({ title: 'Error: nothing to pay', culprit: 'checkout in src/cart.ts' });
      expect(mapper.takeUsed()).toEqual([bundle]);
      await drop(bundle);
    });

    it('or by release, dist and address', async () => {
      const ids = [
        await upload({ release: 'shop@1', debugId: null }),
        await upload({ release: 'shop@2', dist: 'web', debugId: null }),
        await upload({ release: 'shop@3', debugId: null, map: '{"version":3' }),
      ];
      const none = undefined as unknown as string;
      const events = [
        crash({ release: 'shop@1' }, none),
        crash({ release: 'shop@1', dist: 'web' }, none),
        crash({ release: 'shop@2', dist: 'web' }, none),
        crash({ release: 'shop@2', dist: 'tv' }, none),
        crash({ release: 'shop@3' }, none),
        crash({ release: 'shop@4' }, none),
        crash({}, none),
      ];
      for (const event of events) for (const frame of event.exceptions[0]!.frames) delete frame.debugId;
      const found = await digest(...events);
      expect(found.map(({ event }) => top(event).minified !== undefined)).toEqual([true, true, true, false, false, false, false]);
      expect(found.map(({ event }) => event.errors.length)).toEqual([0, 0, 0, 0, 1, 0, 0]);
      expect(found[4]!.event.errors[0]!.reason).toContain('cannot be used: it is not JSON');
      await drop(...ids);
    });

    it('maps of another project are not there', async () => {
      const other = await makeProject(db().write);
      const ids = [await upload({ projectId: other }), await upload({ debugId: null, url: '~/else.js', release: 'r' })];
      const [one] = await digest(crash());
      expect(top(one!.event)).toMatchObject({ function: 'e' });
      expect(one!.event.errors).toHaveLength(1);
      await drop(...ids);
    });
  });

  describe('that come late', () => {
    const ID = '11111111-2222-4333-8444-555555555555';

    it('lead the next event to the same error, and name it anew', async () => {
      const late1 = (fn: string) => {
        const event = crash({ release: 'late@1' }, ID, fn);
        event.exceptions[0]!.type = 'LateError';
        return event;
      };
      const [before] = await digest(late1('zz'));
      expect(await group(before!.group)).toMatchObject({ culprit: 'zz in /app.js' });
      const original = cartMap({ sources: ['../src/late.ts', '../src/main.ts', 'x'] });
      const bundle = await upload({ release: 'late@1', debugId: ID, map: original });
      expect(await late()).toEqual([before!.group]);
      expect(await group(before!.group)).toMatchObject({ culprit: 'checkout in src/late.ts' });
      const history = await db().read.all<{ kind: string }>('select kind from activity where group_id = ? order by id', [
        before!.group,
      ]);
      expect(history.map((line) => line.kind)).toEqual(['created', 'mapped']);
      const [after] = await digest(late1('other'));
      expect(top(after!.event)).toMatchObject({ filename: 'src/late.ts' });
      expect(after!.group).toBe(before!.group);
      // Once gone through, an upload is left alone.
      expect(await late()).toEqual([]);
      await drop(bundle);
    });

    it('show that two errors are one, and say so once at the later one', async () => {
      const ID = '12121212-2222-4333-8444-555555555555';
      const original = cartMap({ sources: ['../src/twins.ts', '../src/main.ts', 'x'] });
      const twin = (fn: string) => {
        const event = crash({ release: 'twin@1' }, ID, fn);
        for (const frame of event.exceptions[0]!.frames) frame.function = `${fn}${frame.column}`;
        return event;
      };
      const [one, two] = await digest(twin('aa'), twin('bb'));
      expect(two!.group).not.toBe(one!.group);
      const bundle = await upload({ release: 'twin@1', debugId: ID, map: original });
      await late();
      const lines = await db().read.all<{ group_id: number; data: string }>(
        `select group_id, data from activity where group_id in (?, ?) and kind = 'mapped' order by id`,
        [one!.group, two!.group],
      );
      const same = lines.map(({ group_id, data }) => [group_id, fromJson<{ sameAs?: number }>(data).sameAs]);
      expect(same).toHaveLength(2);
      expect(same.filter(([, other]) => other !== undefined)).toHaveLength(1);
      const [[later, earlier]] = same.filter(([, other]) => other !== undefined) as [[number, number]];
      expect(new Set([later, earlier])).toEqual(new Set([one!.group, two!.group]));
      // What comes from now on joins the one; neither loses what it had.
      const [next] = await digest(twin('cc'));
      expect(next!.group).toBe(earlier);
      await drop(bundle);
      await upload({ release: 'twin@1', debugId: ID, map: original }).then(async (again) => {
        expect(await late()).toEqual([]);
        await drop(again);
      });
    });

    it('leave errors alone that they do not concern', async () => {
      const [one] = await digest(crash({ release: 'else@1' }, '99999999-2222-4333-8444-555555555555', 'ab'));
      const bundle = await upload({ release: 'late@9', debugId: '88888888-2222-4333-8444-555555555555' });
      expect(await late()).toEqual([]);
      expect(await group(one!.group)).toMatchObject({ culprit: expect.stringContaining('app.js') });
      await drop(bundle);
    });

    it('are applied when an event is read, and explained', async () => {
      const bus = new Bus(silentLog);
      const maps = new ReadMaps({ config: db().config, read: db().read, bus, log: silentLog });
      const events = new EventService({ read: db().read, clock, maps });
      const id = 'abcdefab-2222-4333-8444-555555555555';
      const [sent] = await digest(crash({ release: 'read@1' }, id, 'yy'));
      const read = async () => (await events.payloads([sent!.id])).get(sent!.id)!;
      expect(top(await read()).minified).toBeUndefined();
      const bundle = await upload({ debugId: id });
      bus.publish('artifactsChanged', { projectIds: [project] });
      const shown = await read();
      expect(top(shown)).toMatchObject({ function: 'checkout', filename: 'src/cart.ts', minified: { function: 'yy' } });
      expect(shown.errors).toEqual([]);
      expect(await read()).toEqual(shown);
      const row = (await events.byIds([sent!.id])).get(sent!.id)!;
      expect(await events.frameReports(row)).toEqual([
        expect.objectContaining({ stack: 'exception 1', frame: 1, outcome: 'MAPPED', debugId: id, original: 'src/cart.ts:9:20' }),
        expect.objectContaining({ frame: 2, place: 'https://shop.test/app.js:1:201', original: 'src/main.ts:4:3' }),
      ]);
      await drop(bundle);
      bus.publish('artifactsChanged', { projectIds: [project] });
      await upload({ debugId: null, release: 'nobody' });
      bus.publish('artifactsChanged', { projectIds: [project] });
      expect(top(await read()).minified).toBeUndefined();
      expect((await events.frameReports(row))[0]).toMatchObject({ outcome: 'NO_MAP', reason: expect.stringContaining(id) });
      await maps.close();
    });
  });

  it('a map that was made to cost holds nothing up: the event is kept, and says why it is not mapped', async () => {
    const line = (mappings: string) => JSON.stringify({ version: 3, sources: ['a.ts'], names: [], mappings });
    const many = JSON.stringify({ version: 3, sources: ['a.ts'], names: [[]], mappings: 'AAAA' });
    const hostile: [map: string, why: string][] = [
      [line('CAAA,DAAA,'.repeat(300_000)), 'line 1 is out of order and too long'],
      [`${' '.repeat(49 * 1024 * 1024)}${line('AAAA')}`, 'it is larger than the 48 MB that are opened while events come in'],
      [many.replace('[[]]', `[${'[],'.repeat(4_000_001)}[]]`), 'it holds more values than are read'],
    ];
    for (const [i, [map, why]] of hostile.entries()) {
      const id = `0000000${i}-1111-4222-8333-444455556666`;
      const bundle = await upload({ debugId: id, map });
      const [sent] = await digest(crash({}, id));
      expect(top(sent!.event)).toMatchObject({ function: 'e', column: 101 });
      expect(sent!.event.errors.map(({ reason }) => reason)).toContainEqual(expect.stringContaining(why));
      await drop(bundle);
    }
  });
});
