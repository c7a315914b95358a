import { describe, expect, it } from 'vitest';
import { LogDetector } from './log-detector.ts';

function raws(text: string): string[] {
  const detector = new LogDetector({ referenceTime: Date.UTC(2026, 2, 15) });
  detector.write(Buffer.from(`${text}\n`));
  detector.flush();
  return detector.take().map(({ event }) => (event['extra'] as { raw: string }).raw);
}

/** What programs say of their end, in the words of their runtimes: one event each, from its first line to its last. */
const CRASHES: Record<string, string> = {
  'Node, an error without a stack':
    "could not read [Error: ENOENT: no such file or directory, open '/x'] {\n  errno: -2,\n  code: 'ENOENT'\n}",
  'perl with its callers': 'no price for tea at lib/Cart.pm line 12.\n\tCart::price("tea") called at cart.pl line 3',
  perl: 'Can\'t call method "price" on an undefined value at /srv/cart.pl line 7.',
  lua: "lua: cart.lua:3: attempt to index a nil value\nstack traceback:\n\tcart.lua:3: in function 'price'\n\t[C]: in ?",
  tcl: 'divide by zero\n    while executing\n"expr {$x / 0}"\n    (procedure "total" line 1)',
  haskell: 'shop: Map.!: no such key\nCallStack (from HasCallStack):\n  error, called at src/Shop.hs:17:5 in shop-0.1:Shop',
  ocaml:
    'Fatal error: exception Not_found\nRaised at Stdlib.find in file "map.ml", line 4, characters 1-9\nCalled from Shop in file "shop.ml", line 9, characters 2-20',
  r: "Error in price(cart) : object 'rate' not found\nCalls: main -> price\nExecution halted",
  assert: "shop: cart.c:15: int price(int): Assertion `n > 0' failed.\nbash: line 1:  9921 Aborted                 ./shop",
  heap: 'free(): double free detected in tcache 2',
  shell: './run.sh: line 4:  9923 Segmentation fault      ./shop',
  valgrind:
    "==812== Thread 2:\n==812== Invalid read of size 4\n==812==    at 0x4011A6: price (cart.c:9)\n==812==  Address 0x10 is not stack'd, malloc'd or (recently) free'd",
  'signal after the last words':
    "terminate called after throwing an instance of 'std::out_of_range'\n  what():  slot 9\n\nProgram received signal SIGABRT, Aborted.\n#0  raise () at raise.c:26\n#1  main () at cart.cpp:14",
  'undefined behaviour, then the address':
    'cart.c:11:29: runtime error: member access within null pointer\nAddressSanitizer:DEADLYSIGNAL\n=================================================================\n==99==ERROR: AddressSanitizer: SEGV on unknown address 0x0 (pc 0x1 bp 0x2 sp 0x3 T0)\n    #0 0x1 in walk cart.c:11\nSUMMARY: AddressSanitizer: SEGV cart.c:11 in walk',
  'data race':
    'WARNING: DATA RACE\nWrite at 0x00c0 by goroutine 8:\n  main.main.func1()\n      /srv/main.go:14 +0x44\n\nPrevious read at 0x00c0 by main goroutine:\n  main.main()\n      /srv/main.go:19 +0xbc',
  gin: '2024/03/05 10:11:12 [Recovery] 2024/03/05 - 10:11:12 panic recovered:\nGET /cart HTTP/1.1\nHost: shop:8080\n\nno such cart\n/srv/cart.go:9 (0x4099c4)\n\tCart.Add: m[k]++\n/srv/main.go:12 (0x8a2f11)\n\tmain: serve()',
  erlang:
    '** Generic server stock terminating \n** Last message in was check\n** When Server state == {state,1}\n** Reason for termination ==\n** {{case_clause,none},[{stock,check,1,[{file,"stock.erl"},{line,9}]}]}',
  'ruby, from inside':
    "<internal:kernel_require.rb>:85:in `require': cannot load such file -- cart (LoadError)\n\tfrom <internal:kernel_require.rb>:85:in `require'\n\tfrom bin/shop:3:in `<main>'",
  'exception group':
    '  + Exception Group Traceback (most recent call last):\n  |   File "/srv/shop.py", line 9, in <module>\n  |     run()\n  | ExceptionGroup: two failed (2 sub-exceptions)\n  +-+---------------- 1 ----------------\n    | Traceback (most recent call last):\n    |   File "/srv/shop.py", line 3, in a\n    | ValueError: a\n    +---------------- 2 ----------------\n    | Traceback (most recent call last):\n    |   File "/srv/shop.py", line 5, in b\n    | KeyError: b\n    +------------------------------------',
  laravel:
    'SQLSTATE[42S02]: Base table or view not found: no \'coupons\' (SQL: select 1) {"exception":"[object] (QueryException(code: 42S02): no table at /srv/Db.php:8)\n[stacktrace]\n#0 /srv/Db.php(8): run()\n#1 {main}\n"}',
  servlet:
    'javax.servlet.ServletException: Filter threw\n\tcom.acme.Filter.doFilter(Filter.java:41)\n\nroot cause\n\njava.lang.NoClassDefFoundError: com/acme/Cart\n\tcom.acme.Filter.doFilter(Filter.java:38)',
  'PowerShell 7':
    "Get-Service: /srv/jobs/run.ps1:3\nLine |\n   3 |  Get-Service -Name 'none'\n     |  ~~~~~~~~~~~~~~~~~~~~~~~\n     | Cannot find any service.",
};

describe('the last words of programs', () => {
  it.each(Object.entries(CRASHES))('%s: one event, whole', (_, text) => {
    const found = raws(['cart 12 opened', text, 'cart 13 opened'].join('\n'));
    expect(found).toHaveLength(1);
    for (const line of text.split('\n')) expect(found[0]).toContain(line);
  });

  it.each(Object.entries(CRASHES))('%s twice is two events', (_, text) => {
    const line = (s: string, at: string) => JSON.stringify({ log: `${s}\n`, stream: 'stderr', time: `2026-03-14T09:27:${at}Z` });
    const log = [...text.split('\n').map((s) => line(s, '22.1')), ...text.split('\n').map((s) => line(s, '25.1'))];
    expect(raws(log.join('\n'))).toHaveLength(2);
  });
});

describe('no event', () => {
  it.each([
    [
      'a thread dump',
      '"main" #1 prio=5 os_prio=0 tid=0x1 nid=0x1 waiting on condition  [0x2]\n   java.lang.Thread.State: TIMED_WAITING (sleeping)\n\tat java.lang.Thread.sleep(java.base@17/Native Method)\n\tat com.acme.Main.main(Main.java:31)',
    ],
    ['prose that begins with at', 'TLS handshake took 82 ms\nat 09:58 the backup begins (see the runbook)'],
    [
      'a table of errors',
      'CREATE TABLE errors (\n  exception text, -- e.g. java.lang.NullPointerException: null\n  at timestamptz\n);',
    ],
    ['a difference', "+  throw new RangeError('x');\n   at = now();"],
    ['words of causes', 'Caused by user action: cart emptied\nSuppressed: 6 duplicate notifications'],
    ["perl's warnings", 'Use of uninitialized value $x in addition (+) at cart.pl line 3.'],
    ['a status line behind a time', '2026-03-14T09:27:22Z HTTP/1.1 500 Internal Server Error'],
    [
      'a profile of goroutines',
      'goroutine profile: total 14\n6 @ 0x43a6b6 0x40670d\n#\t0x7c2c44\tshop.(*Worker).loop+0x84\t/srv/shop/worker.go:41',
    ],
  ])('%s', (_, text) => {
    expect(raws(text)).toEqual([]);
  });
});
