import { describe, expect, it } from 'vitest';
import { parseTrace } from './parse.ts';
import { chainOf, innermostFirst } from './test-traces.ts';

describe('scripts', () => {
  it.each([
    [
      'PowerShell',
      `Get-Cart : Cannot find path 'C:\\x' because it does not exist.
At C:\\shop.ps1:12 char:5
+     Get-Item x
+     ~~~~~~~~~~
    + CategoryInfo          : ObjectNotFound: (C:\\x:String) [Get-Item], ItemNotFoundException
    + FullyQualifiedErrorId : PathNotFound,Microsoft.PowerShell.Commands.GetItemCommand`,
      "ItemNotFoundException: Get-Cart : Cannot find path 'C:\\x' because it does not exist.",
      ['C:\\shop.ps1:12:5'],
    ],
    [
      "PowerShell's script stack",
      `at Get-Cart, /app/shop.ps1: line 12
at <ScriptBlock>, /app/main.ps1: line 3
at <ScriptBlock>, <No file>: line 1`,
      '-: -',
      ['Get-Cart /app/shop.ps1:12', '<ScriptBlock> /app/main.ps1:3', '<ScriptBlock> <No file>:1'],
    ],
    [
      'Carp',
      `Cannot pay at lib/Cart.pm line 12.
	Cart::pay(Cart=HASH(0x1), 3) called at shop.pl line 20
	main::run() called at shop.pl line 30`,
      'Died: Cannot pay',
      ['Cart:pay lib/Cart.pm:12', 'main:run shop.pl:20', 'main shop.pl:30'],
    ],
    ['Perl', `Illegal division by zero at shop.pl line 3, <STDIN> line 5.`, 'Died: Illegal division by zero', ['main shop.pl:3']],
    [
      'Lua',
      `lua: cart.lua:3: attempt to index a nil value (local 'c')
stack traceback:
	cart.lua:3: in function 'pay'
	cart.lua:7: in main chunk
	[C]: in ?`,
      "error: attempt to index a nil value (local 'c')",
      ['pay cart.lua:3', 'main chunk cart.lua:7', '[C]'],
    ],
  ])('%s', (_, text, header, frames) => {
    expect(chainOf(text)).toEqual([`0 ${header}`]);
    expect(innermostFirst(text)).toEqual(frames);
  });

  it('takes neither prose nor a lone header for a trace', () => {
    for (const text of [
      'We met\nat noon\nat least 3 items',
      'ValueError: bad',
      'Caused by: nothing',
      '#1 in the list',
      '1. first\n2. second',
      'see main.go:12',
      'C:\\a.ps1',
      'Thread 1:',
      '{"a": [1, 2]}',
      '** (note) this',
    ])
      expect(parseTrace(text)).toBeUndefined();
  });
});
