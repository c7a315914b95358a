/**
 * Of many anchored patterns only few can match a text that begins with a certain character: which ones is read from the
 * patterns themselves, once. A pattern whose beginning is not understood is tried on every text, so the answer is the same.
 */
export class ByFirstCharacter<T> {
  readonly #by: (readonly (readonly [RegExp, T])[])[] = [];
  readonly #all: readonly (readonly [RegExp, T])[];

  constructor(patterns: readonly (readonly [RegExp, T])[]) {
    this.#all = patterns;
    const firsts = patterns.map(([{ source, flags }]) => (flags.includes('i') ? undefined : beginnings(source)));
    for (let code = 0; code < 128; code++) {
      const c = String.fromCharCode(code);
      this.#by.push(patterns.filter((_, i) => firsts[i]?.has(c) !== false));
    }
  }

  /** The patterns that a text may match, in their order. */
  of(text: string): readonly (readonly [RegExp, T])[] {
    return this.#by[text.charCodeAt(0)] ?? this.#all;
  }
}

/** The characters that a match can begin with; undefined when that is not plain to see. */
function beginnings(source: string): Set<string> | undefined {
  const found = new Set<string>();
  for (const alternative of alternatives(source)) {
    if (!alternative.startsWith('^')) return undefined;
    if (!collect(alternative.slice(1), found)) return undefined;
  }
  return found;
}

function collect(part: string, found: Set<string>): boolean {
  if (part.startsWith('(?:')) {
    const end = closing(part);
    if (/^[?*{]/.test(part.slice(end + 1))) return false;
    return alternatives(part.slice(3, end)).every((alternative) => collect(alternative, found));
  }
  const m = /^(?:\\(?<escaped>.)|(?<plain>[^\\^$.*+?()[\]{}|]))(?<quantifier>\{\d*|[?*])?/su.exec(part);
  if (m?.groups === undefined) return false;
  const { escaped, plain, quantifier } = m.groups;
  if (quantifier !== undefined && !/^\{[1-9]/.test(quantifier)) return false;
  if (plain !== undefined) found.add(plain);
  else if (escaped === 's') for (const c of ' \t\n\v\f\r') found.add(c);
  else if (escaped === 'd') for (const c of '0123456789') found.add(c);
  else if (/\w/.test(escaped as string)) return false;
  else found.add(escaped as string);
  return true;
}

/** Parts between the bars that are in no group and no class. */
function alternatives(source: string): string[] {
  const parts: string[] = [];
  let from = 0;
  walk(source, (i, depth) => {
    if (source[i] === '|' && depth === 0) {
      parts.push(source.slice(from, i));
      from = i + 1;
    }
    return true;
  });
  return [...parts, source.slice(from)];
}

/** Where the group that a source begins with ends. */
function closing(source: string): number {
  let end = source.length;
  walk(source, (i, depth) => {
    if (source[i] !== ')' || depth !== 0) return true;
    end = i;
    return false;
  });
  return end;
}

/** Visits the characters that are not escaped and in no class, with the depth of groups around each. */
function walk(source: string, visit: (i: number, depth: number) => boolean): void {
  let depth = 0;
  let inClass = false;
  for (let i = 0; i < source.length; i++) {
    const c = source[i];
    if (c === '\\') i += 1;
    else if (inClass) inClass = c !== ']';
    else if (c === '[') inClass = true;
    else {
      if (c === ')') depth -= 1;
      if (!visit(i, depth)) return;
      if (c === '(') depth += 1;
    }
  }
}
