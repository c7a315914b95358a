// A shop's API as its developers wrote it, with the official SDK: only the DSN (SENTRY_DSN) is ours. It is called by
// `visitors.mjs`, and it really fails.
import { join } from 'node:path';
import * as Sentry from '@sentry/node';
import { at, releaseAt, stamp } from '../past.mjs';

const RELEASES = [
  [200, 'shop-api@2.13.4'],
  [110, 'shop-api@2.14.0'],
  [44, 'shop-api@2.14.1'],
  [20, 'shop-api@2.15.0'],
];
const pod = `shop-api-7d9f6c-${Math.random().toString(36).slice(2, 7)}`;
Sentry.init({
  serverName: pod,
  sampleRate: 1,
  tracesSampleRate: 0.02,
  sendDefaultPii: true,
  maxBreadcrumbs: 25,
  initialScope: { tags: { region: 'eu-central-1', tier: 'web' } },
  // Kept alive after an unhandled rejection, as many a service is.
  integrations: [
    Sentry.onUnhandledRejectionIntegration({ mode: 'none' }),
    Sentry.rewriteFramesIntegration({ root: join(import.meta.dirname, '..'), prefix: 'app:///' }),
  ],
  beforeSend(event) {
    event.release = releaseAt(RELEASES);
    if (event.tags?.stage === 'staging') event.environment = 'staging';
    return stamp(event);
  },
});

// Imported after `init`, so that the SDK can wrap what they use.
const { createServer } = await import('node:http');
const { endWithParent } = await import('../people.mjs');
const { visit, lookBack } = await import('./visitors.mjs');
const { category, product, search, stockWebhook } = await import('./catalog.mjs');
const { checkout } = await import('./checkout.mjs');

function handlerFor(method, url) {
  const [, first, id] = url.pathname.split('/');
  if (method === 'POST' && first === 'checkout') return ['POST /checkout', checkout, {}];
  if (method === 'POST' && first === 'webhooks') return ['POST /webhooks/stock', stockWebhook, {}];
  if (first === 'products') return ['GET /products/:id', product, { id: Number(id) }];
  if (first === 'categories') return ['GET /categories/:id', category, { id: Number(id) }];
  if (first === 'search') return ['GET /search', search, { text: url.searchParams.get('q') ?? '' }];
  return undefined;
}

const warnings = new Set(['ValidationError']);

async function answer(request, body) {
  const url = new URL(request.url, 'http://shop.example');
  const found = handlerFor(request.method, url);
  if (found === undefined) return { status: 404 };
  const [route, handle, parameters] = found;
  const customer = JSON.parse(request.headers['x-customer'] ?? 'null');
  Sentry.setTag('route', route);
  Sentry.setTag('stage', request.headers['x-stage'] ?? 'production');
  Sentry.setTag('plan', request.headers['x-plan'] ?? 'free');
  Sentry.getCurrentScope().setTransactionName(route);
  if (customer) Sentry.setUser(customer);
  try {
    return await handle({ ...parameters, customer, body, visitor: customer?.id });
  } catch (error) {
    Sentry.captureException(error, { level: warnings.has(error?.name) ? 'warning' : 'error', tags: { handled_by: 'router' } });
    return { status: warnings.has(error?.name) ? 422 : 500 };
  }
}

const server = createServer((request, response) => {
  let body = '';
  request.on('data', (chunk) => {
    body += chunk;
  });
  request.on('end', async () => {
    const when = request.headers['x-played-at'];
    const work = () => answer(request, body);
    const { status, ...rest } = await (when === undefined ? work() : at.run(Number(when), work));
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(rest));
  });
});
endWithParent();
server.listen(0, '127.0.0.1', async () => {
  const address = `http://127.0.0.1:${server.address().port}`;
  if (process.env.DEMO_LOOK_BACK) {
    await lookBack(address);
    await Sentry.flush(10_000);
  }
  process.send?.('ready');
  await visit(address);
});
