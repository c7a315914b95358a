/**
 * Exception chains and groups. Part of a released grouping version: copy it for a new version, never edit it once
 * released.
 */
import type { NormalizedEvent, NormalizedException, NormalizedFrame } from '../../../detection/normalized-event.ts';

/** Exceptions of a chain that count; retry loops produce endless ones. */
const MAX_CHAIN = 8;

export interface Chain {
  /** Root cause first, repetitions dropped. For a group: its members, in an order that does not depend on their arrival. */
  exceptions: NormalizedException[];
  group: boolean;
}

/** The exceptions of an event that take part in grouping. */
export function chainOf(event: NormalizedEvent): Chain {
  const all = Array.isArray(event.exceptions) ? event.exceptions : [];
  if (all.length <= 1) return { exceptions: [...all], group: false };
  const groups = all.filter((x) => x.isGroup === true);
  // Several failures that were collected into one: the members count, not the collector (unless it has none).
  if (groups.length > 0 && groups.length < all.length)
    return { exceptions: all.filter((x) => x.isGroup !== true).slice(0, MAX_CHAIN * 4), group: true };
  const kept: NormalizedException[] = [];
  for (const exception of all) {
    const before = kept.at(-1);
    // The same wrapped in itself by a retry: the number of tries is not part of the error.
    if (before !== undefined && before.type === exception.type && before.value === exception.value) kept.pop();
    kept.push(exception);
  }
  // Of a very long chain the two ends say most: what went wrong first, and what was reported.
  if (kept.length > MAX_CHAIN) kept.splice(MAX_CHAIN / 2, kept.length - MAX_CHAIN);
  return { exceptions: kept, group: false };
}

/** Frames of an exception; of a lone one without any, those the SDK sent beside it (crashed thread, attached stack). */
export function framesOf(
  event: NormalizedEvent,
  exception: NormalizedException | undefined,
  lone: boolean,
): readonly NormalizedFrame[] {
  const own = exception?.frames;
  if (Array.isArray(own) && own.length > 0) return own;
  if (!lone) return [];
  if (Array.isArray(event.stacktrace) && event.stacktrace.length > 0) return event.stacktrace;
  const threads = Array.isArray(event.threads) ? event.threads : [];
  const thread =
    threads.find((t) => t.crashed === true) ??
    threads.find((t) => t.current === true) ??
    (threads.length === 1 ? threads[0] : undefined);
  return thread?.frames ?? [];
}
