import type { Delivery } from '../delivery.ts';
import type { ItemRoom } from '../item-room.ts';
import { isObject, wellFormed } from '../normalize/reading.ts';
import { parseTime } from '../normalize/time.ts';
import { refusals } from '../protocols/refusal.ts';
import type { TraceLink } from '../records/trace-link.ts';
import { rulesOf } from '../scrub/rules.ts';
import { scrubText } from '../scrub/text-patterns.ts';
import type { TraceLinks } from '../trace-links.ts';
import { readContainer } from './log.ts';

/** Transactions: taken for the link from an error to what it was part of, and counted. Nothing else of them is kept. */
export function transactionRoom(links: TraceLinks): ItemRoom {
  return {
    types: ['transaction'],
    category: 'transaction',
    maxBytes: 1024 * 1024,
    read(item, delivery) {
      let value: unknown;
      try {
        value = JSON.parse(item.payload.toString('utf8'));
      } catch {
        throw refusals.json('a transaction is no JSON');
      }
      if (!isObject(value)) throw refusals.json('a transaction is no object');
      const trace = isObject(value['contexts']) && isObject(value['contexts']['trace']) ? value['contexts']['trace'] : {};
      const link = linkOf(delivery, {
        traceId: trace['trace_id'],
        name: value['transaction'],
        op: trace['op'],
        status: trace['status'],
        start: value['start_timestamp'],
        end: value['timestamp'],
      });
      if (link !== undefined) links.transaction(link);
      return { records: [] };
    },
  };
}

/** Containers of spans: their segments (what a transaction was) serve as links; each span counts for itself. */
export function spanRoom(links: TraceLinks): ItemRoom {
  return {
    types: ['span'],
    category: 'span',
    maxBytes: 1024 * 1024,
    read(item, delivery) {
      const spans = 'item_count' in item.headers ? readContainer(item.payload, item.headers) : [undefined];
      for (const span of spans) {
        if (!isObject(span) || span['is_segment'] !== true) continue;
        const { trace_id: traceId, name, status, start_timestamp: start, end_timestamp: end } = span;
        const attributes = isObject(span['attributes']) ? span['attributes'] : {};
        const op = isObject(attributes['sentry.op']) ? attributes['sentry.op']['value'] : undefined;
        const link = linkOf(delivery, { traceId, name, op, status, start, end });
        if (link !== undefined) links.transaction(link);
      }
      return { records: [], counted: { quantity: spans.length, reason: 'counted' } };
    },
  };
}

function linkOf(
  delivery: Delivery,
  said: { traceId: unknown; name: unknown; op: unknown; status: unknown; start: unknown; end: unknown },
): TraceLink | undefined {
  const { projectId, settings } = delivery.key;
  const traceId = typeof said.traceId === 'string' ? said.traceId.replaceAll('-', '').toLowerCase() : '';
  const startedAt = parseTime(said.start);
  const endedAt = parseTime(said.end);
  if (!/^[0-9a-f]{32}$/.test(traceId) || startedAt === undefined || endedAt === undefined) return undefined;
  // Rust's SDK sends one as seconds, which are rounded, the other as text, which is cut to milliseconds.
  if (endedAt < startedAt - 1) return undefined;
  const transaction = short(said.name, 200);
  if (transaction === null) return undefined;
  const rules = rulesOf(settings);
  return {
    projectId,
    traceId,
    transaction: rules.active ? scrubText(transaction, rules.text) : transaction,
    op: short(said.op, 64),
    status: short(said.status, 64),
    startedAt,
    durationMs: Math.min(Math.max(endedAt - startedAt, 0), 2_147_483_647),
  };
}

function short(value: unknown, max: number): string | null {
  return typeof value === 'string' && value !== '' ? wellFormed(value.slice(0, max)) : null;
}
