import { zstdDecompressSync } from 'node:zlib';
import { LRUCache } from 'lru-cache';
import type { Sql } from '../../platform/db/sql.ts';
import type { ScrubbedEvent } from '../detection/normalized-event.ts';
import { eventOfLine, type RowFields } from './payload-line.ts';

/** Decompressed blocks kept per connection: paging through the events of an error reads the same few again and again. */
const CACHED_BYTES = 8 * 1024 * 1024;
const caches = new WeakMap<Sql, LRUCache<number, string[]>>();

const ROW = 'id, event_id, occurred_at, timestamp, received_at, block_id, block_index';

/** What is read of a row to find and complete its payload. */
export interface PayloadRow {
  id: number;
  event_id: Buffer;
  occurred_at: number;
  timestamp: number;
  received_at: number;
  block_id: number;
  block_index: number;
}

/**
 * The whole events of some rows of `error_event`, by row id, in the order asked for; ids without a row are left out. Safe while blocks are being
 * compacted: a row whose block has just gone is read again.
 */
export async function readEvents(sql: Sql, ids: readonly number[]): Promise<Map<number, ScrubbedEvent>> {
  const events = new Map<number, ScrubbedEvent>();
  let missing = [...new Set(ids)];
  for (let attempt = 0; attempt < 3 && missing.length > 0; attempt++) {
    const rows = await inChunks(missing, (chunk, marks) =>
      sql.all<PayloadRow>(`select ${ROW} from error_event where id in (${marks})`, chunk),
    );
    const blocks = await readBlocks(sql, [...new Set(rows.map((row) => row.block_id))]);
    missing = [];
    for (const row of rows) {
      const line = blocks.get(row.block_id)?.[row.block_index];
      if (line) events.set(row.id, eventOfLine(line, rowFields(row)));
      else missing.push(row.id);
    }
  }
  return new Map(ids.flatMap((id) => (events.has(id) ? [[id, events.get(id)!]] : [])));
}

/** The event at a place of a block; undefined when there is none (any more: see {@link readEvents}). */
export async function readPayload(sql: Sql, blockId: number, index: number): Promise<ScrubbedEvent | undefined> {
  const row = await sql.get<PayloadRow>(`select ${ROW} from error_event where block_id = ? and block_index = ?`, [
    blockId,
    index,
  ]);
  if (row === undefined) return undefined;
  const line = (await readBlocks(sql, [blockId])).get(blockId)?.[index];
  return line ? eventOfLine(line, rowFields(row)) : undefined;
}

/** Whole events of rows that were read already, `blockData` giving the bytes of a block; rows without a payload are left out. */
export function payloadsOfRows(
  rows: readonly PayloadRow[],
  blockData: (blockId: number) => Uint8Array | undefined,
): Map<number, ScrubbedEvent> {
  const blocks = new Map<number, string[]>();
  const events = new Map<number, ScrubbedEvent>();
  for (const row of rows) {
    let lines = blocks.get(row.block_id);
    if (lines === undefined) {
      const data = blockData(row.block_id);
      lines = data === undefined ? [] : linesOfBlock(data);
      blocks.set(row.block_id, lines);
    }
    const line = lines[row.block_index];
    if (line) events.set(row.id, eventOfLine(line, rowFields(row)));
  }
  return events;
}

/** Lines of a block's bytes, by index; a place without an event is an empty line. */
export function linesOfBlock(data: Uint8Array): string[] {
  const lines = zstdDecompressSync(data).toString('utf8').split('\n');
  lines.pop(); // after the last newline
  return lines;
}

async function readBlocks(sql: Sql, ids: readonly number[]): Promise<Map<number, string[]>> {
  let cache = caches.get(sql);
  if (cache === undefined) {
    cache = new LRUCache({
      maxSize: CACHED_BYTES,
      sizeCalculation: (lines) => lines.reduce((sum, line) => sum + line.length + 32, 64),
    });
    caches.set(sql, cache);
  }
  const blocks = new Map<number, string[]>();
  const absent: number[] = [];
  for (const id of ids) {
    const lines = cache.get(id);
    if (lines) blocks.set(id, lines);
    else absent.push(id);
  }
  const rows = await inChunks(absent, (chunk, marks) =>
    sql.all<{ id: number; data: Uint8Array }>(`select id, data from event_block where id in (${marks})`, chunk),
  );
  for (const { id, data } of rows) {
    const lines = linesOfBlock(data);
    blocks.set(id, lines);
    cache.set(id, lines);
  }
  return blocks;
}

function rowFields(row: PayloadRow): RowFields {
  return {
    eventId: row.event_id.toString('hex'),
    occurredAt: row.occurred_at,
    timestamp: row.timestamp,
    receivedAt: row.received_at,
  };
}

/** Runs a query over `in (?, ?, …)` lists of a few fixed lengths, so that few statements are prepared. */
async function inChunks<T>(ids: readonly number[], query: (chunk: number[], marks: string) => Promise<T[]>): Promise<T[]> {
  const rows: T[] = [];
  for (let from = 0; from < ids.length; from += 64) {
    const chunk = ids.slice(from, from + 64);
    while (chunk.length !== 1 && chunk.length !== 64 && chunk.length !== 8) {
      if (chunk.length > 8) chunk.push(...new Array(64 - chunk.length).fill(chunk[0]));
      else chunk.push(...new Array(8 - chunk.length).fill(chunk[0]));
    }
    rows.push(...(await query(chunk, chunk.map(() => '?').join(','))));
  }
  return rows;
}
