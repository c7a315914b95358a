import type { OutcomeRow } from './outcomes.ts';

/** What each filter left out, by the reason that the server counts it under. */
export function droppedBy(rows: readonly Pick<OutcomeRow, 'outcome' | 'reason' | 'quantity'>[]): (reason: string) => number {
  const sums = new Map<string, number>();
  for (const { outcome, reason, quantity } of rows) {
    if (outcome !== 'FILTERED' && outcome !== 'RATE_LIMITED') continue;
    sums.set(reason, (sums.get(reason) ?? 0) + quantity);
  }
  return (reason) => sums.get(reason) ?? 0;
}
