import { describe, expect, it } from 'vitest';
import { chainOf, innermostFirst, traceOf } from './test-traces.ts';

describe('.NET in other languages than English', () => {
  it.each([
    ['   bei Shop.Cart.Pay(Int32 n) in C:\\my shop\\Cart.cs:Zeile 31.', 'Shop.Cart:Pay C:\\my shop\\Cart.cs:31'],
    ['   à Shop.Cart.Pay(Int32 n) dans C:\\shop\\Cart.cs:ligne 31', 'Shop.Cart:Pay C:\\shop\\Cart.cs:31'],
    ['   en Shop.Cart.Pay() en C:\\shop\\Cart.cs:línea 31', 'Shop.Cart:Pay C:\\shop\\Cart.cs:31'],
    ['   в Shop.Cart.<PayAsync>d__4.MoveNext() в D:\\shop\\Cart.cs:строка 31', 'Shop.Cart:PayAsync D:\\shop\\Cart.cs:31'],
    ['   場所 Shop.Cart.Pay() 場所 C:\\shop\\Cart.cs:行 31', 'Shop.Cart:Pay C:\\shop\\Cart.cs:31'],
    ['   在 Shop.Cart.Pay() 位置 C:\\shop\\Cart.cs:行号 31', 'Shop.Cart:Pay C:\\shop\\Cart.cs:31'],
    ['   konum: Shop.Cart.Pay() C:\\shop\\Cart.cs içinde: satır 31', 'Shop.Cart:Pay C:\\shop\\Cart.cs:31'],
    ['   bei System.Linq.Enumerable.First[TSource](IEnumerable`1 source)', 'System.Linq.Enumerable:First'],
  ])('%s', (line, expected) => {
    expect(innermostFirst(`System.Exception: x\n${line}`)).toEqual([expected]);
  });

  it('ends an inner exception with its own words', () => {
    const text = `System.Exception: außen ---> System.IO.IOException: innen
   bei Shop.Disk.Read() in C:\\shop\\Disk.cs:Zeile 3.
   --- Ende der internen Ausnahmestapelüberwachung ---
   bei Shop.Cart.Pay() in C:\\shop\\Cart.cs:Zeile 9.`;
    expect(chainOf(text)).toEqual(['0 System.Exception: außen', '1<-0 cause System.IO.IOException: innen']);
    expect(traceOf(text).exceptions.map((each) => each.frames.length)).toEqual([1, 1]);
  });
});

describe("Unity's console", () => {
  it.each([
    ['Player.Update () (at Assets/Player.cs:31)', 'Player:Update Assets/Player.cs:31'],
    ['Ui.Menu:Press(Int32, String) (at Assets/Menu.cs:4)', 'Ui.Menu:Press Assets/Menu.cs:4'],
    ['Player.Update () (at <3f2a77>:0)', 'Player:Update'],
  ])('%s', (line, expected) => {
    expect(innermostFirst(`NullReferenceException: x\n${line}`)).toEqual([expected]);
  });
});

describe('frames of the JVM', () => {
  it.each([
    [
      'at shop.CartTest.adds twice, keeps one (really)(CartTest.kt:22)',
      'shop.CartTest:adds twice, keeps one (really) CartTest.kt:22',
    ],
    ['at <js> total(rules.js:3:12-15)', 'total rules.js:3'],
    [
      'at java.base@21.0.1/java.lang.invoke.LambdaForm$DMH/sa3.invoke(LambdaForm$DMH)',
      'java.lang.invoke.LambdaForm$DMH/sa3:invoke LambdaForm$DMH',
    ],
  ])('%s', (line, expected) => {
    expect(innermostFirst(`a.b.Failure: x\n\t${line}\n\tat shop.Main.main(Main.java:1)`)[0]).toBe(expected);
  });
});

describe('chains of the JVM', () => {
  it('a message may say "Caused by", as long as it names no class', () => {
    const text = 'a.Failure: first\nCaused by: nobody\n\tat a.B.c(B.java:1)\nCaused by: a.Deep: second\n\tat a.B.d(B.java:2)';
    expect(chainOf(text)).toEqual(['0 a.Failure: first\nCaused by: nobody', '1<-0 cause a.Deep: second']);
  });

  it('frames further left than a suppressed exception belong to the one around it', () => {
    const text = 'a.Failure: x\n\tat a.B.c(B.java:1)\n\tSuppressed: a.Site: y\n\t\tat a.B.d(B.java:2)\n\tat a.B.e(B.java:3)';
    expect(traceOf(text).exceptions.map((each) => each.frames.length)).toEqual([1, 2]);
  });

  it('what the JVM says before the thread is no header', () => {
    const text =
      'java.lang.OutOfMemoryError: heap\nDumping heap to x ...\nException in thread "a" java.lang.OutOfMemoryError: heap\n\tat A.b(A.java:1)';
    expect(chainOf(text)).toEqual(['0 java.lang.OutOfMemoryError: heap']);
  });
});
