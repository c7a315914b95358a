import { describe, expect, it } from 'vitest';
import { eventRecord, outcomesRecord } from '../../../../test/digest-kit.ts';
import { anEvent, NOW } from '../../../../test/factories.ts';
import { eventOfLine, payloadLine } from '../payload-line.ts';
import { analysis } from './analysis.ts';
import { indexedTags, nameBy, prepareRecords, userHash } from './prepare.ts';

const json = (value: unknown) => Buffer.from(JSON.stringify(value));

describe('prepareRecords', () => {
  it('takes events and counts apart', () => {
    const outcome = {
      hour: NOW,
      projectId: 1,
      keyId: 2,
      item: 'x'.repeat(99),
      outcome: 'invalid' as const,
      reason: 'json',
      sdk: '',
      quantity: 4,
    };
    const { events, outcomes, rejected } = prepareRecords([eventRecord(1, anEvent()), outcomesRecord(outcome)], analysis, NOW);
    expect([events.length, outcomes.length, rejected.length]).toEqual([1, 1, 0]);
    expect(events[0]).toMatchObject({ projectId: 1, keyId: 1, title: 'TypeError: x is not a function', version: 'v1' });
    expect(outcomes[0]).toMatchObject({ item: 'x'.repeat(64), quantity: 4 });
  });

  it.each([
    ['not JSON', Buffer.from('{'), 0],
    ['not an object', json(null), 0],
    ['another kind', json({ kind: 'riddle' }), 0],
    ['no event', json({ kind: 'event', projectId: 5, keyId: 6 }), 5],
    ['no project', json({ kind: 'event', keyId: 6, event: anEvent() }), 0],
    ['a bad id', json({ kind: 'event', projectId: 5, keyId: 6, event: { ...anEvent(), eventId: 'A'.repeat(32) } }), 5],
    ['no time', json({ kind: 'event', projectId: 5, keyId: 6, event: { ...anEvent(), timestamp: null } }), 5],
    ['an unknown level', json({ kind: 'event', projectId: 5, keyId: 6, event: { ...anEvent(), level: 'odd' } }), 5],
    ['counts that are none', json({ kind: 'outcomes', outcomes: [{ hour: 'now' }] }), 0],
  ])('rejects %s, with an outcome', (_, bytes, projectId) => {
    const { events, outcomes, rejected } = prepareRecords([bytes], analysis, NOW);
    expect(events).toEqual([]);
    expect(rejected).toEqual([{ reason: expect.any(String), bytes }]);
    expect(outcomes).toEqual([expect.objectContaining({ projectId, outcome: 'failed', reason: 'digest', quantity: 1 })]);
  });

  it('groups by the message when the analysis fails', () => {
    const fail = () => {
      throw new RangeError('too deep');
    };
    const broken = { event: fail, name: fail };
    const { events } = prepareRecords(
      [eventRecord(1, anEvent()), eventRecord(1, anEvent()), eventRecord(1, anEvent({ exceptions: [], message: 'else' }))],
      broken,
      NOW,
    );
    expect(events.map((event) => event.title)).toEqual([
      'TypeError: x is not a function',
      'TypeError: x is not a function',
      'else',
    ]);
    expect(events[0]!.hash).toBe(events[1]!.hash);
    expect(events[0]!.hash).not.toBe(events[2]!.hash);
    expect(events[0]!.why[0]).toContain('too deep');
    expect(nameBy(broken)(events[0]!)).toEqual({
      type: 'TypeError',
      value: 'x is not a function',
      messageTemplate: null,
      handled: null,
    });
  });
});

describe('payload lines', () => {
  const restored = (record: Uint8Array, text: string, event: ReturnType<typeof anEvent>) =>
    eventOfLine(`{${Buffer.from(payloadLine(record, text, event)).toString('utf8')}`, event);

  it('are cut out of the record when it is written as usual', () => {
    const event = anEvent({ message: 'ünï ☃', tags: [['a', 'b']] });
    const record = Buffer.from(eventRecord(1, event));
    const line = payloadLine(record, record.toString('utf8'), event);
    expect(line.buffer).toBe(record.buffer);
    expect(restored(record, record.toString('utf8'), event)).toEqual(event);
  });

  it.each([
    ['fields in another order', (event: object) => json({ event: { extra: {}, ...event }, kind: 'event', projectId: 1 })],
    ['spread over lines', (event: object) => Buffer.from(JSON.stringify({ kind: 'event', event }, null, 2))],
  ])('are written anew from %s', (_, write) => {
    const event = anEvent({ message: 'ünï ☃' });
    const record = write(event);
    expect(restored(record, record.toString('utf8'), event)).toEqual(event);
    expect(payloadLine(record, record.toString('utf8'), event).includes(10)).toBe(false);
  });

  it('leave out what the row has', () => {
    const event = anEvent();
    const record = Buffer.from(eventRecord(1, event));
    expect(Buffer.from(payloadLine(record, record.toString('utf8'), event)).toString('utf8')).not.toContain(event.eventId);
  });
});

describe('what is counted of an event', () => {
  it('tags: the ones filters need first, cut, without repetition and empty ones', () => {
    const long = 'x'.repeat(300);
    const tags: [string, string][] = [
      ['level', 'lie'],
      ['a', '1'],
      ['a', '1'],
      ['a', '2'],
      ['', 'x'],
      ['b', ''],
      ['c', long],
    ];
    expect(indexedTags(anEvent({ level: 'fatal', release: long, tags }))).toEqual([
      ['level', 'fatal'],
      ['release', 'x'.repeat(200)],
      ['a', '1'],
      ['a', '2'],
      ['c', 'x'.repeat(200)],
    ]);
  });

  it('users: by id, e-mail, name, address; 16 hex digits', () => {
    expect(userHash({ id: '1', email: 'a' })).toBe(userHash({ id: '1' }));
    expect(userHash({ email: 'a', ipAddress: '::1' })).toBe(userHash({ email: 'a' }));
    expect(userHash({ id: '', username: 'u' })).toMatch(/^[0-9a-f]{16}$/);
    expect([userHash(undefined), userHash({}), userHash({ ipAddress: '[Filtered]' })]).toEqual([null, null, null]);
  });
});
