import { headerAt } from './header.ts';
import { messageOf, splitPlace, wholeNumber } from './text.ts';
import type { ParsedFrame, TraceDraft } from './types.ts';

/** PowerShell: an error record as the console shows it (both views), and `ScriptStackTrace`. */
export function parsePowershell(lines: readonly string[]): TraceDraft | undefined {
  const concise = lines.findIndex((line) => line.trim() === 'Line |');
  if (concise > 0) return conciseView(lines, concise);
  const inner: ParsedFrame[] = [];
  const message: string[] = [];
  let id: string | undefined;
  let category: string | undefined;
  for (const raw of lines) {
    const line = raw.trim();
    const frame = powershellFrame(line);
    if (frame !== undefined) {
      // The position of the error is repeated as the first line of its stack.
      const top = inner.at(-1);
      if (top !== undefined && top.function === undefined && top.line === frame.line && top.filename === frame.filename)
        inner.pop();
      inner.push(frame);
    } else if (line.startsWith('+ FullyQualifiedErrorId')) id = line.slice(line.indexOf(':') + 1).trim();
    else if (line.startsWith('+ CategoryInfo')) category = /, (\w{1,150})$/.exec(line)?.[1];
    else if (inner.length > 0 && line.startsWith('+ ') && !line.includes('~')) {
      const top = inner.at(-1) as ParsedFrame;
      top.context ??= line.slice(2).trim();
    } else if (inner.length === 0) message.push(raw);
  }
  if (inner.length === 0) return undefined;
  const value = messageOf(message);
  const header = value === undefined ? undefined : headerAt(value.split('\n', 1)[0] as string);
  const type = category ?? header?.type ?? id?.split(',')[0];
  return {
    thrown: {
      ...(type === undefined ? {} : { type }),
      ...(value === undefined ? {} : { value }),
      frames: inner.reverse(),
      children: [],
    },
  };
}

/**
 * The view of PowerShell 7: `Get-Content: /srv/run.ps1:3`, `Line |`, the source line behind its number and a bar, marks, and
 * the message behind bars.
 */
function conciseView(lines: readonly string[], at: number): TraceDraft | undefined {
  const head = /^(.{1,200}?): (.{1,500}):(\d{1,7})$/.exec((lines[at - 1] as string).trim().slice(0, 800));
  if (head === null) return undefined;
  const frame: ParsedFrame = { ...script(head[2] as string), line: Number(head[3]) };
  const message: string[] = [];
  for (const raw of lines.slice(at + 1)) {
    const line = /^\s{0,10}(\d{1,7})? {0,4}\|(.*)$/.exec(raw.slice(0, 4_000));
    if (line === null) break;
    const text = (line[2] as string).trim();
    if (line[1] !== undefined) frame.context ??= text;
    else if (!/^~+$/.test(text)) message.push(text);
  }
  const value = messageOf(message);
  return { thrown: { type: head[1] as string, ...(value === undefined ? {} : { value }), frames: [frame], children: [] } };
}

/** `At C:\shop.ps1:12 char:5`, `at Get-Cart, C:\shop.ps1: line 12`. */
export function powershellFrame(line: string): ParsedFrame | undefined {
  if (line.length > 2_000) return undefined;
  const place = /^At (.{1,500}):(\d{1,7}) char:(\d{1,6})$/.exec(line);
  if (place !== null) return { ...script(place[1] as string), line: Number(place[2]), column: Number(place[3]) };
  const call = /^at ([^,]{1,300}), (.{1,500}): line (\d{1,7})$/.exec(line);
  if (call === null) return undefined;
  return { function: call[1] as string, ...script(call[2] as string), line: Number(call[3]) };
}

function script(path: string): ParsedFrame {
  return path === 'line' || path === '<No file>' ? { filename: '<No file>' } : { filename: path, absPath: path };
}

/** Perl: `message at cart.pl line 12.` and Carp's `main::pay(1) called at shop.pl line 3`. */
export function parsePerl(lines: readonly string[]): TraceDraft | undefined {
  const start = lines.findIndex((line) => perlPlace(line) !== undefined);
  if (start < 0) return undefined;
  const first = perlPlace(lines[start] as string) as PerlPlace;
  if (first.called) return undefined;
  let place: ParsedFrame = first.frame;
  const inner: ParsedFrame[] = [];
  for (const line of lines.slice(start + 1)) {
    const next = perlPlace(line);
    if (next === undefined || !next.called) break;
    // Carp tells the caller's place with what it called: the function belongs to the place before.
    inner.push({ ...place, ...qualified(next.text) });
    place = next.frame;
  }
  inner.push({ ...place, function: 'main' });
  const value = messageOf([...lines.slice(0, start), first.text]);
  return { thrown: { type: 'Died', ...(value === undefined ? {} : { value }), frames: inner.reverse(), children: [] } };
}

interface PerlPlace {
  text: string;
  called: boolean;
  frame: ParsedFrame;
}

/** A line that ends with ` at FILE line N`; the file has to look like Perl's. */
export function perlPlace(raw: string): PerlPlace | undefined {
  const text = raw.trim();
  if (text.length > 6_000) return undefined;
  const lineAt = text.lastIndexOf(' line ');
  const number = lineAt < 0 ? undefined : wholeNumber(/^\d{1,8}/.exec(text.slice(lineAt + 6))?.[0]);
  if (number === undefined) return undefined;
  const tail = text.slice(lineAt + 6 + String(number).length);
  if (tail.startsWith(',') || tail.startsWith('.')) {
    // `at x.pl line 3, <STDIN> line 5.`: the last one counts input lines.
    const input = text.lastIndexOf(' line ', lineAt - 1);
    if (text[lineAt - 1] === '>' && input > 0) return perlPlace(text.slice(0, text.indexOf(',', input)));
  }
  const at = text.lastIndexOf(' at ', lineAt);
  if (at <= 0) return undefined;
  const path = text.slice(at + 4, lineAt);
  if (!/(?:\.(?:p[lm]|t|cgi|psgi|fcgi)|^-e|^\(eval \d{1,6}\))$/.test(path.slice(-200)) || tail.length > 200) return undefined;
  const called = text.endsWith(` line ${number}`) && text.slice(0, at).endsWith(' called');
  return {
    text: called ? text.slice(0, at - 7) : text.slice(0, at),
    called,
    frame: { filename: path, absPath: path, line: number },
  };
}

function qualified(call: string): ParsedFrame {
  const open = call.indexOf('(');
  const name = open < 0 ? call : call.slice(0, open);
  const at = name.lastIndexOf('::');
  return at < 0 ? { function: name } : { module: name.slice(0, at), function: name.slice(at + 2) };
}

/** Lua: `lua: cart.lua:3: message`, `stack traceback:` and its frames. */
export function parseLua(lines: readonly string[]): TraceDraft | undefined {
  const start = lines.findIndex((line) => line.trim() === 'stack traceback:');
  if (start < 0) return undefined;
  const inner: ParsedFrame[] = [];
  for (const line of lines.slice(start + 1)) {
    if (/^\s*coroutine \d{1,6}:$/.test(line.slice(0, 60))) continue;
    const frame = luaFrame(line);
    if (frame === undefined) break;
    inner.push(frame);
  }
  const text = messageOf(lines.slice(0, start));
  const at = text?.indexOf('runtime error: ') ?? -1;
  const value = (at < 0 ? text : text?.slice(at + 15))
    ?.replace(/^(?:lua(?:jit)?[\d.]{0,6}|\S{1,100}\.lua): (?=\S)/, '')
    .replace(/^\S{1,300}:\d{1,8}: /, '');
  return { thrown: { type: 'error', ...(value === undefined ? {} : { value }), frames: inner.reverse(), children: [] } };
}

/** `cart.lua:3: in function 'pay'`, `[C]: in ?`, `cart.lua:7: in main chunk`. */
export function luaFrame(raw: string): ParsedFrame | undefined {
  const line = raw.trim();
  const mark = line.indexOf(': in ');
  if (mark <= 0 || line.length > 1_000) return undefined;
  const { path, line: number } = splitPlace(line.slice(0, mark));
  const name =
    /^(?:(?:upvalue|local|method|field|global|function) )?(?:function )?['<]([^'>]{1,200})['>]/.exec(line.slice(mark + 5))?.[1] ??
    (line.slice(mark + 5).split(',', 1)[0] as string);
  if (path === '[C]') return { ...(name === '?' ? {} : { function: name }), filename: '[C]', native: true, inApp: false };
  // OpenResty leaves out the line of some functions.
  if (number === undefined && path.endsWith('.lua') && !path.includes(' '))
    return { ...(name === '?' ? {} : { function: name }), filename: path };
  return number === undefined ? undefined : { ...(name === '?' ? {} : { function: name }), filename: path, line: number };
}
