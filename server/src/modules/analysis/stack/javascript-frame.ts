import { file, wasmFrame } from './javascript-file.ts';
import { geckoFrame } from './javascript-gecko.ts';
import { isOperaCall, operaCall, operaFrame } from './javascript-opera.ts';
import { isName, openingOfLast, splitPlace, wholeNumber } from './text.ts';
import type { ParsedFrame } from './types.ts';

/**
 * One line of a JavaScript stack, any engine; undefined if it is none, null if it is one that names no place
 * (`at <anonymous>`). V8, old Edge and PhantomJS write `at f (place)`, Firefox and Safari `f@place`.
 */
export function javascriptFrame(raw: string): ParsedFrame | null | undefined {
  const line = trimEnds(raw);
  if (line.startsWith('at ')) return atFrame(line.slice(3).trim());
  if (line.startsWith('eval at ')) return atFrame(line);
  if (line.startsWith('in ')) return componentFrame(line.slice(3));
  if (line.startsWith('Line ')) return operaFrame(line);
  if (isOperaCall(line)) return operaCall(line);
  // Where the error object was made; its calls stand above.
  if (line.startsWith('Error created at ')) return null;
  if (line === '[native code]') return { filename: line, native: true, inApp: false };
  return geckoFrame(line);
}

/** A line that only a stack has: `at noon` may be a frame among others, but makes no trace. */
export function isLocated(raw: string): boolean {
  const frame = javascriptFrame(raw);
  return (
    frame != null && (frame.filename !== undefined || frame.native === true || frame.column !== undefined || raw.includes('('))
  );
}

/** Node ends the last frame of an inspected error with ` {`, and separates group members with a comma. */
function trimEnds(raw: string): string {
  let line = raw.trim();
  if (line.endsWith(' {')) line = line.slice(0, -2);
  else if (line.endsWith('],') || line.endsWith('),')) line = line.slice(0, -1);
  else if (line.endsWith(',') && /\d$/.test(line.slice(-3, -1))) line = line.slice(0, -1);
  // Duktape says behind a frame what kind of call it was.
  else if (line.endsWith('internal') || line.endsWith('preventsyield') || line.endsWith('strict'))
    line = line.replace(/\)(?: (?:light|native|strict|tailcall|construct|directeval|preventsyield|internal)){1,8}$/, ')');
  return line;
}

function atFrame(text: string): ParsedFrame | null | undefined {
  if (text === '' || text.length > 6_000) return undefined;
  if (text === '<anonymous>' || text === 'native' || text === '[native code]') return null;
  const open = text.endsWith(')') ? opening(text) : unclosed(text);
  if (open < 0) return bare(text);
  const name = text.slice(0, open).trim();
  const inner = text.slice(open + 1, text.endsWith(')') ? -1 : undefined);
  return placed(name, inner) ?? rhinoFrame(name, inner);
}

/** Rhino has the function behind the place: `at script.js:5 (check)`. */
function rhinoFrame(place: string, name: string): ParsedFrame | undefined {
  const { path, line, column } = splitPlace(place);
  if (line === undefined || column !== undefined || path.includes(' ') || !isName(name)) return undefined;
  return { function: name, ...file(path), line };
}

/** Start of the bracket that holds the place. A path may hold brackets itself: `Type.main(sample(copy).js:6:4)`. */
function opening(text: string): number {
  const last = openingOfLast(text);
  if (last >= 0) return last;
  return text.indexOf(' (');
}

/** A place whose closing bracket was cut off: `at new <anonymous> (http://www.example.com/test.js:2:1`. */
function unclosed(text: string): number {
  const at = text.indexOf(' (');
  return at > 0 && !text.includes(')', at) && splitPlace(text).line !== undefined ? at + 1 : -1;
}

function bare(text: string): ParsedFrame | undefined {
  const wasm = wasmFrame(text);
  if (wasm !== undefined) return wasm;
  const { path, line, column } = splitPlace(text);
  if (line === undefined) {
    // `at a_function_name`, and `at wasm-function[12]`.
    return isName(text.replace(/^(?:new|async) /, ''), '[]<>#/-') ? { function: text } : undefined;
  }
  if (path.includes(' ') && !/[\\/.]/.test(path)) return undefined;
  return { ...file(path), line, ...(column === undefined ? {} : { column }) };
}

function placed(name: string, inner: string): ParsedFrame | undefined {
  const frame: ParsedFrame = {};
  if (name !== '') frame.function = name.length > 1_000 ? name.slice(0, 1_000) : name;
  if (inner === 'native' || inner === '<native>' || inner === 'native code' || inner === '[native code]') {
    frame.native = true;
    frame.inApp = false;
    return frame;
  }
  if (inner === '<anonymous>' || inner === 'unknown location' || inner === 'unknown' || inner === 'unknown source') return frame;
  const wasm = wasmFrame(inner);
  if (wasm !== undefined) return { ...wasm, ...frame };
  // Promise.all (index 0)
  if (inner.startsWith('index ') && wholeNumber(inner.slice(6)) !== undefined) return { ...frame, inApp: false };
  if (name.startsWith('eval at ') || inner.startsWith('eval at '))
    return evaluated(frame, inner.startsWith('eval at ') ? inner : `${name} (${inner})`);
  const { path, line, column } = splitPlace(inner.startsWith('address at ') ? inner.slice(11) : inner);
  if (line === undefined) {
    if (path.includes('://') || path.startsWith('wasm:') || path.startsWith('node:')) return { ...frame, ...file(path) };
    // QuickJS knows no line of what it evaluates: `at <eval> (<evalScript>)`.
    if (/^<(?:eval\w{0,20}|input|code|cmdline|stdin)>$/i.test(path)) return { ...frame, ...file(path) };
    return undefined;
  }
  return { ...frame, ...file(path), line, ...(column === undefined ? {} : { column }) };
}

/** `eval at foo (eval at speak (http://…:21:17)), <anonymous>:1:30`: the place outside of all evals is one that can be opened. */
function evaluated(frame: ParsedFrame, text: string): ParsedFrame {
  const open = text.lastIndexOf('(');
  let end = text.indexOf(')', open);
  if (end < 0) end = text.length;
  const { path, line, column } = splitPlace(text.slice(open + 1, end));
  if (frame.function?.startsWith('eval at ')) frame.function = 'eval';
  if (line === undefined) return frame;
  return { ...frame, ...file(path), line, ...(column === undefined ? {} : { column }) };
}

/** React's component stacks: `in Cart (at App.js:10)`, `in div (created by Cart)`. */
function componentFrame(text: string): ParsedFrame | null | undefined {
  const open = text.indexOf(' (');
  const name = open < 0 ? text : text.slice(0, open);
  if (!isName(name, '()-') || name === '') return undefined;
  if (open < 0) return null;
  const inner = text.slice(open + 2, text.endsWith(')') ? -1 : undefined);
  if (inner.startsWith('created by ')) return null;
  const { path, line, column } = splitPlace(inner.startsWith('at ') ? inner.slice(3) : inner);
  if (line === undefined) return undefined;
  return { function: name, ...file(path), line, ...(column === undefined ? {} : { column }) };
}
