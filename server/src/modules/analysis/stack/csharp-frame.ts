import { isName, openingOfLast, splitPlace, wholeNumber } from './text.ts';
import type { ParsedFrame } from './types.ts';

/**
 * `at Shop.Cart.Charge(String id) in C:\shop\Cart.cs:line 12`; Mono adds an offset (`[0x00007]`) and a bare line number.
 * Undefined if the line is no frame of .NET.
 */
export function csharpFrame(raw: string): ParsedFrame | undefined {
  let text = raw.trim();
  // The end of a member of an AggregateException stands on the line of its last frame.
  if (text.endsWith('<---')) text = text.slice(0, -4).trimEnd();
  if (text.length > 4_000) return undefined;
  if (!text.startsWith('at ')) return text.endsWith(')') && text.includes(' (at ') ? unityFrame(text) : localisedFrame(raw, text);
  let call = text.slice(3);
  const frame: ParsedFrame = {};
  const inAt = call.lastIndexOf(' in ');
  let sure = false;
  if (inAt > 0) {
    const file = call.slice(inAt + 4);
    const mark = file.lastIndexOf(':line ');
    const line = wholeNumber(mark < 0 ? file.slice(file.lastIndexOf(':') + 1).split(' ')[0] : file.slice(mark + 6));
    const path = mark < 0 ? file.slice(0, file.lastIndexOf(':')) : file.slice(0, mark);
    if (line === undefined || path === '') return undefined;
    if (!path.startsWith('<')) {
      frame.filename = path;
      frame.absPath = path;
      if (line > 0) frame.line = line;
    }
    call = call.slice(0, inAt).trimEnd();
    sure = true;
  }
  const native = / \+ 0x[0-9a-fA-F]{1,16}$/.exec(call);
  if (native !== null) call = call.slice(0, native.index);
  const offset = / \[0x[0-9a-fA-F]{1,8}\]$/.exec(call);
  if (offset !== null) call = call.slice(0, offset.index);
  if (!call.endsWith(')')) return sure && /^[\w.<>`+]+$/.test(call.slice(0, 500)) ? { ...method(call), ...frame } : undefined;
  const open = openingOfLast(call);
  if (open <= 0) return undefined;
  const parameters = call.slice(open + 1, -1);
  const name = call.slice(0, open).trimEnd();
  if (!isName(name, '<>`+[],|~@&* -=()')) return undefined;
  if (!sure && offset === null && native === null && !isParameters(parameters)) return undefined;
  if (!name.includes('.') && !sure && !name.startsWith('lambda_method')) return undefined;
  return { ...method(name), ...frame };
}

/** Empty, `String id, Int32& n`, `T item`: types before names. A place (`a.js:1:2`, `Cart.java:12`) is not one. */
function isParameters(text: string): boolean {
  if (text === '') return true;
  if (text.includes(':') || text.includes('/')) return false;
  return (
    text.includes(' ') &&
    /^[\w.$]/.test(text) &&
    !/^(?:Native Method|Unknown Source|native|index \d|unknown location|created by|anonymous function|address at)/.test(text)
  );
}

/** `Shop.Cart.<ChargeAsync>d__4.MoveNext` is Shop.Cart, ChargeAsync; a closure keeps the mark that the SDK gives it. */
function method(raw: string): ParsedFrame {
  let name = raw;
  const state = name.endsWith('.MoveNext') ? name.lastIndexOf('>d') : -1;
  const opened = state < 0 ? -1 : name.lastIndexOf('<', state);
  if (opened > 1) return { module: name.slice(0, opened - 1), function: name.slice(opened + 1, state) };
  const generic = name.endsWith(']') ? name.lastIndexOf('[') : -1;
  if (generic > 0) name = name.slice(0, generic);
  const last =
    name.endsWith('..ctor') || name.endsWith('..cctor') ? name.lastIndexOf('.', name.lastIndexOf('.') - 1) : lastDot(name);
  let module = last > 0 ? name.slice(0, last) : undefined;
  let fn = last > 0 ? name.slice(last + 1) : name;
  const closure = /^<([^<>]{1,200})>[bm]__/.exec(fn);
  if (closure !== null) fn = `${closure[1]} { <lambda> }`;
  if (module !== undefined) module = module.replace(/\.(<[^<>]{0,200}>c(?:__\w{1,60})?)$/, '+$1');
  return { ...(module === undefined ? {} : { module }), function: fn };
}

/** The dot before the method, outside of `<…>` and `[…]`. */
function lastDot(name: string): number {
  let depth = 0;
  for (let i = name.length - 1; i >= 0; i -= 1) {
    const c = name[i] as string;
    if (c === '>' || c === ']') depth += 1;
    else if (c === '<' || c === '[') depth -= 1;
    else if (c === '.' && depth === 0) return i;
  }
  return -1;
}

/** The word that the .NET Framework's translations have for `at`. */
const AT = new Set(['bei', 'à', 'en', 'em', 'in', 'w', 'v', 'в', 'vid', 'ved', 'bij', 'konum:', '場所', '在', '於', '위치:']);

/** `   bei Shop.Cart.Total(Int32 n) in C:\shop\Cart.cs:Zeile 31.`: the .NET Framework speaks the language of Windows. */
function localisedFrame(raw: string, text: string): ParsedFrame | undefined {
  const space = text.indexOf(' ');
  if (space < 0 || space > 7 || !raw.startsWith('   ') || !AT.has(text.slice(0, space))) return undefined;
  const frame: ParsedFrame = {};
  let call = text.slice(space + 1);
  const line = /:\s?\S{1,8} (\d{1,8})\.?$/.exec(call.slice(-24));
  if (line !== null) {
    const end = call.lastIndexOf(line[0]);
    const close = call.lastIndexOf(') ', end);
    const from = close < 0 ? -1 : close + 2 + call.slice(close + 2, close + 20).search(/[A-Za-z]:\\|\/|\\\\/);
    if (close < 0 || from < close + 2) return undefined;
    const path = call.slice(from, end).replace(/ içinde$/, '');
    Object.assign(frame, { filename: path, absPath: path, line: Number(line[1]) });
    call = call.slice(0, close + 1);
  }
  const open = call.endsWith(')') ? openingOfLast(call) : -1;
  if (open <= 0) return undefined;
  const name = call.slice(0, open);
  if (!name.includes('.') || !isName(name, '<>`+[],|~&*=') || !isParameters(call.slice(open + 1, -1))) return undefined;
  return { ...method(name), ...frame };
}

/** Unity's console: `Player.Update () (at Assets/Player.cs:31)`, `UnityEngine.Ui:Press(Int32) (at <3f2a>:0)`. */
function unityFrame(text: string): ParsedFrame | undefined {
  const at = text.lastIndexOf(' (at ');
  const call = text.slice(0, at);
  const open = call.endsWith(')') ? openingOfLast(call) : -1;
  if (open <= 0) return undefined;
  const { path, line, column } = splitPlace(text.slice(at + 5, -1));
  if (line === undefined || column !== undefined || !(path.endsWith('.cs') || path.startsWith('<'))) return undefined;
  const name = call.slice(0, open).trimEnd().replace(':', '.');
  if (!isName(name, '<>`+[],|~&*=/')) return undefined;
  return { ...method(name), ...(path.startsWith('<') ? {} : { filename: path, absPath: path, ...(line > 0 ? { line } : {}) }) };
}
