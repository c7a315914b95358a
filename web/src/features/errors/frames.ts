import type { StackPanel_FrameFragment } from '@errata/schema';

/** One call of a stack as the server gives it. */
export type StackFrame = StackPanel_FrameFragment;

/** A line of the stack as it is shown: one frame, or several that are folded away. */
export type StackItem =
  | {
      kind: 'frame';
      /** Place in the stack as the server gave it (0: outermost call). Stable over order and folding. */
      index: number;
      frame: StackFrame;
      /** The innermost call: where it was thrown. */
      crashing: boolean;
      /** Shown with its source at first. */
      open: boolean;
      /** How often the same call follows itself (recursion); 1 as a rule. */
      repeats: number;
    }
  | { kind: 'fold'; index: number; frames: { index: number; frame: StackFrame }[]; label: string };

/** `recent`: the crashing call on top. `oldest`: as the program ran. */
export type FrameOrder = 'recent' | 'oldest';

/** In-app frames beyond this many are shown without their source at first. */
const OPEN_AT_MOST = 6;
/** A lone system frame takes no more room than the line that would hide it. */
const FOLD_FROM = 2;

/**
 * The stack as shown: frames of the application open, runs of system frames folded, the crashing frame always visible.
 * A stack without any in-app frame is not folded, since there would be nothing left to read.
 */
export function foldFrames(frames: readonly StackFrame[], order: FrameOrder): StackItem[] {
  const anyInApp = frames.some((frame) => frame.inApp);
  const openFrom = openThreshold(frames, anyInApp);
  const items: StackItem[] = [];
  for (let index = 0; index < frames.length; index++) {
    const frame = frames[index]!;
    const crashing = index === frames.length - 1;
    if (anyInApp && !frame.inApp && !crashing) {
      addFolded(items, index, frame);
      continue;
    }
    const last = items.at(-1);
    if (last?.kind === 'frame' && sameCall(last.frame, frame)) {
      items[items.length - 1] = {
        ...last,
        index,
        frame,
        crashing,
        repeats: last.repeats + 1,
        open: isOpen(frame, index, openFrom, crashing, anyInApp),
      };
      continue;
    }
    items.push({ kind: 'frame', index, frame, crashing, repeats: 1, open: isOpen(frame, index, openFrom, crashing, anyInApp) });
  }
  const shown = items.map(settleFold);
  return order === 'recent' ? shown.toReversed() : shown;
}

function addFolded(items: StackItem[], index: number, frame: StackFrame): void {
  const last = items.at(-1);
  if (last?.kind === 'fold') last.frames.push({ index, frame });
  else items.push({ kind: 'fold', index, frames: [{ index, frame }], label: '' });
}

function settleFold(item: StackItem): StackItem {
  if (item.kind === 'frame') return item;
  if (item.frames.length >= FOLD_FROM) return { ...item, label: foldLabel(item.frames.map(({ frame }) => frame)) };
  const { frame, index } = item.frames[0]!;
  return { kind: 'frame', index, frame, crashing: false, open: false, repeats: 1 };
}

function openThreshold(frames: readonly StackFrame[], anyInApp: boolean): number {
  if (!anyInApp) return frames.length - 1;
  let open = 0;
  for (let index = frames.length - 1; index >= 0; index--) {
    if (frames[index]!.inApp && ++open === OPEN_AT_MOST) return index;
  }
  return 0;
}

function isOpen(frame: StackFrame, index: number, openFrom: number, crashing: boolean, anyInApp: boolean): boolean {
  if (!hasDetails(frame)) return false;
  return anyInApp ? frame.inApp && index >= openFrom : crashing;
}

function sameCall(a: StackFrame, b: StackFrame): boolean {
  return (
    a.function !== null && a.function === b.function && a.filename === b.filename && a.module === b.module && a.line === b.line
  );
}

/** Whether there is anything to see when the frame is opened. */
export function hasDetails(frame: StackFrame): boolean {
  return frame.context !== null || frame.pre.length > 0 || frame.post.length > 0 || isFilled(frame.vars);
}

function isFilled(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0;
}

/** `12 frames of node:internal hidden`: at most two names, the commonest first. */
export function foldLabel(frames: readonly StackFrame[]): string {
  const counts = new Map<string, number>();
  for (const frame of frames) {
    const name = originOf(frame);
    if (name !== null) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const names = [...counts].toSorted((a, b) => b[1] - a[1]).map(([name]) => name);
  const of =
    names.length === 0 ? '' : ` of ${names.slice(0, 2).join(', ')}${names.length > 2 ? ` and ${names.length - 2} more` : ''}`;
  return `${frames.length} frames${of} hidden`;
}

/** The library a frame comes from, as its language names it, or null if nothing tells. */
export function originOf(frame: StackFrame): string | null {
  const path = (frame.absPath ?? frame.filename ?? '').replaceAll('\\', '/');
  if (path.startsWith('node:')) return 'node:internal';
  const inNode = /.*\/?node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1];
  if (inNode !== undefined) return inNode;
  const packaged = /.*(?:site-packages|dist-packages|gems|vendor)\/((?:[a-z0-9.-]+\.[a-z]{2,}\/)?[^/]+)/.exec(path)?.[1];
  if (packaged !== undefined) return packaged.replace(/-\d[\w.]*$/, '').replace(/\.py$/, '');
  if (/\/lib\/python\d/.test(path)) return 'python';
  if (/^(?:java|javax|jdk|sun)\./.test(frame.module ?? '')) return 'java';
  if (frame.package !== null) return frame.package.split(/[/\\]/).at(-1) ?? null;
  if (frame.module === null) return null;
  const parts = frame.module.split(/[.:/]+/).filter((part) => part !== '');
  return parts.slice(0, parts.length > 3 ? 3 : Math.max(1, parts.length - 1)).join('.');
}

/** `cart.ts:12:4`: where a frame is, or null if it does not say. */
export function placeOf(frame: StackFrame): string | null {
  const file = frame.filename ?? frame.absPath ?? frame.module;
  if (file === null) return null;
  const line = frame.line === null ? '' : `:${frame.line}${frame.column === null ? '' : `:${frame.column}`}`;
  return file + line;
}

/** The lines of source round the crashing one, with their numbers (null if the frame names no line). */
export function sourceLines(frame: StackFrame): { number: number | null; text: string; crashing: boolean }[] {
  if (frame.context === null && frame.pre.length === 0 && frame.post.length === 0) return [];
  const number = (offset: number): number | null => (frame.line === null ? null : frame.line + offset);
  return [
    ...frame.pre.map((text, index) => ({ number: number(index - frame.pre.length), text, crashing: false })),
    ...(frame.context === null ? [] : [{ number: number(0), text: frame.context, crashing: true }]),
    ...frame.post.map((text, index) => ({ number: number(index + 1), text, crashing: false })),
  ];
}

/** Whether source maps were applied to any frame. */
export const isMapped = (frames: readonly StackFrame[]): boolean => frames.some((frame) => frame.minified !== null);

/** A frame as it was sent, before a source map was applied. */
export function asSent(frame: StackFrame): StackFrame {
  const { minified } = frame;
  if (minified === null) return frame;
  const { function: called, filename, absPath, line, column, context } = minified;
  return {
    ...frame,
    module: null,
    function: called,
    filename,
    absPath,
    line,
    column,
    context,
    pre: [],
    post: [],
    minified: null,
  };
}

/** One exception with its calls as plain text, in the order shown; for the clipboard and the raw view. */
export function stackText(
  exception: { type: string | null; value: string | null; frames: readonly StackFrame[] },
  order: FrameOrder,
): string {
  const head = [exception.type, exception.value].filter((part) => part !== null && part !== '').join(': ');
  const lines = exception.frames.map((frame) => {
    const place = placeOf(frame);
    const name = frame.function ?? '<anonymous>';
    return place === null ? `    at ${name}` : `    at ${name} (${place})`;
  });
  return [...(head === '' ? [] : [head]), ...(order === 'recent' ? lines.toReversed() : lines)].join('\n');
}
