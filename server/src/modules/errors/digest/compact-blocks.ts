import type { Sql } from '../../../platform/db/sql.ts';
import { linesOfBlock } from '../payload-store.ts';
import { BLOCK_BYTES, BLOCK_EVENTS, compressLines } from './pack-blocks.ts';

/** A block with fewer events is small: it spends about twice the bytes per event of a full one. */
const SMALL_EVENTS = 32;
/** Merging is worth it from this many events on; every event is so written once more, not again and again. */
const WORTH_EVENTS = 64;

/**
 * Merges small payload blocks of one project into one bigger block, so that a slow trickle of events takes no more room
 * than a flood. One short transaction a call. Readers that hold the old place read the row again (see `readEvents`);
 * events deleted meanwhile are left out. Answers the number of blocks merged, 0 when there is nothing worth it.
 */
export async function compactBlocks(sql: Sql, now: number): Promise<number> {
  const project = await sql.get<{ project_id: number }>(
    `select project_id from event_block where event_count < ? group by project_id having sum(event_count) >= ? limit 1`,
    [SMALL_EVENTS, WORTH_EVENTS],
  );
  if (project === undefined) return 0;
  const projectId = project.project_id;
  return sql.transaction(async (tx) => {
    // Locks the blocks on PostgreSQL; two nodes never merge the same ones, the slower passes over them.
    const lock = tx.dialect === 'postgres' ? 'for update skip locked' : '';
    const candidates = await tx.all<{ id: number; event_count: number; data: Uint8Array }>(
      `select id, event_count, data from event_block where project_id = ? and event_count < ? order by id limit ? ${lock}`,
      [projectId, SMALL_EVENTS, BLOCK_EVENTS],
    );
    const blocks: { id: number; lines: string[] }[] = [];
    let events = 0;
    let bytes = 0;
    for (const { id, event_count, data } of candidates) {
      const lines = linesOfBlock(data);
      const size = lines.reduce((sum, line) => sum + line.length, 0);
      if (blocks.length > 0 && (events + event_count > BLOCK_EVENTS || bytes + size > BLOCK_BYTES)) break;
      blocks.push({ id, lines });
      events += event_count;
      bytes += size;
    }
    if (blocks.length < 2) {
      // A lone block of big events: count it as full, or it would stand in the way of the others for ever.
      if (blocks.length === 1 && candidates.length > 1)
        await tx.run('update event_block set event_count = ? where id = ?', [SMALL_EVENTS, blocks[0]!.id]);
      return blocks.length === 1 && candidates.length > 1 ? 1 : 0;
    }
    return merge(tx, projectId, blocks, now);
  });
}

async function merge(
  tx: Sql,
  projectId: number,
  blocks: readonly { id: number; lines: string[] }[],
  now: number,
): Promise<number> {
  const lines: Buffer[] = [];
  const moves: { id: number; index: number }[] = [];
  for (const block of blocks) {
    const rows = await tx.all<{ id: number; block_index: number }>(
      'select id, block_index from error_event where block_id = ? order by block_index',
      [block.id],
    );
    for (const { id, block_index } of rows) {
      const line = block.lines[block_index];
      if (!line) continue;
      moves.push({ id, index: lines.length });
      lines.push(Buffer.from(line.slice(1)));
    }
  }
  if (lines.length > 0) {
    const made = await tx.get<{ id: number }>(
      'insert into event_block (project_id, event_count, created_at, data) values (?, ?, ?, ?) returning id',
      [projectId, Math.max(lines.length, SMALL_EVENTS), now, compressLines(lines)],
    );
    for (const { id, index } of moves) {
      await tx.run('update error_event set block_id = ?, block_index = ? where id = ?', [made!.id, index, id]);
    }
  }
  for (const { id } of blocks) await tx.run('delete from event_block where id = ?', [id]);
  return blocks.length;
}
