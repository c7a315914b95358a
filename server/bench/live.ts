import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { HttpLane } from './http-lane.ts';
import type { LiveOrder } from './live-client.ts';
import { CountingSocket } from './live-sockets.ts';
import { Load } from './load.ts';
import type { BenchOptions } from './options.ts';
import { decodePool, freshEventId, headerMember } from './pool.ts';
import { Measured, sleep } from './processes.ts';
import { Product, type Target } from './product.ts';
import { type Gate, gateTable, median, ms, percentile, table, whole } from './report.ts';

const SUBSCRIBERS = 1000;
const SOCKETS_PER_USER = 50;
const LATENCY_RATE = 500;
/** The dashboard's own document: what a row of the list needs. */
const DOCUMENT =
  'subscription { errorEventReceived { id eventId errorId projectId title culprit level environment release timestamp receivedAt isNew } }';
/** Offered events per second, one after the other; the highest delivered rate counts. */
const RATES = [40, 60, 80, 120, 200];

interface FanOut {
  offered: number;
  /** Results per second over all subscribers. */
  delivered: number;
  /** Delivered ÷ (offered × subscribers). */
  share: number;
  serverUsPerMessage: number;
}

/**
 * `bench live`: results per second to a thousand subscribers with the same document, and how long an event takes from
 * being sent to standing in an open dashboard's socket. Answers Markdown.
 */
export async function benchLive(options: BenchOptions): Promise<string> {
  const load = new Load({ seed: 11, groups: 1539, projects: 20, nowMs: Date.now() }, 5000);
  const product = await Product.start();
  try {
    await product.signIn();
    const targets = await product.targets(20);
    const latencies: number[] = [];
    for (let round = 0; round < options.rounds; round += 1) {
      const took = await latency(product, load, targets, options.seconds);
      options.note(`latency round ${round + 1}: p95 ${percentile(took, 0.95).toFixed(1)} ms of ${took.length}`);
      latencies.push(...took);
    }
    const fanOut = await fanOuts(product, load, targets, options);
    return report(latencies, fanOut, product.process.memory().peak);
  } finally {
    await product.stop();
    load.remove();
  }
}

/** Milliseconds from the start of the request to the message, for every event, at 500 events per second. */
async function latency(product: Product, load: Load, targets: Target[], seconds: number): Promise<number[]> {
  const sentAt = new Map<string, number>();
  const took: number[] = [];
  const subscriber = await CountingSocket.open(product.port, product.token, DOCUMENT, ['a'], (text) => {
    const id = /"eventId":"([0-9a-f]{32})"/.exec(text.toString('latin1'))?.[1];
    const sent = id === undefined ? undefined : sentAt.get(id);
    if (id === undefined || sent === undefined) return;
    sentAt.delete(id);
    took.push(performance.now() - sent);
  });
  await sleep(200);
  await sendAt(product.port, load, targets, LATENCY_RATE, Math.max(5, seconds), (id) => sentAt.set(id, performance.now()));
  const deadline = performance.now() + 5000;
  while (sentAt.size > 0 && performance.now() < deadline) await sleep(20);
  // What never came counts as five seconds, so that it cannot hide.
  for (const _ of sentAt) took.push(5000);
  subscriber.close();
  return took;
}

/** Sends at a fixed rate from this process. */
async function sendAt(
  port: number,
  load: Load,
  targets: Target[],
  rate: number,
  seconds: number,
  sending: (eventId: string) => void,
): Promise<void> {
  const pool = decodePool(readFileSync(load.poolFile));
  const run = load.run();
  const free = Array.from({ length: 16 }, () => new HttpLane(port));
  const lanes = [...free];
  const start = performance.now();
  for (let sent = 0; sent < rate * seconds; ) {
    while (sent < ((performance.now() - start) / 1000) * rate && free.length > 0) {
      const lane = free.pop() as HttpLane;
      const body = pool[sent % pool.length] as (typeof pool)[number];
      const target = targets[body.project % targets.length] as Target;
      const eventId = freshEventId(run);
      const member = headerMember(eventId);
      const head = `POST ${target.path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Encoding: gzip\r\nX-Sentry-Auth: ${target.auth}\r\nContent-Length: ${member.length + body.member.length}\r\n\r\n`;
      sending(eventId);
      lane.send(Buffer.concat([Buffer.from(head), member, body.member]), () => free.push(lane));
      sent += 1;
    }
    await sleep(1);
  }
  while (free.length < lanes.length) await sleep(5);
  for (const lane of lanes) lane.close();
}

async function fanOuts(product: Product, load: Load, targets: Target[], options: BenchOptions): Promise<FanOut[]> {
  const order: LiveOrder = {
    port: product.port,
    query: DOCUMENT,
    tokens: await userTokens(product, SUBSCRIBERS / SOCKETS_PER_USER),
    sockets: SUBSCRIBERS,
    subscriptionsPerSocket: 1,
  };
  const clients = new Measured('node', ['--no-warnings', join(import.meta.dirname, 'live-client.ts'), JSON.stringify(order)]);
  try {
    const deadline = performance.now() + 60_000;
    while (!clients.output.includes('OPEN')) {
      if (performance.now() > deadline || !clients.alive)
        throw new Error(`the subscribers did not open:\n${clients.output.slice(-1000)}`);
      await sleep(50);
    }
    const results: FanOut[] = [];
    for (const offered of RATES) {
      const rounds: FanOut[] = [];
      for (let round = 0; round < options.rounds; round += 1)
        rounds.push(await oneFanOut(product, load, targets, clients, offered, options.seconds));
      const result = {
        offered,
        delivered: median(rounds.map((r) => r.delivered)),
        share: median(rounds.map((r) => r.share)),
        serverUsPerMessage: median(rounds.map((r) => r.serverUsPerMessage)),
      };
      options.note(`fan-out at ${offered} events/s: ${JSON.stringify(result)}`);
      results.push(result);
    }
    return results;
  } finally {
    await clients.stop();
  }
}

async function oneFanOut(
  product: Product,
  load: Load,
  targets: Target[],
  clients: Measured,
  offered: number,
  seconds: number,
): Promise<FanOut> {
  const generator = load.start({ port: product.port, targets, rate: offered, connections: 4, seconds: seconds + 2 });
  await sleep(1000);
  const before = await counted(clients);
  const cpu = product.process.cpuMs();
  await sleep(seconds * 1000);
  const after = await counted(clients);
  const used = product.process.cpuMs() - cpu;
  await generator.result();
  // What is still queued must not count for the next rate.
  for (let last = -1, now = (await counted(clients)).received; now !== last; last = now, now = (await counted(clients)).received)
    await sleep(600);
  const messages = after.received - before.received;
  const delivered = (messages / (after.atMs - before.atMs)) * 1000;
  return { offered, delivered, share: delivered / (offered * SUBSCRIBERS), serverUsPerMessage: (used * 1000) / messages };
}

/** The next count that the subscribers print. */
async function counted(clients: Measured): Promise<{ atMs: number; received: number }> {
  const last = () => clients.output.trimEnd().split('\n').at(-1) ?? '';
  const seen = last();
  for (let i = 0; i < 400; i += 1) {
    await sleep(25);
    const line = last();
    if (line !== seen && line.startsWith('{') && line.endsWith('}'))
      return JSON.parse(line) as { atMs: number; received: number };
  }
  throw new Error(`the subscribers are silent:\n${clients.output.slice(-500)}`);
}

/** One user holds 50 sockets at most: so many users are invited, and each makes a token. */
async function userTokens(product: Product, users: number): Promise<string[]> {
  const tokens: string[] = [];
  for (let i = 0; i < users; i += 1) tokens.push(await product.invitedToken(i));
  return tokens;
}

function report(latencies: number[], fanOut: FanOut[], peak: number): string {
  const best = Math.max(...fanOut.map((r) => r.delivered));
  const p95 = percentile(latencies, 0.95);
  const gates: Gate[] = [
    {
      name: `results/s to ${whole(SUBSCRIBERS)} subscribers of the same document`,
      measured: whole(best),
      demand: '≥ 50,000',
      holds: best >= 50_000,
    },
    { name: `event to open dashboard, p95 at ${LATENCY_RATE} events/s`, measured: ms(p95), demand: '< 1 s', holds: p95 < 1000 },
  ];
  return [
    `${whole(SUBSCRIBERS)} WebSockets of 20 users in one other process on the same processor.`,
    table(
      ['events/s offered', 'results/s delivered', 'of all', 'server CPU per result'],
      fanOut.map((r) => [
        whole(r.offered),
        whole(r.delivered),
        `${(100 * r.share).toFixed(0)} %`,
        `${r.serverUsPerMessage.toFixed(1)} µs`,
      ]),
    ),
    `From sending an event to its message at a subscriber, ${LATENCY_RATE} events/s, ${whole(latencies.length)} events: p50 ${ms(percentile(latencies, 0.5))}, p95 ${ms(p95)}, p99 ${ms(percentile(latencies, 0.99))}. Peak memory of the server ${whole(peak / 1024 / 1024)} MB.`,
    gateTable(gates),
  ].join('\n\n');
}
