import { headerAt } from './header.ts';
import { messageOf, splitPlace } from './text.ts';
import type { ParsedFrame, TraceDraft } from './types.ts';

/**
 * R: `Error in f(x) : boom` with `Calls: main -> f` (Rscript), `traceback()`, and the trees of rlang. A cause of rlang
 * (`Caused by error in …`) is part of the message.
 */
export function parseR(lines: readonly string[]): TraceDraft | undefined {
  const at = lines.findIndex((line) => /^(?:Error(?: in |: |!)|Caused by error)/.test(line));
  const marker = lines.findIndex((line) => rFrame(line) !== undefined || isRMarker(line.trim()));
  if (marker < 0) return undefined;
  const inner: ParsedFrame[] = [];
  let reversed = false;
  for (const line of lines) {
    const frame = rFrame(line);
    if (frame !== undefined) {
      inner.push(frame);
      // The trees of rlang begin with the outermost call, traceback() ends with it.
      if (/^\s*\d{1,5}\. /.test(line)) reversed = true;
    } else if (inner.length === 0 && line.startsWith('Calls: ')) {
      const calls = line
        .slice(7, 2_000)
        .split(' -> ')
        .filter((call) => call.trim() !== '' && call.trim() !== '...');
      for (const call of calls) inner.push({ function: call.trim() });
      reversed = true;
    }
  }
  const until = lines.findIndex(
    (line, i) => i > at && (isRMarker(line.trim()) || line === 'Traceback:' || rFrame(line) !== undefined),
  );
  const head = at < 0 ? [] : lines.slice(at, until < 0 ? lines.length : until);
  const first = /^Error in (.{1,500}?)(?: \(from (\S{1,300})#(\d{1,8})\))? ?:(?: |$)/.exec((head[0] ?? '').slice(0, 900));
  const place: ParsedFrame | undefined =
    first === null
      ? undefined
      : {
          function: calledName(first[1] as string),
          ...(first[2] === undefined ? {} : { filename: first[2], line: Number(first[3]) }),
        };
  const value = messageOf([(head[0] ?? '').slice(first?.[0].length ?? 0).replace(/^Error: /, ''), ...head.slice(1)]);
  const frames = reversed ? inner : inner.reverse();
  if (place !== undefined && frames.at(-1)?.function !== place.function && place.function !== 'stop') {
    if (frames.length === 0 || place.filename !== undefined) frames.push(place);
  }
  if (frames.length === 0 || (at < 0 && !lines.some((line) => rFrame(line) !== undefined))) return undefined;
  return { platform: 'other', thrown: { type: 'Error', ...(value === undefined ? {} : { value }), frames, children: [] } };
}

/** What only R prints around its calls. */
export function isRMarker(line: string): boolean {
  return line === 'Execution halted' || line === 'Backtrace:' || (line.startsWith('Calls: ') && /^Calls: [\w.:<]/.test(line));
}

/** `3: f(x) at cart.R#7` (traceback), `  2. └─shop::pay(x) at R/pay.R:12:3` (rlang). */
export function rFrame(raw: string): ParsedFrame | undefined {
  const line = raw.trim().slice(0, 1_500);
  const number = /^\d{1,5}(: |\. )/.exec(line);
  if (number === null) return undefined;
  let call = line.slice(number[0].length);
  if (number[1] === ': ') {
    const place = / at (\S{1,500})#(\d{1,8})$/.exec(call.slice(-600));
    if (place === null) return undefined;
    const name = calledName(call.slice(0, -place[0].length));
    // What raises the condition is R's own.
    const raises = name === 'stop' || name === 'abort' || name === 'stopifnot';
    return { function: name, ...(raises ? { inApp: false } : {}), filename: place[1] as string, line: Number(place[2]) };
  }
  const tree = /^(?:[│ ]{0,200})[├└](?:─|┬)*\s?/.exec(call);
  if (tree === null) return undefined;
  call = call.slice(tree[0].length);
  const at = call.lastIndexOf(' at ');
  const place = at < 0 ? undefined : splitPlace(call.slice(at + 4));
  const name = calledName(place?.line === undefined ? call : call.slice(0, at));
  return {
    ...owned(name),
    ...(place?.line === undefined ? {} : { filename: place.path, line: place.line }),
    ...(place?.column === undefined ? {} : { column: place.column }),
  };
}

function owned(name: string): ParsedFrame {
  const own = /^(?:global|base) /.exec(name);
  const plain = own === null ? name : name.slice(own[0].length);
  const at = plain.indexOf('::');
  if (at < 0) return { function: plain };
  return { package: plain.slice(0, at), function: plain.slice(at).replace(/^:{2,3}/, ''), inApp: false };
}

function calledName(call: string): string {
  const plain = call.replaceAll('`', '');
  const open = plain.indexOf('(');
  return (open > 0 ? plain.slice(0, open) : plain).trim().slice(0, 300);
}

/** Julia: `ERROR: BoundsError: …`, `Stacktrace:` and its calls, whose place stands on the next line since 1.6. */
export function parseJulia(lines: readonly string[]): TraceDraft | undefined {
  const mark = lines.findIndex((line) => line.trim() === 'Stacktrace:');
  if (mark < 0) return undefined;
  const inner: ParsedFrame[] = [];
  for (const raw of lines.slice(mark + 1)) {
    const line = raw.trim().slice(0, 1_500);
    const call = /^\[\d{1,5}\] (.+)$/.exec(line);
    const place = juliaPlace(line);
    if (call !== null) {
      const text = call[1] as string;
      const at = text.lastIndexOf(' at ');
      inner.push({
        function: calledName(at < 0 ? text : text.slice(0, at)),
        ...(at < 0 ? {} : juliaPlace(`@ ${text.slice(at + 4)}`)),
      });
    } else if (place !== undefined && inner.length > 0) Object.assign(inner.at(-1) as ParsedFrame, place);
    else if (!/^(?:---|\.\.\. |╰|@)/.test(line)) break;
  }
  if (inner.length === 0) return undefined;
  const head = messageOf(lines.slice(0, mark)) ?? '';
  const text = head.replace(/^[\s\S]{0,300}?ERROR: (?:LoadError: )?/, '');
  const header = headerAt(text.split('\n', 1)[0] as string);
  const value = header === undefined ? text : text.slice(text.indexOf(':') + 1).trim();
  return {
    platform: 'other',
    thrown: {
      type: header?.type ?? 'ErrorException',
      ...(value === '' || value === header?.type ? {} : { value }),
      frames: inner.reverse(),
      children: [],
    },
  };
}

/** `@ Main ~/shop/cart.jl:12`, `@ ./essentials.jl:13 [inlined]`. */
export function juliaPlace(line: string): ParsedFrame | undefined {
  const found = /^@ (?:(\w[\w.]{0,100}) )?(\S{1,500}):(\d{1,8})(?: \[inlined\])?$/.exec(line);
  if (found === null) return undefined;
  const module = found[1];
  const path = found[2] as string;
  return {
    ...(module === undefined ? {} : { module }),
    filename: path,
    line: Number(found[3]),
    ...(path.startsWith('./') || path.includes('/.julia/packages/') || module === 'Base' || module === 'Core'
      ? { inApp: false }
      : {}),
  };
}
