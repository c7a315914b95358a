import type { Continuation, PatternDefinition } from './definition.ts';
import { type CompiledExpression, compileExpression, isFault } from './expression.ts';
import { levelOf } from './level.ts';
import type { RequiredLiterals } from './literals.ts';
import type { PatternHit, PatternMatcher } from './matcher.ts';
import { combinedPrefilter, prefilter } from './prefilter.ts';

/** A definition with its expressions compiled. */
export interface CompiledPattern {
  readonly definition: PatternDefinition;
  readonly expression: CompiledExpression;
  /** A fresh memory for the lines after a hit; undefined when there are never any. */
  readonly follow: (() => (line: string) => boolean) | undefined;
}

/** A matcher of nothing. */
export const NO_PATTERNS: PatternMatcher = { size: 0, literals: { texts: [], fold: false }, start: () => undefined };

/**
 * Compiles the enabled definitions, in their order. One that does not compile is left out: it was checked when it was
 * saved, and a rule that grew stricter must not silence the others.
 *
 * Speed: one native search for the literals of all patterns settles most lines; the rest are searched for those of each
 * pattern, then run through its automaton, and fields are worked out only on a line that matches.
 */
export function compilePatterns(definitions: readonly PatternDefinition[]): PatternMatcher {
  const patterns = definitions.flatMap((definition) => {
    const compiled = definition.enabled ? compilePattern(definition) : undefined;
    return compiled === undefined ? [] : [compiled];
  });
  if (patterns.length === 0) return NO_PATTERNS;
  const filters = patterns.map(({ expression }) => prefilter(expression.literals));
  const free = patterns.filter(({ expression }) => expression.literals === null);
  const any = combinedPrefilter(
    patterns.flatMap(({ expression }) => (expression.literals === null ? [] : [expression.literals])),
  );
  return {
    size: patterns.length,
    literals: free.length > 0 ? null : together(patterns.map(({ expression }) => expression.literals)),
    start(line) {
      // Most lines hold none of the literals; then only the few that demand none are asked.
      const candidates = any(line) ? patterns : free;
      for (let i = 0; i < candidates.length; i++) {
        const pattern = candidates[i]!;
        if (candidates === patterns && !filters[i]!(line)) continue;
        if (!pattern.expression.test(line)) continue;
        const hit = hitOf(pattern, line);
        if (hit !== undefined) return hit;
      }
      return undefined;
    },
  };
}

const together = (all: readonly (RequiredLiterals | null)[]): RequiredLiterals => ({
  texts: [...new Set(all.flatMap((literals) => literals?.texts ?? []))],
  fold: all.some((literals) => literals?.fold === true),
});

/** One definition compiled, whether enabled or not; undefined when it does not compile. */
export function compilePattern(definition: PatternDefinition): CompiledPattern | undefined {
  const { kind, ignoreCase, pieces } = definition;
  const expression = compileExpression(definition.expression, { kind, ignoreCase, pieces });
  if (isFault(expression)) return undefined;
  const follow = followers(definition, expression);
  if (follow === 'broken') return undefined;
  return { definition, expression, follow };
}

/** The hit of a pattern on a line that it matches; undefined when it does not. */
export function hitOf({ definition, expression, follow }: CompiledPattern, line: string): PatternHit | undefined {
  const found = expression.exec(line);
  if (found === undefined) return undefined;
  const { id, name, category, tags, levelField, fields: targets } = definition;
  const said = levelField === null || definition.level === 'ignore' ? undefined : found.fields[levelField];
  const level = (said === undefined ? undefined : levelOf(said)) ?? definition.level;
  return {
    pattern: { id, name, level, category, tags },
    fields: found.fields,
    targets,
    ...(follow === undefined ? {} : { continues: follow() }),
    maxLines: definition.maxLines,
  };
}

function followers(
  { continuation, kind, ignoreCase, pieces, maxLines }: PatternDefinition,
  start: CompiledExpression,
): CompiledPattern['follow'] | 'broken' {
  if (continuation.mode === 'none' || maxLines <= 1) return undefined;
  if (continuation.mode === 'indented') return () => isIndented;
  if (continuation.mode === 'until_start') return () => (line) => !start.test(line);
  const next = continuationExpression(continuation, { kind, ignoreCase, pieces });
  if (next === undefined) return 'broken';
  if (continuation.mode === 'while') return () => (line) => next.test(line);
  return () => {
    let ended = false;
    return (line) => {
      if (ended) return false;
      ended = next.test(line);
      return true;
    };
  };
}

function continuationExpression(
  { expression }: Continuation,
  options: Pick<PatternDefinition, 'kind' | 'ignoreCase' | 'pieces'>,
): CompiledExpression | undefined {
  const compiled = compileExpression(expression ?? '', options);
  return isFault(compiled) ? undefined : compiled;
}

/** White space and something behind it: an empty line ends a block. */
const isIndented = (line: string) => /^[ \t]+\S/.test(line);
