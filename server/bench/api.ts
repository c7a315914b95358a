import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { Load } from './load.ts';
import type { BenchOptions } from './options.ts';
import { freePort, Measured, ready, sleep } from './processes.ts';
import { Product, type Target } from './product.ts';
import { type Gate, gateTable, interleaved, median, ms, percentile, table, times, whole } from './report.ts';

const PROJECTS = 20;
const GROUPS = 20_000;
const LIST = `query List { errors(first: 50) { edges { node { id shortId title type culprit level status platform handled firstSeen lastSeen eventCount userCount lastRelease commentCount } } } }`;
const ERROR_PAGE = `query Page($id: ID!) { error(id: $id) {
  id shortId title type value culprit level status firstSeen lastSeen eventCount userCount environments firstRelease lastRelease sparkline
  project { id slug name } assignee { id name }
  tags(first: 10) { key total values { value count } } groupings { version hash why } history(first: 20) { id kind at }
  latestEvent { id eventId timestamp exceptions { type value handled frames { function module filename line inApp context } } breadcrumbs { category message timestamp } tags { key value } contexts request user } } }`;
const TREND = `query Trend($from: DateTimeISO!, $to: DateTimeISO!) { overview { openErrorCount eventCount24h userCount24h eventsByProject { name count } eventsByLevel { name count } trend(hours: 24) { name points { at value } } busiest { id title sparkline } }
  projects { id trend(from: $from, to: $to, bucketSeconds: 3600) { points { at value } } } }`;

/** One kind of query: its name in the table and the body of its next request. */
interface Asked {
  name: string;
  body: () => string;
}

/**
 * `bench api`: the errors list against plain JSON over the same rows, and the latencies of the list, the error page and
 * the trend queries on a full database while events keep coming in. Answers Markdown.
 */
export async function benchApi(options: BenchOptions): Promise<string> {
  const load = new Load({ seed: 7, groups: GROUPS, projects: PROJECTS, nowMs: Date.now() }, 60_000);
  const product = await Product.start();
  try {
    await product.signIn();
    const targets = await product.targets(PROJECTS);
    await fill(product, load, targets, options);
    const lists = await compareLists(product, options);
    const busy = await whileIngesting(product, load, targets, options);
    return report(lists, busy, options);
  } finally {
    await product.stop();
    load.remove();
  }
}

/** The data set comes in through the front door: what queries see is what the digest wrote. */
async function fill(product: Product, load: Load, targets: Target[], options: BenchOptions): Promise<void> {
  const feed = load.feed(product.port, targets, 64, 3600);
  let noted = performance.now();
  const deadline = noted + 3_600_000;
  for (;;) {
    await sleep(500);
    const { digested, backlogBytes } = await product.figures();
    if (performance.now() - noted > 15_000) {
      options.note(`filling: ${digested} of ${options.events}, backlog ${Math.round(backlogBytes / 1024 / 1024)} MB`);
      noted = performance.now();
    }
    if (digested >= options.events) await feed.stop();
    if (!feed.alive && backlogBytes === 0) break;
    if (performance.now() > deadline || !product.process.alive)
      throw new Error(`filling did not end:\n${product.process.output.slice(-2000)}`);
  }
  // Counters that are written behind the events come to rest.
  await sleep(3000);
}

/** Time of one request, one after the other: what the stack adds, without any queue. */
interface ListRound {
  p50Ms: number;
  p99Ms: number;
  perSecond: number;
}

async function compareLists(product: Product, options: BenchOptions): Promise<Record<string, ListRound[]>> {
  const port = await freePort();
  const plain = new Measured('node', [
    '--no-warnings',
    join(import.meta.dirname, 'bare/list.ts'),
    String(port),
    join(product.dataDir, 'errata.db'),
  ]);
  try {
    await ready(`http://127.0.0.1:${port}/`, plain);
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const body = JSON.stringify({ query: LIST, operationName: 'List' });
    const contender = (to: number, path: string) => async (): Promise<ListRound> => {
      for (let i = 0; i < 200; i += 1) await ask(agent, to, path, body, product.token);
      const latencies: number[] = [];
      const end = performance.now() + options.seconds * 1000;
      while (performance.now() < end) latencies.push(await ask(agent, to, path, body, product.token));
      return { p50Ms: median(latencies), p99Ms: percentile(latencies, 0.99), perSecond: latencies.length / options.seconds };
    };
    const rounds = await interleaved(
      options.rounds,
      { 'plain JSON over node:http': contender(port, '/'), 'Errata GraphQL': contender(product.port, '/graphql') },
      options.note,
    );
    agent.destroy();
    return rounds;
  } finally {
    await plain.stop();
  }
}

/** Queries at a steady pace while 1,000 events per second come in. */
async function whileIngesting(
  product: Product,
  load: Load,
  targets: Target[],
  options: BenchOptions,
): Promise<Record<string, number[]>> {
  const seconds = Math.max(20, options.seconds * 4);
  const ids = (
    await product.query<{ errors: { edges: { node: { id: string } }[] } }>('{ errors(first: 200) { edges { node { id } } } }')
  ).errors.edges.map((edge) => edge.node.id);
  const now = Date.now();
  let turn = 0;
  const asked: Asked[] = [
    { name: 'errors list', body: () => JSON.stringify({ query: LIST }) },
    { name: 'error page', body: () => JSON.stringify({ query: ERROR_PAGE, variables: { id: ids[turn++ % ids.length] } }) },
    {
      name: 'overview and trends',
      body: () =>
        JSON.stringify({
          query: TREND,
          variables: { from: new Date(now - 86_400_000).toISOString(), to: new Date(now).toISOString() },
        }),
    },
    {
      name: 'search in the list',
      body: () => JSON.stringify({ query: LIST.replace('first: 50', 'first: 50, query: "level:fatal cart"') }),
    },
  ];
  const latencies: Record<string, number[]> = Object.fromEntries(asked.map(({ name }) => [name, []]));
  const generator = load.start({ port: product.port, targets, rate: 1000, connections: 16, seconds: seconds + 4 });
  const agent = new Agent({ keepAlive: true, maxSockets: 8 });
  await sleep(2000);
  const end = performance.now() + seconds * 1000;
  // Each kind on its own clock, ten a second, whether or not the last one has come back.
  await Promise.all(
    asked.map(async ({ name, body }) => {
      const open: Promise<void>[] = [];
      while (performance.now() < end) {
        open.push(
          ask(agent, product.port, '/graphql', body(), product.token).then((took) => {
            (latencies[name] as number[]).push(took);
          }),
        );
        await sleep(100);
      }
      await Promise.all(open);
    }),
  );
  agent.destroy();
  const sent = await generator.result();
  options.note(`while querying: ${sent.accepted} events accepted, ${sent.refused + sent.broken} not`);
  return latencies;
}

/** Milliseconds of one request. @throws when the answer is not 200 or holds errors */
function ask(agent: Agent, port: number, path: string, body: string, token: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const sent = request(
      {
        agent,
        port,
        path,
        host: '127.0.0.1',
        method: 'POST',
        headers: {
          'Content-Type': 'application/json',
          'Content-Length': Buffer.byteLength(body),
          Authorization: `Bearer ${token}`,
        },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const took = performance.now() - start;
          const head = Buffer.concat(chunks).subarray(0, 300).toString('utf8');
          if (response.statusCode !== 200 || head.startsWith('{"errors')) reject(new Error(`${response.statusCode}: ${head}`));
          else resolve(took);
        });
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

function report(lists: Record<string, ListRound[]>, busy: Record<string, number[]>, options: BenchOptions): string {
  const of = (name: string, field: keyof ListRound) => median((lists[name] ?? []).map((round) => round[field]));
  const ratio = of('Errata GraphQL', 'p50Ms') / of('plain JSON over node:http', 'p50Ms');
  const gates: Gate[] = [
    { name: 'errors list ÷ plain JSON', measured: times(ratio), demand: '≤ 3.5×', holds: ratio <= 3.5 },
    ...Object.entries(busy).map(([name, latencies]) => {
      const p99 = percentile(latencies, 0.99);
      return { name: `p99 ${name}`, measured: ms(p99), demand: '< 100 ms', holds: p99 < 100 };
    }),
  ];
  return [
    `50 rows × 15 fields, one request after the other, ${options.rounds} interleaved rounds of ${options.seconds} s, medians.`,
    table(
      ['', 'p50', 'p99', 'requests/s'],
      Object.keys(lists).map((name) => [name, ms(of(name, 'p50Ms')), ms(of(name, 'p99Ms')), whole(of(name, 'perSecond'))]),
    ),
    `${whole(options.events)} events in ${whole(GROUPS)} possible errors of ${PROJECTS} projects, while 1,000 events/s come in; ten queries of each kind per second.`,
    table(
      ['', 'p50', 'p95', 'p99', 'queries'],
      Object.entries(busy).map(([name, latencies]) => [
        name,
        ms(percentile(latencies, 0.5)),
        ms(percentile(latencies, 0.95)),
        ms(percentile(latencies, 0.99)),
        whole(latencies.length),
      ]),
    ),
    gateTable(gates),
  ].join('\n\n');
}
