// The shop's visitors: a synthetic load, gentle, with a rush now and then.
import { request } from 'node:http';
import { pastTimes, SHAPES } from '../past.mjs';
import { BROWSERS, below, chance, customers, pick, sleep, weighted } from '../people.mjs';
import { beginOutage } from './database.mjs';

const CITIES = ['Berlin', 'Lyon', 'Porto', 'Gdańsk', ''];
const WORDS = ['lawn mower', 'hose', 'café', 'garden (small', '[sale', 'paint *', 'grill', 'x'.repeat(57)];

const address = () => ({
  zip: chance(0.93) ? String(10_000 + below(89_999)) : pick(['1O117', '8001', 'SW1A']),
  city: chance(0.98) ? pick(CITIES.slice(0, 4)) : '',
});

/** Whatever people ask for, mostly what works. */
const visits = {
  product: () => ['GET', `/products/${1 + below(400)}`],
  oddProduct: () => ['GET', `/products/${11 * (1 + below(30))}`],
  goneProduct: () => ['GET', `/products/${17 * (1 + below(20))}`],
  category: () => ['GET', '/categories/7'],
  search: () => ['GET', `/search?q=${encodeURIComponent(pick(WORDS))}`],
  checkout: () => ['POST', '/checkout', JSON.stringify({ address: address(), provider: pick(['stripe', 'adyen', 'klarna']) })],
  brokenCheckout: () => ['POST', '/checkout', '{"address":{"zip":"10117","city":"Ber'],
  stock: () => [
    'POST',
    '/webhooks/stock',
    JSON.stringify({ sku: `SKU-${1000 + below(400)}`, left: chance(0.7) ? below(90) : -below(9) - 1 }),
  ],
};

function ask(base, [method, path, body], headers = {}) {
  const customer = pick(customers);
  return new Promise((resolve) => {
    const sent = request(
      `${base}${path}`,
      {
        method,
        agent: false,
        headers: {
          'user-agent': pick(BROWSERS),
          'x-customer': JSON.stringify(customer),
          'x-stage': chance(0.88) ? 'production' : 'staging',
          'x-plan': pick(['free', 'free', 'plus', 'business']),
          authorization: 'Bearer not-to-be-seen-in-errata',
          cookie: 'session=not-to-be-seen-in-errata',
          ...headers,
        },
      },
      (response) => response.resume().on('close', resolve),
    );
    sent.on('error', resolve);
    sent.end(body);
  });
}

/** One visit after another, for ever. */
export async function visit(base) {
  for (let n = 1; ; n += 1) {
    const kind = weighted([
      [30, 'product'],
      [2, 'oddProduct'],
      [3, 'goneProduct'],
      [2, 'category'],
      [8, 'search'],
      [14, 'checkout'],
      [1, 'brokenCheckout'],
      [3, 'stock'],
    ]);
    void ask(base, visits[kind]());
    // Every few minutes the database is away for some seconds while people press reload.
    if (n % 300 === 250) beginOutage(9000);
    const rush = n % 300 >= 250;
    await sleep(rush ? 60 + below(120) : 600 + below(1200));
  }
}

/** The last week, in a quarter of a minute. */
export async function lookBack(base) {
  const plan = [
    ['checkout', 1300, SHAPES.steady],
    ['goneProduct', 260, SHAPES.growing],
    ['oddProduct', 160, SHAPES.recent],
    ['category', 90, SHAPES.fixed],
    ['search', 260, SHAPES.steady],
    ['brokenCheckout', 50, SHAPES.steady],
    ['stock', 300, SHAPES.nightly],
  ].flatMap(([kind, count, shape]) => pastTimes(count, shape).map((ms) => [ms, kind]));
  plan.sort(([a], [b]) => a - b);
  for (const [ms, kind] of plan) {
    await ask(base, visits[kind](), { 'x-played-at': String(Math.round(ms)) });
    await sleep(5);
  }
  beginOutage(700);
  for (const ms of pastTimes(60, SHAPES.outage)) await ask(base, visits.checkout(), { 'x-played-at': String(Math.round(ms)) });
}
