/**
 * Which function stands around a place of a source text: JavaScript, TypeScript, JSX, and near enough for what is compiled
 * to it. A reader of brackets and a few words, not a parser: it has to cope with any dialect, with half a file and with
 * nonsense, in one pass. Where it errs, it names a neighbour or nobody.
 */

import {
  BEFORE_REGEX,
  type Bracket,
  CONTROL,
  commentEnd,
  type Fn,
  OpenBrackets,
  regexEnd,
  STATEMENTS,
  stringEnd,
  templatePart,
  WORD,
  WRAPPERS,
} from './script-words.ts';

const ANONYMOUS = '<anonymous>';
const MAX_FUNCTIONS = 50_000;

/** Reads the functions of a text: see above. Use once. */
export class ScopeReader {
  readonly text: string;
  readonly functions: Fn[] = [];
  readonly #stack = new OpenBrackets();
  /** Up to here no regular expression ends: said once for a line, not at each of its slashes. */
  #noRegexBefore = 0;
  #at = 0;
  /** The token before: a word, or one character of punctuation (`a` for `=>`). */
  #prev = '';
  #prevIsWord = false;
  #prevAt = 0;
  /** Two tokens before. */
  #before = '';
  /** Name to the left of `=` or `:`, for what follows directly. */
  #assigned: string | undefined;
  /** The same for a word that follows: `x` in `name = x => …`, `memo` in `name = memo(…)`. */
  #wordAssigned: string | undefined;
  /** The variable or member a type annotation belongs to. */
  #declared: string | undefined;
  #function: { at: number; name: string | undefined; assigned: string | undefined } | undefined;
  #class: { name: string | undefined } | undefined;
  #generic: { name: string; at: number; assigned: string | undefined } | undefined;
  /** Parameters that were closed just now, or whose return type is being read. */
  #closed: Bracket | undefined;
  #returning: Bracket | undefined;
  /** An arrow whose body begins with the next token. */
  #arrow: Fn | undefined;
  #lineBegun = true;

  constructor(text: string) {
    this.text = text;
  }

  read(): Fn[] {
    const { text } = this;
    while (this.#at < text.length && this.functions.length < MAX_FUNCTIONS) {
      const char = text[this.#at]!;
      if (char === '\n') {
        this.#lineBegun = true;
        this.#at += 1;
      } else if (char <= ' ') this.#at += 1;
      else if (char === '/' && this.#slash()) continue;
      else if (char === '"' || char === "'") this.#string(char);
      else if (char === '`') {
        this.#at += 1;
        this.#beginValue();
        this.#template();
      } else if (WORD.test(char)) this.#word();
      else this.#punctuation(char);
    }
    for (const bracket of this.#stack.all) if (bracket.fn) bracket.fn.end = text.length;
    return this.functions;
  }

  /** A comment or regular expression; false for a division. */
  #slash(): boolean {
    const { text } = this;
    const behind = commentEnd(text, this.#at);
    if (behind !== undefined) {
      this.#at = behind;
      return true;
    }
    const value = this.#prevIsWord ? !BEFORE_REGEX.has(this.#prev) : /[)\]}"<]/.test(this.#prev);
    if (value) return false;
    if (this.#at < this.#noRegexBefore) return false;
    const end = regexEnd(text, this.#at);
    if (end === undefined) {
      const newline = text.indexOf('\n', this.#at);
      this.#noRegexBefore = newline < 0 ? text.length : newline;
      return false;
    }
    this.#beginValue();
    this.#at = end;
    this.#token('"', false, end);
    return true;
  }

  #string(quote: string): void {
    this.#beginValue();
    const start = this.#at;
    this.#at = stringEnd(this.text, start, quote);
    // A quoted member: 'save': () => …
    this.#token('"', false, start);
  }

  /** Goes on inside a template literal, up to its end or the next `${`. */
  #template(): void {
    const { end, opens } = templatePart(this.text, this.#at);
    if (opens) this.#stack.push({ open: '$', at: end - 2 });
    this.#at = end;
    this.#token(opens ? '{' : '"', false, end);
  }

  #word(): void {
    const start = this.#at;
    let end = start + 1;
    while (end < this.text.length && WORD.test(this.text[end]!)) end += 1;
    const word = this.text.slice(start, end);
    this.#at = end;
    if (this.#lineBegun && STATEMENTS.has(word) && this.#prev !== '.') this.#endArrows();
    this.#lineBegun = false;
    this.#beginValue();
    const assigned = this.#assigned;
    if (word === 'function' && this.#prev !== '.') {
      this.#function = { at: start, name: undefined, assigned };
      this.#assigned = undefined;
    } else if (word === 'class' && this.#prev !== '.') {
      this.#class = { name: assigned };
      this.#assigned = undefined;
    } else if (word === 'async') {
      // What it is assigned to is still to come.
    } else {
      if (this.#function !== undefined && this.#function.name === undefined) this.#function.name = word;
      if (this.#class !== undefined && this.#prev === 'class' && word !== 'extends' && word !== 'implements')
        this.#class.name = word;
      this.#wordAssigned = assigned;
      this.#assigned = undefined;
    }
    this.#token(word, true, start);
  }

  #punctuation(char: string): void {
    const start = this.#at;
    const next = this.text[start + 1];
    this.#at += 1;
    this.#lineBegun = false;
    if (char === '=' && next === '>') {
      this.#at += 1;
      this.#openArrow();
      this.#token('a', false, start);
      return;
    }
    if (char !== '{') this.#beginValue();
    switch (char) {
      case '(':
        this.#openRound(start);
        break;
      case '[':
        this.#stack.push({ open: '[', at: start });
        this.#assigned = undefined;
        break;
      case '{':
        this.#openCurly(start);
        break;
      case ')':
      case ']':
      case '}':
        if (this.#close(char)) return;
        break;
      case ',':
      case ';':
        this.#endArrows();
        this.#assigned = undefined;
        if (char === ';') this.#declared = undefined;
        if (this.#returning !== undefined && (char === ';' || this.#generic === undefined)) this.#returning = undefined;
        break;
      case '=':
        this.#equals(next);
        break;
      case ':':
        this.#colon();
        break;
      case '<':
        if (this.#prevIsWord) this.#generic = { name: this.#prev, at: this.#prevAt, assigned: this.#wordAssigned };
        break;
    }
    this.#token(char, false, start);
  }

  #equals(next: string | undefined): void {
    if (next === '=') {
      while (this.text[this.#at] === '=') this.#at += 1;
      this.#assigned = undefined;
      return;
    }
    if (/[!<>]/.test(this.#prev) && this.#prevAt === this.#at - 2) return; // !=, <=, >=
    this.#assigned = this.#declared ?? (this.#prevIsWord ? this.#prev : undefined);
    this.#declared = undefined;
  }

  /** The type of a variable, parameter or result, or the name of a member. */
  #colon(): void {
    if (this.#prev === ')') {
      this.#returning = this.#closed;
      return;
    }
    const name = this.#prevIsWord ? this.#prev : this.#quotedBefore();
    if (name === undefined) return;
    const inside = this.#stack.top;
    if (inside?.open === '{' && inside.className === undefined && !/^(?:const|let|var)$/.test(this.#before))
      this.#assigned = name;
    else if (inside?.open !== '(') this.#declared = name;
  }

  #quotedBefore(): string | undefined {
    if (this.#prev !== '"') return undefined;
    const text = this.text.slice(this.#prevAt, this.#prevAt + 80);
    return /^["']([\w$ .-]{1,60})["']/.exec(text)?.[1];
  }

  #openRound(start: number): void {
    const bracket: Bracket = { open: '(', at: start };
    if (this.#function !== undefined) {
      bracket.isFunction = true;
      bracket.callee = this.#function.name;
      bracket.calleeAt = this.#function.at;
      bracket.assignedTo = this.#function.assigned;
      this.#function = undefined;
    } else if (this.#prevIsWord && this.#prev !== 'async') {
      bracket.callee = this.#prev;
      bracket.calleeAt = this.#prevAt;
      bracket.assignedTo = this.#wordAssigned;
    } else if (this.#prev === '>' && this.#generic !== undefined) {
      bracket.callee = this.#generic.name;
      bracket.calleeAt = this.#generic.at;
      bracket.assignedTo = this.#generic.assigned;
    } else bracket.assignedTo = this.#assigned;
    this.#generic = undefined;
    // The first argument of a wrapper goes by what the call is assigned to.
    this.#assigned = bracket.callee !== undefined && WRAPPERS.test(bracket.callee) ? bracket.assignedTo : undefined;
    this.#stack.push(bracket);
  }

  #openCurly(start: number): void {
    const bracket: Bracket = { open: '{', at: start };
    const arrow = this.#arrow;
    this.#arrow = undefined;
    if (arrow !== undefined) bracket.fn = arrow;
    else if (this.#class !== undefined && this.#prev !== '<') {
      bracket.className = this.#class.name ?? '';
      this.#class = undefined;
    } else if (this.#prev === ')' || (this.#returning !== undefined && !/^[:|&<,a]$/.test(this.#prev))) {
      const parameters = this.#prev === ')' ? this.#closed : this.#returning;
      if (parameters !== undefined) bracket.fn = this.#functionOf(parameters);
    }
    if (bracket.fn !== undefined) this.#returning = undefined;
    this.#assigned = undefined;
    this.#declared = undefined;
    this.#generic = undefined;
    this.#stack.push(bracket);
  }

  /** What a body behind parameters belongs to; undefined for `if (…) {` and its like. */
  #functionOf(parameters: Bracket): Fn | undefined {
    const { callee, assignedTo, isFunction, calleeAt, at } = parameters;
    if (isFunction === true) return this.#add(calleeAt ?? at, callee ?? assignedTo);
    if (callee === undefined || CONTROL.has(callee)) return undefined;
    const owner = this.#stack.top?.className;
    if (owner === undefined || owner === '') return this.#add(calleeAt ?? at, callee);
    return this.#add(calleeAt ?? at, callee === 'constructor' ? `new ${owner}` : `${owner}.${callee}`);
  }

  #openArrow(): void {
    let start = this.#prevAt;
    let name: string | undefined;
    if (this.#prev === ')') {
      start = this.#closed?.at ?? start;
      name = this.#closed?.assignedTo;
    } else if (this.#returning !== undefined) {
      start = this.#returning.at;
      name = this.#returning.assignedTo;
    } else if (this.#prevIsWord) name = this.#wordAssigned;
    this.#returning = undefined;
    const owner = this.#stack.top?.className;
    this.#arrow = this.#add(start, name === undefined ? undefined : owner ? `${owner}.${name}` : name);
  }

  /** A token that is no `{`: the body of an arrow before it has no braces. */
  #beginValue(): void {
    const fn = this.#arrow;
    if (fn === undefined) return;
    this.#arrow = undefined;
    this.#stack.push({ open: '>', at: this.#at, fn });
  }

  /** Arrows without braces end with the expression around them. */
  #endArrows(): void {
    while (this.#stack.top?.open === '>') this.#end(this.#stack.pop());
  }

  /** Answers true when a template literal goes on. */
  #close(char: string): boolean {
    this.#endArrows();
    const wanted = char === ')' ? '(' : char === ']' ? '[' : '{';
    const fits = (bracket: Bracket | undefined) => bracket?.open === wanted || (char === '}' && bracket?.open === '$');
    // A bracket that fits nothing is passed over; one that fits further out closes what was left open.
    if (!this.#stack.holds(wanted) && (char !== '}' || !this.#stack.holds('$'))) return false;
    for (;;) {
      const bracket = this.#stack.pop();
      this.#end(bracket);
      if (!fits(bracket)) continue;
      this.#assigned = undefined;
      if (bracket.open === '(') this.#closed = bracket;
      if (bracket.open !== '$') return false;
      this.#template();
      return true;
    }
  }

  #end(bracket: Bracket): void {
    if (bracket.fn) bracket.fn.end = this.#at;
  }

  #add(start: number, name: string | undefined): Fn {
    const fn = { start, end: this.text.length, name: name === undefined || name === '' ? ANONYMOUS : name.slice(0, 200) };
    this.functions.push(fn);
    return fn;
  }

  #token(text: string, isWord: boolean, at: number): void {
    this.#before = this.#prev;
    this.#prev = text;
    this.#prevIsWord = isWord;
    this.#prevAt = at;
    this.#lineBegun = false;
  }
}
