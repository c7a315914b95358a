import type { NormalizedEvent, ScrubbedEvent } from '../detection/normalized-event.ts';

/** The fields of an event that its row holds, and which its payload line therefore leaves out. */
export interface RowFields {
  eventId: string;
  occurredAt: number;
  timestamp: number;
  receivedAt: number;
}

/**
 * The payload line of an event without its opening brace: its JSON less the {@link RowFields} (random and counting
 * digits, which hardly compress). `text` is the ingest record `record` the event was parsed from: when it stands there as
 * the writer is known to write it, the line is a view on the record's own bytes, which spares serialising it again.
 */
export function payloadLine(record: Uint8Array, text: string, event: NormalizedEvent): Uint8Array {
  const head = text.indexOf('"event":{') + '"event":'.length;
  const row = `{"eventId":"${event.eventId}","occurredAt":${event.occurredAt},"timestamp":${event.timestamp},"receivedAt":${event.receivedAt},`;
  // Everything before the cut is ASCII (names, digits), so that characters and bytes agree there.
  if (head < 200 && text.startsWith(row, head) && text.endsWith('}}') && !text.includes('\n')) {
    return record.subarray(head + row.length, record.length - 1);
  }
  const { eventId: _, occurredAt: __, timestamp: ___, receivedAt: ____, ...rest } = event;
  return Buffer.from(JSON.stringify(rest).slice(1));
}

/** The whole event again, from its line (with the brace) and its row. @throws SyntaxError when the line is not JSON */
export function eventOfLine(line: string, row: RowFields): ScrubbedEvent {
  const { eventId, occurredAt, timestamp, receivedAt } = row;
  return { eventId, occurredAt, timestamp, receivedAt, ...JSON.parse(line) } as ScrubbedEvent;
}
