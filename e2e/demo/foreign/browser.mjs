// The shop in the browser: minified bundles, promises, extensions, networks that go away.
import { BROWSERS, below, chance, hex, pick, weighted } from '../people.mjs';
import { event, frame, thrown } from './events.mjs';

/** Each release has a bundle of its own, named by its content as bundlers do. */
const BUNDLES = { 'shop-web@5.20.0': 'app-DfK3a9Qz', 'shop-web@5.21.0': 'app-B1x_7pLm', 'shop-web@5.21.1': 'app-Ck0vTr5w' };
const RELEASES = ['shop-web@5.20.0', 'shop-web@5.21.0', 'shop-web@5.21.0', 'shop-web@5.21.1'];
const PAGES = ['/', '/products/{id}', '/cart', '/checkout', '/account/orders'];

function scene() {
  const release = pick(RELEASES);
  const bundle = `https://shop.example/assets/${BUNDLES[release]}.js`;
  const vendor = 'https://shop.example/assets/react-dom-C8tW2yNe.js';
  const at = (fn, line, column, url = bundle) =>
    frame(fn, `${url}:${line}:${column}`, { abs_path: url, filename: new URL(url).pathname });
  return { release, at, vendor };
}
const onerror = { mechanism: { type: 'auto.browser.global_handlers.onerror', handled: false } };
const onrejection = { mechanism: { type: 'auto.browser.global_handlers.onunhandledrejection', handled: false } };

const react = ({ at, vendor }) => [
  thrown(
    'TypeError',
    "Cannot read properties of undefined (reading 'price')",
    [at('Su', 8, 48_211, vendor), at('Ei', 8, 31_090, vendor), at('Ke', 1, 182_733), at('t', 1, 96_412)],
    {
      mechanism: { type: 'auto.function.react.error_boundary', handled: true },
    },
  ),
];
const safari = ({ at }) => [
  thrown(
    'TypeError',
    "undefined is not an object (evaluating 'e.lines.length')",
    [at('?', 1, 20_310), at('Me', 1, 77_120)],
    onerror,
  ),
];
const network = ({ at }) => [
  thrown(
    'TypeError',
    pick(['Failed to fetch', 'Load failed', 'NetworkError when attempting to fetch resource.']),
    [at('async je', 1, 14_377), at('async lt.request', 1, 15_002)],
    onrejection,
  ),
];
const chunk = ({ at }) => [
  thrown(
    'ChunkLoadError',
    `Loading chunk ${below(40)} failed.\n(error: https://shop.example/assets/checkout-${hex(6)}.js)`,
    [at('r.f.j', 1, 4_120), at('r.e', 1, 2_950)],
    onrejection,
  ),
];
const quota = ({ at }) => [
  thrown(
    'QuotaExceededError',
    "Failed to execute 'setItem' on 'Storage': Setting the value of 'cart' exceeded the quota.",
    [at('Xt.persist', 1, 61_844)],
    onerror,
  ),
];
const extension = () => [
  thrown(
    'TypeError',
    'Cannot redefine property: ethereum',
    [frame('?', 'chrome-extension://hnfanknocfeofbddgcijnmhnfnkdnaad/inpage.js:1:310', { in_app: false })],
    onerror,
  ),
];
const hydration = ({ at, vendor }) => [
  thrown(
    'Error',
    'Minified React error #418; visit https://react.dev/errors/418?args[]=text&args[]= for the full message or use the non-minified dev environment for full errors and additional helpful warnings.',
    [at('pl', 8, 60_221, vendor), at('gl', 8, 61_900, vendor)],
    onerror,
  ),
];

/** One event of the shop's pages. */
export function browserEvent() {
  const { release, ...stage } = scene();
  const agent = pick(BROWSERS);
  const page = pick(PAGES);
  const url = `https://shop.example${page.replace('{id}', String(below(400)))}`;
  const exceptions = weighted([
    [9, react],
    [4, safari],
    [8, network],
    [3, chunk],
    [2, quota],
    [2, extension],
    [3, hydration],
  ])(stage);
  return event('javascript', {
    exceptions,
    release,
    sdk: { name: 'sentry.javascript.react', version: '11.12.0' },
    level: exceptions[0].value === 'Failed to fetch' ? 'warning' : 'error',
    transaction: page,
    request: { url, headers: { 'User-Agent': agent, Referer: 'https://shop.example/' } },
    tags: { ab_test: pick(['price-bold', 'price-plain']), online: String(chance(0.9)) },
    contexts: {
      culture: { locale: pick(['de-DE', 'fr-FR', 'pl-PL']), timezone: 'Europe/Berlin' },
      trace: { trace_id: hex(32), span_id: hex(16) },
      ...(chance(0.3) ? { react: { version: '19.3.1' } } : {}),
    },
    breadcrumbs: {
      values: [
        { category: 'navigation', data: { from: '/', to: page }, timestamp: Date.now() / 1000 - 12 },
        { category: 'ui.click', message: 'main > div.cart > button.primary[type="submit"]', timestamp: Date.now() / 1000 - 2 },
        {
          category: 'fetch',
          type: 'http',
          data: { method: 'GET', url: '/api/cart', status_code: chance(0.7) ? 200 : 500 },
          timestamp: Date.now() / 1000 - 1,
        },
        { category: 'console', level: 'warning', message: 'slow frame: 214 ms', timestamp: Date.now() / 1000 - 0.4 },
      ],
    },
  });
}
