import type { PatternMatcher } from '../../analysis/patterns/matcher.ts';
import { buildMarkers, type MarkerTable, type MarkerWord, markersFrom, PATTERN } from './markers.ts';

/** A table of markers, and whether the flag PATTERN tells which lines may start a hit: else every line has to be asked. */
export interface PatternMarkers {
  readonly table: MarkerTable;
  readonly tells: boolean;
}

/** Longest beginning of a text that is looked for; shorter ones when there are many, for the table's sake. */
const LENGTHS = [24, 12, 8, 5];
/** Letters of all texts together: about as many states of 128 bytes. */
const MOST_LETTERS = 12_000;

/**
 * What may show in the text of a line and not in its bytes. The bytes are looked at as they stand in the file, a pattern sees
 * the text after JSON, colours and controls were taken off.
 */
const VEILS = [
  '\0', // any control: colours, NULs
  '#033[', // colours as journald writes them
  '\\u', // JSON's way to write any character
  'message":[', // the journal's bytes
  'message": [',
  'message" : [',
];
/** Kelvin sign and long s, which are k and s in any case. */
const FOLDED = ['\u212a', '\u017f'];

const known = new WeakMap<PatternMatcher, Partial<Record<'error' | 'warning', PatternMarkers>>>();

/**
 * The markers with the texts that a project's patterns demand, found in the same pass over the bytes. Made once for each set
 * of patterns.
 */
export function markersWith(patterns: PatternMatcher | undefined, least: 'error' | 'warning'): PatternMarkers {
  if (patterns === undefined || patterns.size === 0) return { table: markersFrom(least), tells: true };
  let made = known.get(patterns);
  if (made === undefined) {
    made = {};
    known.set(patterns, made);
  }
  made[least] ??= make(patterns, least);
  return made[least];
}

function make({ literals }: PatternMatcher, least: 'error' | 'warning'): PatternMarkers {
  const words = literals === null ? null : plainWords(literals.texts);
  if (literals === null || words === null) return { table: markersFrom(least), tells: false };
  const all = [...words, ...VEILS, ...(literals.fold ? FOLDED : [])];
  const marked = all.map((word): MarkerWord => [[...Buffer.from(word)], PATTERN]);
  return { table: buildMarkers(least, marked), tells: true };
}

/**
 * Of each text a part that stands in the bytes as it does in the text, whatever is around it: JSON and logfmt write quotes,
 * backslashes, slashes and what is not ASCII in several ways. Null when one has no such part, or when they are too many.
 */
function plainWords(texts: readonly string[]): readonly string[] | null {
  const plain = texts.map((text) =>
    text
      .split(/[^ -~]|["\\/]/)
      .reduce((longest, part) => (part.length > longest.length ? part : longest))
      .toLowerCase(),
  );
  if (plain.some((word) => word.length < 2)) return null;
  for (const length of LENGTHS) {
    const words = [...new Set(plain.map((word) => word.slice(0, length)))];
    if (words.reduce((sum, word) => sum + word.length, 0) <= MOST_LETTERS) return words;
  }
  return null;
}
