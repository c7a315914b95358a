import { isObject } from './normalize/reading.ts';

/** Events a client did not send, as it says itself. */
export interface Discarded {
  category: string;
  reason: string;
  quantity: number;
}

const LISTS = [
  ['discarded_events', undefined],
  ['rate_limited_events', 'rate_limited'],
  ['filtered_events', 'filtered'],
  ['filtered_sampling_events', 'sampling'],
] as const;
const MAX_ENTRIES = 200;
const MAX_QUANTITY = 1_000_000_000;

/** Reads a client report; undefined when it is none. Entries without category or a positive quantity are passed over. */
export function readClientReport(payload: Buffer): Discarded[] | undefined {
  let report: unknown;
  try {
    report = JSON.parse(payload.toString('utf8'));
  } catch {
    return undefined;
  }
  if (!isObject(report)) return undefined;
  const discarded: Discarded[] = [];
  for (const [list, fallback] of LISTS) {
    const entries = report[list];
    if (!Array.isArray(entries)) continue;
    for (const entry of entries.slice(0, MAX_ENTRIES)) {
      if (!isObject(entry)) continue;
      const { category, reason, quantity } = entry;
      if (typeof category !== 'string' || category === '') continue;
      if (typeof quantity !== 'number' || !(quantity >= 1)) continue;
      discarded.push({
        category,
        reason: typeof reason === 'string' && reason !== '' ? reason : (fallback ?? 'unknown'),
        quantity: Math.min(Math.trunc(quantity), MAX_QUANTITY),
      });
    }
  }
  return discarded;
}
