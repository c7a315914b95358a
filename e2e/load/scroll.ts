import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type CDPSession, chromium, type Page } from '@playwright/test';
import { CHROMIUM_FLAGS } from '../browser/chromium-flags.ts';
import { eventually, type RunningServer, startServer } from '../server.ts';

/*
 * npm run scroll --workspace e2e
 *
 * Scrolls a list of 100,000 errors in Chromium as fast as a wheel can turn, at rest and while 500 events a second come in,
 * and prints how long the page's main thread worked for a frame and how long frames took. `CHROMIUM_PATH` names the browser.
 */
const ERRORS = 100_000;
const SECONDS = 12;
const FLOOD_PER_SECOND = 500;

const server = await startServer();
const browser = await chromium.launch({
  executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium',
  args: CHROMIUM_FLAGS,
});
try {
  await send(server, 0);
  await eventually(
    () => server.graphql<{ errors: { totalCount: number } }>('{ errors { totalCount } }'),
    ({ errors }) => errors.totalCount === 1,
  );
  multiply(server.dataDir);
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const [name, value] = server.cookie.split('=') as [string, string];
  await context.addCookies([{ name, value, url: server.url }]);
  const page = await context.newPage();
  await page.goto(`${server.url}/errors?status=all`);
  await page.getByRole('region', { name: 'Errors' }).waitFor();
  await page.mouse.move(720, 500);
  const atRest = await measure(page);
  const flood = startFlood(server);
  const inFlood = await measure(page);
  const sent = flood.stop();
  const rss = Number(/^process_resident_memory_bytes ([\d.e+]+)/m.exec(await metrics(server))?.[1] ?? 0);
  console.log(
    `| ${ERRORS.toLocaleString('en')} errors, 1440 × 900 | main thread per frame, median / p95 | frame, median / p95 | rows scrolled |`,
  );
  console.log('| --- | --- | --- | --- |');
  console.log(row('at rest', atRest));
  console.log(row(`while ${Math.round(sent / SECONDS)} events/s come in`, inFlood));
  console.log(`\nThe server has ${Math.round(rss / 1024 / 1024)} MB afterwards.`);
} finally {
  await browser.close();
  await server.dispose();
}

interface Measured {
  workMs: number[];
  frameMs: number[];
  rows: number;
}

function row(what: string, { workMs, frameMs, rows }: Measured): string {
  const pair = (values: number[]) => `${quantile(values, 0.5).toFixed(1)} / ${quantile(values, 0.95).toFixed(1)} ms`;
  return `| ${what} | ${pair(workMs)} | ${pair(frameMs)} | ${rows} |`;
}

function quantile(values: number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? Number.NaN;
}

/** One error in the database becomes many, each with a title, a culprit and times of its own. */
function multiply(dataDir: string): void {
  const db = new DatabaseSync(join(dataDir, 'errata.db'));
  db.exec('pragma busy_timeout = 10000');
  const columns = (db.prepare("select name from pragma_table_info('error_group')").all() as { name: string }[]).map(
    (column) => column.name,
  );
  const changed: Record<string, string> = {
    id: 'id + n',
    number: 'number + n',
    title: "'TypeError: cart ' || n || ' has no items in aisle ' || (n * 7919 % 1000)",
    culprit: "'checkout.step' || (n % 97) || ' in src/checkout/' || (n % 31) || '.ts'",
    first_seen_at: 'first_seen_at - n * 1000',
    last_seen_at: 'last_seen_at - n * 500',
    event_count: 'n * 7919 % 5000 + 1',
    user_count: 'n % 300',
  };
  db.exec(`with recursive count(n) as (select 1 union all select n + 1 from count where n < ${ERRORS - 1})
    insert into error_group (${columns.map((column) => `"${column}"`).join(', ')})
    select ${columns.map((column) => changed[column] ?? `"${column}"`).join(', ')}
    from (select * from error_group order by id limit 1), count`);
  db.exec(`update project set last_error_number = ${ERRORS + 1}`);
  db.close();
}

/** Turns the wheel sixty times a second and watches frames from inside and outside the page. */
async function measure(page: Page): Promise<Measured> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  await page.evaluate(() => {
    const frames: number[] = [];
    let last = performance.now();
    const look = (now: number) => {
      frames.push(now - last);
      last = now;
      (window as unknown as { frame: number }).frame = requestAnimationFrame(look);
    };
    (window as unknown as { frame: number }).frame = requestAnimationFrame(look);
    (window as unknown as { frames: number[] }).frames = frames;
  });
  const workMs: number[] = [];
  const from = await scrollTop(page);
  let before = await busyMs(session);
  let framesBefore = 0;
  const until = performance.now() + SECONDS * 1000;
  while (performance.now() < until) {
    for (let turn = 0; turn < 15; turn++) await page.mouse.wheel(0, 320);
    const now = await busyMs(session);
    const frames = await page.evaluate(() => (window as unknown as { frames: number[] }).frames.length);
    if (frames > framesBefore) workMs.push((now - before) / (frames - framesBefore));
    before = now;
    framesBefore = frames;
  }
  const frameMs = await page.evaluate(() => {
    cancelAnimationFrame((window as unknown as { frame: number }).frame);
    return (window as unknown as { frames: number[] }).frames;
  });
  await session.detach();
  return { workMs, frameMs, rows: Math.round(((await scrollTop(page)) - from) / 54) };
}

function scrollTop(page: Page): Promise<number> {
  return page.evaluate(() => document.querySelector('section[aria-label="Errors"] [tabindex="0"]')?.scrollTop ?? 0);
}

/** Processor time of the page's main thread so far: not what other processes took meanwhile. */
async function busyMs(session: CDPSession): Promise<number> {
  const { metrics: found } = await session.send('Performance.getMetrics');
  return (found.find(({ name }) => name === 'TaskDuration')?.value ?? 0) * 1000;
}

/** Events of a few hundred known and new errors, at a steady rate. */
function startFlood(target: RunningServer): { stop(): number } {
  let sent = 0;
  const timer = setInterval(() => {
    for (let i = 0; i < FLOOD_PER_SECOND / 20; i++) void send(target, 1 + (sent++ % 400)).catch(() => undefined);
  }, 50);
  return {
    stop() {
      clearInterval(timer);
      return sent;
    },
  };
}

async function send(target: RunningServer, kind: number): Promise<void> {
  const dsn = new URL(target.dsn);
  const event = {
    event_id: crypto.randomUUID().replaceAll('-', ''),
    timestamp: Date.now() / 1000,
    platform: 'node',
    exception: {
      values: [
        {
          type: `Flood${kind}Error`,
          value: 'cart has no items',
          stacktrace: { frames: [{ function: `step${kind}`, filename: `src/step${kind}.ts`, lineno: 3, in_app: true }] },
        },
      ],
    },
  };
  const response = await fetch(`${target.url}/api${dsn.pathname}/store/?sentry_key=${dsn.username}`, {
    method: 'POST',
    body: JSON.stringify(event),
  });
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
  await response.arrayBuffer();
}

async function metrics(target: RunningServer): Promise<string> {
  return (await fetch(`${target.url}/metrics`)).text();
}
