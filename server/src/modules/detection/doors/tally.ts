import type { Delivery } from '../delivery.ts';
import type { Pipeline } from '../pipeline.ts';
import type { Fate, Report } from '../preparation.ts';
import { type IngestRefusal, refusals } from '../protocols/refusal.ts';
import type { LimitHint } from '../protocols/sentry-answers.ts';
import type { DoorAnswer } from './door.ts';

/** Reports prepared in one go: the thread is then free for others. */
const AT_ONCE = 100;

/** Brings many reports to the pipeline in parts, each with its fate as it is known. */
export async function deliverInParts(
  pipeline: Pipeline,
  reports: readonly Report[],
  delivery: Delivery,
  take: (fate: Fate, index: number) => void,
): Promise<void> {
  for (let from = 0; from < reports.length; from += AT_ONCE) {
    if (from > 0) await new Promise(setImmediate);
    const fates = await pipeline.deliverReports(reports.slice(from, from + AT_ONCE), delivery);
    for (const [i, fate] of fates.entries()) take(fate, from + i);
  }
}

/** Sums fates up for an answer. */
export class Tally {
  accepted = 0;
  failed = false;
  /** The longest wait of those that were let know of a limit. */
  limit: LimitHint | undefined;
  readonly #rejected = new Map<string, number>();

  add(fate: Fate): void {
    if (fate.outcome === 'accepted' || fate.outcome === 'filtered') this.accepted++;
    else if (fate.outcome === 'failed') this.failed = true;
    else this.reject(fate.reason);
    if (fate.hint !== undefined && fate.hint.retryAfterSeconds >= (this.limit?.retryAfterSeconds ?? 0)) this.limit = fate.hint;
  }

  reject(reason: string): void {
    this.#rejected.set(reason, (this.#rejected.get(reason) ?? 0) + 1);
  }

  /** What makes a client send all of it again: a disk that refused, or a limit that every one met. Already counted. */
  again(): IngestRefusal | undefined {
    if (this.failed) return refusals.disk();
    if (this.accepted > 0 || this.limit === undefined) return undefined;
    return refusals.limited(this.limit.reason, this.limit.retryAfterSeconds);
  }

  /** The answer of a protocol that knows taken and not taken: nothing taken for what was sent is a refusal, too. */
  answer(taken: () => DoorAnswer, refused: (refusal: IngestRefusal) => DoorAnswer): DoorAnswer {
    const { count, message } = this.rejected();
    const refusal = this.again() ?? (this.accepted === 0 && count > 0 ? refusals.json(message) : undefined);
    if (refusal === undefined) return taken();
    const answer = refused(refusal);
    if (refusal.retryAfterSeconds === undefined) return answer;
    return { ...answer, headers: { ...answer.headers, 'retry-after': String(refusal.retryAfterSeconds) } };
  }

  /** How many were not taken, and why: `3 too_many, 1 json`. */
  rejected(): { count: number; message: string } {
    let count = 0;
    for (const quantity of this.#rejected.values()) count += quantity;
    return { count, message: [...this.#rejected].map(([reason, quantity]) => `${quantity} ${reason}`).join(', ') };
  }
}
