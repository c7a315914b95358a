import { describe, expect, it } from 'vitest';
import { chainOf, innermostFirst, thrownOf, traceOf } from './test-traces.ts';

describe('Elixir', () => {
  it.each([
    [
      'a GenServer',
      `15:01:22.123 [error] GenServer Shop.Cart terminating
** (RuntimeError) oops
    (shop 0.1.0) lib/shop/cart.ex:12: Shop.Cart.charge/2
    (shop 0.1.0) lib/shop/cart.ex:7: anonymous fn/1 in Shop.Cart.handle_call/3
    (stdlib 3.17) gen_server.erl:721: :gen_server.try_handle_call/4
    (stdlib 3.17) proc_lib.erl:226: :proc_lib.init_p_do_apply/3
Last message (from #PID<0.1.0>): :pay
State: %{a: 1}`,
      'RuntimeError: oops',
      'Elixir.Shop.Cart:Shop.Cart.charge/2 lib/shop/cart.ex:12',
    ],
    [
      'a connection',
      `#PID<0.500.0> running ShopWeb.Endpoint (connection #PID<0.499.0>, stream id 1) terminated
Server: localhost:4000 (http)
Request: GET /cart
** (exit) an exception was raised:
    ** (Ecto.NoResultsError) expected at least one result but got none in query:

from u0 in Shop.User,
  where: u0.id == ^1

        (ecto 3.9.1) lib/ecto/repo/queryable.ex:161: Ecto.Repo.Queryable.one!/3
        (shop 0.1.0) lib/shop_web/controllers/cart_controller.ex:5: ShopWeb.CartController.show/2`,
      'Ecto.NoResultsError: expected at least one result but got none in query:\n\nfrom u0 in Shop.User,\n  where: u0.id == ^1',
      'Elixir.Ecto.Repo.Queryable:Ecto.Repo.Queryable.one!/3 lib/ecto/repo/queryable.ex:161',
    ],
    [
      'a script',
      `** (ArithmeticError) bad argument in arithmetic expression: 1 / 0
    :erlang./(1, 0)
    a.exs:2: (file)
    (elixir 1.14.0) lib/code.ex:1245: Code.require_file/2`,
      'ArithmeticError: bad argument in arithmetic expression: 1 / 0',
      'erlang::erlang.//2',
    ],
  ])('reads the error of %s', (_, text, header, top) => {
    expect(traceOf(text).language).toBe('elixir');
    expect(chainOf(text)).toEqual([`0 ${header}`]);
    expect(innermostFirst(text)[0]).toBe(top);
  });
});

describe('Erlang', () => {
  it.each([
    [
      'a crash report',
      `=CRASH REPORT==== 14-Mar-2026::09:26:54.781000 ===
  crasher:
    initial call: cart:init/1
    pid: <0.84.0>
    registered_name: cart
    exception error: no match of right hand side value {error,enoent}
      in function  cart:load/1 (src/cart.erl, line 12)
      in call from cart:init/1 (src/cart.erl, line 5)
      in call from gen_server:init_it/2 (gen_server.erl, line 423)
    ancestors: [shop_sup]`,
      'error: no match of right hand side value {error,enoent}',
      'cart:load/1 src/cart.erl:12',
    ],
    [
      'an error report',
      `=ERROR REPORT==== 14-Mar-2026::09:26:54 ===
Error in process <0.84.0> with exit value:
{badarith,[{cart,pay,1,[{file,"src/cart.erl"},{line,5}]},
           {shop,run,2,[{file,"src/shop.erl"},{line,9}]}]}`,
      'badarith: badarith',
      'cart:pay/1 src/cart.erl:5',
    ],
    [
      'a reason for termination',
      `** Generic server cart terminating 
** Last message in was pay
** When Server state == {state,1}
** Reason for termination ==
** {{badmatch,{error,enoent}},
    [{cart,load,1,[{file,"src/cart.erl"},{line,12}]},
     {gen_server,try_dispatch,4,[{file,"gen_server.erl"},{line,637}]}]}`,
      'badmatch: {badmatch,{error,enoent}}',
      'cart:load/1 src/cart.erl:12',
    ],
  ])('reads %s', (_, text, header, top) => {
    expect(chainOf(text)).toEqual([`0 ${header}`]);
    expect(innermostFirst(text)[0]).toBe(top);
    expect(traceOf(text).unhandled).toBe(true);
  });
});

describe('Dart', () => {
  it("reads Flutter's report", () => {
    const trace = traceOf(`══╡ EXCEPTION CAUGHT BY WIDGETS LIBRARY ╞═══════════════════════════════════════════════════════════
The following FormatException was thrown building Cart(dirty, state: _CartState#1):
Invalid number
x1

The relevant error-causing widget was:
  Cart Cart:file:///home/x/lib/main.dart:20:10

When the exception was thrown, this was the stack:
#0      int._throwFormatException (dart:core-patch/integers_patch.dart:132:5)
#1      _CartState.build (package:shop/cart.dart:12:9)
#2      StatefulElement.build (package:flutter/src/widgets/framework.dart:4870:27)
...     Normal element mounting (14 frames)
#16     Element.inflateWidget (package:flutter/src/widgets/framework.dart:3673:14)
(elided 5 frames from class _RawReceivePortImpl, class _Timer, dart:async, and dart:async-patch)
════════════════════════════════════════════════════════════════════════════════════════════════════`);
    expect(thrownOf(trace)).toMatchObject({
      type: 'FormatException',
      value: 'Invalid number\nx1',
      omitted: 5,
      frames: { length: 4 },
    });
    expect(trace.unhandled).toBe(true);
  });

  it.each([
    [
      "a device's log",
      `E/flutter ( 1234): [ERROR:flutter/lib/ui/ui_dart_state.cc(209)] Unhandled Exception: Null check operator used on a null value
E/flutter ( 1234): #0      _CartState.pay (package:shop/cart.dart:12:9)
E/flutter ( 1234): <asynchronous suspension>
E/flutter ( 1234): #1      main (package:shop/main.dart:3:1)`,
      '_TypeError: Null check operator used on a null value',
      '_CartState.pay cart.dart:12:9',
    ],
    [
      'package:stack_trace',
      `FormatException: bad
package:shop/cart.dart 12:9  Cart.pay
package:shop/cart.dart 20:3  main.<fn>
===== asynchronous gap ===========================
dart:async                   _completeOnAsyncReturn
package:shop/main.dart 3:1   main`,
      'FormatException: bad',
      'Cart.pay cart.dart:12:9',
    ],
    [
      'an obfuscated program',
      `Warning: This VM has been configured to produce stack traces that violate the Dart standard.
*** *** *** *** *** *** *** *** *** *** *** *** *** *** *** ***
pid: 17980, tid: 17988, name 1.ui
build_id: '5deff1bc0e0a1c5eb1d4e5a4dd9a0e1f'
isolate_dso_base: 7d2f8f2000, vm_dso_base: 7d2f8f2000
    #00 abs 0000007d2fb0a1c7 virt 00000000002181c7 _kDartIsolateSnapshotInstructions+0x1c21c7
    #01 abs 0000007d2fb0b2c8 virt 00000000002192c8 _kDartIsolateSnapshotInstructions+0x1c32c8`,
      '-: -',
      '_kDartIsolateSnapshotInstructions+0x1c21c7',
    ],
  ])('reads %s', (_, text, header, top) => {
    expect(chainOf(text)).toEqual([`0 ${header}`]);
    expect(innermostFirst(text)[0]).toBe(top);
  });

  it.each([
    ['Bad state: oops', 'StateError'],
    ['Invalid argument(s): x', 'ArgumentError'],
    ["type 'String' is not a subtype of type 'int'", '_TypeError'],
    ["Instance of 'MyError'", 'MyError'],
    ['PlatformException(code, message, null, null)', 'PlatformException'],
    ['RangeError (index): Invalid value: 1', 'RangeError'],
    ['Exception: x', '_Exception'],
  ])('%s', (header, type) => {
    expect(thrownOf(traceOf(`Unhandled exception:\n${header}\n#0      main (file:///a.dart:1:2)`)).type).toBe(type);
  });
});
