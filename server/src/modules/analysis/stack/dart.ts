import { type Header, headerAt } from './header.ts';
import { messageOf, splitPlace, wholeNumber } from './text.ts';
import type { ParsedFrame, TraceDraft } from './types.ts';

/**
 * Dart and Flutter: the VM's numbered frames, `<asynchronous suspension>`, package:stack_trace's columns, Flutter's boxed
 * error reports, obfuscated traces with addresses only.
 */
export function parseDart(lines: readonly string[]): TraceDraft | undefined {
  const start = lines.findIndex((line) => dartFrame(line) !== undefined);
  if (start < 0) return undefined;
  const inner: ParsedFrame[] = [];
  let omitted = 0;
  for (let i = start; i < lines.length; i += 1) {
    const line = lines[i] as string;
    const frame = dartFrame(line);
    if (frame !== undefined) {
      // A second stack starts over at #0.
      if (/^\s*#0+\s/.test(line.slice(0, 40)) && inner.length > 0) break;
      inner.push(frame);
      continue;
    }
    const elided = /^\(elided (\d{1,5}|one) frames? from|^\.\.\. {1,5}Normal element|^\.\.\. ?(\d{1,6}) more/.exec(line.trim());
    if (elided?.[1] !== undefined) omitted += wholeNumber(elided[1]) ?? 1;
  }
  const head = lines.slice(0, start);
  return {
    thrown: { ...headerOf(head), frames: inner.reverse(), ...(omitted === 0 ? {} : { omitted }), children: [] },
    unhandled: head.some((line) => /Unhandled [Ee]xception:|EXCEPTION CAUGHT BY/.test(line.slice(0, 300))),
  };
}

/** `#1      Cart.charge (package:shop/cart.dart:12:5)`, `package:shop/cart.dart 12:5   Cart.charge`, `#00 abs … virt …`. */
export function dartFrame(raw: string): ParsedFrame | undefined {
  const text = raw.trim().replace(/^(?:I\/flutter \( {0,6}\d{1,7}\): |flutter: |║ ?|│ ?)/, '');
  if (text.length > 3_000) return undefined;
  if (!text.startsWith('#')) return columnFrame(text);
  const number = /^#\d{1,6} {1,12}/.exec(text);
  if (number === null) return undefined;
  const rest = text.slice(number[0].length);
  if (rest.startsWith('abs ')) return addressFrame(rest);
  const open = rest.endsWith(')') ? rest.lastIndexOf(' (') : -1;
  if (open < 0) return undefined;
  const { path, line, column } = splitPlace(rest.slice(open + 2, -1));
  if (!isSource(path)) return undefined;
  return {
    function: rest.slice(0, open).trim().replace(/^new /, ''),
    ...file(path),
    ...(line === undefined ? {} : { line }),
    ...(column === undefined ? {} : { column }),
  };
}

function isSource(path: string): boolean {
  return /^(?:package:|dart:|file:|org-dartlang-[a-z]{1,20}:|https?:)/.test(path) || path.endsWith('.dart');
}

function columnFrame(text: string): ParsedFrame | undefined {
  const blank = text.indexOf(' ');
  if (blank < 0 || !isSource(text.slice(0, blank))) return undefined;
  const found = /^(\d{1,7}):(\d{1,6}) {1,60}(\S.{0,500})$/.exec(text.slice(blank + 1));
  if (found === null) return undefined;
  return { function: found[3] as string, ...file(text.slice(0, blank)), line: Number(found[1]), column: Number(found[2]) };
}

/** Obfuscated: `abs 000000723d6346d7 virt 00000000001ed6d7 _kDartIsolateSnapshotInstructions+0x1e26d7`. */
function addressFrame(rest: string): ParsedFrame | undefined {
  const found = /^abs ([0-9a-f]{8,16})(?: virt [0-9a-f]{8,16})?(?: (\S{1,200}))?$/.exec(rest);
  if (found === null) return undefined;
  return { instructionAddr: `0x${found[1]}`, ...(found[2] === undefined ? {} : { function: found[2] }), native: true };
}

/** As the SDK: the file's own name, and the whole address. */
function file(path: string): ParsedFrame {
  const slash = path.lastIndexOf('/');
  const pack = /^package:([\w.]{1,100})\//.exec(path)?.[1];
  return {
    filename: slash < 0 ? path : path.slice(slash + 1),
    absPath: path,
    ...(pack === undefined ? {} : { package: pack }),
    ...(path.startsWith('dart:') ? { inApp: false } : {}),
  };
}

/** The classes behind the messages that do not name them, from the `toString` of Dart's core library. */
const CORE: readonly [RegExp, string][] = [
  [/^Bad state: /, 'StateError'],
  [/^Invalid argument(?:\(s\)| \(.{1,100}\))?: /, 'ArgumentError'],
  [/^Unsupported operation: /, 'UnsupportedError'],
  [/^Concurrent modification during iteration/, 'ConcurrentModificationError'],
  [/^Out of Memory/, 'OutOfMemoryError'],
  [/^Stack Overflow/, 'StackOverflowError'],
  [/^(?:type '.{1,300}' is not a subtype of|Null check operator used on)/, '_TypeError'],
  [/Failed assertion: |^Assertion failed/, '_AssertionError'],
  [/^LateInitializationError: /, 'LateError'],
  [/^Exception(?:: |$)/, '_Exception'],
];

/** What an obfuscated trace says of the program and the machine. */
const PREAMBLE =
  /^(?:\*\*\* \*\*\*|Warning: This VM has been configured|pid: |build_id: |isolate_dso_base: |isolate_instructions: |vm_instructions: |os: |comp)/;

function headerOf(all: readonly string[]): Header {
  const lines = all.filter((line) => !PREAMBLE.test(line));
  const report = lines.findIndex((line) =>
    /^\W{0,20}The following .{1,200} (?:was thrown|assertion|exception|message)/.test(plain(line)),
  );
  if (report >= 0) return flutterReport(lines, report);
  let from = lines.findIndex((line) => /Unhandled [Ee]xception:/.test(line.slice(0, 300)));
  let first = '';
  if (from >= 0) {
    const line = lines[from] as string;
    first = line.slice(line.search(/Unhandled [Ee]xception:/) + 20).trim();
    from += 1;
  } else
    from = Math.max(
      0,
      lines.findIndex((line) => headerAt(line.trim()) !== undefined || CORE.some(([pattern]) => pattern.test(line.trim()))),
    );
  const text = messageOf([first, ...lines.slice(from)]);
  return text === undefined ? {} : named(text);
}

function named(text: string): Header {
  const line = text.slice(0, 400);
  const core = CORE.find(([pattern]) => pattern.test(line));
  if (core !== undefined) return { type: core[1], value: text };
  const instance = /^Instance of '([\w$.<>]{1,200})'/.exec(line);
  if (instance !== null) return { type: instance[1] as string, value: text };
  const called = /^([A-Z]\w{0,100}(?:Error|Exception))(?: ?[([])/.exec(line);
  if (called !== null) return { type: called[1] as string, value: text };
  const header = headerAt(text.split('\n', 1)[0] as string);
  if (header?.type === undefined) return { value: text };
  const value = messageOf([text.slice(text.indexOf(header.type) + header.type.length).replace(/^:/, '')]);
  return { type: header.type, ...(value === undefined ? {} : { value }) };
}

/** `The following FormatException was thrown building Cart(dirty):` and the message below, up to the next paragraph's label. */
function flutterReport(lines: readonly string[], at: number): Header {
  const type = /The following ([\w$<>]{1,150}?)(?:<\w{1,60}>)? ?(?:object )?was thrown/.exec(plain(lines[at] as string))?.[1];
  const message: string[] = [];
  for (const line of lines.slice(at + 1)) {
    const text = plain(line);
    if (
      /^(?:The relevant error-causing widget|When the exception was thrown|The overflowing|The specific|Either the assertion|The method '|Handler: )/.test(
        text.trim(),
      )
    ) {
      if (!text.trim().startsWith('The method')) break;
    }
    message.push(text);
  }
  const value = messageOf(message);
  return {
    ...(type === undefined ? {} : { type: type === 'assertion' ? '_AssertionError' : type }),
    ...(value === undefined ? {} : { value }),
  };
}

/** Without the prefix of a device's log. */
function plain(line: string): string {
  return line.slice(0, 2_000).replace(/^(?:I\/flutter \( {0,6}\d{1,7}\): |flutter: )/, '');
}
