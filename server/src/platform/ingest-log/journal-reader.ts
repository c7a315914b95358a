import { closeSync, fstatSync, openSync } from 'node:fs';
import { viewFrame } from './frame.ts';
import type { IngestLogReader, LogPosition } from './ingest-log.ts';
import { listSegments, readAt, segmentPath, soundFrameAt } from './segment.ts';

/** A stretch of the log that could not be read. */
export interface LogLoss {
  from: LogPosition;
  to: LogPosition;
  reason: string;
}

/** Opens the journal for reading: synchronous, for the digest thread. `onLoss` is told of every stretch passed over. */
export function openJournalReader(directory: string, onLoss: (loss: LogLoss) => void = () => undefined): JournalReader {
  return new JournalReader(directory, onLoss);
}

interface OpenSegment {
  fd: number;
  start: LogPosition;
  /** Position behind the segment: where the next one starts; undefined while it is the last. */
  end: LogPosition | undefined;
}

/**
 * Reads records in order. Nothing is passed over silently: a damaged record whose neighbour is sound costs that record; one
 * after which nothing sound stands costs the rest of its segment; a missing segment costs itself. Each is counted and told.
 */
export class JournalReader implements IngestLogReader {
  readonly #directory: string;
  readonly #onLoss: (loss: LogLoss) => void;
  #open: OpenSegment | undefined;
  #lost = { stretches: 0, bytes: 0 };

  constructor(directory: string, onLoss: (loss: LogLoss) => void) {
    this.#directory = directory;
    this.#onLoss = onLoss;
  }

  /** What could not be read since the reader was opened. */
  get lost(): Readonly<{ stretches: number; bytes: number }> {
    return this.#lost;
  }

  /**
   * Records from `from` up to `until` (the position the writer said is durable). Answers at least one record if there is
   * one, whatever the limits; `next` is where to go on, and may have passed a damaged stretch.
   * The records share one buffer that is not reused: they may be kept.
   */
  read(from: LogPosition, until: LogPosition, limits: { maxRecords: number; maxBytes: number }) {
    const records: Uint8Array[] = [];
    let position = from;
    while (position < until && records.length === 0) {
      const segment = this.#segmentAt(position, until);
      if (segment === undefined || segment.start > position) {
        position = this.#lose(position, segment?.start ?? until, 'a stretch is missing');
        continue;
      }
      position = this.#readFrom(segment, position, Math.min(until, segment.end ?? until), limits, records);
    }
    return { records, next: position };
  }

  close(): void {
    if (this.#open) closeSync(this.#open.fd);
    this.#open = undefined;
  }

  /** Reads within one segment; answers the position reached. */
  #readFrom(
    segment: OpenSegment,
    from: LogPosition,
    until: LogPosition,
    limits: { maxRecords: number; maxBytes: number },
    records: Uint8Array[],
  ): LogPosition {
    let offset = from - segment.start;
    const end = until - segment.start;
    let chunk = readAt(segment.fd, offset, Math.min(end - offset, limits.maxBytes));
    let inChunk = 0;
    while (offset + inChunk < end && records.length < limits.maxRecords) {
      const here = offset + inChunk;
      const frame = viewFrame(chunk, inChunk, segment.start + here);
      if (frame.kind === 'record') {
        records.push(chunk.subarray(frame.start, frame.end));
        inChunk = frame.end;
      } else if (frame.kind === 'short' && here + frame.needed <= end) {
        if (records.length > 0) break; // the limit is reached
        offset = here;
        chunk = readAt(segment.fd, offset, frame.needed);
        inChunk = 0;
        if (chunk.length < frame.needed) return this.#lose(segment.start + here, until, 'a stretch is missing');
      } else if (records.length > 0) {
        break; // give out what is sound; the damage is met again, first, by the next read
      } else if (frame.kind === 'damaged' && frame.end !== undefined && this.#soundAfter(segment, offset + frame.end, end)) {
        const next = segment.start + offset + frame.end;
        this.#lose(segment.start + here, next, 'a record is damaged');
        inChunk = frame.end;
      } else {
        return this.#lose(segment.start + here, until, 'the rest of a segment is damaged');
      }
    }
    return segment.start + offset + inChunk;
  }

  #soundAfter(segment: OpenSegment, offset: number, end: number): boolean {
    return offset === end ? segment.end !== undefined : soundFrameAt(segment.fd, segment.start, offset);
  }

  #lose(from: LogPosition, to: LogPosition, reason: string): LogPosition {
    this.#lost = { stretches: this.#lost.stretches + 1, bytes: this.#lost.bytes + (to - from) };
    this.#onLoss({ from, to, reason });
    return to;
  }

  /** The segment that holds the position; when it is missing the first one after it, or undefined if none starts before `until`. */
  #segmentAt(position: LogPosition, until: LogPosition): OpenSegment | undefined {
    const open = this.#open;
    if (open && position >= open.start) {
      if (open.end !== undefined && position < open.end) return open;
      if (open.end === undefined && until <= open.start + fstatSync(open.fd).size) return open;
    }
    const starts = listSegments(this.#directory);
    let index = starts.findLastIndex((start) => start <= position);
    if (index < 0) index = 0;
    const start = starts[index];
    if (start === undefined || start >= until) return undefined;
    if (open?.start === start) {
      open.end = starts[index + 1];
      return open;
    }
    this.close();
    this.#open = { fd: openSync(segmentPath(this.#directory, start), 'r'), start, end: starts[index + 1] };
    return this.#open;
  }
}
