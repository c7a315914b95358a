import type { NormalizedFrame } from '../../detection/normalized-event.ts';

/** Why a frame shows its original source, or does not. */
export type FrameOutcome = 'MAPPED' | 'NO_MAP' | 'BROKEN_MAP' | 'NO_POSITION' | 'NOT_A_SCRIPT';

/** What source maps came to for one frame. */
export interface FrameReport {
  /** Which stack: `exception 1`, `stack`, `thread 2`. */
  stack: string;
  /** From 1, the crash first. */
  frame: number;
  /** As it was sent: `app.js:1:2345`. */
  place: string;
  /** Of its script; null: the SDK named none. */
  debugId: string | null;
  outcome: FrameOutcome;
  /** One sentence. */
  reason: string;
  /** `src/cart.ts:14:7`, when it is mapped. */
  original: string | null;
}

/** A frame as it was before a map was applied. */
export function asSent(frame: NormalizedFrame): NormalizedFrame {
  if (frame.minified === undefined) return frame;
  const { minified, debugId, vars } = frame;
  return { ...minified, ...(debugId === undefined ? {} : { debugId }), ...(vars === undefined ? {} : { vars }) };
}

/** `file:line:column` of a frame. */
export function placeOf(frame: NormalizedFrame): string {
  const file = frame.absPath ?? frame.filename ?? frame.module ?? '(no file)';
  return [file, frame.line, frame.column].filter((part) => part !== undefined).join(':');
}
