import { file, named } from './javascript-file.ts';
import { wholeNumber } from './text.ts';
import type { ParsedFrame } from './types.ts';

/** Opera 9: `Line 27 of linked script http://path/to/file.js: In function run`, `Line 7 of inline#1 script in http://…`. */
export function operaFrame(text: string): ParsedFrame | undefined {
  const of = text.indexOf(' of ');
  const line = of < 0 ? undefined : wholeNumber(text.slice(5, of));
  const script = /^(?:[\w#]{1,20} ){1,3}script(?:$| (?:in )?)/.exec(text.slice(of + 4, of + 84));
  if (line === undefined || script === null) return undefined;
  const rest = text.slice(of + 4 + script[0].length);
  const inside = rest.indexOf(': In function ');
  return {
    ...(inside < 0 ? {} : { function: rest.slice(inside + 14) }),
    ...file(inside < 0 ? rest : rest.slice(0, inside)),
    line,
  };
}

const CALL = /^(?:Error thrown at|called (?:via [\w.]{1,80}\(\) )?from) line (\d{1,8}), column (\d{1,8}) in /;

/**
 * Opera 10–12, `stacktrace`: `called from line 27, column 8 in <anonymous function: run>(ex) in http://path/to/file.js:`; the
 * page itself has no function.
 */
export function operaCall(text: string): ParsedFrame | undefined {
  const head = CALL.exec(text);
  if (head === null || !text.endsWith(':')) return undefined;
  const script = text.lastIndexOf(' in ');
  const inside = script >= head[0].length;
  return {
    ...(inside ? named(text.slice(head[0].length, script)) : {}),
    ...file(text.slice(inside ? script + 4 : head[0].length, -1)),
    line: Number(head[1]),
    column: Number(head[2]),
  };
}

/** A line that may be one of Opera's. */
export function isOperaCall(line: string): boolean {
  return line.startsWith('Error thrown at line ') || (line.startsWith('called ') && line.includes('from line '));
}
