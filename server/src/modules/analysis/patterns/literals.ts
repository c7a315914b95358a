import { endOfClass } from './expression-cost.ts';

/** Texts of which every match of an expression holds at least one; `fold`: in any case of letters. */
export interface RequiredLiterals {
  readonly texts: readonly string[];
  readonly fold: boolean;
}

/** What is known of a part: all the texts it can match, when they are few; else texts of which it holds one. */
interface Known {
  readonly exact: readonly string[] | null;
  readonly required: readonly string[] | null;
  /** Texts of which one begins it, and one ends it; for a part that is not exact. They let literals join across groups. */
  readonly start: readonly string[] | null;
  readonly end: readonly string[] | null;
}

const exactly = (exact: readonly string[]): Known => ({ exact, required: null, start: exact, end: exact });
const ANYTHING: Known = { exact: null, required: null, start: null, end: null };
const EMPTY = exactly(['']);
/** More alternatives than this are looked for one by one elsewhere. */
const MOST = 24;
const LONGEST = 40;

/**
 * What a line must hold for an expression (RE2 syntax, known to compile) to match, found by reading it once; null when
 * nothing can be said. Never says too much: what it does not understand counts as "anything". After Google RE2's
 * prefilter (re2/prefilter.cc), with literals joined across groups.
 */
export function requiredLiterals(expression: string, ignoreCase: boolean): RequiredLiterals | null {
  const reader = new Reader(expression);
  const required = demanded(reader.alternation());
  if (required === null || required.every((text) => text.length < 2)) return null;
  return { texts: [...new Set(required)], fold: ignoreCase || reader.fold };
}

/** The texts that a part demands; null when it may match without any. */
const demanded = ({ exact, required }: Known): readonly string[] | null =>
  required ?? (exact !== null && !exact.includes('') ? exact : null);

/** How much a set of texts tells: long ones, few, and with letters or digits rather than the signs of every line. */
const worth = (texts: readonly string[]) =>
  Math.min(12, ...texts.map((text) => text.length)) -
  texts.length / 8 +
  (texts.every((text) => /[\p{L}\p{N}]/u.test(text)) ? 2 : 0);

class Reader {
  readonly #text: string;
  #at = 0;
  /** Somewhere letters match in any case. */
  fold = false;

  constructor(text: string) {
    this.#text = text;
  }

  alternation(): Known {
    const branches = [this.#sequence()];
    while (this.#text[this.#at] === '|') {
      this.#at++;
      branches.push(this.#sequence());
    }
    if (branches.length === 1) return branches[0]!;
    const exact = together(branches.map((branch) => branch.exact));
    if (exact !== null) return exactly(exact);
    return {
      exact: null,
      required: together(branches.map(demanded), 2 * MOST),
      start: together(branches.map(({ start }) => start)),
      end: together(branches.map(({ end }) => end)),
    };
  }

  #sequence(): Known {
    let run: readonly string[] = [''];
    let best: readonly string[] | null = null;
    let start: readonly string[] | null = null;
    let whole = true;
    const consider = (texts: readonly string[] | null) => {
      if (texts === null || texts.includes('')) return;
      if (best === null || worth(texts) > worth(best)) best = texts;
    };
    while (this.#at < this.#text.length && this.#text[this.#at] !== '|' && this.#text[this.#at] !== ')') {
      const part = this.#repeated();
      const joined = part.exact === null ? null : cross(run, part.exact);
      if (joined !== null) {
        run = joined;
        continue;
      }
      const reach = (part.start && cross(run, part.start)) ?? run;
      consider(reach);
      start ??= reach;
      whole = false;
      consider(part.required);
      run = part.end ?? [''];
    }
    if (whole) return exactly(run);
    consider(run);
    return { exact: null, required: best, start, end: run };
  }

  #repeated(): Known {
    let part = this.#atom();
    for (;;) {
      const times = this.#times();
      if (times === null) return part;
      const [least, most] = times;
      if (least === 0 && most === 1) part = part.exact === null ? ANYTHING : exactly(['', ...part.exact]);
      else if (least === 0) part = ANYTHING;
      else if (least === most && part.exact !== null) part = repeat(part, least);
      else part = { ...part, exact: null, required: demanded(part) };
      if (this.#text[this.#at] === '?') this.#at++; // as few as possible: matches the same texts
    }
  }

  /** The repetition that stands here, as [least, most]; null when there is none. */
  #times(): [number, number] | null {
    const char = this.#text[this.#at];
    if (char === '*' || char === '+' || char === '?') {
      this.#at++;
      return [char === '+' ? 1 : 0, char === '?' ? 1 : Number.POSITIVE_INFINITY];
    }
    if (char !== '{') return null;
    const found = /^\{(\d+)(,)?(\d*)\}/.exec(this.#text.slice(this.#at, this.#at + 12));
    if (found === null) return null;
    this.#at += found[0].length;
    const least = Number(found[1]);
    return [least, found[2] === undefined ? least : found[3] === '' ? Number.POSITIVE_INFINITY : Number(found[3])];
  }

  #atom(): Known {
    const char = this.#text[this.#at]!;
    if (char === '(') return this.#group();
    if (char === '[') return this.#class();
    if (char === '\\') return this.#escape();
    const code = this.#text.codePointAt(this.#at)!;
    const one = String.fromCodePoint(code);
    this.#at += one.length;
    if (char === '^' || char === '$') return EMPTY;
    return char === '.' ? ANYTHING : exactly([one]);
  }

  #group(): Known {
    this.#at++;
    const head = /^\?(?:P?<[^>]*>|([a-zA-Z-]*)([:)]))/.exec(this.#text.slice(this.#at, this.#at + 100));
    if (head !== null) {
      this.#at += head[0].length;
      if (head[1]?.includes('i')) this.fold = true;
      if (head[2] === ')') return EMPTY; // flags for what follows
    }
    const inner = this.alternation();
    this.#at++; // the closing one: the expression compiles
    return inner;
  }

  /** Few plain characters are alternatives; everything else is anything. */
  #class(): Known {
    const end = endOfClass(this.#text, this.#at);
    const inside = this.#text.slice(this.#at + 1, end);
    this.#at = end + 1;
    const plain = inside.length <= 4 && /^[\w /:.=,;#"'<>]+$/.test(inside);
    return plain ? exactly([...inside]) : ANYTHING;
  }

  #escape(): Known {
    const next = this.#text[this.#at + 1] ?? '';
    if (next === 'Q') {
      const end = this.#text.indexOf('\\E', this.#at + 2);
      const quoted = this.#text.slice(this.#at + 2, end < 0 ? undefined : end);
      this.#at = end < 0 ? this.#text.length : end + 2;
      // A repetition behind it would be of its last character only.
      return quoted.length < 2 ? ANYTHING : { ...ANYTHING, required: [quoted.slice(0, -1)] };
    }
    const coded = /^\\(?:[pP]\{[^}]*\}|[pP].|x\{[^}]*\}|x..|[0-7]{1,3})/.exec(this.#text.slice(this.#at, this.#at + 60));
    if (coded !== null) {
      this.#at += coded[0].length;
      return ANYTHING;
    }
    this.#at += 2;
    if ('bBAz'.includes(next)) return EMPTY;
    if (next === 't') return exactly(['\t']);
    // Letters are classes and controls; anything else stands for itself.
    return /[A-Za-z0-9]/.test(next) ? ANYTHING : exactly([next]);
  }
}

/** Every text of one followed by every text of the other; null when that is too many, or too long. */
function cross(left: readonly string[], right: readonly string[]): readonly string[] | null {
  if (left.length * right.length > MOST) return null;
  const joined = left.flatMap((start) => right.map((end) => start + end));
  return joined.some((text) => text.length > LONGEST) ? null : joined;
}

/** All texts of some branches; null when one has none to give, or they are too many. */
function together(branches: readonly (readonly string[] | null)[], most = MOST): readonly string[] | null {
  if (branches.includes(null)) return null;
  const texts = branches.flatMap((branch) => branch ?? []);
  return texts.length <= most ? texts : null;
}

function repeat(part: Known, times: number): Known {
  let run: readonly string[] | null = [''];
  for (let i = 0; i < times && run !== null; i++) run = cross(run, part.exact!);
  return run === null ? { ...part, exact: null, required: demanded(part) } : exactly(run);
}
