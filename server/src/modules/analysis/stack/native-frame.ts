import { openingOfLast, splitPlace } from './text.ts';
import type { ParsedFrame } from './types.ts';

/**
 * One frame of a native backtrace: `#1  0x… in f (a=1) at cart.c:12` (gdb), `#1 0x… in f /src/cart.c:12:3` (sanitizers),
 * `#01 pc 000… /lib/x.so (f+12)` (Android), `frame #1: 0x… shop`f at cart.c:12` (lldb), `==1==    by 0x…: f (cart.c:3)`
 * (Valgrind), ` 1# f at cart.cpp:12` (boost), `./shop(f+0x1f) [0x…]` (glibc). Undefined for any other line.
 */
export function nativeFrame(line: string): ParsedFrame | undefined {
  if (line.length > 4_000 || line.length < 5) return undefined;
  const first = line.charCodeAt(0);
  if (first === 35) return hashFrame(line);
  if (first === 61) return valgrindFrame(line);
  if (line.startsWith('frame #') || line.startsWith('* frame #')) return lldbFrame(line);
  if (first >= 48 && first <= 57) return boostFrame(line);
  return glibcFrame(line);
}

function hashFrame(line: string): ParsedFrame | undefined {
  const number = /^#\d{1,5} {1,8}/.exec(line);
  if (number === null) return undefined;
  let rest = line.slice(number[0].length);
  if (rest.startsWith('pc ')) return androidFrame(rest.slice(3));
  if (rest.startsWith('<signal handler called>')) return { function: '<signal handler called>', inApp: false };
  const frame: ParsedFrame = {};
  const address = /^(0x[0-9a-f]{1,16})(?: in)? /.exec(rest);
  if (address !== null) {
    frame.instructionAddr = address[1] as string;
    rest = rest.slice(address[0].length);
  } else if (!/ (?:at|from) \S|\([^)]{0,200}\+0x|:\d/.test(rest.slice(-500))) return undefined;
  // gdb: `f (args) at file:line` or `… from library`.
  for (const word of [' at ', ' from ']) {
    const at = rest.lastIndexOf(word);
    if (at <= 0) continue;
    const target = rest.slice(at + word.length);
    const name = withoutArguments(rest.slice(0, at).trim());
    if (word === ' from ') return { ...frame, function: name, package: target };
    const { path, line: number2, column } = splitPlace(target);
    if (number2 !== undefined)
      return { ...frame, function: name, ...file(path), line: number2, ...(column === undefined ? {} : { column }) };
  }
  return sanitizerFrame(frame, rest);
}

/** `f(int) /src/cart.cpp:12:3`, `f (/lib/libc.so.6+0x29d8f) (BuildId: …)`, `f /src/x.cc:1 (shop+0x12)` (thread sanitizer). */
function sanitizerFrame(frame: ParsedFrame, raw: string): ParsedFrame | undefined {
  let rest = raw.replace(/ \(BuildId: [0-9a-f]{1,80}\)$/, '');
  const module = /(?:^| )\(([^()]{1,500})\+(0x[0-9a-f]{1,16})\)$/.exec(rest);
  if (module !== null) {
    frame.package = module[1] as string;
    rest = rest.slice(0, module.index);
  }
  const blank = rest.lastIndexOf(' ');
  const { path, line, column } = splitPlace(rest.slice(blank + 1));
  if (line !== undefined && blank > 0)
    return {
      ...frame,
      function: withoutArguments(rest.slice(0, blank)),
      ...file(path),
      line,
      ...(column === undefined ? {} : { column }),
    };
  if (rest === '' || rest === '<null>') return frame.package === undefined ? undefined : frame;
  // A file without line numbers: `main /src/cart.c`.
  if (module === null && frame.instructionAddr === undefined) return undefined;
  return { ...frame, function: withoutArguments(rest.trim()) };
}

/** `0000000000012345  /system/lib64/libc.so (strlen+16) (BuildId: …)` */
function androidFrame(rest: string): ParsedFrame | undefined {
  const found = /^([0-9a-f]{8,16}) {1,8}(\S{1,500})/.exec(rest);
  if (found === null) return undefined;
  const more = rest
    .slice(found[0].length)
    .trim()
    .replace(/^\(offset 0x[0-9a-f]{1,16}\) ?/, '')
    .replace(/ ?\(BuildId: [0-9a-f]{1,80}\)$/, '');
  const name = more.startsWith('(') && more.endsWith(')') ? more.slice(1, -1).replace(/\+\d{1,9}$/, '') : undefined;
  return {
    instructionAddr: `0x${found[1]}`,
    package: found[2] as string,
    ...(name === undefined ? {} : { function: withoutArguments(name) }),
  };
}

function lldbFrame(line: string): ParsedFrame | undefined {
  const found = /^\*? ?frame #\d{1,5}: (0x[0-9a-f]{3,16}) /.exec(line);
  if (found === null) return undefined;
  const frame: ParsedFrame = { instructionAddr: found[1] as string };
  let rest = line.slice(found[0].length);
  const tick = rest.indexOf('`');
  if (tick < 0) return frame;
  frame.package = rest.slice(0, tick);
  rest = rest.slice(tick + 1);
  const at = rest.lastIndexOf(' at ');
  if (at > 0) {
    const { path, line: number, column } = splitPlace(rest.slice(at + 4));
    if (number !== undefined) Object.assign(frame, file(path), { line: number }, column === undefined ? {} : { column });
    rest = rest.slice(0, at);
  }
  const name = rest.replace(/ \+ \d{1,9}$/, '');
  const open = name.endsWith(')') ? openingOfLast(name) : -1;
  frame.function = open > 0 && name.includes('=', open) ? name.slice(0, open) : withoutArguments(name);
  return frame;
}

/** `==123==    at 0x4C2AB80: malloc (in /usr/lib/valgrind/x.so)`, `==123==    by 0x108: main (cart.c:12)` */
function valgrindFrame(line: string): ParsedFrame | undefined {
  const found = /^==\d{1,9}== {1,8}(?:at|by) (0x[0-9A-Fa-f]{3,16}): /.exec(line);
  if (found === null) return undefined;
  const frame: ParsedFrame = { instructionAddr: (found[1] as string).toLowerCase() };
  const rest = line.slice(found[0].length);
  const open = rest.endsWith(')') ? rest.lastIndexOf(' (') : -1;
  if (open < 0) return { ...frame, function: rest };
  const inner = rest.slice(open + 2, -1);
  frame.function = withoutArguments(rest.slice(0, open));
  if (inner.startsWith('in ')) return { ...frame, package: inner.slice(3) };
  const { path, line: number } = splitPlace(inner);
  return number === undefined ? frame : { ...frame, ...file(path), line: number };
}

/** boost::stacktrace and std::stacktrace: `0# f(int) at /src/cart.cpp:12`, `1# 0x0000 in ./shop`, `2# main in ./shop`. */
function boostFrame(line: string): ParsedFrame | undefined {
  const number = /^\d{1,4}# {1,4}/.exec(line);
  if (number === null) return undefined;
  const rest = line.slice(number[0].length);
  const at = rest.lastIndexOf(' at ');
  if (at > 0) {
    const { path, line: lineNumber } = splitPlace(rest.slice(at + 4));
    if (lineNumber !== undefined) return { function: withoutArguments(rest.slice(0, at)), ...file(path), line: lineNumber };
  }
  const inAt = rest.lastIndexOf(' in ');
  if (inAt > 0) {
    const name = rest.slice(0, inAt);
    return /^0x[0-9a-fA-F]{1,16}$/.test(name)
      ? { instructionAddr: name, package: rest.slice(inAt + 4) }
      : { function: withoutArguments(name), package: rest.slice(inAt + 4) };
  }
  return /^0x[0-9a-fA-F]{1,16}$/.test(rest) ? { instructionAddr: rest } : { function: withoutArguments(rest) };
}

/** `/lib/x86_64-linux-gnu/libc.so.6(abort+0x12b) [0x7f…]` */
function glibcFrame(line: string): ParsedFrame | undefined {
  if (!line.endsWith(']')) return undefined;
  const bracket = line.lastIndexOf('[0x');
  if (bracket <= 0) return undefined;
  const address = line.slice(bracket + 1, -1);
  if (!/^0x[0-9a-f]{4,16}$/.test(address)) return undefined;
  const rest = line.slice(0, bracket).trimEnd();
  const open = rest.endsWith(')') ? openingOfLast(rest) : -1;
  if (open < 0) return /^[./][^ ]{1,400}$/.test(rest) ? { package: rest, instructionAddr: address } : undefined;
  const name = rest.slice(open + 1, -1).replace(/\+0x[0-9a-f]{1,16}$/, '');
  if (rest.slice(0, open).includes(' ')) return undefined;
  return { package: rest.slice(0, open), instructionAddr: address, ...(name === '' ? {} : { function: name }) };
}

/** gdb shows the values of arguments: `pay (cart=0x55, n=3)` is `pay`. Types (`pay(int)`) are part of the name. */
function withoutArguments(name: string): string {
  if (!name.endsWith(')')) return name;
  const open = openingOfLast(name);
  return open > 0 && name[open - 1] === ' ' && !/operator $|\) $/.test(name.slice(0, open)) ? name.slice(0, open - 1) : name;
}

function file(path: string): ParsedFrame {
  const slash = Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'));
  return { filename: path.slice(slash + 1), absPath: path };
}
