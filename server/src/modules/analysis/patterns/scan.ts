import type { PatternHit, PatternMatcher } from './matcher.ts';

/** A hit with the lines it takes: indexes into what was scanned, `last` included. */
export interface ScannedHit {
  readonly hit: PatternHit;
  readonly first: number;
  readonly last: number;
}

/**
 * Joins lines as a watcher does: a line either belongs to the hit before it, or starts one, or is none of ours. `stop` is
 * asked every few lines; when it says so, what was found until then is the answer.
 */
export function scanLines(matcher: PatternMatcher, lines: readonly string[], stop: () => boolean = () => false): ScannedHit[] {
  const found: ScannedHit[] = [];
  let i = 0;
  while (i < lines.length) {
    if (i % 64 === 0 && stop()) break;
    const hit = matcher.start(lines[i]!);
    const first = i++;
    if (hit === undefined) continue;
    while (i < lines.length && i - first < hit.maxLines && hit.continues?.(lines[i]!)) i++;
    found.push({ hit, first, last: i - 1 });
  }
  return found;
}
