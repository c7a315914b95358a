// What comes beside events: visitors who write what went wrong, with a screenshot; browsers that report what the site's
// policy blocked; the state of the cart attached to an error; the transaction it happened in.
import { BROWSERS, below, chance, customers, endWithParent, hex, pick, sleep } from '../people.mjs';
import { screenshot } from './screenshot.mjs';

const dsns = JSON.parse(process.env.DEMO_DSNS);
const { username, host, pathname, protocol } = new URL(dsns['shop-web']);
const api = `${protocol}//${host}/api${pathname}`;
const RELEASE = 'shop-web@5.9.1';
const PAGES = ['/cart', '/checkout', '/checkout/payment', '/account/orders', '/search'];
const WORDS = [
  'I press “Pay” and nothing happens. I tried three times – was my card charged?',
  'The total is wrong: two mugs are not 0.00 €.',
  'The page went white after I changed the delivery address.',
  'Search forgets my filter when I go back.',
  'Very slow this morning. Otherwise a nice shop!',
  'My voucher is “not valid”, but it says until December.',
  'Nach dem Klick auf „Bestellen“ kommt nur ein Kreis, der sich dreht.',
  'Kann meine Adresse nicht ändern, der Knopf ist grau.',
];
const BLOCKED = [
  ['script-src-elem', 'https://cdn.tracker.example/t.js'],
  ['img-src', 'https://ads.example/pixel.gif'],
  ['connect-src', 'wss://chat.example/socket'],
  ['style-src-attr', 'inline'],
  ['script-src', 'chrome-extension://abcdefgh/inject.js'],
];

const post = (path, body, type) =>
  fetch(`${api}${path}?sentry_key=${username}&sentry_release=${RELEASE}&sentry_environment=production`, {
    method: 'POST',
    body,
    headers: { 'content-type': type, 'user-agent': pick(BROWSERS) },
  }).catch(() => undefined);

function envelope(header, items) {
  const parts = [Buffer.from(JSON.stringify({ sdk: { name: 'sentry.javascript.react', version: '11.12.0' }, ...header }))];
  for (const [head, payload] of items) {
    const bytes = Buffer.isBuffer(payload) ? payload : Buffer.from(JSON.stringify(payload));
    parts.push(Buffer.from(`\n${JSON.stringify({ ...head, length: bytes.length })}\n`), bytes);
  }
  return post('/envelope/', Buffer.concat(parts), 'application/x-sentry-envelope');
}

/** Somebody's payment fails, and the program attaches what was in the cart. Answers the event's id. */
async function failure(page, customer) {
  const [event_id, trace_id] = [hex(32), hex(32)];
  const now = Date.now() / 1000;
  const trace = { trace_id, span_id: hex(16) };
  const frame = { filename: 'app/checkout/payment.tsx', function: 'confirmPayment', lineno: 88, colno: 21, in_app: true };
  const event = {
    event_id,
    timestamp: now,
    platform: 'javascript',
    release: RELEASE,
    environment: 'production',
    transaction: page,
    user: { id: customer.id, email: customer.email },
    contexts: { trace, ...(chance(0.3) ? { replay: { replay_id: hex(32) } } : {}) },
    exception: { values: [{ type: 'PaymentError', value: 'The bank did not answer', stacktrace: { frames: [frame] } }] },
  };
  const cart = { customer: customer.id, items: [{ sku: `mug-${below(40)}`, quantity: 1 + below(3) }], total: below(9000) / 100 };
  await envelope({ event_id }, [
    [{ type: 'event' }, event],
    [{ type: 'attachment', filename: 'cart.json', content_type: 'application/json' }, Buffer.from(JSON.stringify(cart))],
    ...(chance(0.5) ? [[{ type: 'attachment', filename: 'screenshot.png', content_type: 'image/png' }, screenshot()]] : []),
  ]);
  const seconds = 0.2 + Math.random() * 3;
  const contexts = { trace: { ...trace, op: 'http.client', status: 'deadline_exceeded' } };
  const transaction = {
    type: 'transaction',
    transaction: `POST ${page}`,
    start_timestamp: now - seconds,
    timestamp: now,
    contexts,
  };
  await envelope({}, [[{ type: 'transaction' }, transaction]]);
  return event_id;
}

async function voice() {
  const customer = pick(customers);
  const page = pick(PAGES);
  const about = chance(0.7) ? await failure(page, customer) : undefined;
  const event_id = hex(32);
  const feedback = {
    message: pick(WORDS),
    url: `https://shop.example${page}`,
    ...(chance(0.8) ? { name: customer.username, contact_email: customer.email } : {}),
    ...(about === undefined ? {} : { associated_event_id: about }),
  };
  const event = { timestamp: Date.now() / 1000, release: RELEASE, environment: 'production', contexts: { feedback } };
  const shot = [{ type: 'attachment', filename: 'screenshot.png', content_type: 'image/png' }, screenshot()];
  await envelope({ event_id }, [[{ type: 'feedback' }, event], ...(chance(0.4) ? [shot] : [])]);
}

async function report() {
  const [directive, uri] = pick(BLOCKED);
  const body = { 'document-uri': `https://shop.example${pick(PAGES)}`, 'effective-directive': directive, 'blocked-uri': uri };
  await post('/security/', JSON.stringify({ 'csp-report': { ...body, disposition: 'enforce' } }), 'application/csp-report');
}

endWithParent();
for (let i = 0; i < 4; i++) await voice();
await report();
process.send?.('told');
for (;;) {
  await sleep(20_000 + below(40_000));
  await (chance(0.6) ? voice() : report());
}
