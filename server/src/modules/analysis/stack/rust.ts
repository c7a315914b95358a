import { messageOf, splitPlace } from './text.ts';
import type { ExceptionNode, ParsedFrame, TraceDraft } from './types.ts';

/**
 * Rust: panics in the format before and since 1.73 with short and full backtraces, errors with causes as anyhow and eyre
 * print them.
 */
export function parseRust(lines: readonly string[]): TraceDraft | undefined {
  const at = lines.findIndex((line) => line.includes(' panicked at '));
  const trace = lines.findIndex((line) => /^\s*stack backtrace:$/i.test(line.slice(0, 100)) || line.includes(' BACKTRACE '));
  const causes = lines.findIndex((line) => line.trim() === 'Caused by:');
  const error = lines.findIndex((line) => /^(?:\S{0,200} )?Error:/.test(line.trim().slice(0, 300)));
  // Without a headline a numbered list may be the causes.
  const inner = frames(trace >= 0 ? lines.slice(trace + 1) : error >= 0 && at < 0 ? [] : lines);
  if (at >= 0) return panic(lines, at, inner);
  if (error < 0 || (trace < 0 && causes < 0 && numberedOf(lines.slice(error + 1)).length === 0))
    return inner.length > 0 ? { thrown: { frames: inner.reverse(), children: [] } } : undefined;
  const stop = [causes, trace, lines.findIndex((line) => line.trim() === 'Location:')].filter((i) => i > error);
  const first = lines[error] as string;
  const head = lines.slice(error, Math.min(...stop, lines.length));
  const values = numberedOf(head.slice(1));
  const value = values[0] ?? messageOf([first.slice(first.indexOf('Error:') + 6), ...head.slice(1)]);
  const thrown: ExceptionNode = {
    type: 'Error',
    ...(value === undefined ? {} : { value }),
    frames: inner.reverse(),
    children: [],
  };
  addLocation(lines, thrown);
  let parent = thrown;
  const end = trace > causes ? trace : lines.length;
  const list = causes < 0 ? values.slice(1) : causesOf(lines.slice(causes + 1, end));
  for (const cause of list.slice(0, 40)) {
    const node: ExceptionNode = { type: 'Error', value: cause, frames: [], children: [] };
    parent.children.push({ relation: 'cause', node });
    parent = node;
  }
  return { thrown };
}

/** `thread 'main' panicked at 'message', src/main.rs:2:5` or `… panicked at src/main.rs:2:5:` with the message below. */
function panic(lines: readonly string[], at: number, inner: ParsedFrame[]): TraceDraft {
  const line = (lines[at] as string).trimEnd();
  const rest = line.slice(line.indexOf(' panicked at ') + 13);
  const message: string[] = [];
  let place: ParsedFrame | undefined;
  if (rest.endsWith(':') && splitPlace(rest.slice(0, -1)).column !== undefined) {
    place = frameAt(rest.slice(0, -1));
    for (const more of lines.slice(at + 1)) {
      if (isEnd(more)) break;
      message.push(more);
    }
  } else {
    // A message of several lines ends with `', src/main.rs:2:5` further down.
    let text = rest;
    const end = Math.min(lines.length, at + 100);
    for (let i = at + 1; i < end && !/, \S{1,400}:\d{1,9}:\d{1,9}$/.test(text.slice(-440)) && !isEnd(lines[i] as string); i += 1)
      text += `\n${lines[i]}`;
    const comma = text.lastIndexOf(', ');
    place = comma < 0 ? undefined : frameAt(text.slice(comma + 2));
    message.push((place === undefined ? text : text.slice(0, comma)).replace(/^'|'$/g, ''));
  }
  const value = messageOf(message);
  const crash = inner.length > 0 ? inner : place === undefined ? [] : [place];
  return {
    thrown: { type: 'panic', ...(value === undefined ? {} : { value }), frames: crash.reverse(), children: [] },
    unhandled: true,
  };
}

function isEnd(line: string): boolean {
  return line.startsWith('note: ') || /^\s*stack backtrace:$/i.test(line.slice(0, 100)) || line.includes(' panicked at ');
}

function frameAt(text: string): ParsedFrame | undefined {
  const { path, line, column } = splitPlace(text.trim());
  if (line === undefined || path === '') return undefined;
  return { ...file(path), line, ...(column === undefined ? {} : { column }) };
}

/** `   4: shop::charge` with `             at ./src/cart.rs:12:5` below; the full form has `0x5581… - ` before the name. */
function frames(lines: readonly string[]): ParsedFrame[] {
  const found: ParsedFrame[] = [];
  let expected = 0;
  for (const raw of lines) {
    const line = raw.trim();
    const last = found.at(-1);
    if (line.startsWith('at ') && last !== undefined && last.line === undefined) {
      const place = frameAt(line.slice(3));
      if (place !== undefined) Object.assign(last, place);
      continue;
    }
    const number = /^(\d{1,5}): {1,8}/.exec(line);
    if (number === null || line.length > 4_000) {
      // Between frames there may be source lines (color-backtrace) and counts of hidden frames.
      if (line.includes(' panicked at ') || /^stack backtrace:$/i.test(line)) break;
      continue;
    }
    let name = line.slice(number[0].length);
    const address = /^(0x[0-9a-f]{1,16}) - /.exec(name);
    if (address !== null) name = name.slice(address[0].length);
    const index = Number(number[1]);
    // Inlined calls repeat the number in the full form; anything else is another list.
    if (index !== expected && index !== expected - 1) {
      if (found.length > 0) break;
    }
    expected = index + 1;
    name = name.replace(/::h[0-9a-f]{16}$/, '');
    const frame: ParsedFrame = { function: name };
    if (address !== null) frame.instructionAddr = address[1] as string;
    if (isRuntime(name)) frame.inApp = false;
    found.push(frame);
  }
  return found.some(
    (frame) => frame.line !== undefined || frame.instructionAddr !== undefined || frame.function?.includes('::') === true,
  )
    ? found
    : [];
}

function isRuntime(name: string): boolean {
  return /^<?(?:&?mut )?(?:std|core|alloc|backtrace|tokio|rayon_core|futures\w*|anyhow|eyre|color_eyre)::|^(?:rust_|__rust|_start$|__libc_start|main$|clone3?$|start_thread$|_?RNv|<unknown>$)/.test(
    name,
  );
}

function causesOf(lines: readonly string[]): string[] {
  const numbered = numberedOf(lines);
  if (numbered.length > 0) return numbered;
  const end = lines.findIndex((line) => line.trim() === '');
  const value = messageOf(end < 0 ? lines : lines.slice(0, end));
  return value === undefined ? [] : [value];
}

/** `    0: connection refused`, each with its further lines. */
function numberedOf(lines: readonly string[]): string[] {
  const found: string[][] = [];
  for (const raw of lines) {
    const line = raw.trim();
    const number = /^(\d{1,3}): (.*)$/.exec(line);
    if (number !== null && Number(number[1]) === found.length) found.push([number[2] as string]);
    else if (line === '') {
      if (found.length > 0) break;
    } else found.at(-1)?.push(line);
  }
  return found.map((each) => messageOf(each) ?? '');
}

function addLocation(lines: readonly string[], thrown: ExceptionNode): void {
  if (thrown.frames.length > 0) return;
  const at = lines.findIndex((line) => line.trim() === 'Location:');
  const place = at < 0 ? undefined : frameAt(lines[at + 1] ?? '');
  if (place !== undefined) thrown.frames = [place];
}

/** As the SDK sends them: the file's own name beside its path. */
function file(path: string): ParsedFrame {
  const slash = Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'));
  const runtime =
    path.includes('/rustc/') || path.includes('/rustlib/') || path.includes('/.cargo/registry/') || path.includes('/library/');
  return { filename: path.slice(slash + 1), absPath: path, ...(runtime ? { inApp: false } : {}) };
}
