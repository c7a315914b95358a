import type { NormalizedEvent, NormalizedFrame } from '../detection/normalized-event.ts';
import type { EventThread, Frame } from './error-event.types.ts';

/** Frames as the API shows them: lists and flags that an event may leave out are there. Order as stored, the crash last. */
export function framesOf(frames: readonly NormalizedFrame[]): Frame[] {
  return frames.map((frame) => ({ ...frame, inApp: frame.inApp ?? false, pre: frame.pre ?? [], post: frame.post ?? [] }));
}

/** Threads of an event; the stack of an event without exception is shown as its current thread. */
export function threadsOf(event: Pick<NormalizedEvent, 'threads' | 'stacktrace'>): EventThread[] {
  const threads = (event.threads ?? []).map((thread) => ({
    ...thread,
    crashed: thread.crashed ?? false,
    current: thread.current ?? false,
    frames: framesOf(thread.frames),
  }));
  if (!event.stacktrace || event.stacktrace.length === 0) return threads;
  return [{ crashed: false, current: true, frames: framesOf(event.stacktrace) }, ...threads];
}
