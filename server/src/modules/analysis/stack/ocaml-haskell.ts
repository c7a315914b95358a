import { messageOf, splitPlace, wholeNumber } from './text.ts';
import type { ParsedFrame, TraceDraft } from './types.ts';

/** OCaml: `Fatal error: exception Not_found` and its backtrace (OCAMLRUNPARAM=b, `Printexc.print_backtrace`). */
export function parseOcaml(lines: readonly string[]): TraceDraft | undefined {
  const start = lines.findIndex((line) => ocamlFrame(line) !== undefined);
  if (start < 0) return undefined;
  const inner: ParsedFrame[] = [];
  for (const line of lines.slice(start)) {
    const frame = ocamlFrame(line);
    // Where it was caught and raised again stands between the calls: the place it came from is told already.
    if (frame !== undefined && !(inner.length > 0 && line.trimStart().startsWith('Re-raised'))) inner.push(frame);
    else if (frame === undefined && !/^\s*(?:Called from unknown location|Re-raised at unknown location)?\s*$/.test(line)) break;
  }
  const above = lines.slice(0, start);
  const at = above.findLastIndex((line) => /(?:^|[ :])[Ee]xception:? /.test(line.slice(0, 300)));
  const text = messageOf(above.slice(Math.max(0, at)))?.replace(/^[\s\S]{0,300}?[Ee]xception:? /, '') ?? '';
  const head = /^([A-Z][\w.]{0,200})(?:\(([\s\S]*)\)|[ :]+([\s\S]+))?$/.exec(text);
  const value = head === null ? text : (head[2] ?? head[3] ?? '').replace(/^"([^"]*)"\.?$/, '$1').replace(/^\.$/, '');
  return {
    thrown: {
      ...(head === null ? {} : { type: head[1] as string }),
      ...(value === '' ? {} : { value }),
      frames: inner.reverse(),
      children: [],
    },
    unhandled: above.some((line) => line.includes('Fatal error: exception ')),
  };
}

const OCAML =
  /^(?:Raised at|Raised by primitive operation at|Called from|Re-raised at) (?:(\S{1,300}) in )?file "([^"]{1,500})"(?: \(inlined\))?, lines? (\d{1,8})(?:-\d{1,8})?(?:, characters? (\d{1,8}))?/;

/** `Called from Cart.total in file "bin/cart.ml", line 12, characters 4-20`; old versions name no function. */
export function ocamlFrame(raw: string): ParsedFrame | undefined {
  const found = OCAML.exec(raw.trim().slice(0, 1_200));
  if (found === null) return undefined;
  const name = found[1];
  const dot = name?.lastIndexOf('.') ?? -1;
  return {
    ...(name === undefined ? {} : dot > 0 ? { module: name.slice(0, dot), function: name.slice(dot + 1) } : { function: name }),
    filename: found[2] as string,
    line: Number(found[3]),
    ...(found[4] === undefined ? {} : { column: Number(found[4]) + 1 }),
    ...(name?.startsWith('Stdlib') === true ? { inApp: false } : {}),
  };
}

const CALL_STACK = /^(?:CallStack \(from [\w -]{1,30}\):|HasCallStack backtrace:|Cost Centre stack backtrace:)$/;

/** Whether a line stands above a call stack of Haskell. */
export function isHaskellMarker(line: string): boolean {
  return CALL_STACK.test(line.slice(0, 60));
}

/**
 * Haskell: the program's name and the error, `CallStack (from HasCallStack):` and its calls. A line tells where a function
 * *was called*: the place belongs to the function of the next line.
 */
export function parseHaskell(lines: readonly string[]): TraceDraft | undefined {
  const mark = lines.findIndex((line) => isHaskellMarker(line.trim()));
  if (mark < 0) return undefined;
  const inner: ParsedFrame[] = [];
  let first: string | undefined;
  for (const line of lines.slice(mark + 1)) {
    const call = haskellCall(line);
    if (call === undefined) break;
    const before = inner.at(-1);
    if (before === undefined) first = call.name;
    else before.function = call.name;
    inner.push(call.frame);
  }
  if (inner.length === 0) return undefined;
  const text = messageOf(lines.slice(0, mark)) ?? '';
  const uncaught = /^(?:\S{1,200}: )?Uncaught exception (\S{1,300}):\s{1,4}/.exec(text.slice(0, 600));
  const value = text.slice(uncaught?.[0].length ?? 0).replace(/^[\w.-]{1,100}: (?=\S)/, uncaught === null ? '' : '$&');
  const type = uncaught?.[1]?.split(/[:.]/).at(-1) ?? (first === 'error' || first === 'errorEmptyList' ? 'ErrorCall' : undefined);
  return {
    thrown: {
      ...(type === undefined ? {} : { type }),
      ...(value === '' ? {} : { value }),
      frames: inner.reverse(),
      children: [],
    },
  };
}

/** `  total, called at src/Cart.hs:12:9 in shop-0.1:Cart`. */
function haskellCall(raw: string): { name: string; frame: ParsedFrame } | undefined {
  const found = /^(\S{1,200}), called at (\S{1,500}) in (\S{1,300})$/.exec(raw.trim().slice(0, 1_100));
  if (found === null) return undefined;
  const { path, line, column } = splitPlace(found[2] as string);
  if (line === undefined || wholeNumber(String(line)) === undefined) return undefined;
  const [owner, module] = (found[3] as string).split(':', 2) as [string, string?];
  return {
    name: found[1] as string,
    frame: {
      ...(module === undefined ? {} : { module, package: owner }),
      filename: path,
      line,
      ...(column === undefined ? {} : { column }),
      ...(owner === 'base' || owner.startsWith('ghc-') || path.startsWith('libraries/') ? { inApp: false } : {}),
    },
  };
}
