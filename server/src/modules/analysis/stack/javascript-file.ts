import type { ParsedFrame } from './types.ts';

/** A script as the frame names it. */
export function file(raw: string): ParsedFrame {
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

/** A path from the root, an address, or a path of Windows. */
export function isAbsolute(path: string): boolean {
  return path.startsWith('/') || /^[a-z][a-z-]{1,30}:\/\//i.test(path) || /^[A-Za-z]:[\\/]/.test(path);
}

/** Files of the runtime itself. */
export function isRuntime(path: string): boolean {
  return (
    path.startsWith('node:') ||
    path.startsWith('internal/') ||
    path.startsWith('ext:') ||
    path.startsWith('bun:') ||
    path === 'self-hosted' ||
    path === '[wasm code]' ||
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

/** `wasm://wasm/0013a7a2:wasm-function[12]:0x1f3`: WebAssembly has offsets, no lines. */
export function wasmFrame(text: string): ParsedFrame | undefined {
  const mark = text.indexOf(':wasm-function[');
  const address = mark < 0 ? -1 : text.indexOf(']:0x', mark);
  if (address < 0) return undefined;
  return {
    function: text.slice(mark + 1, address + 1),
    ...file(text.slice(0, mark)),
    instructionAddr: text.slice(address + 2, address + 22),
  };
}

/** The function's name without the arguments that old browsers print; nothing if it has none. */
export function named(raw: string): { function?: string } {
  let name = raw.trim();
  const paren = name.startsWith('<anonymous function: ') ? -1 : name.indexOf('(');
  if (name.startsWith('<anonymous function: ')) name = name.slice(21, name.indexOf('>') < 0 ? undefined : name.indexOf('>'));
  else if (paren >= 0 && name.endsWith(')')) name = name.slice(0, paren);
  return name === '' ? {} : { function: name };
}
