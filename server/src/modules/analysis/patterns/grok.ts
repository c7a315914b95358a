import { PATTERN_LIMITS } from './definition.ts';
import { GROK_LIBRARY } from './grok-library.ts';

/** What is wrong with an expression, and where: characters from the start of what the user wrote. */
export interface ExpressionFault {
  readonly message: string;
  readonly position: number;
  readonly length: number;
}

/** A stretch of the spelt-out expression and where it comes from. */
interface Stretch {
  /** In the spelt-out text: first character. */
  readonly at: number;
  /** In the source. */
  readonly from: number;
  /** Characters of source; text of a reference comes from the reference as a whole. */
  readonly length: number;
  readonly verbatim: boolean;
}

/** An expression with its references spelt out. */
export interface Expansion {
  readonly text: string;
  /** The field that each generated group (`__f0`, `__f1`, …) fills; two groups may fill one field. */
  readonly fields: ReadonlyMap<string, string>;
  /** The place in the source of a place in `text`. */
  sourceOf(position: number): { position: number; length: number };
}

const REFERENCE = /%\{([^{}]*)\}/g;
const BODY = /^([A-Za-z0-9_]+)(?::([^:\s]+)(?::(int|integer|long|float|double|boolean|string|keyword))?)?$/;
const FIELD = /^[A-Za-z_@][A-Za-z0-9_.@-]{0,59}$/;
const MAX_DEPTH = 20;

/** `[client][ip]`, as Logstash writes nested fields, becomes `client.ip`. */
const plainField = (name: string) => (name.startsWith('[') ? name.replace(/^\[|\]$/g, '').replaceAll('][', '.') : name);

/**
 * Spells out `%{NAME}`, `%{NAME:field}` and `%{NAME:field:type}` (the type is read over: all fields are text). Pieces of
 * the definition come before those of the library; they may use each other, not themselves.
 */
export function expandGrok(source: string, pieces: Readonly<Record<string, string>> = {}): Expansion | ExpressionFault {
  const stretches: Stretch[] = [];
  const fields = new Map<string, string>();
  let text = '';
  let last = 0;
  const verbatim = (from: number, to: number) => {
    if (to > from) stretches.push({ at: text.length, from, length: to - from, verbatim: true });
    text += source.slice(from, to);
  };
  for (const match of source.matchAll(REFERENCE)) {
    verbatim(last, match.index);
    const where = { position: match.index, length: match[0].length };
    const spelt = spell(match[1]!, pieces, fields, [], text.length);
    if (typeof spelt !== 'string') return { ...where, message: spelt.message };
    stretches.push({ at: text.length, from: where.position, length: where.length, verbatim: false });
    text += spelt;
    last = match.index + match[0].length;
  }
  verbatim(last, source.length);
  const open = source.indexOf('%{', last);
  if (open >= 0) return { message: 'This reference is not closed: } is missing.', position: open, length: source.length - open };
  if (text.length > PATTERN_LIMITS.expanded)
    return {
      message: `Spelt out, this is longer than ${PATTERN_LIMITS.expanded} characters.`,
      position: 0,
      length: source.length,
    };
  return { text, fields, sourceOf: (position) => sourceOf(stretches, position, source.length) };
}

function spell(
  body: string,
  pieces: Readonly<Record<string, string>>,
  fields: Map<string, string>,
  path: readonly string[],
  length: number,
): string | { message: string } {
  const parts = BODY.exec(body);
  if (parts === null) return { message: `%{${body}} is not a reference; write %{NAME} or %{NAME:field}.` };
  const [, name, rawField] = parts as unknown as [string, string, string | undefined];
  const piece = Object.hasOwn(pieces, name) ? pieces[name]! : Object.hasOwn(GROK_LIBRARY, name) ? GROK_LIBRARY[name]! : undefined;
  if (piece === undefined) return { message: `There is no grok piece ${name}${suggestion(name, pieces)}` };
  if (path.includes(name)) return { message: `The piece ${name} uses itself: ${[...path, name].join(' → ')}.` };
  if (path.length >= MAX_DEPTH) return { message: `Pieces use each other more than ${MAX_DEPTH} deep.` };
  const field = rawField === undefined ? undefined : plainField(rawField);
  if (field !== undefined && !FIELD.test(field)) return { message: `${rawField} cannot be the name of a field.` };
  let text = '';
  let last = 0;
  for (const match of piece.matchAll(REFERENCE)) {
    text += piece.slice(last, match.index);
    last = match.index + match[0].length;
    const inner = spell(match[1]!, pieces, fields, [...path, name], length + text.length);
    if (typeof inner !== 'string') return inner;
    text += inner;
    if (length + text.length > PATTERN_LIMITS.expanded)
      return { message: `Spelt out, this is longer than ${PATTERN_LIMITS.expanded} characters.` };
  }
  text += piece.slice(last);
  if (field === undefined) return `(?:${text})`;
  const group = `__f${fields.size}`;
  fields.set(group, field);
  return `(?P<${group}>${text})`;
}

function sourceOf(stretches: readonly Stretch[], position: number, end: number): { position: number; length: number } {
  const stretch = stretches.findLast(({ at }) => at <= position);
  if (stretch === undefined) return { position: Math.min(position, end), length: 1 };
  if (!stretch.verbatim) return { position: stretch.from, length: stretch.length };
  const inside = stretch.from + position - stretch.at;
  return { position: Math.min(inside, end), length: 1 };
}

/** Names that differ in case or begin alike. */
function suggestion(name: string, pieces: Readonly<Record<string, string>>): string {
  const names = [...Object.keys(pieces), ...Object.keys(GROK_LIBRARY)];
  const upper = name.toUpperCase();
  const near =
    names.find((one) => one.toUpperCase() === upper) ??
    names.find((one) => upper.length >= 3 && (one.startsWith(upper.slice(0, 5)) || upper.startsWith(one)));
  return near === undefined ? '.' : `; did you mean ${near}?`;
}
