import type { NormalizedFrame } from '../normalized-event.ts';

/** Where a panic, or the recording of a stack, begins: what it calls is machinery. Names with and without their generics. */
const PANIC =
  /^(?:core::panicking::panic|std::panicking::(?:begin_panic|panic_display|rust_panic)|(?:__rustc::)?rust_begin_unwind$)/;
const RECORDING = /^<?std::backtrace::Backtrace>?::(?:capture|create|force_capture)\b|^(?:backtrace::|sentry_backtrace::)/;

/**
 * A stack of Rust without the frames that report it (panic handler, hook, SDK, recorder): the sentry crate cuts them by a list
 * of names that lags behind the compiler's. What stands last is then the call that panicked. Never leaves nothing.
 */
export function cutMachinery(frames: NormalizedFrame[]): NormalizedFrame[] {
  // The last panic counts: one that happens while another unwinds has both on its stack.
  let at = frames.findLastIndex((frame) => PANIC.test(frame.function ?? ''));
  while (at > 0 && PANIC.test(frames[at - 1]?.function ?? '')) at--;
  if (at < 0) at = frames.findIndex((frame) => RECORDING.test(frame.function ?? ''));
  return at > 0 ? frames.slice(0, at) : frames;
}
