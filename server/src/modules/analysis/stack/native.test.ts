import { describe, expect, it } from 'vitest';
import { chainOf, innermostFirst, thrownOf, traceOf } from './test-traces.ts';

describe('Rust', () => {
  it.each([
    [
      'since 1.73',
      `thread 'main' panicked at src/main.rs:4:5:
index out of bounds: the len is 3 but the index is 99
stack backtrace:
   0: rust_begin_unwind
             at /rustc/07dca489ac2d933c78d3c5158e3f43beefeb02ce/library/std/src/panicking.rs:645:5
   1: core::panicking::panic_fmt
             at /rustc/07dca489ac2d933c78d3c5158e3f43beefeb02ce/library/core/src/panicking.rs:72:14
   2: shop::charge
             at ./src/main.rs:4:5
   3: shop::main
             at ./src/main.rs:9:5
   4: <F as core::ops::function::FnOnce<Args>>::call_once
note: Some details are omitted, run with \`RUST_BACKTRACE=full\` for a verbose backtrace.`,
      'index out of bounds: the len is 3 but the index is 99',
      'shop::charge main.rs:4:5',
    ],
    [
      'in full',
      `thread 'main' (1234) panicked at src/main.rs:4:5:
boom
stack backtrace:
   0:     0x55d4b2f6f0aa - std::backtrace_rs::backtrace::libunwind::trace::h5c7f2b1a2e3d4c5b
                               at /rustc/abc/library/std/src/../../backtrace/src/backtrace/libunwind.rs:93:5
   1:     0x55d4b2f6f0aa - shop::charge::h0123456789abcdef
                               at /home/me/shop/src/main.rs:4:5`,
      'boom',
      'shop::charge main.rs:4:5',
    ],
    [
      'by color-backtrace',
      `thread 'main' panicked at src/main.rs:3:9:
boom
stack backtrace:
  47: __rust_begin_short_backtrace<tokio::x><unknown>
      at /home/z/.rustup/toolchains/stable/lib/rustlib/src/rust/library/std/src/sys/backtrace.rs:152
       150 │     F: FnOnce() -> T,
       152 >     let result = f();
  48: shop::pay::hfe5821d5aa5c54a9
      at /home/z/shop/src/main.rs:3`,
      'boom',
      'shop::pay main.rs:3',
    ],
    [
      'before 1.73',
      `thread '<unnamed>' panicked at 'called \`Result::unwrap()\` on an \`Err\` value: Os { code: 2, kind: NotFound }', src/main.rs:2:37
note: run with \`RUST_BACKTRACE=1\` environment variable to display a backtrace`,
      'called `Result::unwrap()` on an `Err` value: Os { code: 2, kind: NotFound }',
      'main.rs:2:37',
    ],
  ])('reads a panic %s', (_, text, value, own) => {
    const trace = traceOf(text);
    expect(thrownOf(trace)).toMatchObject({ type: 'panic', value });
    expect(innermostFirst(text)).toContain(own);
    expect(trace.unhandled).toBe(true);
  });

  it('reads the causes of anyhow and eyre, with and without a backtrace', () => {
    expect(
      chainOf(`Error: loading config

Caused by:
    0: reading file
    1: No such file or directory (os error 2)

Stack backtrace:
   0: anyhow::error::<impl anyhow::Error>::msg
             at /home/x/.cargo/registry/src/anyhow/src/error.rs:1:2
   1: shop::load
             at ./src/main.rs:12:9`),
    ).toEqual([
      '0 Error: loading config',
      '1<-0 cause Error: reading file',
      '2<-1 cause Error: No such file or directory (os error 2)',
    ]);
    expect(
      chainOf(`Error: loading config

Caused by:
    No such file or directory (os error 2)`),
    ).toEqual(['0 Error: loading config', '1<-0 cause Error: No such file or directory (os error 2)']);
    const eyre = `Error: 
   0: loading config
   1: No such file

Location:
   src/main.rs:12

  ━━━━━ BACKTRACE ━━━━━
                                ⋮ 5 frames hidden ⋮                               
   6: shop::load::h0123456789abcdef
      at /home/me/src/main.rs:12
   7: shop::main::h0123456789abcdef
      at /home/me/src/main.rs:5`;
    expect(chainOf(eyre)).toEqual(['0 Error: loading config', '1<-0 cause Error: No such file']);
    expect(innermostFirst(eyre)).toEqual(['shop::load main.rs:12', 'shop::main main.rs:5']);
  });
});

describe('native code', () => {
  it.each([
    [
      'gdb',
      `Program received signal SIGSEGV, Segmentation fault.
0x0000555555555131 in pay (cart=0x0) at cart.c:12
12	  return cart->sum;
#0  0x0000555555555131 in pay (cart=0x0) at cart.c:12
#1  0x0000555555555150 in main (argc=1, argv=0x7fffffffe0a8) at main.c:5
#2  0x00007ffff7df0083 in __libc_start_main () from /lib/x86_64-linux-gnu/libc.so.6`,
      'SIGSEGV: Segmentation fault.',
      ['pay cart.c:12', 'main main.c:5', '__libc_start_main'],
    ],
    [
      'AddressSanitizer',
      `=================================================================
==123==ERROR: AddressSanitizer: heap-use-after-free on address 0x602000000010 at pc 0x4f7 bp 0x7ffc sp 0x7ffc
READ of size 4 at 0x602000000010 thread T0
    #0 0x4f7a1e in shop::pay(int*, std::vector<int>) /src/cart.cpp:12:10
    #1 0x4f7b2d in main /src/main.cpp:5:3
    #2 0x7f2d in __libc_start_main (/lib/x86_64-linux-gnu/libc.so.6+0x24082) (BuildId: 1878e6b475720c7c51969e69ab2d276fae6d1dee)

0x602000000010 is located 0 bytes inside of 4-byte region
freed by thread T0 here:
    #0 0x4c in free (/src/a.out+0x4c)
    #1 0x4f7 in main /src/main.cpp:4:3

SUMMARY: AddressSanitizer: heap-use-after-free /src/cart.cpp:12:10 in shop::pay`,
      'AddressSanitizer: heap-use-after-free: heap-use-after-free on address 0x602000000010 at pc 0x4f7 bp 0x7ffc sp 0x7ffc',
      ['shop::pay(int*, std::vector<int>) cart.cpp:12:10', 'main main.cpp:5:3', '__libc_start_main'],
    ],
    [
      'UBSan',
      `cart.cpp:3:5: runtime error: signed integer overflow: 2147483647 + 1 cannot be represented in type 'int'
    #0 0x42 in pay /src/cart.cpp:3:5`,
      "UndefinedBehaviorSanitizer: signed integer overflow: 2147483647 + 1 cannot be represented in type 'int'",
      ['pay cart.cpp:3:5'],
    ],
    [
      'ThreadSanitizer',
      `WARNING: ThreadSanitizer: data race (pid=26327)
  Write of size 4 at 0x7f89554701d0 by thread T1:
    #0 Thread1(void*) simple_race.cc:8 (exe+0x000000006e66)

  Previous write of size 4 at 0x7f89554701d0 by thread T2:
    #0 Thread2(void*) simple_race.cc:13 (exe+0x000000006ed6)`,
      'ThreadSanitizer: data race: data race (pid=26327)',
      ['Thread1(void*) simple_race.cc:8'],
    ],
    [
      'LeakSanitizer',
      `==1==ERROR: LeakSanitizer: detected memory leaks

Direct leak of 7 byte(s) in 1 object(s) allocated from:
    #0 0x4af01b in __interceptor_malloc /build/asan_malloc_linux.cc:52:3
    #1 0x4da26a in main memory-leak.c:4:7`,
      'LeakSanitizer: detected memory leaks: detected memory leaks',
      ['__interceptor_malloc asan_malloc_linux.cc:52:3', 'main memory-leak.c:4:7'],
    ],
    [
      'Valgrind',
      `==123== Invalid read of size 4
==123==    at 0x108668: pay (cart.c:12)
==123==    by 0x10867D: main (cart.c:20)
==123==  Address 0x0 is not stack'd, malloc'd or (recently) free'd`,
      'Valgrind: Invalid read of size 4',
      ['pay cart.c:12', 'main cart.c:20'],
    ],
    [
      'a tombstone',
      `*** *** *** *** *** *** *** *** *** *** *** *** *** *** *** ***
signal 11 (SIGSEGV), code 1 (SEGV_MAPERR), fault addr 0x0
backtrace:
      #00 pc 0000000000012345  /system/lib64/libc.so (strlen+16) (BuildId: abc)
      #01 pc 0000000000001234  /data/app/shop/lib/arm64/libshop.so (Java_com_shop_pay(JNIEnv*)+20)`,
      'SIGSEGV: code 1 (SEGV_MAPERR), fault addr 0x0',
      ['strlen', 'Java_com_shop_pay(JNIEnv*)'],
    ],
    [
      'glibc',
      `terminate called after throwing an instance of 'std::runtime_error'
  what():  bad cart
./shop(_ZN4Cart3payEv+0x1f) [0x401a2f]
/lib/x86_64-linux-gnu/libc.so.6(+0x3ef20) [0x7f1234567890]`,
      'std::runtime_error: bad cart',
      ['_ZN4Cart3payEv', ''],
    ],
    [
      'an assertion',
      `shop: cart.c:12: pay: Assertion \`n > 0' failed.
Aborted (core dumped)`,
      'Assertion failed: n > 0',
      ['pay cart.c:12'],
    ],
    [
      'boost',
      ` 0# Cart::pay(int) at /src/cart.cpp:12
 1# main at /src/main.cpp:3
 2# __libc_start_main in /lib/libc.so.6
 3# 0x0000563d in ./shop`,
      '-: -',
      ['Cart::pay(int) cart.cpp:12', 'main main.cpp:3', '__libc_start_main', ''],
    ],
    [
      'lldb',
      `* thread #1, queue = 'com.apple.main-thread', stop reason = EXC_BAD_ACCESS (code=1, address=0x0)
  * frame #0: 0x0000000100003f60 shop\`pay(cart=0x0) at cart.c:12:10
    frame #1: 0x0000000100003f94 shop\`main at main.c:5:3
    frame #2: 0x00000001a1b2 dyld\`start + 2360`,
      'EXC_BAD_ACCESS: (code=1, address=0x0)',
      ['pay cart.c:12:10', 'main main.c:5:3', 'start'],
    ],
  ])('%s', (_, text, header, frames) => {
    expect(traceOf(text).language).toBe('native');
    expect(chainOf(text)).toEqual([`0 ${header}`]);
    expect(innermostFirst(text)).toEqual(frames);
  });

  it('finds the thread that raised the signal among all', () => {
    const trace = traceOf(`Program terminated with signal SIGABRT, Aborted.
Thread 2 (Thread 0x7f1 (LWP 12)):
#0  futex_wait () at x.c:1
Thread 1 (Thread 0x7f2 (LWP 11) "shop"):
#0  __GI_raise (sig=sig@entry=6) at ../sysdeps/unix/sysv/linux/raise.c:50
#1  0x00007f in __GI_abort () at abort.c:79
#2  shop::Cart::pay(int) (this=0x1, n=2) at /src/cart.cpp:12`);
    expect(thrownOf(trace).frames.at(-1)?.function).toBe('__GI_raise');
    expect(trace.threads?.map((thread) => [thread.id, thread.name, thread.crashed])).toEqual([
      ['2', undefined, false],
      ['1', 'shop', true],
    ]);
  });
});

describe('Apple', () => {
  it('reads a crash report with all threads', () => {
    const trace = traceOf(`Process:               Shop [1234]
Exception Type:        EXC_BAD_ACCESS (SIGSEGV)
Exception Codes:       KERN_INVALID_ADDRESS at 0x0000000000000000
Crashed Thread:        0  Dispatch queue: com.apple.main-thread

Thread 0 name:  Dispatch queue: com.apple.main-thread
Thread 0 Crashed:
0   libswiftCore.dylib            	0x00000001a0b2c3d4 _swift_fatalError + 12
1   Shop                          	0x0000000104a0b2c4 Cart.charge(_:) + 120 (Cart.swift:12)
2   Shop                          	0x0000000104a0b2c4 0x104a00000 + 45764

Thread 1:
0   libsystem_kernel.dylib        	0x00000001b0 __workq_kernreturn + 8

Thread 0 crashed with ARM Thread State (64-bit):
    x0: 0x0

Binary Images:
0x104a00000 - 0x104a0ffff Shop arm64`);
    expect(trace.platform).toBe('cocoa');
    expect(thrownOf(trace)).toMatchObject({ type: 'EXC_BAD_ACCESS', value: 'KERN_INVALID_ADDRESS at 0x0000000000000000' });
    expect(thrownOf(trace).frames[1]).toMatchObject({
      function: 'Cart.charge(_:)',
      package: 'Shop',
      filename: 'Cart.swift',
      line: 12,
    });
    expect(trace.threads?.map((thread) => thread.id)).toEqual(['0', '1']);
  });

  it.each([
    [
      'an NSException',
      `2026-03-14 09:26:54.781 Shop[1234:5678] *** Terminating app due to uncaught exception 'NSInvalidArgumentException', reason: '-[Cart foo]: unrecognized selector sent to instance 0x600'
*** First throw call stack:
(
	0   CoreFoundation                      0x00007fff204272fa __exceptionPreprocess + 242
	1   Shop                                0x000000010a1b2c3d -[Cart charge:] + 61
)
libc++abi: terminating`,
      'NSInvalidArgumentException: -[Cart foo]: unrecognized selector sent to instance 0x600',
      '__exceptionPreprocess',
    ],
    [
      'Swift 5.9',
      `💣 Program crashed: Bad pointer dereference at 0x0000000000000000

Thread 0 "shop" crashed:

0 charge() + 12 in shop at /src/cart.swift:3:5

     1│ func charge() {
1 [ra] 0x00005 static Main.main() + 8 in shop at /src/main.swift:9:1`,
      'Crash: Bad pointer dereference at 0x0000000000000000',
      'charge() cart.swift:3:5',
    ],
    [
      'a fatal error',
      `Shop/Cart.swift:12: Fatal error: Unexpectedly found nil while unwrapping an Optional value`,
      'Fatal error: Unexpectedly found nil while unwrapping an Optional value',
      'Cart.swift:12',
    ],
  ])('reads %s', (_, text, header, top) => {
    expect(chainOf(text)).toEqual([`0 ${header}`]);
    expect(innermostFirst(text)[0]).toBe(top);
  });
});
