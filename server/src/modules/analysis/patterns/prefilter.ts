import type { RequiredLiterals } from './literals.ts';

/** Whether a line may match, told by the literals alone: false is certain. Native search, several times faster than an automaton. */
export type Prefilter = (line: string) => boolean;

const ALWAYS: Prefilter = () => true;
const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');

/**
 * An alternation of literals as a native expression: nothing in it repeats, so it cannot run away. `iu` folds case as RE2
 * does (simple case folding: k and the Kelvin sign alike).
 */
const anyOf = (texts: readonly string[], fold: boolean) =>
  new RegExp(
    [...new Set(texts)].map((text) => (fold ? text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&') : escaped(text))).join('|'),
    fold ? 'iu' : '',
  );

/** The filter of one pattern. */
export function prefilter(literals: RequiredLiterals | null): Prefilter {
  if (literals === null) return ALWAYS;
  const { texts, fold } = literals;
  if (fold) {
    const expression = anyOf(texts, true);
    return (line) => expression.test(line);
  }
  if (texts.length > 3) {
    const expression = anyOf(texts, false);
    return (line) => expression.test(line);
  }
  return (line) => texts.some((text) => line.includes(text));
}

/**
 * The filter of several patterns together: false when none of them can match. Always true when one of them demands no
 * literals; ask without those.
 */
export function combinedPrefilter(all: readonly (RequiredLiterals | null)[]): Prefilter {
  if (all.some((literals) => literals === null)) return ALWAYS;
  const filters = [false, true].flatMap((fold) => {
    const texts = all.flatMap((literals) => (literals?.fold === fold ? literals.texts : []));
    return texts.length === 0 ? [] : [anyOf(texts, fold)];
  });
  return (line) => filters.some((filter) => filter.test(line));
}
