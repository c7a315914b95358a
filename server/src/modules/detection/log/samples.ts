/** Traces as programs print them, written for these tests; `head` is what the event has to name. */
export interface Sample {
  name: string;
  text: string;
  type?: string;
  platform?: string;
  /** Part of the exception's value or of the message. */
  says?: string;
}

export const TRACES: Sample[] = [
  {
    name: 'JavaScript',
    text: `TypeError: Cannot read properties of null (reading 'total')
    at priceOf (/srv/shop/cart.js:41:17)
    at async checkout (/srv/shop/checkout.js:12:3)
    at process.processTicksAndRejections (node:internal/process/task_queues:105:5)`,
    type: 'TypeError',
    platform: 'node',
    says: "reading 'total'",
  },
  {
    name: 'Node with source, cause and properties',
    text: `/srv/shop/boot.js:9
    throw new Error('cannot start', { cause })
    ^

Error: cannot start
    at boot (/srv/shop/boot.js:9:11)
    at Object.<anonymous> (/srv/shop/boot.js:20:1) {
  code: 'E_START',
  [cause]: Error: port is taken
      at listen (/srv/shop/net.js:3:9)
      at boot (/srv/shop/boot.js:7:5)
}

Node.js v24.1.0`,
    type: 'Error',
    says: 'cannot start',
  },
  {
    name: 'JavaScript with a message of several lines',
    text: `AssertionError [ERR_ASSERTION]: Expected values to be strictly equal:

3 !== 4

    at check (/srv/a.js:5:10)
    at main (/srv/a.js:9:1)`,
    type: 'AssertionError',
  },
  {
    name: 'Firefox',
    text: `TypeError: basket is undefined
addItem@https://shop.test/static/app.js:10:15
onclick@https://shop.test/static/app.js:88:3`,
    type: 'TypeError',
  },
  {
    name: 'Python',
    text: `Traceback (most recent call last):
  File "/srv/bill/run.py", line 31, in <module>
    send(invoice)
    ~~~~^^^^^^^^^
  File "/srv/bill/mail.py", line 7, in send
    return smtp[invoice.country]
           ~~~~^^^^^^^^^^^^^^^^^
KeyError: 'CH'`,
    type: 'KeyError',
    platform: 'python',
    says: "'CH'",
  },
  {
    name: 'Python, chained',
    text: `Traceback (most recent call last):
  File "/srv/bill/db.py", line 12, in load
    row = cache[key]
KeyError: 7

During handling of the above exception, another exception occurred:

Traceback (most recent call last):
  File "/srv/bill/db.py", line 14, in load
    raise MissingRow(key)
bill.errors.MissingRow: 7`,
    type: 'MissingRow',
  },
  {
    name: 'Python, a group',
    text: `  + Exception Group Traceback (most recent call last):
  |   File "/srv/bill/all.py", line 3, in <module>
  |     raise ExceptionGroup("two failed", errors)
  | ExceptionGroup: two failed (2 sub-exceptions)
  +-+---------------- 1 ----------------
    | ValueError: first
    +---------------- 2 ----------------
    | TypeError: second
    +------------------------------------`,
    type: 'ExceptionGroup',
  },
  {
    name: 'Java',
    text: `com.acme.shop.PaymentException: card was refused
\tat com.acme.shop.Pay.charge(Pay.java:77)
\tat com.acme.shop.Pay.run(Pay.java:20)
\tSuppressed: java.lang.IllegalStateException: closed twice
\t\tat com.acme.shop.Pay.close(Pay.java:90)
Caused by: java.net.SocketTimeoutException: Read timed out
\tat java.base/java.net.Socket.read(Socket.java:12)
\t... 2 more`,
    type: 'PaymentException',
    platform: 'java',
  },
  {
    name: 'Kotlin, in a thread',
    text: `Exception in thread "worker-3" kotlin.UninitializedPropertyAccessException: lateinit property api has not been initialized
\tat shop.Client.getApi(Client.kt:8)
\tat shop.ClientKt.main(Client.kt:30)`,
    type: 'UninitializedPropertyAccessException',
  },
  {
    name: 'Scala',
    text: `scala.MatchError: None (of class scala.None$)
\tat shop.Basket$.total(Basket.scala:14)
\tat shop.Main$.main(Main.scala:6)`,
    type: 'MatchError',
  },
  {
    name: 'Go',
    text: `panic: runtime error: index out of range [5] with length 3

goroutine 1 [running]:
main.pick(...)
\t/srv/shop/main.go:11
main.main()
\t/srv/shop/main.go:7 +0x1d

goroutine 18 [chan receive]:
main.wait(0xc000012345)
\t/srv/shop/wait.go:22 +0x4a
created by main.main in goroutine 1
\t/srv/shop/main.go:5 +0x3c
exit status 2`,
    platform: 'go',
    says: 'index out of range',
  },
  {
    name: 'Go, all goroutines asleep',
    text: `fatal error: all goroutines are asleep - deadlock!

goroutine 1 [chan receive]:
main.main()
\t/srv/shop/main.go:6 +0x28`,
    platform: 'go',
  },
  {
    name: 'Ruby',
    text: `/srv/app/lib/price.rb:14:in \`total': undefined method \`+' for nil:NilClass (NoMethodError)
\tfrom /srv/app/lib/cart.rb:9:in \`each'
\tfrom /srv/app/bin/run:3:in \`<main>'`,
    type: 'NoMethodError',
    platform: 'ruby',
  },
  {
    name: 'Ruby 3.4',
    text: `/srv/app/lib/price.rb:14:in 'Price#total': undefined method '+' for nil (NoMethodError)
\tfrom /srv/app/lib/cart.rb:9:in 'Array#each'`,
    type: 'NoMethodError',
  },
  {
    name: 'Rails',
    text: `ActiveRecord::RecordNotFound (Couldn't find Order with 'id'=12):

app/models/order.rb:30:in \`pay!'
app/controllers/orders_controller.rb:11:in \`show'`,
    type: 'RecordNotFound',
  },
  {
    name: 'PHP',
    text: `PHP Fatal error:  Uncaught InvalidArgumentException: no such coupon in /srv/www/Coupon.php:22
Stack trace:
#0 /srv/www/index.php(8): Coupon->apply('X')
#1 {main}
  thrown in /srv/www/Coupon.php on line 22`,
    type: 'InvalidArgumentException',
    platform: 'php',
  },
  {
    name: '.NET',
    text: `Unhandled exception. System.InvalidOperationException: Sequence contains no elements
 ---> System.ArgumentNullException: Value cannot be null. (Parameter 'source')
   at Shop.Find.One(String id) in /srv/shop/Find.cs:line 12
   --- End of inner exception stack trace ---
   at Shop.Find.All() in /srv/shop/Find.cs:line 30
   at Shop.Program.Main(String[] args) in /srv/shop/Program.cs:line 8`,
    type: 'InvalidOperationException',
    platform: 'csharp',
  },
  {
    name: 'Rust',
    text: `thread 'main' panicked at src/main.rs:4:23:
called \`Option::unwrap()\` on a \`None\` value
stack backtrace:
   0: rust_begin_unwind
             at /rustc/abc/library/std/src/panicking.rs:665:5
   1: shop::total
             at ./src/main.rs:4:23
note: run with \`RUST_BACKTRACE=full\` for a verbose backtrace.`,
    says: 'None',
    platform: 'rust',
  },
  {
    name: 'Elixir',
    text: `** (ArithmeticError) bad argument in arithmetic expression
    (shop 0.1.0) lib/shop/price.ex:9: Shop.Price.total/1
    (stdlib 5.2) erl_eval.erl:750: :erl_eval.do_apply/7`,
    type: 'ArithmeticError',
    platform: 'elixir',
  },
  {
    name: 'Swift',
    text: `Fatal error: Index out of range: file Swift/ContiguousArrayBuffer.swift, line 600
Current stack trace:
0    libswiftCore.so                    0x00007f1c2b1e8d70 _swift_stdlib_reportFatalErrorInFile + 112
1    shop                               0x000055d0c0a8b1f0 main + 12`,
    says: 'Index out of range',
  },
  {
    name: 'Dart',
    text: `Unhandled exception:
FormatException: Unexpected end of input (at character 1)
#0      _ChunkedJsonParser.fail (dart:convert-patch/convert_patch.dart:1383:5)
#1      main (file:///srv/shop/bin/main.dart:4:3)
<asynchronous suspension>`,
    type: 'FormatException',
    platform: 'dart',
  },
  {
    name: 'AddressSanitizer',
    text: `=================================================================
==4711==ERROR: AddressSanitizer: heap-use-after-free on address 0x602000000010 at pc 0x0000004f7a31
READ of size 4 at 0x602000000010 thread T0
    #0 0x4f7a30 in total /srv/shop/total.c:9:10
    #1 0x4f7b12 in main /srv/shop/main.c:5:3

0x602000000010 is located 0 bytes inside of 4-byte region [0x602000000010,0x602000000014)
freed by thread T0 here:
    #0 0x4c1d2d in free
    #1 0x4f7a10 in drop /srv/shop/total.c:4:3

SUMMARY: AddressSanitizer: heap-use-after-free /srv/shop/total.c:9:10 in total
==4711==ABORTING`,
    says: 'heap-use-after-free',
  },
  {
    name: 'C++',
    text: `terminate called after throwing an instance of 'std::out_of_range'
  what():  vector::_M_range_check: __n (which is 9) >= this->size() (which is 3)
Aborted (core dumped)`,
    says: 'out_of_range',
  },
  {
    name: 'PowerShell',
    text: `Get-Content : Cannot find path 'C:\\shop\\prices.csv' because it does not exist.
At C:\\shop\\load.ps1:3 char:11
+ $prices = Get-Content C:\\shop\\prices.csv
+           ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
    + CategoryInfo          : ObjectNotFound: (C:\\shop\\prices.csv:String) [Get-Content], ItemNotFoundException
    + FullyQualifiedErrorId : PathNotFound,Microsoft.PowerShell.Commands.GetContentCommand`,
    says: 'Cannot find path',
  },
];
