import { describe, expect, it } from 'vitest';
import { chainOf, innermostFirst, show, thrownOf, traceOf } from './test-traces.ts';

describe('Go', () => {
  it('links a panic to the one that was recovered, and leaves deferred calls to the runtime', () => {
    const text = `panic: first [recovered]
	panic: second

goroutine 1 gp=0xc0000061c0 m=0 mp=0x51b160 [running]:
panic({0x4a8e40?, 0x4e2f30?})
	/usr/local/go/src/runtime/panic.go:770 +0x132
main.main.func1()
	/app/main.go:8 +0x5d
panic({0x4a8e40?, 0x4e2f30?})
	/usr/local/go/src/runtime/panic.go:770 +0x132
main.(*Cart[...]).Pay(...)
	/app/cart.go:12
main.main()
	/app/main.go:20 +0x1d
created by gopkg.in/yaml%2ev2.Foo in goroutine 5
	/go/pkg/mod/gopkg.in/yaml.v2@v2.1/x.go:1 +0x9
exit status 2`;
    expect(chainOf(text)).toEqual(['0 panic: second', '1<-0 context panic: first']);
    const { frames } = thrownOf(traceOf(text));
    expect(frames.map(show)).toEqual([
      'gopkg.in/yaml.v2:Foo /go/pkg/mod/gopkg.in/yaml.v2@v2.1/x.go:1',
      'main:main /app/main.go:20',
      'main:(*Cart[...]).Pay /app/cart.go:12',
      'runtime:gopanic /usr/local/go/src/runtime/panic.go:770',
      'main:main.func1 /app/main.go:8',
      'runtime:gopanic /usr/local/go/src/runtime/panic.go:770',
    ]);
    expect(frames.filter((frame) => frame.inApp === false)).toHaveLength(3);
  });

  it('puts all goroutines into threads, the crashed one first', () => {
    const trace = traceOf(
      'fatal error: all goroutines are asleep - deadlock!\n\ngoroutine 1 [chan receive]:\nmain.main()\n\t/app/main.go:5 +0x2f\n\ngoroutine 7 [select, 5 minutes]:\nmain.wait()\n\t/app/main.go:9 +0x2f\n',
    );
    expect(thrownOf(trace)).toMatchObject({ type: 'fatal error', value: 'all goroutines are asleep - deadlock!' });
    expect(trace.threads).toEqual([
      { id: '1', name: 'goroutine 1', state: 'chan receive', crashed: true, frames: [] },
      {
        id: '7',
        name: 'goroutine 7',
        state: 'select, 5 minutes',
        crashed: false,
        frames: [expect.objectContaining({ function: 'wait' })],
      },
    ]);
    expect(trace.unhandled).toBe(true);
  });

  it.each([
    ['panic: runtime error: index out of range [5] with length 3', 'runtime.boundsError'],
    [
      'panic: runtime error: invalid memory address or nil pointer dereference\n[signal SIGSEGV: segmentation violation]',
      'runtime.errorString',
    ],
    ['panic: interface conversion: interface {} is string, not int', '*runtime.TypeAssertionError'],
    ['panic: assignment to entry in nil map', 'runtime.plainError'],
    ['panic: my own', 'panic'],
    ['2024/02/16 15:01:22 http: panic serving [::1]:54143: my own', 'panic'],
  ])('%s', (header, type) => {
    expect(thrownOf(traceOf(`${header}\n\ngoroutine 1 [running]:\nmain.main()\n\t/app/main.go:5 +0x2f`)).type).toBe(type);
  });

  it('reads pkg/errors, innermost first', () => {
    expect(
      chainOf(`record not found
main.find
	/app/db.go:10
main.load
	/app/db.go:20
runtime.main
	/usr/local/go/src/runtime/proc.go:250
runtime.goexit
	/usr/local/go/src/runtime/asm_amd64.s:1571
loading cart
main.load
	/app/db.go:22
main.main
	/app/main.go:9`),
    ).toEqual(['0 error: loading cart', '1<-0 cause error: record not found']);
  });

  it("skips the scheduler's own stack", () => {
    expect(
      innermostFirst(`fatal error: unexpected signal during runtime execution
[signal SIGSEGV: segmentation violation code=0x1 addr=0x0 pc=0x46e7f0]

runtime stack:
runtime.throw({0x486e64?, 0x40bb79?})
	/usr/local/go/src/runtime/panic.go:992 +0x71 fp=0x7ffd80fa4310 sp=0x7ffd80fa42e0 pc=0x4339b1

goroutine 1 [syscall]:
runtime.cgocall(0x46e8e0, 0xc00010df28)
	/usr/local/go/src/runtime/cgocall.go:157 +0x5c fp=0xc00010df28 sp=0xc00010def0 pc=0x403f3c
main._Cfunc_core_logic()
	_cgo_gotypes.go:41 +0x45 fp=0xc00010df50 sp=0xc00010df28 pc=0x46e725
main.main()
	/data-share/badstack/main.go:55 +0x2a`).at(-1),
    ).toBe('main:main /data-share/badstack/main.go:55');
  });

  it("reads gin's recovery and zap's field", () => {
    expect(
      innermostFirst(`2024/02/16 15:01:22 [Recovery] 2024/02/16 - 15:01:22 panic recovered:
runtime error: integer divide by zero
/usr/local/go/src/runtime/panic.go:884 (0x43)
	gopanic: done = runOpenDeferFrame(gp, d)
/app/main.go:12 (0x45f0)
	pay: return a / b`),
    ).toEqual(['gopanic /usr/local/go/src/runtime/panic.go:884', 'pay /app/main.go:12']);
    expect(
      innermostFirst(`main.(*Cart).pay
	/app/cart.go:10
main.main
	/app/main.go:20`)[0],
    ).toBe('main:(*Cart).pay /app/cart.go:10');
  });
});

describe('Ruby', () => {
  it('reads causes and leaves the highlighted source out of the message', () => {
    const text = `app/cart.rb:2:in \`pay': undefined method \`x' for nil:NilClass (NoMethodError)

    nil.x
       ^^
Did you mean?  xx
	from app/cart.rb:5:in \`block in run'
	from /usr/lib/ruby/gems/3.2.0/gems/rack-2.2.0/lib/rack/handler.rb:12:in \`call'
	from app/cart.rb:9:in \`<main>'
app/cart.rb:3:in \`rescue in pay': inner (ArgumentError)
	from app/cart.rb:9:in \`<main>'`;
    expect(chainOf(text)).toEqual([
      "0 NoMethodError: undefined method `x' for nil:NilClass\n\nDid you mean?  xx",
      '1<-0 cause ArgumentError: inner',
    ]);
    expect(innermostFirst(text)).toEqual([
      'pay app/cart.rb:2',
      'block in run app/cart.rb:5',
      'call rack/handler.rb:12',
      '<main> app/cart.rb:9',
    ]);
  });

  it('reads the quotes and classes of Ruby 3.4', () => {
    expect(
      innermostFirst(`app/cart.rb:2:in 'Shop::Cart#pay': undefined method 'x' for nil (NoMethodError)
	from app/cart.rb:5:in 'block in Shop::Cart#run'
	from <internal:kernel>:187:in 'Kernel#loop'
	from app/cart.rb:9:in '<main>'`),
    ).toEqual([
      'Shop::Cart:pay app/cart.rb:2',
      'block in Shop::Cart#run app/cart.rb:5',
      'Kernel:loop <internal:kernel>:187',
      '<main> app/cart.rb:9',
    ]);
  });

  it("reads the terminal's order", () => {
    expect(
      innermostFirst(`Traceback (most recent call last):
	2: from a.rb:9:in \`<main>'
	1: from a.rb:5:in \`run'
a.rb:2:in \`pay': oops (RuntimeError)`),
    ).toEqual(['pay a.rb:2', 'run a.rb:5', '<main> a.rb:9']);
  });

  it("reads Rails' log with its causes, and loggers' headers", () => {
    expect(
      chainOf(`ActiveRecord::StatementInvalid (PG::UndefinedTable: ERROR:  relation "x" does not exist):

Causes:
PG::UndefinedTable (ERROR:  relation "x" does not exist)

app/models/x.rb:3:in \`load'
app/controllers/x_controller.rb:4:in \`index'`),
    ).toEqual([
      '0 ActiveRecord::StatementInvalid: PG::UndefinedTable: ERROR:  relation "x" does not exist',
      '1<-0 cause PG::UndefinedTable: ERROR:  relation "x" does not exist',
    ]);
    expect(
      chainOf(`E, [2020-03-20T08:48:57.067 #123] ERROR -- : bad thing (ArgumentError)
/app/a.rb:1:in \`x'
/app/b.rb:2:in \`y'`),
    ).toEqual(['0 ArgumentError: bad thing']);
    expect(
      chainOf(`2020-03-20T08:48:57.067Z pid=1 tid=abc class=Job jid=1 WARN: NoMethodError: undefined method \`x' for nil:NilClass
/app/a.rb:1:in \`x'`),
    ).toEqual(["0 NoMethodError: undefined method `x' for nil:NilClass"]);
  });

  it("reads Puma's inspected error", () => {
    expect(chainOf(`Rack app ("GET /"): #<NoMethodError: undefined method 'x' for nil>\n/app/cart.rb:3:in 'pay'`)).toEqual([
      "0 NoMethodError: undefined method 'x' for nil",
    ]);
  });

  it('names the gem of a cleaned backtrace', () => {
    const frame = thrownOf(traceOf("A::B (no):\n\nactionpack (5.1.4) lib/action_dispatch/x.rb:63:in `call'")).frames[0];
    expect(frame).toMatchObject({ package: 'actionpack', filename: 'action_dispatch/x.rb', inApp: false, function: 'call' });
  });
});

describe('PHP', () => {
  it('gives each place the function that ran there, and links what is printed after Next', () => {
    const text = `PHP Fatal error:  Uncaught PDOException: SQLSTATE[42S02]: Base table not found in /app/db.php:10
Stack trace:
#0 /app/db.php(10): PDO->query('select 1')
#1 /app/cart.php(22): Shop\\Db->find(Object(Shop\\User), 'in /x:3')
#2 {main}

Next Shop\\CartException: cannot load
cart in /app/cart.php:25
Stack trace:
#0 /app/index.php(3): Shop\\Cart->load()
#1 [internal function]: {closure}()
#2 {main}
  thrown in /app/cart.php on line 25`;
    expect(chainOf(text)).toEqual([
      '0 Shop\\CartException: cannot load\ncart',
      '1<-0 cause PDOException: SQLSTATE[42S02]: Base table not found',
    ]);
    expect(traceOf(text).exceptions[0]?.frames.map(show)).toEqual([
      '/app/cart.php:22',
      'Shop\\Db::find /app/db.php:10',
      'PDO::query /app/db.php:10',
    ]);
    expect(traceOf(text).unhandled).toBe(true);
  });

  it("reads Monolog's line without a stack, and a warning with Xdebug's", () => {
    const line =
      '[2024-02-16] request.CRITICAL: Uncaught PHP Exception Shop\\Closed: "closed" at /app/Cart.php line 42 {"exception":"[object] (Shop\\\\Closed(code: 0): cart is closed at /app/Cart.php:42)"} []';
    expect(chainOf(line)).toEqual(['0 Shop\\Closed: cart is closed']);
    expect(innermostFirst(line)).toEqual(['/app/Cart.php:42']);
    const warning =
      'PHP Warning:  Undefined variable $x in /app/a.php on line 3\nPHP Stack trace:\nPHP   1. {main}() /app/a.php:0\nPHP   2. f() /app/a.php:9';
    expect(chainOf(warning)).toEqual(['0 Warning: Undefined variable $x']);
    expect(innermostFirst(warning)).toEqual(['f /app/a.php:3', '/app/a.php:9']);
  });

  it("reads Monolog's lines, whose JSON keeps the backslashes doubled", () => {
    const text = `[2024-02-16 15:01:22] production.ERROR: cannot load {"userId":1,"exception":"[object] (Shop\\\\CartException(code: 0): cannot load at /app/cart.php:25)
[stacktrace]
#0 /app/index.php(3): Shop\\\\Cart->load()
#1 {main}

[previous exception] [object] (PDOException(code: 42S02): SQLSTATE[42S02] at /app/db.php:10)
[stacktrace]
#0 /app/db.php(10): PDO->query('select 1')
#1 {main}
"} `;
    expect(chainOf(text)).toEqual(['0 Shop\\CartException: cannot load', '1<-0 cause PDOException: SQLSTATE[42S02]']);
    expect(innermostFirst(text)).toEqual(['Shop\\Cart::load /app/cart.php:25', '/app/index.php:3']);
  });

  it.each([
    [
      "exception 'Exception' with message 'bad' in /a.php:5\nStack trace:\n#0 /a.php(9): f()\n#1 {main}",
      'Exception: bad',
      ['f /a.php:5', '/a.php:9'],
    ],
    [
      `PHP Fatal error:  Uncaught Error: Call to undefined function foo() in /app/a.php:3
PHP Stack trace:
PHP   1. {main}() /app/a.php:0
PHP   2. bar($x = 1) /app/a.php:7
PHP   3. baz() /app/a.php:5`,
      'Error: Call to undefined function foo()',
      ['baz /app/a.php:3', 'bar /app/a.php:5', '/app/a.php:7'],
    ],
    [
      `PHP Parse error:  syntax error, unexpected '}' in /app/a.php on line 12`,
      "Parse error: syntax error, unexpected '}'",
      ['/app/a.php:12'],
    ],
    [
      `Error: bad in /app/a.php:3
Stack trace:
#0 /app/a.php(9): {closure:Shop\\Cart::run():7}(1)
#1 /app/a.php(12): Shop\\Cart::{closure}()
#2 {main}`,
      'Error: bad',
      ['{closure:Shop\\Cart::run():7} /app/a.php:3', 'Shop\\Cart::{closure} /app/a.php:9', '/app/a.php:12'],
    ],
  ])('%s', (text, header, frames) => {
    expect(chainOf(text)).toEqual([`0 ${header}`]);
    expect(innermostFirst(text)).toEqual(frames);
  });
});
