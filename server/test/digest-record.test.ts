import { expect, it } from 'vitest';
import { encodeEventRecord } from '../src/modules/detection/ingest-record.ts';
import { normalize } from '../src/modules/detection/normalize.ts';
import { scrub } from '../src/modules/detection/scrub.ts';
import { payloadLine } from '../src/modules/errors/payload-line.ts';
import { DEFAULT_SETTINGS } from '../src/modules/projects/project.entity.ts';

// Two rooms agree here without importing each other: detection writes records in such an order of fields that the digest
// can cut the payload out of their bytes. Otherwise every event would be serialised a second time.
it('payload lines are cut out of the records that detection writes', () => {
  const raw = { event_id: 'a'.repeat(32), timestamp: 1_700_000_000, exception: { values: [{ type: 'E', value: 'ünï' }] } };
  const event = scrub(
    normalize(raw, { source: 'sentry-envelope', receivedAt: 1_700_000_001_000, settings: DEFAULT_SETTINGS }),
    DEFAULT_SETTINGS,
  );
  const record = Buffer.from(encodeEventRecord({ projectId: 1, keyId: 2, sizeBytes: 3, event }));
  expect(payloadLine(record, record.toString('utf8'), event).buffer).toBe(record.buffer);
});
