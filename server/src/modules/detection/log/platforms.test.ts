import { describe, expect, it } from 'vitest';
import { type DetectedEvent, LogDetector } from './log-detector.ts';

/** What platforms and commands put before every line, the lines of a trace included. `i` counts lines, 3 ms apart. */
const clock = (i: number) => `2026-03-14T09:27:22.${String(500 + 3 * i).padStart(3, '0')}`;
const PREFIXES: [name: string, wrap: (line: string, i: number) => string][] = [
  ['docker logs -t', (line, i) => `${clock(i)}123456Z ${line}`],
  ['kubectl logs --timestamps', (line, i) => `${clock(i)}1234Z ${line}`],
  ['GitHub Actions', (line, i) => `${clock(i)}0000Z ${line}`],
  ['CloudWatch', (line, i) => `${clock(i)}Z\t${line}`],
  ['aws logs tail', (line, i) => `${clock(i)}+00:00 web/web/0f1e2d3c4b5a69788796a5b4c3d2e1f0 ${line}`],
  ['Lambda', (line, i) => `${clock(i)}+00:00 2026/03/14/[$LATEST]0f1e2d3c4b5a69788796a5b4c3d2e1f0 ${line}`],
  ['Heroku', (line, i) => `${clock(i)}+00:00 app[web.1]: ${line}`],
  ['fly logs', (line) => `2026-03-14T09:27:22Z app[3d8d9d14f21d89] fra [info] ${line}`],
  ['GELF', (line) => JSON.stringify({ version: '1.1', host: 'web-3', short_message: line, level: 6, _container_name: 'shop' })],
  ['foreman', (line) => `09:27:22 web.1  | ${line}`],
  ['stern', (line) => `shop-7d9fb4c6d8-x2k4z web ${line}`],
  ['stern, of a DaemonSet', (line) => `node-agent-b7xqz agent ${line}`],
  ['logcli', (line, i) => `${clock(i)}Z {app="shop", pod="shop-0"} ${line}`],
  ['swarm', (line) => `shop_web.1.k3x9q2m7w4z8@node-3    | ${line}`],
  ['pm2 with times', (line) => `2026-03-14 09:27:22 +00:00: ${line}`],
  ['svlogd', (line) => `2026-03-14_09:27:22.50000 ${line}`],
  ['ts', (line) => `Mar 14 09:27:22 ${line}`],
  ['ts, in brackets', (line) => `[2026-03-14 09:27:22] ${line}`],
  [
    'Fluent Bit',
    (line, i) =>
      JSON.stringify({ time: `${clock(i)}Z`, stream: 'stderr', _p: 'F', log: line, kubernetes: { pod_name: 'shop-0' } }),
  ],
  [
    'Fluentd',
    (line) =>
      `2026-03-14 09:27:22.500000000 +0000 app.web: ${JSON.stringify({ log: line, stream: 'stderr', container_name: 'web' })}`,
  ],
  [
    'Google Cloud',
    (line, i) =>
      JSON.stringify({
        insertId: `i${i}`,
        textPayload: line,
        severity: 'DEFAULT',
        timestamp: `${clock(i)}Z`,
        logName: 'projects/p/logs/stderr',
      }),
  ],
];

/** Traces as their runtimes write them → what has to be found. */
const TRACES: [name: string, text: string, type: string][] = [
  [
    'Go',
    'panic: assignment to entry in nil map\n\ngoroutine 1 [running]:\nmain.(*Cart).Add(...)\n\t/srv/shop/cart.go:12\nmain.main()\n\t/srv/shop/main.go:40 +0x1d\nexit status 2',
    'plainError',
  ],
  [
    'Rust',
    "thread 'main' panicked at src/main.rs:7:5:\ncart is empty\nstack backtrace:\n   0: rust_begin_unwind\n             at /rustc/abc/library/std/src/panicking.rs:689:5\n   1: shop::main\n             at ./src/main.rs:7:5\nnote: Some details are omitted, run with `RUST_BACKTRACE=full` for a verbose backtrace.",
    'panic',
  ],
  [
    'Java',
    'com.acme.shop.StockException: nothing left\n\tat com.acme.shop.Stock.take(Stock.java:31)\n\tat com.acme.shop.Main.main(Main.java:9)\nCaused by: java.io.IOException: no answer\n\tat com.acme.shop.Stock.ask(Stock.java:52)\n\t... 1 more',
    'StockException',
  ],
  [
    'Python',
    'Traceback (most recent call last):\n  File "/srv/shop/pay.py", line 12, in pay\n    card.charge(total)\n    ~~~~~~~~~~~^^^^^^^\nshop.CardError: refused: [<Reason.FUNDS>]',
    'CardError',
  ],
  [
    'Node',
    "Error: could not price\n    at price (/srv/shop/price.js:3:9)\n    at main (/srv/shop/main.js:9:1) {\n  code: 'E_PRICE',\n  [cause]: TypeError: x is undefined\n      at rate (/srv/shop/rate.js:1:2)\n}",
    'Error',
  ],
  [
    '.NET',
    'Npgsql.PostgresException (0x80004005): 23503: violates a key\n\nDETAIL: Key (id)=(7) is missing.\n   at Npgsql.Reader.Read()\n  Exception data:\n    Severity: ERROR\n    SqlState: 23503\n   at Shop.Orders.Save() in /src/Orders.cs:line 9',
    'PostgresException',
  ],
];

function detect(lines: readonly string[]): DetectedEvent[] {
  const detector = new LogDetector({ referenceTime: Date.UTC(2026, 2, 15) });
  for (const line of lines) detector.write(Buffer.from(`${line}\n`));
  detector.flush();
  return detector.take();
}

const before = ['cart 12 opened', 'rates loaded: 0 errors'];
const after = ['cart 13 opened', 'done in 12 ms'];

describe.each(PREFIXES)('%s before every line', (_, wrap) => {
  it.each(TRACES)('%s is one event, whole', (_name, text, type) => {
    const trace = text.split('\n');
    const found = detect([...before, ...trace, ...after].map(wrap));
    expect(found).toHaveLength(1);
    const { exception, extra } = (found[0] as DetectedEvent).event as {
      exception: { values: { type: string; stacktrace?: { frames: unknown[] } }[] };
      extra: { raw: string };
    };
    expect(exception.values.at(-1)?.type).toContain(type);
    expect(exception.values.at(-1)?.stacktrace?.frames.length).toBeGreaterThan(0);
    for (const line of trace) expect(extra.raw).toContain(line);
    expect(extra.raw).not.toContain('cart 13');
  });
});

describe('a time and no more at the head of a line', () => {
  it('begins a record where the lines of traces have none', () => {
    const found = detect([
      '2026/03/14 09:27:22 http: panic serving 10.0.0.1:4711: no cart',
      'goroutine 24 [running]:',
      'main.handle()',
      '\t/srv/shop/main.go:9 +0x1d',
      '2026/03/14 09:27:22 next request',
      '2026/03/14 09:27:22 Error: rate is gone',
      '2026/03/14 09:27:22 next request',
    ]);
    expect(found.map(({ event }) => (event['extra'] as { raw: string }).raw.split('\n').length)).toEqual([4, 1]);
  });

  it('may stand before a layout with a time of its own, before JSON and before logfmt', () => {
    const found = detect([
      '2026-03-14T09:27:22.5Z [2026-03-14 09:27:22] production.ERROR: no card',
      '2026-03-14T09:27:22.5Z time="2026-03-14T09:27:22Z" level=error msg="no card"',
      '2026-03-14T09:27:22.5Z {"@t":"2026-03-14T09:27:22Z","@l":"Error","@mt":"no card"}',
      '2026-03-14T09:27:22.5Z 2026-03-14 09:27:22,592 [4] ERROR Shop.Pay [(null)] - no card',
    ]);
    expect(found.map(({ event }) => [event['level'], (event['logentry'] as { formatted: string }).formatted])).toEqual(
      Array.from({ length: 4 }, () => ['error', expect.stringContaining('no card')]),
    );
  });

  it('php-fpm quotes what its children print', () => {
    const said = (text: string) => `[14-Mar-2026 09:27:22] WARNING: [pool www] child 12 said into stderr: "${text}"`;
    const found = detect(
      [
        'PHP Fatal error:  Uncaught TypeError: no cart in /srv/cart.php:3',
        'Stack trace:',
        '#0 /srv/index.php(9): cart()',
        '#1 {main}',
        '  thrown in /srv/cart.php on line 3',
      ].map(said),
    );
    expect(found.map(({ event }) => (event['exception'] as { values: { type: string }[] }).values[0]?.type)).toEqual([
      'TypeError',
    ]);
  });
});
