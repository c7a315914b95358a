import { join } from 'node:path';
import type { Bench, Client } from './client.ts';
import { expect } from './expect.ts';
import { chain, checkAttachment, checkMonitors, checkScope, checkTransaction, event, type Kept, own, placesOf } from './kept.ts';

const NEEDS = ['python3'];

/** A virtual environment of its own, with the newest versions. */
const environment = (name: string, ...packages: string[]) => ({
  key: `python ${name}`,
  of: async (bench: Bench) => {
    await bench.run('python3', ['-m', 'venv', name]);
    await bench.run(join(bench.folder, name, 'bin/pip'), ['install', '--quiet', '--disable-pip-version-check', ...packages]);
  },
});
const program =
  (name: string, file: string, args: (bench: Bench) => string[], options: { code?: number } = {}) =>
  (bench: Bench) =>
    bench.run(join(bench.folder, name, 'bin/python'), [join(bench.programs, file), ...args(bench)], options);

const at = placesOf('python/shop.py');
const exceptions = (kept: Kept) => {
  const caught = event(kept, 'RuntimeError: order 4711 cannot be paid');
  expect(chain(caught)).toEqual(["KeyError: 'card'", 'RuntimeError: order 4711 cannot be paid']);
  expect(own(caught, 'KeyError')).toEqual([at('checkout', '        charge(order)'), at('charge', 'return order["card"]')]);
  expect(own(caught)).toEqual([at('caught', 'checkout(4711)'), at('checkout', 'raise RuntimeError')]);
  const uncaught = event(kept, 'RuntimeError: order 1 cannot be paid');
  expect(uncaught.exceptions.map(({ handled, mechanism }) => `${mechanism} ${handled}`)).toContain('excepthook false');
};
const locals = (kept: Kept) => {
  const frame = event(kept, 'RuntimeError: order 4711').exceptions[0]?.frames.at(-1);
  expect(frame?.vars).toEqual({ order: { id: '4711', password: '[Filtered]' }, attempts: ['1', '2', '3'] });
  expect(frame?.context?.trim()).toBe('return order["card"]["number"], attempts');
};
const scope = (kept: Kept) => checkScope(event(kept, 'RuntimeError: order 4711'));
const logging = (kept: Kept) => {
  const { message, logger, breadcrumbs } = event(kept, "KeyError: 'missing'");
  expect([message, logger]).toEqual(['could not load order 4711', 'shop.orders']);
  expect(breadcrumbs.map((crumb) => crumb.message)).toContain('stock of tea is low');
};
const message = (kept: Kept) => expect(event(kept, 'stock is low').level).toBe('WARNING');
const transaction = (kept: Kept) => checkTransaction(kept, 'IndexError');

const SENTRY: readonly Client[] = [
  {
    name: 'sentry-sdk 2 (Python)',
    language: 'python',
    needs: NEEDS,
    install: environment('sentry', 'sentry-sdk>=2,<3'),
    send: program('sentry', 'shop.py', ({ dsn }) => [dsn], { code: 1 }),
    events: 8,
    checks: {
      exceptions,
      'locals, scrubbed, and source': locals,
      scope,
      logging,
      message,
      transaction,
      ExceptionGroup: (kept) =>
        expect(chain(event(kept, 'ExceptionGroup: two deliveries failed'))).toEqual([
          'ValueError: bad address',
          'TimeoutError: van 3',
          'ExceptionGroup: two deliveries failed',
        ]),
      attachment: (kept) => checkAttachment(event(kept, 'RuntimeError: order 4711')),
      monitors: checkMonitors,
      'structured logs; what came as an event is no second one': (kept) => {
        event(kept, 'printer lp0 is on fire');
        expect(kept.outcomes).toMatchObject({ 'log ACCEPTED': 1, 'log DUPLICATE same_event': 1, 'log ACCEPTED below_level': 2 });
      },
      feedback: (kept) =>
        expect(kept.feedback).toMatchObject([
          {
            message: 'I could not pay',
            email: 'ada@example.org',
            error: { id: event(kept, 'RuntimeError: order 4711').group.id },
          },
        ]),
    },
  },
  {
    name: 'sentry-sdk 1 (Python)',
    language: 'python',
    needs: NEEDS,
    install: environment('old', 'sentry-sdk==1.14.0'),
    send: program('old', 'shop.py', ({ dsn }) => [dsn], { code: 1 }),
    events: 5,
    checks: { exceptions, 'locals, scrubbed, and source': locals, scope, logging, message, transaction },
  },
  {
    name: 'sentry-sdk 2 with Flask (Python)',
    language: 'python',
    needs: NEEDS,
    install: environment('flask', 'sentry-sdk', 'flask'),
    send: program('flask', 'shop_flask.py', ({ dsn }) => [dsn]),
    events: 1,
    checks: {
      'request, scrubbed': (kept) => {
        const one = event(kept, 'ZeroDivisionError');
        expect(one.request).toMatchObject({ method: 'POST', url: 'http://localhost/orders/4711', queryString: 'coupon=tea' });
        expect(one.request?.data).toEqual({ card: { number: '[Filtered]' }, note: 'leave at door' });
        expect(own(one)).toEqual([placesOf('python/shop_flask.py')('order', 'return str(total')]);
      },
      'release health': (kept) => expect(kept.health).toEqual({ sessionCount: 1, crashedCount: 1, erroredCount: 0 }),
      transaction: (kept) => expect(event(kept, 'ZeroDivisionError').partOf).toEqual({ transaction: 'order', op: 'http.server' }),
    },
  },
  {
    name: 'sentry-sdk 2 with Django (Python)',
    language: 'python',
    needs: NEEDS,
    install: environment('django', 'sentry-sdk', 'django'),
    send: program('django', 'shop_django.py', ({ dsn }) => [dsn]),
    events: 1,
    checks: {
      'own frame among those of Django': (kept) => {
        const one = event(kept, "KeyError: 'tea'");
        expect(own(one)).toEqual([placesOf('python/shop_django.py')('stock', 'left[item]')]);
        expect([one.transaction, one.exceptions[0]?.handled]).toEqual(['/stock/{item}/', false]);
      },
    },
  },
];

const others = environment('others', 'bugsnag', 'rollbar', 'opentelemetry-sdk', 'opentelemetry-exporter-otlp-proto-http');
const chained = (file: string) => (kept: Kept) => {
  const place = placesOf(`python/${file}`);
  const one = event(kept, 'RuntimeError: order 4711 cannot be paid');
  expect(chain(one)).toEqual(["KeyError: 'card'", 'RuntimeError: order 4711 cannot be paid']);
  expect(one.platform).toBe('python');
  expect(own(one, 'KeyError')).toEqual([place('checkout', 'charge({"id": order_id})'), place('charge', 'return order["card"]')]);
  expect(own(one).at(-1)).toBe(place('checkout', 'raise RuntimeError'));
  expect(one.user).toMatchObject({ id: '7' });
};

const OTHERS: readonly Client[] = [
  {
    name: 'bugsnag (Python)',
    language: 'python',
    needs: NEEDS,
    install: others,
    send: program('others', 'shop_bugsnag.py', ({ url, key }) => [url, key], { code: 1 }),
    events: 2,
    outcomes: { 'bugsnag ACCEPTED': 2, 'session UNSUPPORTED no_room': 1 },
    checks: {
      exceptions: chained('shop_bugsnag.py'),
      'release, environment, breadcrumbs, contexts': (kept) => {
        const one = event(kept, 'RuntimeError: order 4711');
        expect([one.release, one.environment, one.contexts['basket']]).toEqual(['1.2.3', 'e2e', { items: 3 }]);
        expect(one.breadcrumbs.map((crumb) => crumb.message)).toContain('checkout pressed');
      },
    },
  },
  {
    name: 'rollbar (Python)',
    language: 'python',
    needs: NEEDS,
    install: others,
    send: program('others', 'shop_rollbar.py', ({ url, key }) => [url, key]),
    events: 2,
    outcomes: { 'rollbar ACCEPTED': 2 },
    checks: {
      exceptions: chained('shop_rollbar.py'),
      'locals, release, environment, extra': (kept) => {
        const one = event(kept, 'RuntimeError: order 4711');
        expect([one.release, one.environment, one.extra]).toEqual(['1.2.3', 'e2e', { items: 3 }]);
        expect(one.exceptions[0]?.frames.at(-1)?.vars).toEqual({ order: { id: 4711 } });
      },
      message: (kept) => expect(event(kept, 'stock is low').level).toBe('WARNING'),
    },
  },
  {
    name: 'OpenTelemetry (Python)',
    language: 'python',
    needs: NEEDS,
    install: others,
    send: (bench) =>
      bench.run(join(bench.folder, 'others/bin/python'), [join(bench.programs, 'shop_otel.py')], {
        env: {
          OTEL_EXPORTER_OTLP_ENDPOINT: bench.url,
          OTEL_EXPORTER_OTLP_HEADERS: `x-errata-key=${bench.key}`,
          OTEL_SERVICE_NAME: 'shop',
          OTEL_RESOURCE_ATTRIBUTES: 'service.version=1.2.3,deployment.environment.name=e2e',
        },
      }),
    events: 3,
    // An exception that its span and a log record is one.
    outcomes: {
      'otlp_span ACCEPTED': 2,
      'otlp_log ACCEPTED': 1,
      'otlp_log ACCEPTED no_error': 1,
      'otlp_log DUPLICATE same_exception': 1,
    },
    checks: {
      exceptions: chained('shop_otel.py'),
      'release, environment, transaction, breadcrumbs': (kept) => {
        const one = event(kept, 'RuntimeError: order 4711');
        expect([one.release, one.environment, one.transaction]).toEqual(['shop@1.2.3', 'e2e', 'POST /checkout']);
        expect(one.breadcrumbs.map((crumb) => crumb.message)).toEqual(['cart loaded']);
      },
      'a log': (kept) => expect(event(kept, 'printer lp0 is on fire').logger).toBe('shop.orders'),
    },
  },
];

export const PYTHON: readonly Client[] = [...SENTRY, ...OTHERS];
