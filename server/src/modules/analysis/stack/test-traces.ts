import { parseTrace } from './parse.ts';
import type { ParsedException, ParsedFrame, ParsedTrace } from './types.ts';

/** For tests: the trace of a text that has to be one. */
export function traceOf(text: string, hint?: string): ParsedTrace {
  const trace = parseTrace(text, hint);
  if (trace === undefined) throw new Error(`no trace found in ${JSON.stringify(text.slice(0, 200))}`);
  return trace;
}

/** For tests: what was thrown. */
export function thrownOf(trace: ParsedTrace): ParsedException {
  return trace.exceptions.at(-1) as ParsedException;
}

/** For tests: a frame in one line, `module:function file:line:column`, absent parts left out. */
export function show(frame: ParsedFrame): string {
  const name = [frame.module, frame.function].filter((part) => part !== undefined).join(':');
  const place = [frame.filename, frame.line, frame.column].filter((part) => part !== undefined).join(':');
  return `${name} ${place}`.trim();
}

/** For tests: the frames of what was thrown, the throwing one first. */
export function innermostFirst(text: string, hint?: string): string[] {
  return thrownOf(traceOf(text, hint)).frames.map(show).reverse();
}

/** For tests: the exceptions of a trace, what was thrown first: `id<-parent relation Type: value`. */
export function chainOf(text: string): string[] {
  return [...traceOf(text).exceptions].reverse().map((each) => {
    const link = each.parentId === undefined ? '' : `<-${each.parentId} ${each.relation}`;
    return `${each.id}${link} ${each.type ?? '-'}: ${each.value ?? '-'}`;
  });
}
