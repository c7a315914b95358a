import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Load, type WrkResult } from './load.ts';
import type { BenchOptions } from './options.ts';
import { Spotlight } from './peers.ts';
import { freePort, Measured, ready, sleep } from './processes.ts';
import { Product } from './product.ts';
import { type Gate, gateTable, interleaved, mb, median, ms, percent, table, times, whole } from './report.ts';
import { type Sustained, sustained } from './sustained.ts';

const CONNECTIONS = 64;
/** The same shape everywhere: performance figures of other shapes are other figures. */
const SHAPE = { seed: 20_261_122, groups: 1539, projects: 20 };
const POOL = 20_000;
/** Seconds of load before anything counts: the product's code is compiled by the engine while it runs. */
const WARM_UP = 5;
const ANY_TARGET = [{ path: '/api/1/envelope/', auth: 'Sentry sentry_version=7, sentry_key=0123456789abcdef0123456789abcdef' }];

interface Round extends WrkResult {
  /** CPU milliseconds of the server process per thousand answered requests = µs per request. */
  cpuUs: number;
  /** … of its main thread, and of the busiest other one. */
  mainUs: number;
  otherUs: number;
  peak: number;
}

/**
 * `bench ingest`: durable acknowledged events per second of the whole product against bare programs, the answer's
 * latency at half of that, sustained digestion, memory and disk. Answers Markdown.
 */
export async function benchIngest(options: BenchOptions): Promise<string> {
  const load = new Load({ ...SHAPE, nowMs: Date.now() }, POOL);
  const spotlight = options.peers ? await Spotlight.install(options.note) : undefined;
  try {
    const rounds = await interleaved(
      options.rounds,
      {
        'accept and discard': () => bareRound(load, 'discard.ts', options.seconds),
        'bare journal + digest worker': () => bareRound(load, 'pipeline.ts', options.seconds),
        Errata: () => productRound(load, options.seconds),
        ...(spotlight === undefined ? {} : { 'Spotlight CLI': () => spotlight.round(load, CONNECTIONS, options.seconds) }),
      },
      options.note,
    );
    const rate = (name: string) => median((rounds[name] ?? []).map((round) => round.perSecond));
    const half = await atHalf(load, rate('Errata') / 2, options.seconds);
    options.note(`half the maximum: ${JSON.stringify(half)}`);
    const long = await sustained(load, SHAPE.projects, options.events, options.note);
    return report(rounds, half, long, options);
  } finally {
    spotlight?.remove();
    load.remove();
  }
}

async function bareRound(load: Load, program: string, seconds: number): Promise<Round> {
  const folder = mkdtempSync(join(tmpdir(), 'errata-bare-'));
  const port = await freePort();
  const server = new Measured('node', ['--no-warnings', join(import.meta.dirname, 'bare', program), String(port), folder]);
  try {
    await ready(`http://127.0.0.1:${port}/`, server);
    return await measure(
      server,
      () => load.wrk(port, ANY_TARGET, CONNECTIONS, seconds),
      () => load.wrk(port, ANY_TARGET, CONNECTIONS, WARM_UP),
    );
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function productRound(load: Load, seconds: number): Promise<Round> {
  const product = await Product.start();
  try {
    await product.signIn();
    const targets = await product.targets(SHAPE.projects);
    return await measure(
      product.process,
      () => load.wrk(product.port, targets, CONNECTIONS, seconds),
      () => load.wrk(product.port, targets, CONNECTIONS, WARM_UP),
    );
  } finally {
    await product.stop();
  }
}

async function measure(server: Measured, run: () => Promise<WrkResult>, warmUp: () => Promise<WrkResult>): Promise<Round> {
  await warmUp();
  const before = server.threadsMs();
  const all = server.cpuMs();
  const start = performance.now();
  const result = await run();
  const answered = result.perSecond * ((performance.now() - start) / 1000);
  const used = [...server.threadsMs()].map(([id, time]) => ({
    main: id === server.pid,
    us: ((time - (before.get(id) ?? 0)) * 1000) / answered,
  }));
  return {
    ...result,
    cpuUs: ((server.cpuMs() - all) * 1000) / answered,
    mainUs: used.find((thread) => thread.main)?.us ?? 0,
    otherUs: Math.max(0, ...used.filter((thread) => !thread.main).map((thread) => thread.us)),
    peak: server.memory().peak,
  };
}

interface Half {
  rate: number;
  p50Ms: number;
  p99Ms: number;
  notAccepted: number;
  readyMs: number;
  idleRss: number;
}

/** Latency at a fixed rate, from the moment each request was due; and what a fresh, idle server weighs. */
async function atHalf(load: Load, rate: number, seconds: number): Promise<Half> {
  const product = await Product.start();
  try {
    await sleep(5000);
    const idleRss = product.process.memory().rss;
    await product.signIn();
    const targets = await product.targets(SHAPE.projects);
    await load.wrk(product.port, targets, CONNECTIONS, WARM_UP);
    await sleep(2000);
    const result = await load
      .start({ port: product.port, targets, rate, connections: CONNECTIONS, seconds: Math.max(10, seconds) })
      .result();
    return {
      rate,
      p50Ms: result.p50Ms,
      p99Ms: result.p99Ms,
      notAccepted: result.refused + result.broken,
      readyMs: product.readyMs,
      idleRss,
    };
  } finally {
    await product.stop();
  }
}

function report(rounds: Record<string, Round[]>, half: Half, long: Sustained, options: BenchOptions): string {
  const of = (name: string, field: keyof Round) => median((rounds[name] ?? []).map((round) => round[field]));
  const product = of('Errata', 'perSecond');
  const bare = of('bare journal + digest worker', 'perSecond');
  const rows = Object.keys(rounds).map((name) => [
    name,
    whole(of(name, 'perSecond')),
    times(product / of(name, 'perSecond')),
    ms(of(name, 'p50Ms')),
    ms(of(name, 'p99Ms')),
    `${of(name, 'cpuUs').toFixed(0)} µs (${of(name, 'mainUs').toFixed(0)} + ${of(name, 'otherUs').toFixed(0)})`,
    mb(of(name, 'peak')),
    whole(of(name, 'failed')),
  ]);
  const gates: Gate[] = [
    gate('acknowledged ÷ bare journal + digest worker', product / bare, percent, '≥ 35 %', (v) => v >= 0.35),
    ...(rounds['Spotlight CLI'] === undefined
      ? []
      : [gate('acknowledged ÷ Spotlight CLI', product / of('Spotlight CLI', 'perSecond'), times, '≥ 5×', (v) => v >= 5)]),
    gate('p99 of the answer at half the maximum', half.p99Ms, ms, '< 50 ms', (v) => v < 50),
    gate(
      `digest rate, last quarter ÷ fastest quarter of ${whole(long.events)} events`,
      long.lastOverBest,
      percent,
      '≥ 80 %',
      (v) => v >= 0.8,
    ),
    gate(
      'disk per event',
      long.diskPerEvent,
      (v) => `${v.toFixed(0)} B`,
      '≤ 900 B',
      (v) => v <= 900,
    ),
    gate('idle memory', half.idleRss, mb, '< 200 MB', (v) => v < 200 * 1024 * 1024),
    gate('memory under full load', Math.max(of('Errata', 'peak'), long.peak), mb, '< 512 MB', (v) => v < 512 * 1024 * 1024),
    gate('start to ready, new data directory', half.readyMs, ms, '< 3 s', (v) => v < 3000),
  ];
  return [
    `Saturated, ${CONNECTIONS} connections, gzip envelopes of 1.5 KB events, ${options.rounds} interleaved rounds of ${options.seconds} s, medians; the load generator runs on the same processor.`,
    table(
      [
        '',
        'acknowledged/s',
        'Errata ÷ it',
        'p50',
        'p99',
        'CPU per request (main thread + busiest other)',
        'peak memory',
        'not 2xx',
      ],
      rows,
    ),
    `At ${whole(half.rate)} events/s: p50 ${ms(half.p50Ms)}, p99 ${ms(half.p99Ms)}, ${half.notAccepted} not accepted. Sustained: ${whole(long.perSecond)} digested/s over ${whole(long.events)} events (${long.chunks.map((chunk) => whole(chunk)).join(', ')} by eighth), ${percent(long.cores / 2)} of two cores.`,
    gateTable(gates),
  ].join('\n\n');
}

function gate(name: string, value: number, show: (v: number) => string, demand: string, holds: (v: number) => boolean): Gate {
  return { name, measured: show(value), demand, holds: holds(value) };
}
