import type { Delivery } from '../delivery.ts';
import type { Fate } from '../preparation.ts';
import type { LimitHint } from '../protocols/sentry-answers.ts';
import type { DoorAnswer, DoorCall } from './door.ts';

/** The answer to something that met a limit: 429 with both headers the protocol knows. */
function limited(hint: LimitHint): DoorAnswer {
  const { retryAfterSeconds, categories = 'default;error;security', scope, reason } = hint;
  return {
    status: 429,
    body: { detail: 'rate limited', causes: [reason] },
    headers: {
      'retry-after': String(retryAfterSeconds),
      'x-sentry-rate-limits': `${retryAfterSeconds}:${categories}:${scope}:${reason}`,
    },
  };
}

/** The answer to a request whose `item` meets a limit of its category now, which is counted; undefined when it meets none. */
export function overLimit(call: DoorCall, delivery: Delivery, category: string, item: string): DoorAnswer | undefined {
  const hint = call.pipeline.limit(delivery, category);
  if (hint === undefined) return undefined;
  call.count(item, 'rate_limited', hint.reason);
  return limited(hint);
}

/** The answer to an event that was not kept; undefined when the sender has nothing to do about it. */
export function refusedFate(fate: Fate): DoorAnswer | undefined {
  if (fate.hint !== undefined) return limited(fate.hint);
  if (fate.outcome === 'failed')
    return {
      status: 503,
      body: { detail: 'the event could not be stored', causes: [fate.reason] },
      headers: { 'retry-after': '30' },
    };
  return undefined;
}

/** An event id as UUIDs are written. */
export function hyphenated(id: string): string {
  return `${id.slice(0, 8)}-${id.slice(8, 12)}-${id.slice(12, 16)}-${id.slice(16, 20)}-${id.slice(20)}`;
}
