import { cpSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Bench, Client } from './client.ts';
import { expect } from './expect.ts';
import { chain, checkAttachment, checkMonitors, checkScope, checkTransaction, event, own, placesOf, tag } from './kept.ts';

const install = {
  key: 'java',
  async of(bench: Bench) {
    cpSync(bench.programs, bench.folder, { recursive: true });
    await bench.run('mvn', ['--quiet', '--batch-mode', 'dependency:copy-dependencies', '-DoutputDirectory=lib']);
    await bench.run('javac', ['-g', '-cp', 'lib/*', '-d', 'classes', 'Shop.java', 'ShopOtel.java']);
    cpSync(join(bench.folder, 'logback.xml'), join(bench.folder, 'classes/logback.xml'));
  },
};

const java = (bench: Bench, main: string, args: string[], env: Record<string, string> = {}) =>
  bench.run('java', ['-cp', ['lib/*', 'classes'].join(delimiter), `shop.orders.${main}`, ...args], { env });

const at = placesOf('java/Shop.java');
const inOtel = placesOf('java/ShopOtel.java');
const NO_CARD =
  'NullPointerException: Cannot invoke "String.length()" because the return value of "java.util.Map.get(Object)" is null';

export const JAVA: readonly Client[] = [
  {
    name: 'sentry-java with Logback',
    language: 'java',
    needs: ['java', 'javac', 'mvn'],
    install,
    send: (bench) => java(bench, 'Shop', [bench.dsn]),
    events: 7,
    checks: {
      'exception with cause and suppressed': (kept) => {
        const one = event(kept, 'Shop$PaymentException: order 4711 cannot be paid');
        expect(chain(one)).toEqual([
          'IllegalStateException: till does not close',
          NO_CARD,
          'Shop$PaymentException: order 4711 cannot be paid',
        ]);
        expect(one.exceptions[0]?.mechanism).toBe('suppressed');
        expect(own(one, 'NullPointerException').at(-1)).toBe(at('charge', 'order.get("card")'));
        expect(own(one).at(-1)).toBe(at('checkout', 'throw new PaymentException'));
        expect(one.culprit).toBe('checkout in shop.orders.Shop');
      },
      'thread that dies': (kept) => {
        const one = event(kept, 'Shop$PaymentException: order 1 cannot be paid');
        expect([one.level, tag(one, 'mechanism'), one.exceptions.at(-1)?.handled]).toEqual([
          'FATAL',
          'UncaughtExceptionHandler',
          false,
        ]);
      },
      'Logback; the JDK is no own code': (kept) => {
        const one = event(kept, 'IndexOutOfBoundsException');
        expect([one.message, one.logger]).toEqual(['could not load order 4711', 'shop.orders.Shop']);
        expect(own(one)).toEqual([at('main', 'List.of(1, 2).get(7)')]);
        expect(one.breadcrumbs.map((crumb) => crumb.message)).toContain('order 4711 packed');
      },
      scope: (kept) => checkScope(event(kept, 'Shop$PaymentException: order 4711')),
      message: (kept) => expect(event(kept, 'stock is low').level).toBe('WARNING'),
      attachment: (kept) => checkAttachment(event(kept, 'Shop$PaymentException: order 4711')),
      transaction: (kept) => checkTransaction(kept, 'IOException: report is empty'),
      monitors: checkMonitors,
      'release health': (kept) => expect(kept.health).toEqual({ sessionCount: 2, crashedCount: 1, erroredCount: 1 }),
      'structured logs; what came as an event is no second one': (kept) => {
        event(kept, 'printer lp0 is on fire');
        expect(kept.outcomes).toMatchObject({ 'log ACCEPTED': 1, 'log DUPLICATE same_event': 1, 'log ACCEPTED below_level': 2 });
      },
      feedback: (kept) =>
        expect(kept.feedback).toMatchObject([
          { message: 'I could not pay', error: { id: event(kept, 'Shop$PaymentException: order 4711').group.id } },
        ]),
    },
  },
  {
    name: 'OpenTelemetry (Java)',
    language: 'java',
    needs: ['java', 'javac', 'mvn'],
    install,
    send: (bench) =>
      java(bench, 'ShopOtel', [], {
        OTEL_EXPORTER_OTLP_ENDPOINT: bench.url,
        OTEL_EXPORTER_OTLP_HEADERS: `x-errata-key=${bench.key}`,
        OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
        OTEL_METRICS_EXPORTER: 'none',
        OTEL_SERVICE_NAME: 'shop',
        OTEL_RESOURCE_ATTRIBUTES: 'service.version=1.2.3,deployment.environment.name=e2e',
      }),
    events: 2,
    outcomes: { 'otlp_span ACCEPTED': 1, 'otlp_log ACCEPTED': 1, 'otlp_log ACCEPTED no_error': 1 },
    checks: {
      exceptions: (kept) => {
        const one = event(kept, 'IllegalStateException: order 4711 cannot be paid');
        expect(chain(one)).toEqual([NO_CARD, 'IllegalStateException: order 4711 cannot be paid']);
        expect(own(one, 'NullPointerException').at(-1)).toBe(inOtel('charge', 'order.get("card")'));
        expect(own(one).at(-1)).toBe(inOtel('checkout', 'throw new IllegalStateException'));
      },
      'release, environment, transaction, user, breadcrumbs': (kept) => {
        const one = event(kept, 'IllegalStateException');
        expect([one.release, one.environment, one.transaction, one.user]).toEqual([
          'shop@1.2.3',
          'e2e',
          'POST /checkout',
          { id: '7' },
        ]);
        expect(one.breadcrumbs.map((crumb) => crumb.message)).toEqual(['cart loaded']);
      },
      'a log': (kept) => expect(event(kept, 'printer lp0 is on fire').logger).toBe('shop.orders'),
    },
  },
];
