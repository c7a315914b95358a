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
  if (line.startsWith('Error thrown at line ') || line.startsWith('called from line ')) return operaCall(line);
  // Where the error object was made; its calls stand above.
  if (line.startsWith('Error created at ')) return null;
  if (line === '[native code]') return { filename: line, native: true, inApp: false };
  return geckoFrame(line);
}

/** A line that only a stack has: `at noon` may be a frame among others, but makes no trace. */
export function isLocated(raw: string): boolean {
  const frame = javascriptFrame(raw);
  return frame != null && (frame.filename !== undefined || frame.native === true || raw.includes('('));
}

/** Node ends the last frame of an inspected error with ` {`, and separates group members with a comma. */
function trimEnds(raw: string): string {
  let line = raw.trim();
  if (line.endsWith(' {')) line = line.slice(0, -2);
  else if (line.endsWith('],') || line.endsWith('),')) line = line.slice(0, -1);
  else if (line.endsWith(',') && /\d$/.test(line.slice(-3, -1))) line = line.slice(0, -1);
  return line;
}

function atFrame(text: string): ParsedFrame | null | undefined {
  if (text === '' || text.length > 6_000) return undefined;
  if (text === '<anonymous>' || text === 'native' || text === '[native code]') return null;
  const open = text.endsWith(')') ? opening(text) : unclosed(text);
  if (open < 0) return bare(text);
  return placed(text.slice(0, open).trim(), text.slice(open + 1, text.endsWith(')') ? -1 : undefined));
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

/** `wasm://wasm/0013a7a2:wasm-function[12]:0x1f3`: WebAssembly has offsets, no lines. */
function wasmFrame(text: string): ParsedFrame | undefined {
  const mark = text.indexOf(':wasm-function[');
  const address = mark < 0 ? -1 : text.indexOf(']:0x', mark);
  if (address < 0) return undefined;
  return {
    function: text.slice(mark + 1, address + 1),
    ...file(text.slice(0, mark)),
    instructionAddr: text.slice(address + 2, address + 22),
  };
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

/** Opera 9: `Line 27 of linked script http://path/to/file.js: In function run`. */
function operaFrame(text: string): ParsedFrame | undefined {
  const of = text.indexOf(' of ');
  const line = of < 0 ? undefined : wholeNumber(text.slice(5, of));
  const script = text.indexOf('script ', of);
  if (line === undefined || script < 0 || script > of + 30) return undefined;
  const rest = text.slice(script + 7);
  const inside = rest.indexOf(': In function ');
  return {
    ...(inside < 0 ? {} : { function: rest.slice(inside + 14) }),
    ...file(inside < 0 ? rest : rest.slice(0, inside)),
    line,
  };
}

/** Opera 10–12, `stacktrace`: `called from line 27, column 8 in <anonymous function: run>(ex) in http://path/to/file.js:`. */
function operaCall(text: string): ParsedFrame | undefined {
  const head = /^(?:Error thrown at|called from) line (\d{1,8}), column (\d{1,8}) in /.exec(text);
  const script = text.lastIndexOf(' in ');
  if (head === null || script < head[0].length || !text.endsWith(':')) return undefined;
  const name = text.slice(head[0].length, script);
  return { ...named(name), ...file(text.slice(script + 4, -1)), line: Number(head[1]), column: Number(head[2]) };
}

/** `f@http://…:1:2`, `@…`, `http://…:1:2` alone (Safari 7), `f@[native code]`, `f@a.js line 26 > eval:2:96`. */
function geckoFrame(text: string): ParsedFrame | null | undefined {
  if (text.length > 6_000 || text.length < 3) return undefined;
  const at = text.indexOf('@');
  let name = at < 0 ? '' : text.slice(0, at);
  let place = at < 0 ? text : text.slice(at + 1);
  // A key may hold an @ itself: obj["@fn"]@cart.js:10:29
  if (at >= 0 && name.split('"').length % 2 === 0) {
    const quoted = text.indexOf('@', text.indexOf('"', at) + 1);
    if (quoted < 0 || !text.includes('"', at)) return undefined;
    name = text.slice(0, quoted);
    place = text.slice(quoted + 1);
  }
  // Functions of old Firefox list their arguments, which may hold an @; so may object keys.
  if (at >= 0 && name.includes('(') && !name.includes(')')) {
    const close = text.indexOf(')@', at);
    if (close < 0) return undefined;
    name = text.slice(0, close + 1);
    place = text.slice(close + 2);
  }
  // safari-extension:(//3284871F/commons.js:223:10)
  if (place.endsWith(')') && place.includes(':(//')) place = place.slice(0, -1).replace(':(//', '://');
  if (place === '[native code]') return { ...named(name), filename: place, native: true, inApp: false };
  const evalAt = place.indexOf(' > ');
  if (evalAt > 0 && place.includes(' line ')) {
    const lineAt = place.indexOf(' line ');
    const line = wholeNumber(place.slice(lineAt + 6, evalAt));
    if (line !== undefined) return { ...named(name), ...file(place.slice(0, lineAt)), line };
  }
  const { path, line, column } = splitPlace(place);
  if (line === undefined || path === '') return undefined;
  // Node prints `/app/cart.js:6` above the source line of a crash: that is no frame, Safari's always has a column.
  if (
    at < 0
      ? column === undefined || !isScript(path)
      : !isScript(path) && (column === undefined || (path.includes(' ') && !path.endsWith(' code')))
  )
    return undefined;
  return { ...named(name), ...file(path), line, ...(column === undefined ? {} : { column }) };
}

/** A place that stands alone has to be a script or an address. */
function isScript(path: string): boolean {
  if (/\.(?:[cm]?[jt]sx?|jsbundle|bundle|html?|vue|svelte|wasm)(?:[?#]|$)/i.test(path.slice(-200)))
    return isAbsolute(path) || !path.includes(' ');
  return /^(?:https?|file|webpack|webpack-internal|blob|app|capacitor|ionic|chrome|moz-extension|safari-extension|safari-web-extension|resource|wasm|ng|async):/.test(
    path,
  );
}

function named(raw: string): { function?: string } {
  let name = raw.trim();
  const paren = name.startsWith('<anonymous function: ') ? -1 : name.indexOf('(');
  if (name.startsWith('<anonymous function: ')) name = name.slice(21, name.indexOf('>') < 0 ? undefined : name.indexOf('>'));
  else if (paren >= 0 && name.endsWith(')')) name = name.slice(0, paren);
  return name === '' ? {} : { function: name };
}

function file(raw: string): ParsedFrame {
  let path = raw.trim();
  if (path.startsWith('async ')) path = path.slice(6);
  if (path === '' || path === '<anonymous>') return {};
  const frame: ParsedFrame = { filename: path };
  if (isAbsolute(path)) frame.absPath = path;
  if (isRuntime(path)) frame.inApp = false;
  const module = moduleOf(path);
  if (module !== undefined) frame.module = module;
  return frame;
}

function isAbsolute(path: string): boolean {
  return path.startsWith('/') || /^[a-z][a-z-]{1,30}:\/\//i.test(path) || /^[A-Za-z]:[\\/]/.test(path);
}

/** Files of the runtime itself. */
export function isRuntime(path: string): boolean {
  return (
    path.startsWith('node:') ||
    path.startsWith('internal/') ||
    path.startsWith('ext:') ||
    path.startsWith('bun:') ||
    path === '[native code]'
  );
}

/** As the Node SDK names modules of packages: `…/node_modules/express/lib/router/index.js` → `express.lib.router:index`. */
function moduleOf(path: string): string | undefined {
  const at = path.lastIndexOf('/node_modules/');
  if (at < 0 || path.includes('://')) return undefined;
  const rest = path.slice(at + 14);
  const slash = rest.lastIndexOf('/');
  if (slash < 0) return undefined;
  const name = rest.slice(slash + 1).replace(/\.[cm]?js$/, '');
  return `${rest.slice(0, slash).replaceAll('/', '.')}:${name}`;
}
