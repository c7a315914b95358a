import { lineLanguage } from './detect.ts';

/**
 * Whether a line stands only inside a trace: a frame, `Caused by: …`, `... 3 more`, `goroutine 1 [running]:`,
 * `Traceback (most recent call last):`, of any language. Headers (`TypeError: x`) are not, they also stand in logs. Linear.
 */
export function looksLikeTraceLine(line: string): boolean {
  return lineLanguage(line) !== undefined;
}
