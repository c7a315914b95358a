// Sends the events of the foreign programs, each to its own project; besides some things that SDKs send and Errata has no
// room for yet, and a few mistakes, so that the project page has something to say about them.
import { pastTimes, SHAPES } from '../past.mjs';
import { below, chance, endWithParent, hex, pick, sleep, weighted } from '../people.mjs';
import { browserEvent } from './browser.mjs';
import { csharpEvent } from './csharp.mjs';
import { goEvent } from './go.mjs';
import { javaEvent } from './java.mjs';
import { phpEvent } from './php.mjs';
import { rubyEvent } from './ruby.mjs';
import { rustEvent } from './rust.mjs';

/** `{ slug: dsn }` */
const dsns = JSON.parse(process.env.DEMO_DSNS);
const lookBackFor = new Set((process.env.DEMO_LOOK_BACK ?? '').split(','));

const PROGRAMS = [
  {
    slug: 'shop-web',
    make: browserEvent,
    weight: 7,
    past: [
      [3100, SHAPES.steady],
      [450, SHAPES.outage],
      [600, SHAPES.recent],
    ],
  },
  {
    slug: 'legacy-java',
    make: javaEvent,
    weight: 4,
    past: [
      [1900, SHAPES.steady],
      [300, SHAPES.nightly],
    ],
  },
  {
    slug: 'gateway',
    make: goEvent,
    weight: 4,
    past: [
      [1200, SHAPES.growing],
      [750, SHAPES.outage],
    ],
  },
  {
    slug: 'magazine',
    make: phpEvent,
    weight: 3,
    past: [
      [1100, SHAPES.fixed],
      [450, SHAPES.steady],
    ],
  },
  { slug: 'back-office', make: rubyEvent, weight: 3, past: [[1150, SHAPES.steady]] },
  { slug: 'desk', make: csharpEvent, weight: 3, past: [[850, SHAPES.growing]] },
  {
    slug: 'resizer',
    make: rustEvent,
    weight: 2,
    past: [
      [650, SHAPES.recent],
      [200, SHAPES.nightly],
    ],
  },
].filter(({ slug }) => dsns[slug] !== undefined);

/** Sends an envelope as an SDK does; what the server answers does not matter to a program. */
async function send(slug, items, header = {}) {
  const { origin, username, pathname } = new URL(dsns[slug]);
  const { sdk } = items[0][1];
  const lines = [JSON.stringify({ ...header, sdk })];
  for (const [type, payload] of items)
    lines.push(JSON.stringify({ type }), typeof payload === 'string' ? payload : JSON.stringify(payload));
  const auth = `Sentry sentry_version=7, sentry_key=${username}, sentry_client=${sdk?.name ?? 'errata.demo'}/${sdk?.version ?? '1.0.0'}`;
  try {
    const response = await fetch(`${origin}/api${pathname}/envelope/`, {
      method: 'POST',
      headers: { 'x-sentry-auth': auth },
      body: `${lines.join('\n')}\n`,
    });
    await response.arrayBuffer();
  } catch {
    await sleep(1000); // the server is away: a program does not stop for that
  }
}

const eventAt = (make, ms) => ({ ...make(), timestamp: ms / 1000 });

/** Four at a time: a week in a quarter of a minute, and other programs get through. */
async function lookBack() {
  const plan = PROGRAMS.filter(({ slug }) => lookBackFor.has(slug))
    .flatMap(({ slug, make, past }) =>
      past.flatMap(([count, shape]) => pastTimes(count, shape).map((ms) => ({ ms, slug, make }))),
    )
    .sort((a, b) => a.ms - b.ms)
    .values();
  const sender = async () => {
    for (const { ms, slug, make } of plan) await send(slug, [['event', eventAt(make, ms)]]);
  };
  await Promise.all([sender(), sender(), sender(), sender()]);
}

/** What else SDKs send; counted by name on the project's page. */
function sideItems(slug) {
  const now = Date.now() / 1000;
  const sdk = { name: 'sentry.javascript.react', version: '11.12.0' };
  const session = {
    sid: hex(32),
    init: true,
    started: new Date().toISOString(),
    status: 'ok',
    errors: 0,
    attrs: { release: 'shop-web@5.21.1' },
    sdk,
  };
  return pick([
    // Only the shop's pages have visits; other programs would be said to have its releases.
    ...(slug === 'shop-web' ? [[['session', session]]] : []),
    [
      [
        'transaction',
        {
          event_id: hex(32),
          type: 'transaction',
          transaction: '/cart',
          start_timestamp: now - 1,
          timestamp: now,
          spans: [],
          sdk,
        },
      ],
    ],
    [
      [
        'client_report',
        {
          timestamp: now,
          discarded_events: [
            { reason: pick(['sample_rate', 'before_send', 'network_error']), category: 'error', quantity: 1 + below(4) },
          ],
          sdk,
        },
      ],
    ],
    [['event', `{"message": "cut short by a proxy, project ${slug}`]],
  ]);
}

endWithParent();
await lookBack();
process.send?.('ready');
for (const { slug, make } of PROGRAMS) await send(slug, [['event', eventAt(make, Date.now())]]);
for (;;) {
  const { slug, make } = weighted(PROGRAMS.map((program) => [program.weight, program]));
  const event = eventAt(make, Date.now());
  await send(slug, [['event', event]]);
  if (chance(0.02)) await send(slug, [['event', event]]); // a retry after a lost answer: counted once
  if (chance(0.08)) await send(slug, sideItems(slug));
  // Some errors come in flurries: the same, many times, from many people.
  if (chance(0.012))
    for (let n = 8 + below(25); n > 0; n -= 1)
      await send(slug, [['event', { ...eventAt(make, Date.now()), exception: event.exception }]]).then(() =>
        sleep(60 + below(200)),
      );
  await sleep(700 + below(2000));
}
