import { file, isAbsolute, named, wasmFrame } from './javascript-file.ts';
import { isName, splitPlace, wholeNumber } from './text.ts';
import type { ParsedFrame } from './types.ts';

/**
 * A frame of Firefox or Safari: `f@http://…:1:2`, `@…`, `http://…:1:2` alone (Safari 7), `f@[native code]`, `f@a.js line 26 >
 * eval:2:96`. Null for one that names no place: `eval code`, `anonymous@`.
 */
export function geckoFrame(text: string): ParsedFrame | null | undefined {
  if (text.length > 6_000 || text.length < 3) return undefined;
  if (text === 'eval code' || text === 'global code' || text === 'module code') return null;
  const at = separator(text);
  if (at === undefined) return undefined;
  const name = at < 0 ? '' : text.slice(0, at);
  let place = at < 0 ? text : text.slice(at + 1);
  if (place === '') return name.endsWith(' code') || isName(name) ? null : undefined;
  // safari-extension:(//3284871F/commons.js:223:10)
  if (place.endsWith(')') && place.includes(':(//')) place = place.slice(0, -1).replace(':(//', '://');
  if (place === '[native code]' || place === '[wasm code]')
    return { ...named(name), filename: place, native: true, inApp: false };
  const wasm = wasmFrame(place);
  if (wasm !== undefined) return { ...wasm, ...named(name) };
  const evalAt = place.indexOf(' > ');
  if (evalAt > 0 && place.includes(' line ')) {
    const lineAt = place.indexOf(' line ');
    const line = wholeNumber(place.slice(lineAt + 6, evalAt));
    if (line !== undefined) return { ...named(name), ...file(place.slice(0, lineAt)), line };
  }
  // Hermes in its short form has byte code of one line: `onPress@1:557290`.
  if (/^1:\d{3,9}$/.test(place))
    return at > 0 && isName(name, '<>?') ? { function: name, line: 1, column: Number(place.slice(2)) } : undefined;
  if (at < 0 && text.endsWith(')')) return bareFrame(text);
  const { path, line, column } = splitPlace(place);
  if (line === undefined || path === '') return at < 0 ? phantomFrame(text) : undefined;
  if (!isPlace(path, column, at < 0)) return undefined;
  return { ...named(name), ...file(path), line, ...(column === undefined ? {} : { column }) };
}

/** Whether what stands before line and column may be a script's path or address. */
function isPlace(path: string, column: number | undefined, alone: boolean): boolean {
  // Node prints `/app/cart.js:6` above the source line of a crash: that is no frame. Safari 6 has no columns, but addresses.
  if (alone) return isScript(path) && (column !== undefined || (path.includes('://') && EXTENSION.test(path.slice(-200))));
  return isScript(path) || (column !== undefined && (!path.includes(' ') || path.endsWith(' code')));
}

const ADDRESS = /@(?:[a-z][a-z\d+.-]{1,40}:\(?\/\/|blob:|\/|[A-Z]:[\\/]|\[(?:native|wasm) code\]$)/iy;

/**
 * Position of the `@` between function and place, -1 if there is none, undefined if it cannot be told. Both may hold one
 * themselves: `node_modules/@babel/runtime/x.js/<@https://cdn.example/npm/@scope/pkg@1.2.3/index.js:5:44`, `obj["@fn"]@a.js:1:2`.
 */
function separator(text: string): number | undefined {
  const first = text.indexOf('@');
  if (first < 0) return -1;
  let from = first;
  // Functions of old Firefox list their arguments, which may hold anything.
  const paren = text.indexOf('(');
  if (paren >= 0 && paren < first && !text.slice(paren, first).includes(')')) {
    const close = text.indexOf(')@', first);
    if (close < 0) return undefined;
    from = close + 1;
  }
  for (let i = from; i >= 0; i = text.indexOf('@', i + 1)) {
    ADDRESS.lastIndex = i;
    if (ADDRESS.test(text)) return i;
  }
  if (from === first && text.slice(0, first).split('"').length % 2 === 0) {
    const quote = text.indexOf('"', first);
    const after = quote < 0 ? -1 : text.indexOf('@', quote + 1);
    return after < 0 ? undefined : after;
  }
  return from;
}

/** React Native on Android leaves out the `at`: `render(/home/me/app/Scene.js:78:24)`. */
function bareFrame(text: string): ParsedFrame | undefined {
  const open = text.indexOf('(');
  const { path, line, column } = splitPlace(text.slice(open + 1, -1));
  if (line === undefined || column === undefined || !isAbsolute(path) || !EXTENSION.test(path.slice(-200))) return undefined;
  const name = text.slice(0, open);
  return isName(name) ? { function: name, ...file(path), line, column } : undefined;
}

/** PhantomJS on the console: `phantomjs://code/run.js:17 in onError`. */
function phantomFrame(text: string): ParsedFrame | undefined {
  const inside = text.lastIndexOf(' in ');
  if (inside < 0 || !text.includes('://')) return undefined;
  const { path, line, column } = splitPlace(text.slice(0, inside));
  const name = text.slice(inside + 4);
  if (line === undefined || path.includes(' ') || !isScript(path) || !isName(name)) return undefined;
  return { function: name, ...file(path), line, ...(column === undefined ? {} : { column }) };
}

const EXTENSION = /\.(?:[cm]?[jt]sx?|jsbundle|bundle|html?|vue|svelte|wasm)(?:[?#]|$)/i;

/** A place that stands alone has to be a script or an address. */
function isScript(path: string): boolean {
  if (EXTENSION.test(path.slice(-200))) return isAbsolute(path) || !path.includes(' ');
  return /^(?:https?|file|webpack|webpack-internal|blob|app|capacitor|ionic|chrome|moz-extension|safari-extension|safari-web-extension|webkit-masked-url|user-script|resource|wasm|ng|async):/.test(
    path,
  );
}
