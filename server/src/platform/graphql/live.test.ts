import { createClient } from 'graphql-ws';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { startWorld, Tick, type World } from '../../../test/graphql-world.ts';
import { RawClient, until } from '../../../test/live-client.ts';
import { LiveTopic } from './live-topic.ts';

const QUERY = 'subscription T($min: Int, $after: Int) { ticked(min: $min, after: $after) { seq text } }';
const SYNC = 'subscription S { tickedSync { seq text } }';
const tick = (seq: number, text = `t${seq}`) => Object.assign(new Tick(), { seq, text });

let world: World;
const clients: RawClient[] = [];
const connect = async (token?: string) => {
  const client = await RawClient.connect(world.port, token);
  clients.push(client);
  return client;
};
/** Subscribes and waits until the subscription stands. */
const subscribe = async (client: RawClient, id: string, query = QUERY, variables = {}) => {
  const before = world.live.stats.subscribers;
  client.subscribe(id, query, variables);
  await until(() => world.live.stats.subscribers === before + 1);
};

beforeAll(async () => {
  world = await startWorld({ liveLimits: { queuedFrames: 20 } });
});
afterAll(() => world.stop());
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
  await until(() => world.live.stats.sockets === 0);
  expect(world.live.stats).toEqual({ subscribers: 0, sockets: 0, groups: 0 });
  expect(world.probe.ticks.listened).toBe(false);
  world.probe.options = () => ({});
  world.probe.hold = undefined;
  world.probe.executed = 0;
});

describe('shared delivery', () => {
  it('makes a result once for all who must get the same, and names each one’s own id', async () => {
    const [a, b, c] = [await connect(), await connect(), await connect()];
    await subscribe(a, 'one');
    await subscribe(a, 'quo"te\\');
    await subscribe(b, 'one');
    await subscribe(c, 'x', QUERY, { min: 2 });
    expect(world.live.stats).toEqual({ subscribers: 4, sockets: 3, groups: 2 });
    world.probe.ticks.publish(tick(1));
    world.probe.ticks.publish(tick(2));
    await until(() => a.results.length === 4 && b.results.length === 2 && c.results.length === 1);
    expect(world.probe.executed).toBe(3);
    expect(a.heard.slice(1)).toEqual([
      { id: 'one', type: 'next', payload: { data: { ticked: { seq: 1, text: 't1' } } } },
      { id: 'quo"te\\', type: 'next', payload: { data: { ticked: { seq: 1, text: 't1' } } } },
      { id: 'one', type: 'next', payload: { data: { ticked: { seq: 2, text: 't2' } } } },
      { id: 'quo"te\\', type: 'next', payload: { data: { ticked: { seq: 2, text: 't2' } } } },
    ]);
    expect(c.results).toEqual([{ data: { ticked: { seq: 2, text: 't2' } } }]);
  });

  it('shares nothing across audiences', async () => {
    world.probe.options = (_after, context) => ({ audience: context.userAgent ?? '' });
    const [a, b] = [await connect(), await connect()];
    await subscribe(a, '1');
    world.probe.options = () => ({ audience: 'somebody else' });
    await subscribe(b, '1');
    expect(world.live.stats.groups).toBe(2);
    world.probe.ticks.publish(tick(1));
    await until(() => a.results.length === 1 && b.results.length === 1);
    expect(world.probe.executed).toBe(2);
  });

  it('keeps the order of publication while resolvers wait', async () => {
    const client = await connect();
    await subscribe(client, '1');
    let release = () => {};
    world.probe.hold = new Promise<void>((resolve) => {
      release = resolve;
    });
    for (let seq = 1; seq <= 3; seq++) world.probe.ticks.publish(tick(seq));
    await until(() => world.probe.executed === 3);
    world.probe.hold = undefined;
    for (let seq = 4; seq <= 6; seq++) world.probe.ticks.publish(tick(seq)); // made at once, but must wait their turn
    await until(() => world.probe.executed === 6);
    expect(client.results).toEqual([]);
    release();
    await until(() => client.results.length === 6);
    expect(client.results.map((result) => result.data.ticked.seq)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('drops the oldest when results cannot be made as fast as they come, and says so', async () => {
    const client = await connect();
    await subscribe(client, '1');
    let release = () => {};
    world.probe.hold = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { runningPerGroup, waitingPerGroup } = world.live.limits;
    const total = runningPerGroup + waitingPerGroup + 5;
    for (let seq = 1; seq <= total; seq++) world.probe.ticks.publish(tick(seq));
    release();
    await until(() => client.results.at(-1)?.data.ticked.seq === total);
    const missed = client.results.reduce((sum, result) => sum + (result.extensions?.missed ?? 0), 0);
    expect(missed).toBe(5);
    expect(client.results).toHaveLength(total - 5);
  });

  it('sends errors of resolvers as results, without their text', async () => {
    const client = await connect();
    await subscribe(client, '1');
    world.probe.ticks.publish(tick(1, 'bad'));
    world.probe.ticks.publish(tick(2));
    await until(() => client.results.length === 2);
    expect(client.results[0].errors[0]).toMatchObject({ path: ['ticked'], extensions: { code: 'INTERNAL' } });
    expect(JSON.stringify(client.results[0])).not.toContain('no such tick');
    expect(client.results[1].data.ticked.seq).toBe(2);
  });

  it('ends with `complete`, and tells nobody afterwards', async () => {
    const client = await connect();
    await subscribe(client, '1');
    await subscribe(client, '2');
    client.say({ type: 'complete', id: '1' });
    await until(() => world.live.stats.subscribers === 1);
    world.probe.ticks.publish(tick(1));
    await client.next((message) => message.type === 'next');
    expect(client.heard.filter((message) => message.type === 'next').map((message) => message.id)).toEqual(['2']);
    client.subscribe('1', QUERY); // the id is free again
    await until(() => world.live.stats.subscribers === 2);
  });

  it('serves the official client', async () => {
    const client = createClient({
      url: `ws://127.0.0.1:${world.port}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: { authorization: 'Bearer viewer' },
      retryAttempts: 0,
    });
    const iterator = client.iterate<{ ticked: Tick }>({ query: QUERY });
    const first = iterator.next();
    await until(() => world.live.stats.subscribers === 1);
    world.probe.ticks.publish(tick(7));
    expect((await first).value).toEqual({ data: { ticked: { seq: 7, text: 't7' } } });
    await iterator.return?.();
    await client.dispose();
  });
});

describe('a slow reader', () => {
  it('loses only its own messages, and learns how many', async () => {
    const [slow, quick] = [await connect(), await connect()];
    await subscribe(slow, 's', SYNC);
    await subscribe(quick, 'q', SYNC);
    slow.ws.pause();
    const total = 1500;
    const text = 'x'.repeat(20_000);
    for (let seq = 1; seq <= total; seq++) {
      world.probe.ticks.publish(tick(seq, text));
      if (seq % 20 === 0) await until(() => quick.results.length === seq); // as fast as the quick one reads
    }
    expect(quick.results.map((result) => result.data.tickedSync.seq)).toEqual(Array.from({ length: total }, (_, i) => i + 1));
    expect(quick.results.some((result) => result.extensions !== undefined)).toBe(false);
    slow.ws.resume();
    await until(() => slow.results.at(-1)?.data.tickedSync.seq === total);
    const missed = slow.results.reduce((sum, result) => sum + (result.extensions?.missed ?? 0), 0);
    expect(missed).toBeGreaterThan(100);
    expect(slow.results.length + missed).toBe(total);
    // The gap is announced by the very result that follows it.
    let expected = 1;
    for (const { data, extensions } of slow.results) {
      expected += extensions?.missed ?? 0;
      expect(data.tickedSync.seq).toBe(expected);
      expected += 1;
    }
    expect(world.gauges.render()).toMatch(new RegExp(`errata_live_missed_total ${missed + 5}\\b`)); // 5 of the test above
  });

  it('is cut when it stays stuck, and so is one that only asks and never reads', async () => {
    const [stuck, asking] = [await connect(), await connect()];
    await subscribe(stuck, '1', SYNC);
    stuck.ws.pause();
    asking.ws.pause();
    for (let seq = 1; seq <= 600; seq++) world.probe.ticks.publish(tick(seq, 'x'.repeat(20_000)));
    world.clock.advance(world.live.limits.patienceMs + 1);
    asking.ws.ping(); // heard of, unlike the other
    await until(() => asking.ws.bufferedAmount === 0);
    for (let i = 0; i < 400 && asking.ws.readyState === WebSocket.OPEN; i++) {
      asking.say({ type: 'ping', payload: { pad: 'x'.repeat(50_000) } });
    }
    world.live.sweep();
    stuck.ws.resume();
    expect((await stuck.closed).code).toBe(1006);
    asking.ws.resume();
    expect((await asking.closed).code).toBe(1006);
  });
});

describe('catch-up', () => {
  /** Serves replays from a list to which every published tick was added before. */
  const recorded = () => {
    const rows: Tick[] = [];
    const log = { replays: [] as number[], beforeRow: async (_seq: number) => {} };
    world.probe.options = (after) => ({
      ...(after === undefined ? {} : { after }),
      replay: async function* (from: number) {
        log.replays.push(from);
        for (let i = 0; i < rows.length; i++) {
          const row = rows[i] as Tick;
          if (row.seq <= from) continue;
          await log.beforeRow(row.seq);
          yield row;
        }
      },
    });
    const record = (seq: number) => {
      rows.push(tick(seq));
      world.probe.ticks.publish(tick(seq));
    };
    return { rows, log, record };
  };
  const sequence = (client: RawClient) => client.results.map((result) => result.data.ticked.seq);
  const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);

  it('replays what was missed, then goes on live', async () => {
    const { record, log } = recorded();
    for (let seq = 1; seq <= 5; seq++) record(seq);
    const client = await connect();
    await subscribe(client, '1', QUERY, { after: 2 });
    await until(() => client.results.length === 3);
    record(6);
    await until(() => client.results.length === 4);
    expect(sequence(client)).toEqual([3, 4, 5, 6]);
    expect(log.replays).toEqual([2]);
  });

  it('leaves no gap and no double when far more comes in meanwhile than the queue holds', async () => {
    const { record, log } = recorded();
    for (let seq = 1; seq <= 10; seq++) record(seq);
    let next = 11;
    log.beforeRow = async (seq) => {
      if (seq === 5) while (next <= 100) record(next++); // 90 live ones while the queue holds 20
    };
    const client = await connect();
    await subscribe(client, '1', QUERY, { after: 3 });
    await until(() => client.results.length === 97);
    record(101);
    await until(() => client.results.length === 98);
    expect(sequence(client)).toEqual(range(4, 101));
    expect(client.results.some((result) => result.extensions)).toBe(false);
    expect(log.replays).toEqual([3]);
  });

  it('reads on from the database when the queue overflowed beyond what the replay had shown', async () => {
    const rows = Array.from({ length: 10 }, (_, i) => tick(i + 1));
    const replays: number[] = [];
    world.probe.options = (after) => ({
      ...(after === undefined ? {} : { after }),
      replay: async function* (from: number) {
        replays.push(from);
        const page = rows.filter((row) => row.seq > from); // one snapshot, like one statement
        for (const row of page) {
          if (replays.length === 1 && row.seq === 10) {
            for (let seq = 11; seq <= 60; seq++) {
              rows.push(tick(seq));
              world.probe.ticks.publish(tick(seq));
            }
            await until(() => world.probe.executed >= 50);
          }
          yield row;
        }
      },
    });
    const client = await connect();
    await subscribe(client, '1', QUERY, { after: 0 });
    await until(() => client.results.at(-1)?.data.ticked.seq === 60);
    expect(sequence(client)).toEqual(range(1, 60));
    expect(replays).toEqual([0, 10]);
  });

  it('never shows again what came before `after`, however late it is published', async () => {
    recorded();
    const client = await connect();
    await subscribe(client, '1', QUERY, { after: 50 });
    world.probe.ticks.publish(tick(49));
    world.probe.ticks.publish(tick(50));
    world.probe.ticks.publish(tick(51));
    await until(() => client.results.length === 1);
    expect(sequence(client)).toEqual([51]);
  });

  it('applies the filter to what it replays', async () => {
    const { record } = recorded();
    for (let seq = 1; seq <= 5; seq++) record(seq);
    const client = await connect();
    await subscribe(client, '1', QUERY, { after: 0, min: 4 });
    await until(() => client.results.length === 2);
    expect(sequence(client)).toEqual([4, 5]);
  });

  it('ends with an error that hides its cause when the replay fails', async () => {
    world.probe.options = () => ({
      after: 1,
      // biome-ignore lint/correctness/useYield: it fails before
      replay: async function* () {
        throw new Error('disk full');
      },
    });
    const client = await connect();
    client.subscribe('1', QUERY);
    const message = await client.next((m) => m.type === 'error');
    expect(message).toMatchObject({ id: '1', payload: [{ extensions: { code: 'INTERNAL' } }] });
    expect(JSON.stringify(message)).not.toContain('disk');
    await until(() => world.live.stats.subscribers === 0);
  });
});

describe('a topic', () => {
  it('works only while somebody listens', () => {
    const calls: string[] = [];
    const topic = new LiveTopic<number>({
      name: 't',
      seq: (n) => n,
      whileListened: () => {
        calls.push('start');
        return () => calls.push('stop');
      },
    });
    topic.publish(1);
    const heard: number[] = [];
    const first = topic.listen((n) => heard.push(n));
    const second = topic.listen((n) => heard.push(n));
    topic.publish(2);
    first();
    first();
    second();
    topic.publish(3);
    topic.listen(() => undefined)();
    expect(heard).toEqual([2, 2]);
    expect(calls).toEqual(['start', 'stop', 'start', 'stop']);
  });
});
