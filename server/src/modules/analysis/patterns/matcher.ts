import type { PatternLevel } from './definition.ts';
import type { RequiredLiterals } from './literals.ts';

/** A hit: one line that a pattern starts on. */
export interface PatternHit {
  readonly pattern: {
    readonly id: string;
    readonly name: string;
    /** As decided for this line: `level` of the definition, or what its level field says. */
    readonly level: PatternLevel;
    readonly category: string | null;
    readonly tags: Readonly<Record<string, string>>;
  };
  /** The named captures that took part, by name. */
  readonly fields: Readonly<Record<string, string>>;
  /** Where each of them goes, see `PatternDefinition.fields`; all that have an own say. */
  readonly targets: Readonly<Record<string, string>>;
  /**
   * Whether the next line still belongs to it; absent for one that is always a single line. It has a memory: ask it once
   * for each line, in order, and no more after it said no.
   */
  readonly continues?: (line: string) => boolean;
  readonly maxLines: number;
}

/** A set of patterns, compiled. Costs little for lines that match none. */
export interface PatternMatcher {
  /** How many patterns are in it; with 0 nothing ever matches. */
  readonly size: number;
  /** Texts of which every line that starts a hit holds at least one; null when some pattern demands none. */
  readonly literals: RequiredLiterals | null;
  /** The first pattern, in their order, that the line starts; the line comes without its end. */
  start(line: string): PatternHit | undefined;
}
