import { describe, expect, it } from 'vitest';
import { parseTrace } from './parse.ts';
import { innermostFirst, thrownOf, traceOf } from './test-traces.ts';

const said = (text: string) => {
  const { language } = traceOf(text);
  const { type, value } = thrownOf(traceOf(text));
  return { language, type, value };
};

describe('OCaml', () => {
  const text = `Fatal error: exception Shop.Refused("card 17")
Raised at Shop.charge in file "lib/shop.ml", line 12, characters 4-20
Re-raised at Shop.pay in file "lib/shop.ml", line 30, characters 2-9
Called from Dune__exe__Main in file "bin/main.ml" (inlined), line 3, characters 9-31
`;
  it('names module and function', () => {
    expect(said(text)).toEqual({ language: 'ocaml', type: 'Shop.Refused', value: 'card 17' });
    expect(innermostFirst(text)).toEqual(['Shop:charge lib/shop.ml:12:5', 'Dune__exe__Main bin/main.ml:3:10']);
    expect(traceOf(text).unhandled).toBe(true);
  });
});

describe('Haskell', () => {
  it('a place belongs to the function that is called next', () => {
    const text = `shop: no card
CallStack (from HasCallStack):
  error, called at src/Cart.hs:12:9 in shop-0.1:Cart
  charge, called at app/Main.hs:4:3 in main:Main`;
    expect(said(text)).toEqual({ language: 'haskell', type: 'ErrorCall', value: 'no card' });
    expect(innermostFirst(text)).toEqual(['Cart:charge src/Cart.hs:12:9', 'Main app/Main.hs:4:3']);
    expect(thrownOf(traceOf(text)).frames.map((frame) => frame.inApp)).toEqual([true, true]);
  });

  it('since GHC 9.10 the exception is named', () => {
    const text = `shop: Uncaught exception ghc-internal:GHC.Internal.Exception.ErrorCall:

no card

HasCallStack backtrace:
  error, called at src/Cart.hs:12:9 in shop-0.1:Cart`;
    expect(said(text)).toEqual({ language: 'haskell', type: 'ErrorCall', value: 'no card' });
  });
});

describe('R', () => {
  it('Rscript names the calls', () => {
    const text = 'Error in charge(cart) : \n  object "price" not found\nCalls: main -> charge\nExecution halted';
    expect(said(text)).toEqual({ language: 'r', type: 'Error', value: 'object "price" not found' });
    expect(innermostFirst(text)).toEqual(['charge', 'main']);
  });

  it('traceback() begins with the innermost, the tree of rlang with the outermost', () => {
    const frames = ['charge cart.R:7', 'main main.R:2'];
    expect(innermostFirst('Error in charge(x) : no\n2: charge(x) at cart.R#7\n1: main() at main.R#2')).toEqual(frames);
    const tree = '  1. ├─global main() at main.R:2:1\n  2. └─shop::charge(x) at cart.R:7:3';
    expect(innermostFirst(`Error in \`charge()\`:\n! no\nBacktrace:\n     ▆\n${tree}`)).toEqual([
      'charge cart.R:7:3',
      'main main.R:2:1',
    ]);
  });

  it.each(['Calls: 3 -> 4', 'Execution halted', 'Error in the house: none'])('%s is no trace', (line) =>
    expect(parseTrace(line)).toBeUndefined(),
  );
});

describe('Julia', () => {
  it('places stand below the calls, or behind them before 1.6', () => {
    const text = `ERROR: LoadError: BoundsError: attempt to access index [5]
Stacktrace:
 [1] getindex
   @ ./essentials.jl:13 [inlined]
 [2] charge(c::Vector{Int64})
   @ Main ~/shop/cart.jl:12
 [3] main() at /srv/shop/main.jl:4
in expression starting at /srv/shop/main.jl:9`;
    expect(said(text)).toEqual({ language: 'julia', type: 'BoundsError', value: 'attempt to access index [5]' });
    expect(innermostFirst(text)).toEqual([
      'getindex ./essentials.jl:13',
      'Main:charge ~/shop/cart.jl:12',
      'main /srv/shop/main.jl:4',
    ]);
  });
});

describe("Python's faulthandler", () => {
  it('prints the innermost call first, and every thread', () => {
    const text = `Fatal Python error: Segmentation fault

Thread 0x00007f02 (most recent call first):
  File "/srv/w.py", line 9 in wait

Current thread 0x00007f01 (most recent call first):
  File "/srv/a.py", line 3 in crash
  File "/srv/a.py", line 7 in <module>

Extension modules: _x (total: 1)`;
    expect(said(text)).toEqual({ language: 'python', type: 'Fatal Python error', value: 'Segmentation fault' });
    expect(innermostFirst(text)).toEqual(['crash /srv/a.py:3', '<module> /srv/a.py:7']);
    expect(traceOf(text).threads).toHaveLength(2);
  });
});

describe('PowerShell 7', () => {
  it('shows place, source and message in a box of bars', () => {
    const text = `Get-Content: /srv/run.ps1:3
Line |
   3 |  Get-Content cart.txt
     |  ~~~~~~~~~~~~~~~~~~~~
     | Cannot find path '/srv/cart.txt' because it does not exist.`;
    expect(said(text)).toEqual({
      language: 'powershell',
      type: 'Get-Content',
      value: "Cannot find path '/srv/cart.txt' because it does not exist.",
    });
    expect(innermostFirst(text)).toEqual(['/srv/run.ps1:3']);
  });
});

describe('Lua in nginx', () => {
  it('leaves out lines', () => {
    const text = "runtime error: /lua/cart.lua:12: no stock\nstack traceback:\ncoroutine 0:\n\t/lua/cart.lua: in function 'pay'";
    expect(innermostFirst(text)).toEqual(['pay /lua/cart.lua']);
  });
});

describe('Notebooks', () => {
  it('show cells and files with an arrow at the line', () => {
    const text = `---------------------------------------------------------------------------
ZeroDivisionError                         Traceback (most recent call last)
Cell In[3], line 4
      2     return a / b
      3 
----> 4 share(1, 0)

File /srv/shop/cart.py:2, in share(a, b)
      1 def share(a, b):
----> 2     return a / b

ZeroDivisionError: division by zero`;
    expect(said(text)).toEqual({ language: 'python', type: 'ZeroDivisionError', value: 'division by zero' });
    expect(innermostFirst(text)).toEqual(['share /srv/shop/cart.py:2', '<module> Cell In[3]:4']);
    expect(thrownOf(traceOf(text)).frames.at(-1)?.context).toBe('return a / b');
  });

  it('before IPython 8 named the line at the arrow only', () => {
    const text = `KeyError                                  Traceback (most recent call last)
<ipython-input-3-f2a1> in <module>
----> 1 pay({})

~/shop/cart.py in pay(cart)
     11 def pay(cart):
---> 12     return cart["sum"]

KeyError: 'sum'`;
    expect(innermostFirst(text)).toEqual(['pay ~/shop/cart.py:12', '<module> <ipython-input-3-f2a1>:1']);
  });
});
