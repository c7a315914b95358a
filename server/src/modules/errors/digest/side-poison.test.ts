import { expect, test } from 'vitest';
import { eachDatabase } from '../../../../test/databases.ts';
import { DigestKit, outcomesOf } from '../../../../test/digest-kit.ts';
import { makeProject, NOW } from '../../../../test/factories.ts';
import { fixedClock } from '../../../platform/clock.ts';

type Json = Record<string, unknown>;
const idOf = (n: number) => n.toString(16).padStart(32, '0');

/** One good record of each kind. */
const GOOD: Record<string, (n: number) => Json> = {
  attachment: (n) => ({
    eventId: idOf(n),
    owner: 'pending',
    filename: 'log.txt',
    contentType: 'text/plain',
    type: 'event.attachment',
    sizeBytes: 5,
    sha256: 'a'.repeat(64),
  }),
  feedback: (n) => ({ feedbackId: idOf(n), eventId: idOf(n), timestamp: NOW, message: 'broken', source: 'feedback' }),
  session: (n) => ({
    id: idOf(n),
    release: 'shop@1',
    environment: 'live',
    update: { sequence: 1, state: 'healthy', startedAt: NOW, userHash: 'u' },
  }),
  checkIn: (n) => ({
    recordId: idOf(n),
    checkInId: idOf(n),
    monitorSlug: `job-${n % 3}`,
    status: 'ok',
    environment: 'live',
    config: { schedule: { type: 'interval', value: 1, unit: 'hour' } },
  }),
};

/** What no table can hold, or no code expects. */
const EVIL = [null, 'x\0y', '\ud800', {}, [], 1e300, -1, 1.5, true, 'x'.repeat(100_000), '9'.repeat(40), { a: { b: 1 } }];

eachDatabase((db) => {
  test.each(Object.keys(GOOD))(
    'what cannot be stored of kind %s is put aside alone; the others are stored, and the digest goes on',
    async (side) => {
      const projectId = await makeProject(db().write);
      const kit = new DigestKit(db(), fixedClock(NOW));
      kit.log.position = await kit.store.position();
      const record = (data: unknown, more: Json = {}) =>
        Buffer.from(
          JSON.stringify({ kind: 'side', side, projectId, keyId: 1, receivedAt: NOW, item: 'item', sdk: '', data, ...more }),
        );
      const good = GOOD[side] as (n: number) => Json;
      let n = 1;
      let sent = 0;
      let fine = 0;
      const add = (bytes: Buffer) => {
        kit.log.append(bytes);
        sent += 1;
      };
      for (const field of Object.keys(good(0)))
        for (const value of EVIL) {
          add(record({ ...good(n++), [field]: value }));
          add(record(good(n++)));
          fine += 1;
        }
      for (const value of EVIL) add(record(value));
      for (const field of ['receivedAt', 'keyId', 'item', 'sdk']) add(record(good(n++), { [field]: { evil: 1 } }));
      await kit.drain();
      await kit.close();
      const outcomes = await outcomesOf(db().read, projectId);
      // A record whose project, key or time cannot be read is counted as well as it can be.
      expect(Object.values(outcomes).reduce((sum, quantity) => sum + Number(quantity), 0)).toBe(sent);
      expect(Number(outcomes['accepted'])).toBeGreaterThanOrEqual(fine);
    },
    60_000,
  );
});
