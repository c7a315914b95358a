import type { IngestRecord } from './digest.task.ts';
import type { ScrubbedEvent } from './normalized-event.ts';

/** One event as a record of the ingest log. Takes scrubbed events only (law b). */
export function encodeEventRecord(record: {
  projectId: number;
  keyId: number;
  sizeBytes: number;
  item?: string;
  event: ScrubbedEvent;
}): Uint8Array {
  const { projectId, keyId, sizeBytes, item, event } = record;
  return encodeRecord({ kind: 'event', projectId, keyId, sizeBytes, ...(item === undefined ? {} : { item }), event });
}

/** Any record of the ingest log as its bytes: JSON, UTF-8. */
export function encodeRecord(record: IngestRecord): Uint8Array {
  return Buffer.from(JSON.stringify(record));
}

/** @throws SyntaxError when the bytes are no record of ours. */
export function decodeRecord(bytes: Uint8Array): IngestRecord {
  return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')) as IngestRecord;
}
