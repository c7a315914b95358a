import { describe, expect, it } from 'vitest';
import { sentryExceptions } from './sentry.ts';
import { traceOf } from './test-traces.ts';

const JAVA = `Exception in thread "main" java.lang.RuntimeException: outer
	at shop.Main.main(Main.java:3)
Caused by: java.io.IOException: disk
	at shop.Db.read(Db.java:7)
	... 1 more`;

describe('a trace as a Sentry event', () => {
  it('ends with what was thrown, links the chain, says what nobody caught', () => {
    expect(sentryExceptions(traceOf(JAVA))).toEqual({
      platform: 'java',
      exception: {
        values: [
          {
            type: 'IOException',
            module: 'java.io',
            value: 'disk',
            mechanism: { type: 'chained', exception_id: 1, parent_id: 0, source: 'cause' },
            stacktrace: {
              frames: [
                { module: 'shop.Main', function: 'main', filename: 'Main.java', lineno: 3 },
                { module: 'shop.Db', function: 'read', filename: 'Db.java', lineno: 7 },
              ],
            },
          },
          {
            type: 'RuntimeException',
            module: 'java.lang',
            value: 'outer',
            mechanism: { type: 'generic', handled: false, exception_id: 0 },
            stacktrace: { frames: [{ module: 'shop.Main', function: 'main', filename: 'Main.java', lineno: 3 }] },
          },
        ],
      },
    });
  });

  it('lets the sender name what was thrown, not its causes', () => {
    const { values } = sentryExceptions(traceOf(JAVA), { type: 'shop.Refused', value: 'said' }).exception;
    expect(values.map(({ type, module, value }) => [type, module, value])).toEqual([
      ['IOException', 'java.io', 'disk'],
      ['Refused', 'shop', 'said'],
    ]);
  });

  it('marks groups, and sends the other threads', () => {
    const group = sentryExceptions(
      traceOf('AggregateError: all\n    at f (/a.js:1:2) {\n  [errors]: [\n    Error: a\n        at g (/a.js:3:4)\n  ]\n}'),
    );
    expect(group.exception.values.map(({ mechanism }) => mechanism)).toEqual([
      { type: 'chained', exception_id: 1, parent_id: 0, source: 'exceptions' },
      { type: 'generic', exception_id: 0, is_exception_group: true },
    ]);
    const go = sentryExceptions(
      traceOf(
        'panic: x\n\ngoroutine 1 [running]:\nmain.main()\n\t/app/main.go:5 +0x2f\n\ngoroutine 7 [select]:\nmain.wait()\n\t/app/main.go:9 +0x2f',
      ),
    );
    expect(go.threads?.values).toMatchObject([
      { id: '1', crashed: true },
      { id: '7', state: 'select', crashed: false, stacktrace: { frames: [{ function: 'wait' }] } },
    ]);
  });
});
