import { describe, expect, it } from 'vitest';
import { fingerprint } from '../src/modules/analysis/fingerprint/fingerprint.ts';
import { parseTrace } from '../src/modules/analysis/stack/parse.ts';
import { sentryExceptions } from '../src/modules/analysis/stack/sentry.ts';
import { normalize } from '../src/modules/detection/normalize.ts';
import { DEFAULT_SETTINGS } from '../src/modules/projects/project.entity.ts';

/**
 * One crash, reported by the SDK and found as text in a log: both have to reach the same error. The SDK's half is written
 * as the SDK of the platform sends it.
 */
interface Crash {
  language: string;
  text: string;
  sdk: { platform: string; type: string; value: string; module?: string; frames: Record<string, unknown>[] };
}

const CRASHES: Crash[] = [
  {
    language: 'Java',
    text: `java.lang.IllegalStateException: cart 12 is closed
	at shop.Cart.charge(Cart.java:42)
	at shop.Checkout.lambda$run$0(Checkout.java:17)
	at java.base/java.lang.Thread.run(Thread.java:833)`,
    sdk: {
      platform: 'java',
      type: 'IllegalStateException',
      module: 'java.lang',
      value: 'cart 12 is closed',
      frames: [
        { module: 'java.lang.Thread', function: 'run', filename: 'Thread.java', lineno: 833, in_app: false },
        { module: 'shop.Checkout', function: 'lambda$run$0', filename: 'Checkout.java', lineno: 17, in_app: true },
        { module: 'shop.Cart', function: 'charge', filename: 'Cart.java', lineno: 42, in_app: true },
      ],
    },
  },
  {
    language: 'Python',
    text: `Traceback (most recent call last):
  File "/app/manage.py", line 9, in <module>
    main()
  File "/app/pay/views.py", line 7, in charge
    run()
  File "/app/venv/lib/python3.12/site-packages/stripe/http.py", line 90, in request
    raise ConnectionError("down")
ConnectionError: down`,
    sdk: {
      platform: 'python',
      type: 'ConnectionError',
      value: 'down',
      frames: [
        { module: '__main__', filename: 'manage.py', abs_path: '/app/manage.py', function: '<module>', in_app: true },
        { module: 'pay.views', filename: 'pay/views.py', abs_path: '/app/pay/views.py', function: 'charge', in_app: true },
        {
          module: 'stripe.http',
          filename: 'stripe/http.py',
          abs_path: '/app/venv/lib/python3.12/site-packages/stripe/http.py',
          function: 'request',
          lineno: 90,
          in_app: false,
        },
      ],
    },
  },
  {
    language: 'Node',
    text: `TypeError [ERR_CART]: Cannot read properties of undefined (reading 'sum')
    at Cart.total (/srv/shop/cart.js:12:9)
    at process.processTicksAndRejections (node:internal/process/task_queues:95:5)
    at async pay (/srv/shop/pay.js:4:3)`,
    sdk: {
      platform: 'node',
      type: 'TypeError',
      value: "Cannot read properties of undefined (reading 'sum')",
      frames: [
        { function: 'pay', module: 'pay', filename: '/srv/shop/pay.js', lineno: 4, colno: 3, in_app: true },
        {
          function: 'process.processTicksAndRejections',
          module: 'task_queues',
          filename: 'node:internal/process/task_queues',
          in_app: false,
        },
        { function: 'Cart.total', module: 'cart', filename: '/srv/shop/cart.js', lineno: 12, colno: 9, in_app: true },
      ],
    },
  },
  {
    language: 'a browser',
    text: `TypeError: x is null
pay@https://shop.example/static/cart.js:12:9
@https://shop.example/static/main.js:3:1`,
    sdk: {
      platform: 'javascript',
      type: 'TypeError',
      value: 'x is null',
      frames: [
        { function: '?', filename: 'https://shop.example/static/main.js', lineno: 3, colno: 1, in_app: true },
        { function: 'pay', filename: 'https://shop.example/static/cart.js', lineno: 12, colno: 9, in_app: true },
      ],
    },
  },
  {
    language: 'C#',
    text: `System.InvalidOperationException: cart is closed
   at Shop.Cart.<ChargeAsync>d__4.MoveNext() in /src/Shop/Cart.cs:line 42
--- End of stack trace from previous location ---
   at Shop.Checkout.Run(String id) in /src/Shop/Checkout.cs:line 17`,
    sdk: {
      platform: 'csharp',
      type: 'System.InvalidOperationException',
      value: 'cart is closed',
      frames: [
        { module: 'Shop.Checkout', function: 'void Run(string id)', abs_path: '/src/Shop/Checkout.cs', lineno: 17, in_app: true },
        { module: 'Shop.Cart', function: 'async Task ChargeAsync()', abs_path: '/src/Shop/Cart.cs', lineno: 42, in_app: true },
      ],
    },
  },
  {
    language: 'Go',
    text: `panic: runtime error: index out of range [5] with length 3

goroutine 1 [running]:
github.com/acme/shop/cart.(*Cart).Charge(0xc000012345, 0x1)
	/src/shop/cart/cart.go:42 +0x1d
main.main()
	/src/shop/main.go:9 +0x1d`,
    sdk: {
      platform: 'go',
      type: 'runtime.boundsError',
      value: 'runtime error: index out of range [5] with length 3',
      frames: [
        { module: 'main', function: 'main', abs_path: '/src/shop/main.go', lineno: 9, in_app: true },
        {
          module: 'github.com/acme/shop/cart',
          function: '(*Cart).Charge',
          abs_path: '/src/shop/cart/cart.go',
          lineno: 42,
          in_app: true,
        },
      ],
    },
  },
  {
    language: 'Ruby',
    text: `app/models/cart.rb:42:in 'Cart#charge': cart is closed (Shop::Closed)
	from /usr/lib/ruby/gems/3.4.0/gems/rack-3.1.0/lib/rack/handler.rb:12:in 'Rack::Handler#call'
	from bin/run.rb:3:in '<main>'`,
    sdk: {
      platform: 'ruby',
      type: 'Shop::Closed',
      module: 'Shop',
      value: 'cart is closed',
      frames: [
        { function: '<main>', filename: 'bin/run.rb', lineno: 3, in_app: true },
        {
          module: 'Rack::Handler',
          function: 'call',
          filename: 'rack/handler.rb',
          abs_path: '/usr/lib/ruby/gems/3.4.0/gems/rack-3.1.0/lib/rack/handler.rb',
          in_app: false,
        },
        { module: 'Cart', function: 'charge', filename: 'app/models/cart.rb', lineno: 42, in_app: true },
      ],
    },
  },
  {
    language: 'PHP',
    text: `PHP Fatal error:  Uncaught Shop\\Closed: cart is closed in /srv/shop/src/Cart.php:42
Stack trace:
#0 /srv/shop/src/Checkout.php(17): Shop\\Cart->charge()
#1 /srv/shop/public/index.php(3): Shop\\Checkout->run()
#2 {main}
  thrown in /srv/shop/src/Cart.php on line 42`,
    sdk: {
      platform: 'php',
      type: 'Shop\\Closed',
      value: 'cart is closed',
      frames: [
        { filename: '/public/index.php', abs_path: '/srv/shop/public/index.php', lineno: 3, in_app: true },
        {
          function: 'Shop\\Checkout::run',
          filename: '/src/Checkout.php',
          abs_path: '/srv/shop/src/Checkout.php',
          lineno: 17,
          in_app: true,
        },
        {
          function: 'Shop\\Cart::charge',
          filename: '/src/Cart.php',
          abs_path: '/srv/shop/src/Cart.php',
          lineno: 42,
          in_app: true,
        },
      ],
    },
  },
  {
    language: 'Elixir',
    text: `** (RuntimeError) cart is closed
    (shop 0.1.0) lib/shop/cart.ex:42: Shop.Cart.charge/2
    (stdlib 3.17) gen_server.erl:721: :gen_server.try_handle_call/4`,
    sdk: {
      platform: 'elixir',
      type: 'RuntimeError',
      value: 'cart is closed',
      frames: [
        {
          module: 'gen_server',
          function: ':gen_server.try_handle_call/4',
          filename: 'gen_server.erl',
          lineno: 721,
          in_app: false,
        },
        { module: 'Elixir.Shop.Cart', function: 'Shop.Cart.charge/2', filename: 'lib/shop/cart.ex', lineno: 42, in_app: true },
      ],
    },
  },
  {
    language: 'Dart',
    text: `Unhandled exception:
Bad state: cart is closed
#0      Cart.charge (package:shop/cart.dart:42:5)
#1      main (package:shop/main.dart:3:1)`,
    sdk: {
      platform: 'dart',
      type: 'StateError',
      value: 'Bad state: cart is closed',
      frames: [
        { function: 'main', filename: 'main.dart', abs_path: 'package:shop/main.dart', package: 'shop', lineno: 3, in_app: true },
        {
          function: 'Cart.charge',
          filename: 'cart.dart',
          abs_path: 'package:shop/cart.dart',
          package: 'shop',
          lineno: 42,
          in_app: true,
        },
      ],
    },
  },
  {
    language: 'Rust',
    text: `thread 'main' panicked at src/cart.rs:42:5:
cart is closed
stack backtrace:
   0: rust_begin_unwind
             at /rustc/abc/library/std/src/panicking.rs:645:5
   1: core::panicking::panic_fmt
             at /rustc/abc/library/core/src/panicking.rs:72:14
   2: shop::cart::charge
             at ./src/cart.rs:42:5
   3: shop::main
             at ./src/main.rs:9:5`,
    sdk: {
      platform: 'native',
      type: 'panic',
      value: 'cart is closed',
      frames: [
        { function: 'shop::main', filename: 'main.rs', abs_path: 'src/main.rs', lineno: 9, in_app: true },
        { function: 'shop::cart::charge', filename: 'cart.rs', abs_path: 'src/cart.rs', lineno: 42, in_app: true },
        {
          function: 'core::panicking::panic_fmt',
          filename: 'panicking.rs',
          abs_path: '/rustc/abc/library/core/src/panicking.rs',
          in_app: false,
        },
      ],
    },
  },
];

function hashOf(event: Record<string, unknown>, source: string) {
  const normal = normalize(event, { source, receivedAt: 1_790_000_000_000, settings: DEFAULT_SETTINGS });
  const { hash, why } = fingerprint(normal);
  return { hash, why };
}

describe('the same crash from an SDK and from a log', () => {
  it.each(CRASHES.map((crash) => [crash.language, crash] as const))('of %s is one error', (_, { text, sdk }) => {
    const trace = parseTrace(text);
    expect(trace).toBeDefined();
    if (trace === undefined) return;
    const { platform, type, value, module, frames } = sdk;
    const sent = {
      platform,
      exception: { values: [{ type, value, ...(module === undefined ? {} : { module }), stacktrace: { frames } }] },
    };
    expect(hashOf({ ...sentryExceptions(trace) }, 'log-line')).toEqual(hashOf(sent, 'sentry-envelope'));
  });
});
