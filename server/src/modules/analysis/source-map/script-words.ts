/** Words before `(…) {` that make no function. */
export const CONTROL = new Set([
  'if',
  'for',
  'while',
  'switch',
  'catch',
  'with',
  'return',
  'typeof',
  'await',
  'yield',
  'do',
  'else',
  'throw',
]);
/** A line that begins with one of these begins a statement. */
export const STATEMENTS = new Set(
  'const let var function class export import return if for while throw try switch async interface type enum'.split(' '),
);
/** Before these a slash begins a regular expression, not a division. */
export const BEFORE_REGEX = new Set([
  'return',
  'typeof',
  'case',
  'in',
  'of',
  'delete',
  'void',
  'throw',
  'new',
  'else',
  'do',
  'await',
  'yield',
]);
/** A function handed to these and assigned is known by the variable: `const Cart = memo(() => …)`. */
export const WRAPPERS =
  /^(?:memo|forwardRef|observer|once|debounce|throttle|lazy|inject|asyncHandler|catchAsync|use[A-Z]\w*|with[A-Z]\w*|wrap[A-Z]?\w*|create[A-Z]\w*|define[A-Z]\w*)$/;
/** A character of a word. */
export const WORD = /[\w$#\u0080-\uffff]/;

/** A function and where it stands: offsets in the text. */
export interface Fn {
  start: number;
  end: number;
  name: string;
}

/** A bracket that is open. */
export interface Bracket {
  /** `(`, `[`, `{`, `$` for the braces of a template, `>` for the body of an arrow without braces. */
  open: string;
  at: number;
  fn?: Fn | undefined;
  /** Of a round one: the word before it, and where that begins. */
  callee?: string | undefined;
  calleeAt?: number | undefined;
  /** It holds the parameters of a `function`, whose name (if any) is `callee`. */
  isFunction?: boolean;
  /** What the whole is assigned to. */
  assignedTo?: string | undefined;
  /** Of a curly one: a class body's class. */
  className?: string | undefined;
}

/** Brackets that are open, the innermost last. Closing one that is not open must not look through all of them: they are counted. */
export class OpenBrackets {
  readonly all: Bracket[] = [];
  readonly #counts = new Map<string, number>();

  get top(): Bracket | undefined {
    return this.all.at(-1);
  }

  push(bracket: Bracket): void {
    this.all.push(bracket);
    this.#count(bracket, 1);
  }

  /** The innermost; there must be one. */
  pop(): Bracket {
    const bracket = this.all.pop()!;
    this.#count(bracket, -1);
    return bracket;
  }

  holds(open: string): boolean {
    return (this.#counts.get(open) ?? 0) > 0;
  }

  #count({ open }: Bracket, by: number): void {
    this.#counts.set(open, (this.#counts.get(open) ?? 0) + by);
  }
}

/** Offset behind the regular expression that begins at one; undefined when it does not end on its line. */
export function regexEnd(text: string, start: number): number | undefined {
  let inClass = false;
  for (let i = start + 1; i < text.length; i++) {
    const char = text[i]!;
    if (char === '\n') return undefined;
    if (char === '\\') i += 1;
    else if (char === '[') inClass = true;
    else if (char === ']') inClass = false;
    else if (char === '/' && !inClass) return i + 1;
  }
  return undefined;
}

/** Offset behind the string that begins at one; at the end of its line when it is not closed. */
export function stringEnd(text: string, start: number, quote: string): number {
  for (let i = start + 1; i < text.length; i++) {
    const char = text[i];
    if (char === '\\') i += 1;
    else if (char === '\n') return i;
    else if (char === quote) return i + 1;
  }
  return text.length;
}

/** Behind the comment that begins with the slash at `start`; undefined when none does. */
export function commentEnd(text: string, start: number): number | undefined {
  const next = text[start + 1];
  if (next !== '/' && next !== '*') return undefined;
  const end = next === '/' ? text.indexOf('\n', start) : text.indexOf('*/', start + 2);
  if (end < 0) return text.length;
  return next === '/' ? end : end + 2;
}

/** Behind the part of a template literal that goes on at `start`: its end, or the `${` that opens an expression. */
export function templatePart(text: string, start: number): { end: number; opens: boolean } {
  let at = start;
  for (; at < text.length; at++) {
    const char = text[at];
    if (char === '\\') at += 1;
    else if (char === '`') break;
    else if (char === '$' && text[at + 1] === '{') return { end: at + 2, opens: true };
  }
  return { end: at + 1, opens: false };
}
