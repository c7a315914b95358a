import { messageOf, splitPlace } from './text.ts';
import type { ParsedFrame, ParsedThread, TraceDraft } from './types.ts';

interface Section {
  id: string;
  crashed: boolean;
  name?: string;
  inner: ParsedFrame[];
}

/**
 * Apple: crash reports (`.crash`), `*** Terminating app due to uncaught exception`, Swift's fatal errors and the backtraces
 * of Swift 5.9 and later.
 */
export function parseApple(lines: readonly string[]): TraceDraft | undefined {
  const sections: Section[] = [];
  const names = new Map<string, string>();
  let current: Section | undefined;
  for (const raw of lines) {
    const line = raw.trim();
    const opened = sectionOf(line, names);
    if (opened !== undefined) {
      current = opened;
      if (sections.length < 200) sections.push(current);
      continue;
    }
    const frame = appleFrame(line);
    if (frame !== undefined) {
      if (current === undefined) {
        current = { id: '', crashed: true, inner: [] };
        sections.push(current);
      }
      current.inner.push(frame);
    } else if (line.startsWith('Binary Images:')) break;
  }
  const crashed =
    sections.find((section) => section.crashed && section.inner.length > 0) ??
    sections.find((section) => section.inner.length > 0);
  if (crashed === undefined) {
    const place = fatalPlace(lines);
    return place === undefined ? undefined : { thrown: { ...reasonOf(lines), frames: [place], children: [] }, unhandled: true };
  }
  const threads: ParsedThread[] = sections
    .filter((section) => section.id !== '' && (section === crashed || section.inner.length > 0))
    .map((section) => ({
      id: section.id,
      ...(section.name === undefined ? {} : { name: section.name }),
      crashed: section === crashed,
      frames: section === crashed ? [] : [...section.inner].reverse(),
    }));
  return {
    thrown: { ...reasonOf(lines), frames: [...crashed.inner].reverse(), children: [] },
    unhandled: true,
    ...(threads.length > 1 ? { threads } : {}),
  };
}

/** `Shop/Cart.swift:12: Fatal error: …`, before Swift 5.3 `Fatal error: …: file Shop/Cart.swift, line 12`. */
function fatalPlace(lines: readonly string[]): ParsedFrame | undefined {
  for (const line of lines) {
    const now = /^(\S{1,300}\.swift):(\d{1,7}): (?:Fatal error|Precondition failed|Assertion failed)/.exec(line);
    const before = now ?? /^Fatal error: .{1,2000}: file (\S{1,300}\.swift), line (\d{1,7})$/.exec(line.slice(0, 2_400));
    if (before !== null) return placed(before[1] as string, Number(before[2]), undefined);
  }
  return undefined;
}

function sectionOf(line: string, names: Map<string, string>): Section | undefined {
  if (/^(?:Last Exception Backtrace:|\*{0,3} ?First throw call stack:)$/.test(line.slice(0, 60)))
    return { id: '', crashed: true, inner: [] };
  const name = /^Thread (\d{1,5}) name: {1,4}(.{1,200})$/.exec(line);
  if (name !== null) names.set(name[1] as string, name[2] as string);
  const found = /^Thread (\d{1,5})(?: (.{1,100}?))?(?: ([Cc]rashed))?(?:::? {1,4}(.{1,200})|:)?$/.exec(line);
  if (found === null || name !== null || !(line.includes(':') || line.endsWith('Crashed'))) return undefined;
  const title = names.get(found[1] as string) ?? found[4] ?? (found[2] === 'Crashed' ? undefined : found[2]);
  return { id: found[1] as string, crashed: /crashed/i.test(line), inner: [], ...(title === undefined ? {} : { name: title }) };
}

/** `3   Shop   0x0000000104 Cart.charge() + 120 (Cart.swift:12)`; Swift 5.9: `0 charge() + 12 in shop at /src/cart.swift:3:5`. */
export function appleFrame(line: string): ParsedFrame | undefined {
  if (line.length > 3_000 || !/^\d/.test(line)) return undefined;
  const classic = /^\d{1,4} {1,8}(\S.{0,150}?)\s{1,60}(0x[0-9a-fA-F]{6,16})\s{1,8}(\S.{0,2000})$/.exec(line);
  if (classic !== null) {
    const [, image, address, rest] = classic as unknown as [string, string, string, string];
    return { ...symbol(rest), package: image.trim(), instructionAddr: address.toLowerCase() };
  }
  const swift = /^\d{1,4} (?:\[(?:ra|async|system|inlined|thunk)\] ){0,3}(?:0x[0-9a-f]{6,16} )?/.exec(line);
  const inAt = line.lastIndexOf(' in ');
  if (swift === null || inAt < 0 || !(line.includes(' + ', swift[0].length) || line.includes(' at ', inAt))) return undefined;
  const name = line.slice(swift[0].length, inAt).replace(/ \+ \d{1,9}$/, '');
  const [image, place] = line.slice(inAt + 4).split(' at ', 2) as [string, string | undefined];
  const at = place === undefined ? undefined : splitPlace(place.trim());
  if (place === undefined && !/^[\w.+-]{1,100}$/.test(image)) return undefined;
  return { function: name, package: image, ...(at === undefined ? {} : placed(at.path, at.line, at.column)) };
}

/** `-[Cart charge:] + 120 (Cart.m:12)`, `0x104000000 + 12345` when there are no symbols. */
function symbol(rest: string): ParsedFrame {
  let text = rest;
  let place: ParsedFrame = {};
  const file = text.endsWith(')') ? text.lastIndexOf(' (') : -1;
  if (file > 0) {
    const { path, line } = splitPlace(text.slice(file + 2, -1));
    if (line !== undefined) {
      place = placed(path, line, undefined);
      text = text.slice(0, file);
    }
  }
  text = text.replace(/ \+ (?:\d{1,12}|0x[0-9a-f]{1,12})$/, '');
  if (/^0x[0-9a-fA-F]{1,16}$/.test(text) || text === '???') return place;
  return { function: text, ...place };
}

function placed(path: string, line: number | undefined, column: number | undefined): ParsedFrame {
  const slash = path.lastIndexOf('/');
  return {
    filename: path.slice(slash + 1),
    ...(slash >= 0 ? { absPath: path } : {}),
    ...(line === undefined || line === 0 ? {} : { line }),
    ...(column === undefined || column === 0 ? {} : { column }),
  };
}

function reasonOf(lines: readonly string[]): { type?: string; value?: string } {
  const field = (name: string): string | undefined => {
    const line = lines.find((each) => each.startsWith(name));
    return line?.slice(name.length).trim();
  };
  for (const line of lines) {
    const objc = /uncaught exception '([\w.]{1,200})', reason: '(.{0,4000}?)'?$/.exec(line.slice(0, 4_300));
    if (objc !== null) return { type: objc[1] as string, value: objc[2] as string };
    const swift = /(?:^|: )(?:Swift runtime failure|Fatal error|Precondition failed|Assertion failed)(?:: (.{0,4000}))?$/.exec(
      line.slice(0, 4_300),
    );
    if (swift !== null) return { type: 'Fatal error', ...(swift[1] === undefined ? {} : { value: swift[1] }) };
    const program = /Program crashed: (.{1,500})$/.exec(line.slice(0, 600));
    if (program !== null) return { type: 'Crash', value: program[1] as string };
  }
  const type = field('Exception Type:');
  if (type === undefined) return {};
  const note = field('Application Specific Information:');
  const after = lines.findIndex((line) => line.startsWith('Application Specific Information:'));
  const value = messageOf([
    (note === undefined || note === '' ? (lines[after + 1] ?? '') : note) ||
      field('Exception Subtype:') ||
      field('Exception Codes:') ||
      field('Termination Reason:') ||
      '',
  ]);
  return {
    type: type.split(' ')[0] as string,
    ...(value === undefined
      ? {}
      : { value: after < 0 ? (field('Exception Subtype:') ?? field('Exception Codes:') ?? value) : value }),
  };
}
