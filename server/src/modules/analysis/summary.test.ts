import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { NormalizedEvent } from '../detection/normalized-event.ts';
import { mainException, summarize } from './summary.ts';
import { anyEvent, frame, testEvent, testException } from './test-events.ts';

describe('title', () => {
  it.each<[string, NormalizedEvent, string]>([
    [
      'type and first line',
      testEvent({ exceptions: [testException({ value: 'no stock\nfor 12' })] }),
      'ZeroDivisionError: no stock',
    ],
    ['type alone', testEvent({ exceptions: [testException({ value: '' })] }), 'ZeroDivisionError'],
    ['the type once', testEvent({ exceptions: [testException({ value: 'ZeroDivisionError' })] }), 'ZeroDivisionError'],
    ['value alone', testEvent({ exceptions: [{ value: 'lost', frames: [] }] }), 'lost'],
    ['the message', testEvent({ exceptions: [], message: '  disk full\nplease act' }), 'disk full'],
    ['the place', testEvent({ exceptions: [{ frames: [frame('charge', 'shop.checkout', true)] }] }), 'charge in shop.checkout'],
    ['the transaction', testEvent({ exceptions: [], transaction: '/pay' }), '/pay'],
    ['nothing', testEvent({ exceptions: [] }), '<unlabeled event>'],
  ])('%s', (_, event, title) => {
    expect(summarize(event).title).toBe(title);
  });

  it('is cut visibly, never through a surrogate pair', () => {
    for (const pad of [0, 1]) {
      const { title } = summarize(testEvent({ exceptions: [], message: 'x'.repeat(pad) + '😀'.repeat(300) }));
      expect(title.length).toBeLessThanOrEqual(200);
      expect(title.endsWith('😀…')).toBe(true);
    }
  });
});

describe('the rest', () => {
  it('names the thrown exception of a chain and the first real member of a group', () => {
    const cause = testException({ type: 'OSError' });
    expect(mainException(testEvent({ exceptions: [cause, testException()] }))?.type).toBe('ZeroDivisionError');
    expect(mainException(testEvent({ exceptions: [cause, { type: 'ExceptionGroup', isGroup: true, frames: [] }] }))?.type).toBe(
      'OSError',
    );
  });

  it.each([
    [[{ value: 'van 3 is late' }, { value: 'van 7 is late' }], 'TimeoutError: van 7 is late'],
    [[{ value: 'van 3 is late' }, { type: 'ValueError', value: 'bad address' }], 'ExceptionGroup: two failed'],
    [
      [
        { type: 'OSError', value: 'reset', parentId: 2 },
        { value: 'van 3 is late', exceptionId: 2 },
      ],
      'TimeoutError: van 3 is late',
    ],
  ])('a group of %j is called %s, and its culprit is where it was collected', (members, title) => {
    const frames = testException().frames;
    const group = { type: 'ExceptionGroup', value: 'two failed', isGroup: true, exceptionId: 0, frames };
    const exceptions = [...members.map((one) => ({ type: 'TimeoutError', parentId: 0, frames: [], ...one })), group];
    expect(summarize(testEvent({ exceptions }))).toMatchObject({ title, culprit: 'charge in shop.checkout' });
  });

  it('culprit: the transaction, else the own frame nearest to the crash', () => {
    expect(summarize(testEvent({ transaction: '/pay' })).culprit).toBe('/pay');
    expect(summarize(testEvent()).culprit).toBe('charge in shop.checkout');
    expect(
      summarize(testEvent({ exceptions: [testException({ frames: [frame('a', 'x', true), frame('b', 'lib', false)] })] }))
        .culprit,
    ).toBe('a in x');
    expect(summarize(testEvent({ exceptions: [], message: 'm' })).culprit).toBeNull();
  });

  it('handled: unhandled if any of the chain is, unknown if nobody says', () => {
    const chain = (...handled: (boolean | undefined)[]) =>
      testEvent({ exceptions: handled.map((h) => testException(h === undefined ? {} : { handled: h })) });
    expect(summarize(chain(undefined, true)).handled).toBe(true);
    expect(summarize(chain(false, true)).handled).toBe(false);
    expect(summarize(chain(undefined)).handled).toBeNull();
  });

  it("template: the SDK's, else the message with its variables replaced", () => {
    expect(summarize(testEvent({ exceptions: [], message: 'hi Ann', messageTemplate: 'hi %s' })).messageTemplate).toBe('hi %s');
    expect(summarize(testEvent({ exceptions: [testException({ value: 'order 12' })] })).messageTemplate).toBe('order <int>');
  });

  it('holds its caps for any event', () => {
    fc.assert(
      fc.property(anyEvent, (event) => {
        const { title, value, culprit, messageTemplate } = summarize(event);
        expect(title.length).toBeGreaterThan(0);
        for (const [text, cap] of [
          [title, 200],
          [value, 1000],
          [culprit, 200],
          [messageTemplate, 300],
        ] as const)
          expect(text?.length ?? 0).toBeLessThanOrEqual(cap);
      }),
      { numRuns: 200 },
    );
  });
});
