import { messageOf } from './text.ts';
import type { ParsedFrame, ParsedThread, TraceDraft } from './types.ts';

/** What `faulthandler` writes above the calls of a thread, innermost first. */
const THREAD = /^(Current thread|Thread) (0x[0-9a-f]{1,16})(?: \[[^\]]{0,100}\])? \(most recent call first\):$/;

/** Whether a text is a report of `faulthandler`: a crash of the interpreter itself, or a time-out. */
export function isPythonFatal(line: string): boolean {
  return line.endsWith(' (most recent call first):') && THREAD.test(line.slice(0, 300));
}

/**
 * A report of Python's `faulthandler`: `Fatal Python error: Segmentation fault`, then the threads, whose calls stand innermost
 * first and without source.
 * @param read reads one frame
 */
export function parsePythonFatal(
  lines: readonly string[],
  read: (line: string) => ParsedFrame | undefined,
): TraceDraft | undefined {
  const start = lines.findIndex((line) => isPythonFatal(line.trim()));
  if (start < 0) return undefined;
  const threads: ParsedThread[] = [];
  for (const line of lines.slice(start)) {
    const thread = THREAD.exec(line.trim().slice(0, 300));
    const frame = thread === null ? read(line) : undefined;
    if (thread !== null) threads.push({ id: thread[2] as string, crashed: thread[1] === 'Current thread', frames: [] });
    else if (frame !== undefined) threads.at(-1)?.frames.push(frame);
    else if (line.trim() !== '' && !/^\s*(?:\.\.\.|<no Python frame>)/.test(line)) break;
  }
  for (const thread of threads) thread.frames.reverse();
  const crashed = threads.find((thread) => thread.crashed) ?? (threads[0] as ParsedThread);
  const above = lines.slice(0, start).filter((line) => line.trim() !== '' && !line.startsWith('Python runtime state:'));
  const head = /^(.{1,100}?(?: error| exception|Timeout)):? ?(.*)$/.exec((above.at(-1) ?? '').slice(0, 600));
  const value = head === null ? messageOf(above.slice(-1)) : head[2];
  return {
    thrown: {
      ...(head === null ? {} : { type: head[1] as string }),
      ...(value === undefined || value === '' ? {} : { value }),
      frames: crashed.frames,
      children: [],
    },
    ...(threads.length > 1 ? { threads } : {}),
    unhandled: true,
  };
}
