import { type Dirent, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Folders looked into and names looked at in one expansion: a glob like `/**` must end. */
const MAX_ENTRIES = 500_000;
const MAX_DEPTH = 32;
const MAX_ALTERNATIVES = 256;

type Token = { kind: 'text'; text: string } | { kind: 'one' } | { kind: 'any' } | { kind: 'class'; not: boolean; chars: string };

/** What an expansion met that kept it from looking. */
export interface GlobProblem {
  code: 'permission' | 'too_many' | 'read';
  path: string;
  message: string;
}

/**
 * Paths by pattern: `*` and `?` within a name, `[a-z]`, `[!a-z]`, `{a,b}`, and `**` for any folders. A leading dot is matched
 * by a dot only. Names are compared by hand, in time linear in pattern × name: a regular expression made of many stars is not.
 */
export class Globs {
  readonly #wanted: readonly string[][];
  readonly #unwanted: readonly { whole: boolean; parts: string[] }[];

  constructor(globs: readonly string[], exclusions: readonly string[] = []) {
    // A way up, even one put together of braces, would name folders that nobody said may be looked into.
    this.#wanted = globs
      .flatMap(alternatives)
      .map(split)
      .filter((parts) => !parts.includes('..'));
    this.#unwanted = exclusions.flatMap(alternatives).map((glob) => ({ whole: glob.includes('/'), parts: split(glob) }));
  }

  /** Whether a path is left out on purpose. */
  excludes(path: string): boolean {
    const parts = split(path);
    return this.#unwanted.some(({ whole, parts: pattern }) =>
      whole ? matchesPath(parts, pattern) : matchesName(parts.at(-1) ?? '', pattern[0] ?? ''),
    );
  }

  matches(path: string): boolean {
    const parts = split(path);
    return this.#wanted.some((pattern) => matchesPath(parts, pattern)) && !this.excludes(path);
  }

  /** The folders below which matches may appear. */
  folders(): string[] {
    return this.#wanted.map((parts) => {
      const wild = parts.findIndex((part) => isWild(part));
      return `/${parts.slice(0, wild < 0 ? -1 : wild).join('/')}`;
    });
  }

  /** Paths that are there now, sorted, at most `limit`. They may be anything: files, folders, sockets. */
  expand(limit: number): { paths: string[]; problems: GlobProblem[] } {
    const found = new Set<string>();
    const problems = new Map<string, GlobProblem>();
    let budget = MAX_ENTRIES;
    const list = (folder: string): Dirent[] => {
      try {
        const entries = readdirSync(folder, { withFileTypes: true });
        budget -= entries.length + 1;
        return entries;
      } catch (error) {
        const { code, message } = error as NodeJS.ErrnoException;
        if (code !== 'ENOENT' && code !== 'ENOTDIR') problems.set(folder, problemOf(code, message, folder));
        return [];
      }
    };
    const visit = (folder: string, parts: readonly string[], depth: number): void => {
      if (budget <= 0 || found.size > limit || depth > MAX_DEPTH) return;
      const [part, ...rest] = parts;
      if (part === undefined) return;
      if (part === '**') {
        visit(folder, rest, depth);
        // Links are not gone through: they may lead in circles.
        for (const entry of list(folder))
          if (entry.isDirectory() && !entry.name.startsWith('.')) visit(join(folder, entry.name), parts, depth + 1);
        return;
      }
      const names = isWild(part)
        ? list(folder)
            .filter((entry) => matchesName(entry.name, part) && (rest.length === 0 ? !entry.isDirectory() : !entry.isFile()))
            .map((entry) => entry.name)
        : [part];
      for (const name of names) {
        const path = join(folder, name);
        if (rest.length > 0) visit(path, rest, depth + 1);
        else if ((isWild(part) || exists(path, problems)) && !this.excludes(path)) found.add(path);
      }
    };
    for (const parts of this.#wanted) visit('/', parts, 0);
    if (budget <= 0 || found.size > limit)
      problems.set('', {
        code: 'too_many',
        path: '',
        message: `More files match than are followed (${limit}); narrow the patterns.`,
      });
    return { paths: [...found].sort().slice(0, limit), problems: [...problems.values()] };
  }
}

function exists(path: string, problems: Map<string, GlobProblem>): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== 'ENOTDIR') problems.set(path, problemOf(code, message, path));
    return false;
  }
}

function problemOf(code: string | undefined, message: string, path: string): GlobProblem {
  if (code === 'EACCES' || code === 'EPERM') return { code: 'permission', path, message: `No permission to read ${path}.` };
  return { code: 'read', path, message: message.slice(0, 300) };
}

const split = (path: string): string[] => path.split('/').filter((part) => part !== '' && part !== '.');
const isWild = (part: string): boolean => /[*?[]/.test(part);

/**
 * `{a,b}` written out, nested ones too; at most 256 alternatives. The leftmost list first, whatever is left of it in turn: work
 * and memory are bounded by the most alternatives, however many lists there are.
 */
function alternatives(glob: string): string[] {
  const done: string[] = [];
  // What is still to be written out, next one last; `from`: no list begins before it.
  const open: { text: string; from: number }[] = [{ text: glob, from: 0 }];
  for (let next = open.pop(); next !== undefined && done.length < MAX_ALTERNATIVES; next = open.pop()) {
    const { text, from } = next;
    const at = text.indexOf('{', from);
    if (at < 0) {
      done.push(text);
      continue;
    }
    const list = listAt(text, at);
    if (list === undefined) open.push({ text, from: at + 1 });
    else
      for (const option of list.options.toReversed())
        open.push({ text: text.slice(0, at) + option + text.slice(list.close + 1), from: at });
  }
  return done;
}

/** The options between a brace and its counterpart; undefined when there is none, or nothing to choose from. */
function listAt(text: string, at: number): { options: string[]; close: number } | undefined {
  const options: string[] = [];
  let depth = 0;
  let from = at + 1;
  for (let i = at; i < text.length; i += 1) {
    if (text[i] === '{') depth += 1;
    else if (text[i] === '}') depth -= 1;
    if ((depth === 1 && text[i] === ',') || depth === 0) {
      options.push(text.slice(from, i));
      from = i + 1;
    }
    if (depth === 0) return options.length < 2 ? undefined : { options, close: i };
  }
  return undefined;
}

function matchesPath(parts: readonly string[], pattern: readonly string[]): boolean {
  // Reached[i]: the pattern so far matches the first i parts.
  let reached = new Array<boolean>(parts.length + 1).fill(false);
  reached[0] = true;
  for (const part of pattern) {
    const next = new Array<boolean>(parts.length + 1).fill(false);
    for (let i = 0; i <= parts.length; i += 1) {
      if (part === '**') next[i] = reached[i] === true || (i > 0 && next[i - 1] === true);
      else if (i > 0) next[i] = reached[i - 1] === true && matchesName(parts[i - 1] as string, part);
    }
    reached = next;
  }
  return reached[parts.length] === true;
}

const tokens = new Map<string, Token[]>();

/** Whether one name matches one part of a pattern. */
export function matchesName(name: string, part: string): boolean {
  if (!isWild(part)) return name === part;
  if (name.startsWith('.') && !part.startsWith('.')) return false;
  let compiled = tokens.get(part);
  if (compiled === undefined) {
    compiled = tokenise(part);
    if (tokens.size > 1000) tokens.clear();
    tokens.set(part, compiled);
  }
  let n = 0;
  let t = 0;
  let star = -1;
  let starName = 0;
  while (n < name.length) {
    const token = compiled[t];
    const width = token === undefined || token.kind === 'any' ? -1 : matchesToken(name, n, token);
    if (width > 0) {
      n += width;
      t += 1;
    } else if (token?.kind === 'any') {
      star = t;
      starName = n;
      t += 1;
    } else if (star >= 0) {
      starName += 1;
      n = starName;
      t = star + 1;
    } else return false;
  }
  while (compiled[t]?.kind === 'any') t += 1;
  return t === compiled.length;
}

/** Characters of the name that the token takes; 0 when it does not match. */
function matchesToken(name: string, at: number, token: Exclude<Token, { kind: 'any' }>): number {
  if (token.kind === 'one') return 1;
  if (token.kind === 'text') return name.startsWith(token.text, at) ? token.text.length : 0;
  const char = name[at] as string;
  let isIn = false;
  for (let i = 0; i < token.chars.length; i += 1) {
    if (token.chars[i + 1] === '-' && i + 2 < token.chars.length) {
      if (char >= (token.chars[i] as string) && char <= (token.chars[i + 2] as string)) isIn = true;
      i += 2;
    } else if (token.chars[i] === char) isIn = true;
  }
  return isIn !== token.not ? 1 : 0;
}

function tokenise(part: string): Token[] {
  const out: Token[] = [];
  for (let i = 0; i < part.length; i += 1) {
    const char = part[i] as string;
    const close = char === '[' ? part.indexOf(']', i + 2) : -1;
    if (char === '*') {
      if (out.at(-1)?.kind !== 'any') out.push({ kind: 'any' });
    } else if (char === '?') out.push({ kind: 'one' });
    else if (close > 0) {
      const not = part[i + 1] === '!' || part[i + 1] === '^';
      out.push({ kind: 'class', not, chars: part.slice(i + (not ? 2 : 1), close) });
      i = close;
    } else {
      const last = out.at(-1);
      if (last?.kind === 'text') last.text += char;
      else out.push({ kind: 'text', text: char });
    }
  }
  return out;
}
