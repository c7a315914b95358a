import { tmpdir } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RawClient, until } from '../../../test/live-client.ts';
import { type Clock, fixedClock } from '../../platform/clock.ts';
import { buildGraphqlSchema } from '../../platform/graphql/build.ts';
import type { GuardedActor } from '../../platform/graphql/context.ts';
import type { LiveServer } from '../../platform/graphql/live.ts';
import { mountGraphql } from '../../platform/graphql/mount.ts';
import { Gauges } from '../../platform/http/gauges.ts';
import { createHttpServer, type HttpServer } from '../../platform/http/server.ts';
import { silentLog } from '../../platform/log.ts';
import { SystemResolver } from './system.resolver.ts';
import { SystemSampler } from './system.service.ts';

const FIELDS = `version startedAt database nodeVersion rssBytes heapUsedBytes cpuPercent eventLoopDelayP99Ms ingestBacklogBytes
  digestLagMs eventsPerSecond subscribers databaseBytes diskFreeBytes`;

function sampler(clock: Clock = fixedClock(Date.UTC(2026, 0, 1)), failing = false) {
  const figures = { events: 1000, databaseReads: 0 };
  const made = new SystemSampler({
    clock,
    version: '1.2.3',
    database: 'SQLite',
    probes: {
      ingestBacklogBytes: () => 12,
      digestLagMs: () => -3,
      eventsDigested: () => figures.events,
      subscribers: () => 4,
      databaseBytes: async () => {
        figures.databaseReads += 1;
        if (failing) throw new Error('locked');
        return 4096;
      },
      dataDir: failing ? '/nowhere/at/all' : tmpdir(),
    },
  });
  return { made, figures };
}

describe('SystemSampler', () => {
  it('reads the process and the probes', async () => {
    const { made } = sampler();
    const sample = await made.read();
    expect(sample).toMatchObject({
      version: '1.2.3',
      database: 'SQLite',
      startedAt: Date.UTC(2026, 0, 1),
      ingestBacklogBytes: 12,
      digestLagMs: 0,
      subscribers: 4,
      databaseBytes: 4096,
    });
    expect(sample.rssBytes).toBeGreaterThan(sample.heapUsedBytes);
    expect(sample.diskFreeBytes).toBeGreaterThan(0);
    expect((await made.read()).seq).toBeGreaterThan(sample.seq);
  });

  it('takes rates from beat to beat', async () => {
    const { made, figures } = sampler();
    await made.tick();
    figures.events += 500;
    const started = performance.now();
    while (performance.now() - started < 40); // busy, so that there is CPU time to see
    await made.tick();
    const { eventsPerSecond, cpuPercent, eventLoopDelayP99Ms } = await made.read();
    expect(eventsPerSecond).toBeGreaterThan(0);
    expect(eventsPerSecond).toBeLessThanOrEqual(500 / 0.04);
    expect(cpuPercent).toBeGreaterThan(0);
    expect(eventLoopDelayP99Ms).toBeGreaterThanOrEqual(0);
    figures.events = 0; // started anew
    await made.tick();
    expect((await made.read()).eventsPerSecond).toBe(0);
  });

  it('asks for sizes rarely, and does without them when it must', async () => {
    const { made, figures } = sampler();
    await Promise.all([made.read(), made.read(), made.read()]);
    expect(figures.databaseReads).toBe(1);
    expect(await sampler(undefined, true).made.read()).toMatchObject({ databaseBytes: 0, diskFreeBytes: 0 });
  });

  it('puts its figures on /metrics', async () => {
    const { made } = sampler();
    const gauges = new Gauges();
    made.register(gauges);
    const page = gauges.render();
    expect(page).toMatch(/^errata_info\{version="1\.2\.3",node="v\d+[^"]*"\} 1$/m);
    expect(page).toMatch(/^process_start_time_seconds 1767225600$/m);
    expect(page).toMatch(/^process_cpu_seconds_total [\d.]+$/m);
    expect(page).toMatch(/^errata_events_digested_total 1000$/m);
    expect(page).toMatch(/^errata_ingest_backlog_bytes 12$/m);
  });
});

describe('through the API', () => {
  let http: HttpServer;
  let live: LiveServer<GuardedActor>;
  let port: number;
  const { made, figures } = sampler();
  beforeAll(async () => {
    const config = { host: '127.0.0.1', port: 0, baseUrl: 'http://errata.test', trustedProxies: [], metricsToken: undefined };
    const common = { config, log: silentLog, gauges: new Gauges() };
    http = createHttpServer({ ...common, ready: async () => ({}) });
    const schema = buildGraphqlSchema({
      resolvers: [SystemResolver],
      container: new Map([[SystemResolver, new SystemResolver(made)]]),
      requirements: { 'Query.systemStatus': 'system:read', 'Subscription.metricsSampled': 'system:read' },
    });
    ({ live } = await mountGraphql<GuardedActor>(http, {
      ...common,
      schema,
      clock: fixedClock(0),
      authenticate: async () => ({ actor: { kind: 'user', demand: () => undefined }, sessionId: 1 }),
      identify: () => ({ userKey: 'u', audience: 'a' }),
    }));
    ({ port } = await http.listen());
  });
  afterAll(async () => {
    made.stop();
    await http.stop();
  });

  it('answers every field', async () => {
    const response = await fetch(`http://127.0.0.1:${port}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: `{ systemStatus { ${FIELDS} } }` }),
    });
    const { systemStatus } = ((await response.json()) as { data: { systemStatus: Record<string, unknown> } }).data;
    expect(systemStatus).toMatchObject({
      version: '1.2.3',
      startedAt: '2026-01-01T00:00:00.000Z',
      databaseBytes: 4096,
      subscribers: 4,
    });
    expect(Object.values(systemStatus).every((value) => value !== null)).toBe(true);
  });

  it('sends samples while somebody listens, and takes none otherwise', async () => {
    await made.tick();
    const client = await RawClient.connect(port);
    client.subscribe('1', `subscription { metricsSampled { ${FIELDS} } }`);
    await until(() => live.stats.subscribers === 1);
    expect(made.samples.listened).toBe(true);
    figures.events += 10;
    await made.tick();
    const { payload } = await client.next((message) => message.type === 'next');
    expect(payload.data.metricsSampled).toMatchObject({ version: '1.2.3', ingestBacklogBytes: 12 });
    await client.close();
    await until(() => !made.samples.listened);
  });

  it('beats by itself once started', async () => {
    const client = await RawClient.connect(port);
    client.subscribe('1', 'subscription { metricsSampled { rssBytes } }');
    await until(() => live.stats.subscribers === 1);
    made.start();
    expect((await client.next((message) => message.type === 'next')).payload.data.metricsSampled.rssBytes).toBeGreaterThan(0);
    await client.close();
  });
});
