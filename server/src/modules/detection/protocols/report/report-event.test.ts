import { expect, it } from 'vitest';
import { STACK } from '../../../../../test/otlp-requests.ts';
import { eventOfReport, ReportFault } from './report-event.ts';

it('a message', () => {
  expect(eventOfReport({ message: 'queue is full', level: 'warning', tags: { queue: 'mail' } })).toEqual({
    platform: 'other',
    level: 'warning',
    message: 'queue is full',
    tags: { queue: 'mail' },
  });
});

it('a type makes an exception; our names become those of Sentry', () => {
  const report = {
    type: 'Full',
    message: 'queue is full',
    eventId: 'a'.repeat(32),
    serverName: 'w',
    handled: false,
    fingerprint: ['f'],
  };
  expect(eventOfReport(report)).toEqual({
    platform: 'other',
    level: 'error',
    event_id: 'a'.repeat(32),
    server_name: 'w',
    fingerprint: ['f'],
    exception: { values: [{ type: 'Full', value: 'queue is full', mechanism: { type: 'generic', handled: false } }] },
  });
});

it('a stack in text says type, message and platform itself; what the reporter says wins', () => {
  const event = eventOfReport({ stack: STACK }) as { platform: string; exception: { values: Record<string, never>[] } };
  expect(event).toMatchObject({ platform: 'node', exception: { values: [{ type: 'PaymentError', value: 'card refused' }] } });
  expect(event.exception.values[0]?.['stacktrace']).toMatchObject({
    frames: expect.arrayContaining([expect.objectContaining({ function: 'charge', lineno: 41 })]),
  });
  expect(eventOfReport({ stack: STACK, type: 'Declined', message: 'no' })).toMatchObject({
    exception: { values: [{ type: 'Declined', value: 'no' }] },
  });
});

it('a class named in full is taken apart as its SDK would', () => {
  const stack = 'java.lang.IllegalStateException: no stock\n\tat com.example.Cart.checkout(Cart.java:41)\n';
  expect(eventOfReport({ type: 'com.example.StockError', stack, handled: true })).toMatchObject({
    exception: { values: [{ type: 'StockError', module: 'com.example', value: 'no stock', mechanism: { handled: true } }] },
  });
});

it('frames, and a stack nobody knows', () => {
  expect(eventOfReport({ type: 'T', stack: [{ function: 'f', lineno: 1 }] })).toMatchObject({
    exception: { values: [{ type: 'T', stacktrace: { frames: [{ function: 'f', lineno: 1 }] } }] },
  });
  expect(eventOfReport({ stack: 'somewhere\nover there' })).toMatchObject({
    message: 'somewhere',
    extra: { stack: 'somewhere\nover there' },
  });
});

it("an event in Sentry's shape passes as it is, even where it says `type`", () => {
  const event = { event_id: 'b'.repeat(32), type: 'error', message: 'm' };
  expect(eventOfReport(event)).toBe(event);
});

it.each([
  [{}, 'message', 'empty'],
  [{ message: '' }, 'message', 'empty'],
  [{ level: 'error', stack: [] }, 'message', 'empty'],
  [{ message: 'm', timestamp: 'yesterday' }, 'timestamp', 'timestamp'],
  [{ message: 'm', timestamp: 3 }, 'timestamp', 'timestamp'],
  [{ message: 'm', eventId: 'x' }, 'eventId', 'event_id'],
  [{ message: 'm', level: 'loud' }, 'level', 'level'],
  [{ message: { a: 1 } }, 'message', 'not_text'],
  [{ type: ['a'] }, 'type', 'not_text'],
])('%j is at fault', (report, field, reason) => {
  const fault = eventOfReport(report);
  expect(fault).toBeInstanceOf(ReportFault);
  expect(fault).toMatchObject({ field, reason });
});
