import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { NormalizedEvent } from '../../detection/normalized-event.ts';
import { anyEvent, frame, testEvent, testException } from '../test-events.ts';
import { CURRENT_VERSION, fingerprint } from './fingerprint.ts';

const hash = (event: NormalizedEvent) => fingerprint(event).hash;
const same = (a: NormalizedEvent, b: NormalizedEvent) => expect(hash(a)).toBe(hash(b));
const different = (a: NormalizedEvent, b: NormalizedEvent) => expect(hash(a)).not.toBe(hash(b));
const thrown = (change: Parameters<typeof testException>[0], event: Partial<NormalizedEvent> = {}) =>
  testEvent({ ...event, exceptions: [testException(change)] });

describe('what does not change the group', () => {
  const base = testEvent();
  it.each<[string, NormalizedEvent]>([
    ['line numbers and source', thrown({ frames: testException().frames.map((f) => ({ ...f, line: 99, context: 'x' })) })],
    [
      'release, environment, user, server, tags',
      testEvent({ release: '2.0', environment: 'test', serverName: 'b', user: { id: '1' }, tags: [['a', 'b']] }),
    ],
    ['the value, when the stack is specific', thrown({ value: 'float division by zero' })],
    ['outer frames', thrown({ frames: [frame('middleware', 'gunicorn.base', false), ...testException().frames] })],
    ['library frames below own code', thrown({ frames: [...testException().frames, frame('div', 'numpy.core', false)] })],
    ['how deep it recursed', thrown({ frames: [...testException().frames, frame('charge', 'shop.checkout', true)] })],
    [
      'where it was deployed',
      thrown({ frames: testException().frames.map((f) => ({ ...f, absPath: `/srv/releases/77/${f.filename}` })) }),
    ],
  ])('%s', (_, changed) => same(base, changed));
});

describe('what does', () => {
  const base = testEvent();
  it.each<[string, NormalizedEvent]>([
    ['the type', thrown({ type: 'KeyError' })],
    [
      'the own function nearest to the crash',
      thrown({ frames: [...testException().frames.slice(0, 2), frame('refund', 'shop.checkout', true)] }),
    ],
    ['its module', thrown({ frames: [...testException().frames.slice(0, 2), frame('charge', 'shop.invoice', true)] })],
    ['the cause', testEvent({ exceptions: [testException({ type: 'OSError' }), testException()] })],
    ['no own frame at all', thrown({ frames: [frame('dispatch', 'flask.app', false)] })],
  ])('%s', (_, changed) => different(base, changed));
});

describe('guards', () => {
  const guarded = (caller: string, type = 'PaymentError') =>
    thrown({
      type,
      frames: [frame('main', 'shop.app', true), frame(caller, 'shop.cart', true), frame('assert_paid', 'shop.guard', true)],
    });
  it('report for their caller', () => different(guarded('charge'), guarded('refund')));
  it('but a fault inside one is their own', () =>
    same(guarded('charge', 'ZeroDivisionError'), guarded('refund', 'ZeroDivisionError')));
});

describe('messengers', () => {
  const refused = (caller: string, type = 'HttpError', helper = 'request') =>
    thrown({ type, frames: [frame(caller, 'shop.pages', true), frame(helper, 'shop.http', true)] }, { platform: 'node' });
  it.each(['request', 'apiFetch', 'sendRequest', 'http_get', 'execCommand', 'runQuery', 'postJson', 'handleResponse', 'onError'])(
    '%s reports for its caller',
    (helper) => different(refused('loadCart', 'HttpError', helper), refused('loadUser', 'HttpError', helper)),
  );
  it.each(['requestBody', 'prefetch', 'commander', 'respond', 'run'])('%s is a place of its own', (helper) =>
    same(refused('loadCart', 'HttpError', helper), refused('loadUser', 'HttpError', helper)),
  );
  it('but a fault inside one is its own', () => same(refused('loadCart', 'TypeError'), refused('loadUser', 'TypeError')));
  it('and who called that one does not count, as it does for a guard', () => {
    const below = (entry: string, helper: string) =>
      thrown({ type: 'HttpError', frames: ['main', entry, 'loadCart', helper].map((name) => frame(name, 'shop.a', true)) });
    same(below('open', 'request'), below('print', 'request'));
    different(below('open', 'tinyInvariant'), below('print', 'tinyInvariant'));
  });
});

describe('classes of guards, and those that throw for their caller', () => {
  const guarded = (caller: string, module: string, name: string) =>
    thrown({ type: 'NotFound', frames: [frame(caller, 'shop.pages', true), frame(name, module, true)] });
  it.each([
    ['shop.util.Assert', 'notNull'],
    ['Shop.Guard', 'AgainstNull'],
    ['shop.ParamChecks', 'notEmpty'],
    ['shop.Find', 'orElseThrow'],
    ['shop.models', 'find_or_fail'],
    ['', 'Shop\\Assert::notNull'],
  ])('%s %s', (module, name) => different(guarded('cart', module, name), guarded('user', module, name)));
  it.each([
    ['shop.Guardian', 'visit'],
    ['shop.Orders', 'floor'],
  ])('%s %s is a place of its own', (module, name) => same(guarded('cart', module, name), guarded('user', module, name)));
});

describe('Ruby', () => {
  it('names classes since 3.4 only: the file is the place', () => {
    const at = (module?: string) =>
      thrown(
        {
          frames: [
            { function: 'total', filename: 'app/models/cart.rb', inApp: true, ...(module === undefined ? {} : { module }) },
          ],
        },
        { platform: 'ruby' },
      );
    same(at(), at('Cart'));
  });
});

describe('anonymous functions', () => {
  const inside = (value: string, caller = 'run') =>
    thrown(
      { type: 'Error', value, frames: [frame(caller, 'shop/cart.js', true), frame('<anonymous>', 'shop/cart.js', true)] },
      { platform: 'node' },
    );
  it('are told apart by the message', () => different(inside('Card declined'), inside('Cart is empty')));
  it('whose variables do not count', () => same(inside('Order 17 not found'), inside('Order 48213 not found')));
  it('and by their callers', () => different(inside('Card declined', 'charge'), inside('Card declined', 'refund')));
  it('minified names are as good as none', () => {
    const minified = (name: string, hash: string) =>
      thrown(
        {
          type: 'TypeError',
          value: 'x is undefined',
          frames: [{ function: name, filename: `https://shop.test/assets/index-${hash}.js`, line: 1, column: 9, inApp: true }],
        },
        { platform: 'javascript' },
      );
    same(minified('e', 'DiwrgTda'), minified('t', 'Ab3dE_gh'));
  });
});

describe('stacks without own frames', () => {
  const library = (value: string, top = 'send') =>
    thrown({ type: 'Timeout', value, frames: [frame('get', 'requests.api', false), frame(top, 'requests.adapters', false)] });
  it('use the nearest frame and the message', () => {
    same(library('no answer from 10.0.0.1 after 30s'), library('no answer from 10.0.0.77 after 5s'));
    different(library('no answer'), library('connection reset'));
    different(library('no answer'), library('no answer', 'connect'));
  });
  it('skip what runs after every crash', () => {
    const native = (top: string[]) =>
      thrown(
        { type: 'SIGABRT', value: '', frames: [{ function: 'render' }, ...top.map((name) => ({ function: name }))] },
        { platform: 'native' },
      );
    same(native(['abort']), native(['raise', '__pthread_kill']));
  });
  it('no stack at all: type and message', () => {
    same(thrown({ frames: [], value: 'user 1' }), thrown({ frames: [], value: 'user 2' }));
    different(thrown({ frames: [], value: 'user 1' }), thrown({ frames: [], value: 'order 1' }));
  });
});

describe('endless recursion', () => {
  it('is its cycle, wherever it was cut', () => {
    const cut = (n: number) => {
      const frames = Array.from({ length: 40 + n }, (_, i) => frame(i % 2 === 0 ? 'visit' : 'walk', 'shop.tree', true));
      return thrown({ type: 'RecursionError', value: 'maximum recursion depth exceeded', frames });
    };
    same(cut(0), cut(1));
  });
  it('has another type in every browser', () => {
    const in_ = (type: string, value: string) =>
      thrown(
        { type, value, frames: Array.from({ length: 20 }, () => frame('visit', 'https://shop.test/tree.js', true)) },
        { platform: 'javascript' },
      );
    same(in_('RangeError', 'Maximum call stack size exceeded'), in_('InternalError', 'too much recursion'));
  });
});

describe('chains and groups', () => {
  const cause = testException({ type: 'OSError', value: 'disk', frames: [frame('write', 'shop.store', true)] });
  it('put the root cause first and name the chain', () => {
    const { why } = fingerprint(testEvent({ exceptions: [cause, testException({ type: 'SaveError' })] }));
    expect(why[0]).toBe('Exception chain, root cause first: OSError → SaveError');
    expect(why).toContain('In-app frame shop.store write');
  });
  it('the number of retries does not count', () =>
    same(testEvent({ exceptions: [cause, testException()] }), testEvent({ exceptions: [cause, cause, cause, testException()] })));
  it('members of a group count once, in any order', () => {
    const collector = { type: 'ExceptionGroup', value: '2 failures', isGroup: true, frames: [] };
    const a = testException();
    same(testEvent({ exceptions: [a, cause, collector] }), testEvent({ exceptions: [cause, a, a, collector] }));
    different(testEvent({ exceptions: [a, cause, collector] }), testEvent({ exceptions: [a, collector] }));
  });
});

describe('messages', () => {
  const logged = (change: Partial<NormalizedEvent>) => testEvent({ exceptions: [], ...change });
  it('are their template', () => {
    same(logged({ message: 'user 1 is gone' }), logged({ message: 'user 2 is gone' }));
    different(logged({ message: 'user 1 is gone' }), logged({ message: 'user 1 is back' }));
  });
  it("the SDK's template wins", () =>
    same(
      logged({ message: 'hello Ann', messageTemplate: 'hello %s' }),
      logged({ message: 'hello Bob', messageTemplate: 'hello %s' }),
    ));
  it('a number is a number, however long', () =>
    same(logged({ message: 'job 7 died' }), logged({ message: 'job 9af8c3be3a1231fe died' })));
  it('nothing at all still has a group', () => expect(fingerprint(logged({})).why[0]).toMatch(/Neither exception nor message/));
});

describe("the SDK's fingerprint", () => {
  const own = (fingerprint: string[], change: Partial<NormalizedEvent> = {}) => testEvent({ fingerprint, ...change });
  it('replaces ours', () => same(own(['db']), own(['db'], { exceptions: [testException({ type: 'KeyError' })] })));
  it('{{ default }} alone is ours', () => same(own(['{{ default }}']), testEvent()));
  it('{{ default }} with more narrows ours', () => {
    different(own(['{{ default }}', 'a']), own(['{{ default }}', 'b']));
    different(own(['{{default}}', 'a']), own(['{{ default }}', 'a'], { exceptions: [testException({ type: 'KeyError' })] }));
  });
  it('fills placeholders', () => {
    same(own(['{{ type }}', '{{ tags.shop }}'], { tags: [['shop', 'x']] }), own(['ZeroDivisionError', 'x']));
    different(own(['{{ transaction }}'], { transaction: '/a' }), own(['{{ transaction }}'], { transaction: '/b' }));
    expect(fingerprint(own(['{{ function }}-{{ nonsense }}'])).why[0]).toBe(
      'Fingerprint set by the SDK: {{ function }}-{{ nonsense }} = charge-{{ nonsense }}',
    );
  });
});

describe('for any event', () => {
  it('never throws, always the same hash, told in sentences', () => {
    fc.assert(
      fc.property(anyEvent, (event) => {
        const { version, hash, why } = fingerprint(event);
        expect(version).toBe(CURRENT_VERSION);
        expect(hash).toMatch(/^[0-9a-f]{40}$/);
        expect(why.length).toBeGreaterThan(0);
        expect(why.join()).not.toContain('could not be analysed');
        expect(fingerprint(structuredClone(event)).hash).toBe(hash);
      }),
      { numRuns: 400 },
    );
  });

  it('the order of tags does not matter', () => {
    fc.assert(
      fc.property(anyEvent, (event) => {
        same(event, { ...event, tags: event.tags.toReversed() });
      }),
      { numRuns: 100 },
    );
  });

  it('degrades instead of refusing', () => {
    const broken = testEvent({ exceptions: [{ type: 'X', frames: [null] }] as never });
    expect(fingerprint(broken).why[0]).toMatch(/could not be analysed/);
  });
});

describe('v1 is frozen', () => {
  it.each<[string, NormalizedEvent, string]>([
    ['own stack', testEvent(), '38fb89ece0fc1ada5a2e3dd0fb768296ec429e2b'],
    [
      'guard',
      thrown({ type: 'E', frames: [frame('a', 'm', true), frame('check_b', 'm', true)] }),
      '3574a69a2639bba7cd20877db3265d8f077836ef',
    ],
    [
      'anonymous',
      thrown({ value: 'got 12 of 0xff', frames: [frame('', 'm', true)] }),
      '0c94756fd372b16f587ce89b6781b869b7aafa74',
    ],
    ['library', thrown({ frames: [frame('a', 'lib', false)] }), '9ae16bb655202615be72bdfe3e09bc4ce2e9a975'],
    ['message', testEvent({ exceptions: [], message: 'order 12 lost' }), '6553331113466aa44529d63d6bc4ecf55dc82aa2'],
    ['custom', testEvent({ fingerprint: ['{{ default }}', 'a'] }), '6bda794e6c7ca45e963c1c2e4026edccf64c368b'],
  ])('%s', (_, event, expected) => {
    expect(hash(event)).toBe(expected);
  });
});
