import { checkPattern } from '../analysis/patterns/check.ts';
import type { ContinuationMode, ExpressionKind, PatternDefinition, PatternLevel } from '../analysis/patterns/definition.ts';
import { fullDefinition } from '../analysis/patterns/definition.ts';
import type { PatternContent, PatternEntry, PatternInput } from './pattern.types.ts';

const entries = (record: Readonly<Record<string, string>>): PatternEntry[] =>
  Object.entries(record).map(([name, value]) => ({ name, value }));
const record = (list: readonly PatternEntry[]): Record<string, string> =>
  Object.fromEntries(list.map(({ name, value }) => [name.trim(), value.trim()]).filter(([name]) => name !== ''));
const textOrNull = (text: string | null | undefined) => (text == null || text.trim() === '' ? null : text.trim());

/** A definition as the API shows it. */
export function contentOf(definition: PatternDefinition): PatternContent {
  const { continuation, kind, level, pieces, fields, tags, ...rest } = definition;
  return {
    ...rest,
    kind: kind.toUpperCase() as PatternContent['kind'],
    level: level.toUpperCase() as PatternContent['level'],
    continuation: continuation.mode.toUpperCase() as PatternContent['continuation'],
    continuationExpression: continuation.expression,
    pieces: entries(pieces),
    fields: entries(fields),
    tags: entries(tags),
    captures: [...checkPattern(definition).fields],
  };
}

/** What the API was given, as a definition; whether it holds is not looked at. */
export function draftOf(input: PatternInput): PatternDefinition {
  const mode = (input.continuation ?? 'NONE').toLowerCase() as ContinuationMode;
  const withExpression = mode === 'while' || mode === 'until';
  const { name, expression } = input;
  return fullDefinition({
    name,
    expression,
    description: (input.description ?? '').trim(),
    enabled: input.enabled ?? true,
    kind: (input.kind ?? 'GROK').toLowerCase() as ExpressionKind,
    ignoreCase: input.ignoreCase ?? false,
    pieces: record(input.pieces ?? []),
    level: (input.level ?? 'ERROR').toLowerCase() as PatternLevel,
    levelField: textOrNull(input.levelField),
    category: textOrNull(input.category),
    continuation: { mode, expression: withExpression ? (input.continuationExpression ?? '') : null },
    maxLines: input.maxLines ?? 100,
    fields: record(input.fields ?? []),
    tags: record(input.tags ?? []),
    sample: (input.sample ?? '').replace(/\r\n?/g, '\n').replace(/\n+$/, ''),
  });
}
