import {
  CONTINUATION_MODES,
  EXPRESSION_KINDS,
  isFieldTarget,
  PATTERN_LEVELS,
  PATTERN_LIMITS,
  type PatternDefinition,
} from './definition.ts';
import { compileExpression, isFault } from './expression.ts';

/** What is wrong with a definition. `position` and `length`: where in the text of an expression. */
export interface PatternFault {
  /** `name`, `expression`, `continuation.expression`, `pieces.NAME`, `fields.x`, … */
  readonly field: string;
  readonly code: 'REQUIRED' | 'TOO_LONG' | 'TOO_MANY' | 'OUT_OF_RANGE' | 'UNKNOWN' | 'INVALID_EXPRESSION';
  readonly message: string;
  readonly position?: number;
  readonly length?: number;
}

/** A definition as it was found. */
export interface CheckedPattern {
  /** Everything that is wrong; empty: it is sound. */
  readonly faults: readonly PatternFault[];
  /** Names of the fields that the expression may fill. */
  readonly fields: readonly string[];
}

/** Everything that is wrong with a definition, and what it captures. */
export function checkPattern(definition: PatternDefinition): CheckedPattern {
  const faults: PatternFault[] = [...sizeFaults(definition), ...choiceFaults(definition), ...pieceFaults(definition)];
  const { kind, ignoreCase, pieces, continuation } = definition;
  const options = { kind, ignoreCase, pieces };
  const compiled = compileExpression(definition.expression, options);
  if (isFault(compiled)) faults.push({ field: 'expression', code: 'INVALID_EXPRESSION', ...compiled });
  if (continuation.mode === 'while' || continuation.mode === 'until') {
    const next = compileExpression(continuation.expression ?? '', options);
    if (isFault(next)) faults.push({ field: 'continuation.expression', code: 'INVALID_EXPRESSION', ...next });
  }
  if (!isFault(compiled)) {
    const unknown = (field: string, name: string) =>
      faults.push({ field, code: 'UNKNOWN', message: `The expression has no field ${name}; it has ${listed(compiled.fields)}.` });
    if (definition.levelField !== null && !compiled.fields.includes(definition.levelField))
      unknown('levelField', definition.levelField);
    for (const name of Object.keys(definition.fields)) if (!compiled.fields.includes(name)) unknown(`fields.${name}`, name);
  }
  return { faults, fields: isFault(compiled) ? [] : compiled.fields };
}

const listed = (names: readonly string[]) => (names.length === 0 ? 'none' : names.join(', '));

function* sizeFaults(definition: PatternDefinition): Generator<PatternFault> {
  if (definition.name.trim() === '') yield { field: 'name', code: 'REQUIRED', message: 'This may not be empty.' };
  for (const field of ['name', 'description', 'sample', 'category'] as const) {
    const max = PATTERN_LIMITS[field];
    if ((definition[field] ?? '').length > max) yield { field, code: 'TOO_LONG', message: `At most ${max} characters.` };
  }
  for (const field of ['fields', 'tags', 'pieces'] as const) {
    const max = PATTERN_LIMITS[field];
    if (Object.keys(definition[field]).length > max) yield { field, code: 'TOO_MANY', message: `At most ${max} entries.` };
  }
  for (const [name, value] of Object.entries(definition.tags)) {
    if (!/^[A-Za-z0-9_.:-]{1,32}$/.test(name))
      yield { field: `tags.${name}`, code: 'UNKNOWN', message: 'A tag is 1 to 32 letters, digits and any of _ . : -' };
    if (value.length > PATTERN_LIMITS.tagValue)
      yield { field: `tags.${name}`, code: 'TOO_LONG', message: `At most ${PATTERN_LIMITS.tagValue} characters.` };
  }
}

function* choiceFaults(definition: PatternDefinition): Generator<PatternFault> {
  const choices: [string, readonly string[], string][] = [
    ['kind', EXPRESSION_KINDS, definition.kind],
    ['level', PATTERN_LEVELS, definition.level],
    ['continuation.mode', CONTINUATION_MODES, definition.continuation.mode],
  ];
  for (const [field, allowed, value] of choices)
    if (!allowed.includes(value)) yield { field, code: 'UNKNOWN', message: `One of ${allowed.join(', ')}.` };
  const { maxLines } = definition;
  if (!Number.isInteger(maxLines) || maxLines < 1 || maxLines > PATTERN_LIMITS.maxLines)
    yield { field: 'maxLines', code: 'OUT_OF_RANGE', message: `A whole number from 1 to ${PATTERN_LIMITS.maxLines}.` };
  for (const [name, target] of Object.entries(definition.fields))
    if (!isFieldTarget(target))
      yield {
        field: `fields.${name}`,
        code: 'UNKNOWN',
        message: `${target} is no place for a field: write tag:name, extra:name, drop or a part of the event such as message.`,
      };
}

function* pieceFaults({ kind, pieces }: PatternDefinition): Generator<PatternFault> {
  for (const [name, piece] of Object.entries(pieces)) {
    const field = `pieces.${name}`;
    if (!/^[A-Z][A-Z0-9_]{0,39}$/.test(name)) {
      yield { field, code: 'UNKNOWN', message: 'A piece has a name of capitals, digits and _.' };
      continue;
    }
    const compiled = compileExpression(piece, { kind: kind === 'grok' ? 'grok' : 'regex', pieces });
    if (isFault(compiled)) yield { field, code: 'INVALID_EXPRESSION', ...compiled };
  }
}
