import { describe, expect, it } from 'vitest';
import { parseTrace } from './parse.ts';
import { chainOf, innermostFirst, thrownOf, traceOf } from './test-traces.ts';

describe('Java', () => {
  const nested = `java.lang.RuntimeException: outer
	at shop.Main.run(Main.java:10)
	at shop.Main.main(Main.java:3)
	Suppressed: java.io.IOException: closing
		at shop.Res.close(Res.java:5)
		... 2 more
	Caused by: shop.Deep: deepest
		at shop.Res.x(Res.java:7)
		... 3 more
Caused by: java.lang.IllegalStateException
	at shop.Db.q(Db.java:7)
	at shop.Main.run(Main.java:8)
	... 1 more
Caused by: java.sql.SQLException: ORA-1
	at shop.Db.p(Db.java:1)
	... 2 common frames omitted`;

  it('links causes and suppressed exceptions by their depth', () => {
    expect(chainOf(nested)).toEqual([
      '0 java.lang.RuntimeException: outer',
      '1<-0 suppressed java.io.IOException: closing',
      '2<-1 cause shop.Deep: deepest',
      '3<-0 cause java.lang.IllegalStateException: -',
      '4<-3 cause java.sql.SQLException: ORA-1',
    ]);
  });

  it('takes `... n more` from the trace around, and counts what is not there', () => {
    const byId = new Map(traceOf(nested).exceptions.map((each) => [each.id, each]));
    expect(byId.get(2)?.frames.map((frame) => frame.line)).toEqual([3, 10, 5, 7]);
    expect(byId.get(4)?.frames.map((frame) => frame.line)).toEqual([3, 8, 1]);
    const cut = traceOf('a.B: x\n\tat a.B.c(B.java:1)\nCaused by: a.C: y\n\tat a.C.d(C.java:2)\n\t... 27 common frames omitted');
    expect(cut.exceptions[0]).toMatchObject({ type: 'a.C', omitted: 27 });
  });

  it('reads the root cause first, as Logback can print it', () => {
    const text =
      'java.io.IOException: disk\n\tat a.B.read(B.java:1)\n\t... 1 common frames omitted\nWrapped by: java.lang.RuntimeException: no\n\tat a.C.run(C.java:2)\n\tat a.D.main(D.java:3)';
    expect(chainOf(text)).toEqual(['0 java.lang.RuntimeException: no', '1<-0 cause java.io.IOException: disk']);
    expect(traceOf(text).exceptions[0]?.frames.map((frame) => frame.line)).toEqual([3, 1]);
  });

  it.each([
    ['at java.base/java.lang.Thread.run(Thread.java:833) ~[?:?]', 'java.lang.Thread:run Thread.java:833'],
    ['at java.base@17.0.1/java.lang.Thread.run(Thread.java:833)', 'java.lang.Thread:run Thread.java:833'],
    ['at app//shop.Db.p(Db.java:1) [shop-1.2.jar!/:1.2]', 'shop.Db:p Db.java:1'],
    ['at shop.Db$$Lambda$14/0x0000000800c03000.run(Unknown Source)', 'shop.Db$$Lambda$14/0x0000000800c03000:run'],
    [
      'at jdk.internal.reflect.NativeMethodAccessorImpl.invoke0(Native Method)',
      'jdk.internal.reflect.NativeMethodAccessorImpl:invoke0',
    ],
    ['at a.a.b.c(SourceFile:12)', 'a.a.b:c SourceFile:12'],
    ['at com.shop.Main.b(Unknown Source:12)', 'com.shop.Main:b 12'],
    ['at shop.Cart.<init>(Cart.kt)', 'shop.Cart:<init> Cart.kt'],
    ['at shop.Main$.$anonfun$main$1(Main.scala:5)', 'shop.Main$:$anonfun$main$1 Main.scala:5'],
    ['at user$eval1.invoke(NO_SOURCE_FILE:1)', 'user$eval1:invoke NO_SOURCE_FILE:1'],
    ['at shop.Cart$pay$1.invokeSuspend(Cart.kt:12)', 'shop.Cart$pay$1:invokeSuspend Cart.kt:12'],
  ])('%s', (line, expected) => {
    expect(innermostFirst(`a.B: x\n\t${line}`)).toEqual([expected]);
  });

  it('names jars and native methods', () => {
    const { frames } = thrownOf(traceOf('a.B: x\n\tat shop.Db.p(Db.java:1) ~[shop-1.2.jar!/:1.2]\n\tat x.Y.z(Native Method)'));
    expect(frames).toMatchObject([{ native: true }, { package: 'shop-1.2.jar' }]);
  });

  it.each([
    ['Exception in thread "main" java.lang.NullPointerException', 'java.lang.NullPointerException', undefined, true],
    [
      'org.hibernate.HibernateException: could not\nSQL [select 1\nfrom x]',
      'org.hibernate.HibernateException',
      'could not\nSQL [select 1\nfrom x]',
      undefined,
    ],
    ['Jul 09, 2015 3:23:29 PM shop.Log: RuntimeException: Run', 'RuntimeException', 'Run', undefined],
    [
      'ERROR [main] 2023-10-04 14:27:35,249 javax.servlet.ServletException: Bad',
      'javax.servlet.ServletException',
      'Bad',
      undefined,
    ],
    [
      'ERROR 1 --- [exec-1] o.a.c.C : Servlet.service() threw exception\n\njava.lang.NullPointerException: s is null',
      'java.lang.NullPointerException',
      's is null',
      undefined,
    ],
    ['shop.Refused: no money', 'shop.Refused', 'no money', undefined],
    [
      'a.JsonSyntaxException: java.lang.IllegalStateException: Expected',
      'a.JsonSyntaxException',
      'java.lang.IllegalStateException: Expected',
      undefined,
    ],
  ])('header %s', (header, type, value, unhandled) => {
    const trace = traceOf(`${header}\n\tat shop.Main.main(Main.java:3)`);
    expect([thrownOf(trace).type, thrownOf(trace).value, trace.unhandled]).toEqual([type, value, unhandled]);
  });

  it("reads Android's logcat, whose lines all have a prefix", () => {
    const text = `E/AndroidRuntime( 1234): FATAL EXCEPTION: main
E/AndroidRuntime( 1234): Process: com.shop, PID: 1234
E/AndroidRuntime( 1234): java.lang.RuntimeException: Unable to start
E/AndroidRuntime( 1234): 	at com.shop.Main.onCreate(Main.kt:12)
E/AndroidRuntime( 1234): Caused by: java.lang.NullPointerException: x
E/AndroidRuntime( 1234): 	at com.shop.Main.b(Main.kt:12)`;
    expect(chainOf(text)).toEqual([
      '0 java.lang.RuntimeException: Unable to start',
      '1<-0 cause java.lang.NullPointerException: x',
    ]);
    expect(traceOf(text).unhandled).toBe(true);
  });

  it('takes a thread dump for no exception', () => {
    expect(parseTrace('"main" #1 prio=5\n   java.lang.Thread.State: WAITING\n\tat a.B.c(B.java:1)')).toBeUndefined();
  });
});

describe('.NET', () => {
  it('gives the frames of a chain that is printed inside out to their exceptions', () => {
    const text = `System.InvalidOperationException: outer ---> System.FormatException: inner
   at Shop.Cart.Parse(String s) in C:\\shop\\Cart.cs:line 33
   --- End of inner exception stack trace ---
   at Shop.Cart.Load() in C:\\shop\\Cart.cs:line 22`;
    expect(chainOf(text)).toEqual(['0 System.InvalidOperationException: outer', '1<-0 cause System.FormatException: inner']);
    expect(innermostFirst(text)).toEqual(['Shop.Cart:Load C:\\shop\\Cart.cs:22']);
    expect(traceOf(text).exceptions[0]?.frames).toMatchObject([{ function: 'Parse', line: 33 }]);
  });

  it('reads the form of .NET 5 with the numbers of system errors, and multi-line messages', () => {
    const text = `Microsoft.EntityFrameworkCore.DbUpdateException: See the inner exception.
 ---> Npgsql.PostgresException (0x80004005): 23505: duplicate key

DETAIL: Key (id)=(1) already exists.
   at Npgsql.Internal.NpgsqlConnector.Read(Boolean async)
  Exception data:
    SqlState: 23505
   --- End of inner exception stack trace ---
   at Shop.Db.Save()`;
    expect(chainOf(text)).toEqual([
      '0 Microsoft.EntityFrameworkCore.DbUpdateException: See the inner exception.',
      '1<-0 cause Npgsql.PostgresException: 23505: duplicate key\n\nDETAIL: Key (id)=(1) already exists.',
    ]);
  });

  it('keeps the members of an AggregateException, the first of which is printed twice', () => {
    const text = `Unhandled exception. System.AggregateException: One or more errors occurred. (first) (second)
 ---> System.InvalidOperationException: first
   at Shop.A.F()
   --- End of inner exception stack trace ---
   at Shop.Program.Main(String[] args) in /src/Program.cs:line 8
 ---> (Inner Exception #0) System.InvalidOperationException: first
   at Shop.A.F()<---

 ---> (Inner Exception #1) System.ArgumentException: second ---> System.FormatException: deep
   at Shop.Deep.X() in /src/Deep.cs:line 3
   --- End of inner exception stack trace ---
   at Shop.B.G()<---
`;
    expect(chainOf(text)).toEqual([
      '0 System.AggregateException: One or more errors occurred. (first) (second)',
      '1<-0 member System.InvalidOperationException: first',
      '2<-0 member System.ArgumentException: second',
      '3<-2 cause System.FormatException: deep',
    ]);
    expect(traceOf(text).unhandled).toBe(true);
    expect(traceOf(text).exceptions.find((each) => each.id === 1)?.frames).toHaveLength(1);
  });

  it.each([
    ['at Shop.Cart.<PayAsync>d__4.MoveNext() in /src/Cart.cs:line 20', 'Shop.Cart:PayAsync /src/Cart.cs:20'],
    ['at Shop.Cart.<>c.<Main>b__0_0() in /src/Cart.cs:line 10', 'Shop.Cart+<>c:Main { <lambda> } /src/Cart.cs:10'],
    ['at Shop.Cart..ctor(String id)', 'Shop.Cart:.ctor'],
    ['at Shop.Repo`1.Find[TKey](TKey key)', 'Shop.Repo`1:Find'],
    ['at Player.Update () [0x00000] in <abc123>:0 ', 'Player:Update'],
    ['at Game.Loop (System.Single dt) [0x00012] in /Users/x/my game.cs:33 ', 'Game:Loop /Users/x/my game.cs:33'],
    ['at lambda_method1(Closure , Object , Object[] )', 'lambda_method1'],
    ['at Shop.Cart.Pay() + 0x2d', 'Shop.Cart:Pay'],
  ])('%s', (line, expected) => {
    expect(innermostFirst(`System.Exception: x\n   ${line}`)).toEqual([expected]);
  });
});
