// How the shop's visitors fare and how its jobs run: sessions of browsers, as an SDK sends them, and scheduled jobs that check
// in, of which some fail, hang or are late. DEMO_LOOK_BACK: sessions of the last days, too.
import { at, pastTimes, releaseAt, SHAPES } from '../past.mjs';
import { below, chance, endWithParent, hex, sleep, weighted } from '../people.mjs';

const dsns = JSON.parse(process.env.DEMO_DSNS);
const lookBackFor = new Set((process.env.DEMO_LOOK_BACK ?? '').split(','));
/** Sessions can be told of for five days. */
const OLDEST_MS = 4.9 * 86_400_000;
const RELEASES = [
  [Number.POSITIVE_INFINITY, '5.19.2'],
  [84, '5.20.0'],
  [40, '5.21.0'],
  [9, '5.21.1'],
];
/** Share of sessions that crash, and that meet an error. 5.21.0 was no good. */
const HEALTH = { '5.19.2': [0.004, 0.05], '5.20.0': [0.002, 0.04], '5.21.0': [0.035, 0.14], '5.21.1': [0.003, 0.05] };
const NEVER_UPDATED = 0.12;

async function send(dsn, items) {
  const { username, host, pathname, protocol } = new URL(dsn);
  const lines = items.flatMap(([type, payload]) => [JSON.stringify({ type }), JSON.stringify(payload)]);
  const body = [
    JSON.stringify({ sent_at: new Date().toISOString(), sdk: { name: 'sentry.javascript.react', version: '11.12.0' } }),
    ...lines,
  ].join('\n');
  await fetch(`${protocol}//${host}/api${pathname}/envelope/?sentry_key=${username}`, { method: 'POST', body }).catch(
    () => undefined,
  );
}

/** One visit that began at a time, as it ended. */
function visit(ms) {
  const version = chance(NEVER_UPDATED) ? '5.19.2' : at.run(ms, () => releaseAt(RELEASES));
  const [crashes, errs] = HEALTH[version];
  const status = weighted([
    [crashes, 'crashed'],
    [0.006, 'abnormal'],
    [1, 'exited'],
  ]);
  return [
    'session',
    {
      sid: hex(32),
      did: `visitor-${below(900)}`,
      init: true,
      started: new Date(ms).toISOString(),
      timestamp: new Date(Math.min(Date.now(), ms + below(600_000))).toISOString(),
      status,
      errors: status === 'crashed' || chance(errs) ? 1 : 0,
      attrs: { release: `shop-web@${version}`, environment: chance(0.9) ? 'production' : 'staging' },
    },
  ];
}

/** Jobs of the payments worker: how often they run, how long they take, how often that goes wrong. */
const JOBS = [
  { slug: 'settle-payments', minutes: 1, seconds: 8, fails: 0.06, skips: 0 },
  { slug: 'currency-rates', minutes: 2, seconds: 3, fails: 0, skips: 0.2 },
  { slug: 'ledger-audit', minutes: 5, seconds: 40, fails: 0.25, skips: 0 },
  { slug: 'archive-invoices', minutes: 3, seconds: 20, fails: 0, skips: 0, hangs: 0.2 },
];

async function runJob({ slug, minutes, seconds, fails, skips, hangs = 0 }) {
  const monitor_config = {
    schedule: { type: 'crontab', value: `*/${minutes} * * * *` },
    timezone: 'UTC',
    checkin_margin: 1,
    max_runtime: 1,
    failure_issue_threshold: slug === 'settle-payments' ? 2 : 1,
  };
  const check = (status, more = {}) =>
    send(dsns['payments-worker'], [
      [
        'check_in',
        {
          check_in_id: id,
          monitor_slug: slug,
          status,
          environment: 'production',
          release: 'payments-worker@4.2.2',
          monitor_config,
          ...more,
        },
      ],
    ]);
  let id = hex(32);
  for (;;) {
    await sleep(minutes * 60_000 - (Date.now() % (minutes * 60_000)) + below(1500));
    if (chance(skips)) continue;
    id = hex(32);
    await check('in_progress');
    const took = seconds * (0.6 + Math.random() * 0.8);
    if (chance(hangs)) continue;
    await sleep(took * 1000);
    await check(chance(fails) ? 'error' : 'ok', { duration: Math.round(took * 10) / 10 });
  }
}

endWithParent();
const web = dsns['shop-web'];
if (web && lookBackFor.has('shop-web')) {
  const times = pastTimes(6000, SHAPES.steady).filter((ms) => ms > Date.now() - OLDEST_MS);
  for (let from = 0; from < times.length; from += 100) await send(web, times.slice(from, from + 100).map(visit));
}
process.send?.('ready');
if (dsns['payments-worker']) for (const job of JOBS) void runJob(job);
for (;;) {
  if (web)
    await send(
      web,
      Array.from({ length: 1 + below(4) }, () => visit(Date.now() - below(30_000))),
    );
  await sleep(1500 + below(3000));
}
