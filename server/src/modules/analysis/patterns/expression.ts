import { RE2JS } from 're2js';
import { type ExpressionKind, PATTERN_LIMITS } from './definition.ts';
import { endOfClass, programEstimate } from './expression-cost.ts';
import { type Expansion, type ExpressionFault, expandGrok } from './grok.ts';
import { type RequiredLiterals, requiredLiterals } from './literals.ts';

/** An expression ready to be matched, in time linear in the line whatever it is (RE2: no back-tracking). */
export interface CompiledExpression {
  /** Names of the fields that it may fill, in the order they stand. */
  readonly fields: readonly string[];
  /** What a line must hold to match, for filters before it; null when nothing can be said. */
  readonly literals: RequiredLiterals | null;
  /** Whether the expression is found in the line; lines are looked at up to the limit of characters. */
  test(line: string): boolean;
  /** What the fields hold, those that took part; undefined when it is not found. */
  exec(line: string): { fields: Record<string, string>; index: number; length: number } | undefined;
  /** Where the fields are in the line: [start, end) of each, for showing. */
  spans(line: string): { start: number; end: number; fields: { name: string; start: number; end: number }[] } | undefined;
}

/** How an expression is meant. */
export interface ExpressionOptions {
  readonly kind: ExpressionKind;
  readonly ignoreCase?: boolean;
  readonly pieces?: Readonly<Record<string, string>>;
}

/** Whether {@link compileExpression} refused. */
export function isFault(result: object): result is ExpressionFault {
  return 'position' in result && 'message' in result;
}

/** Compiles an expression under the limits, or says what is wrong with it and where. */
export function compileExpression(source: string, options: ExpressionOptions): CompiledExpression | ExpressionFault {
  const whole = { position: 0, length: source.length };
  if (source.trim() === '') return { message: 'The expression is empty.', ...whole };
  if (source.length > PATTERN_LIMITS.expression)
    return {
      message: `At most ${PATTERN_LIMITS.expression} characters; this has ${source.length}.`,
      position: PATTERN_LIMITS.expression,
      length: source.length - PATTERN_LIMITS.expression,
    };
  const lineBreak = source.search(/[\r\n]/);
  if (lineBreak >= 0)
    return { message: 'An expression looks at one line; it cannot hold a line break.', position: lineBreak, length: 1 };
  const expansion: Expansion | ExpressionFault =
    options.kind === 'grok'
      ? expandGrok(source, options.pieces)
      : { text: source, fields: new Map(), sourceOf: (position) => ({ position, length: 1 }) };
  if ('message' in expansion) return expansion;
  if (programEstimate(expansion.text) > 2 * PATTERN_LIMITS.program) return { message: TOO_COSTLY, ...whole };
  const flags = options.ignoreCase ? RE2JS.CASE_INSENSITIVE : 0;
  let compiled: RE2JS;
  try {
    compiled = RE2JS.compile(expansion.text, flags);
  } catch (error) {
    return located(error as { error?: string; input?: string | null; message: string }, expansion);
  }
  if (compiled.programSize() > PATTERN_LIMITS.program) return { message: TOO_COSTLY, ...whole };
  return compiledExpression(compiled, expansion, requiredLiterals(expansion.text, options.ignoreCase === true));
}

const TOO_COSTLY = 'This compiles to too large a program: lower the counts in {n,m}, or split it.';

function compiledExpression(compiled: RE2JS, { fields }: Expansion, literals: RequiredLiterals | null): CompiledExpression {
  const groups = Object.entries(compiled.namedGroups())
    .sort((a, b) => a[1] - b[1])
    .map(([group, number]) => ({ number, field: fields.get(group) ?? group }));
  const cut = (line: string) => (line.length > PATTERN_LIMITS.line ? line.slice(0, PATTERN_LIMITS.line) : line);
  return {
    fields: [...new Set(groups.map(({ field }) => field))],
    literals,
    test: (line) => compiled.test(cut(line)),
    exec(line) {
      const found = compiled.exec(cut(line)) as RegExpExecArray | null;
      if (found === null) return undefined;
      const values: Record<string, string> = {};
      for (const { number, field } of groups) {
        const value = found[number];
        // A field may stand in several branches; the first that says something has it.
        if (value !== undefined && value !== '' && !Object.hasOwn(values, field)) values[field] = value;
      }
      return { fields: values, index: found.index, length: found[0].length };
    },
    spans(line) {
      const matcher = compiled.matcher(cut(line));
      if (!matcher.find()) return undefined;
      const seen = new Set<string>();
      const places = groups.flatMap(({ number, field: name }) => {
        const [start, end] = [matcher.start(number), matcher.end(number)];
        if (start < 0 || end <= start || seen.has(name)) return [];
        seen.add(name);
        return [{ name, start, end }];
      });
      return { start: matcher.start(), end: matcher.end(), fields: places };
    },
  };
}

/** The engine's words for what people write most often by mistake, with what to do. */
function advice(error: string, fragment: string): string {
  if (/^\(\?(?:[=!]|<[=!])/.test(fragment))
    return `Look-around (${fragment.slice(0, 4).replace(/[^(?<=!]/g, '')}…) is not possible in linear time: write what stands there, or use \\b.`;
  if (fragment.startsWith('(?>')) return 'Atomic groups are not needed, nothing ever goes back: write (?: instead of (?>.';
  if (/^\\[1-9k]/.test(fragment)) return `A reference back (${fragment}) is not possible in linear time.`;
  if (error.includes('invalid repeat count')) return `The count ${fragment} is too large: at most 1000, nested ones multiplied.`;
  if (error.includes('nested repetition'))
    return `Two repetitions after each other (${fragment}); possessive ones are not needed.`;
  if (error.includes('missing argument'))
    return `There is nothing before ${fragment} to repeat; write \\${fragment[0]} for the character itself.`;
  if (error.includes('missing closing )')) return 'This ( is never closed.';
  if (error.includes('unexpected )')) return 'This ) closes nothing; write \\) for the character itself.';
  if (error.includes('missing closing ]')) return 'This [ is never closed; write \\[ for the character itself.';
  if (error.includes('trailing backslash'))
    return 'A backslash at the end stands for nothing; write \\\\ for the character itself.';
  if (error.includes('invalid escape')) return `There is no escape ${fragment}.`;
  if (error.includes('class range')) return `${fragment} is no range or class of characters.`;
  if (error.includes('duplicate capture')) return `There are two groups named ${fragment}.`;
  if (error.includes('named capture')) return `${fragment} is not the name of a group: letters, digits and _ only.`;
  if (error.includes('nests too deeply')) return 'The groups nest too deeply.';
  return `This is not a valid expression: ${error}${fragment === '' ? '' : ` (${fragment.slice(0, 40)})`}.`;
}

function located(error: { error?: string; input?: string | null; message: string }, expansion: Expansion): ExpressionFault {
  const said = error.error ?? error.message;
  const fragment = error.input ?? '';
  const { text } = expansion;
  let position = 0;
  let length = Math.max(fragment.length, 1);
  if (said.includes(')')) {
    position = strayParenthesis(text, said.includes('unexpected'));
    length = 1;
  } else if (said.includes('backslash')) position = Math.max(text.length - 1, 0);
  else if (said.includes('closing ]')) {
    position = Math.max(text.length - fragment.length, 0);
    length = 1;
  } else if (said.includes('duplicate')) {
    position = text.lastIndexOf(`<${fragment}>`) + 1;
  } else position = firstFaulty(text, fragment, said);
  const place = expansion.sourceOf(position);
  return {
    message: advice(said, fragment),
    position: place.position,
    length: Math.max(place.length, place.length === 1 ? length : 1),
  };
}

/**
 * The engine names the fragment and not its place. It reads from the left, so the place is the first occurrence at which
 * the text up to there fails in the same way: `\1` within `\\1` or a class does not.
 */
function firstFaulty(text: string, fragment: string, said: string): number {
  if (fragment === '') return 0;
  let at = text.indexOf(fragment);
  for (let tries = 0; at >= 0 && tries < 20; tries++) {
    try {
      RE2JS.compile(text.slice(0, at + fragment.length));
    } catch (error) {
      const { error: again, input } = error as { error?: string; input?: string };
      if (again === said && input === fragment) return at;
    }
    at = text.indexOf(fragment, at + 1);
  }
  return Math.max(text.indexOf(fragment), 0);
}

/** The first `)` that closes nothing, or the last `(` that nothing closes. */
function strayParenthesis(text: string, closing: boolean): number {
  const open: number[] = [];
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === '[') i = endOfClass(text, i);
    else if (text[i] === '(') open.push(i);
    else if (text[i] === ')' && open.pop() === undefined && closing) return i;
  }
  return open.at(-1) ?? 0;
}
