/** Severities that a pattern may give, and `ignore`: a line that it takes is never an event. */
export const PATTERN_LEVELS = ['ignore', 'debug', 'info', 'warning', 'error', 'fatal'] as const;
/** One of {@link PATTERN_LEVELS}. */
export type PatternLevel = (typeof PATTERN_LEVELS)[number];

/** How an expression is written: grok is a regular expression with `%{NAME:field}` in it. */
export const EXPRESSION_KINDS = ['grok', 'regex'] as const;
/** One of {@link EXPRESSION_KINDS}. */
export type ExpressionKind = (typeof EXPRESSION_KINDS)[number];

/**
 * How the lines after the first are told to belong to it: `none`, `indented` (they begin with white space), `while` (they
 * match an expression), `until` (up to and with the one that matches), `until_start` (all that do not start another hit).
 */
export const CONTINUATION_MODES = ['none', 'indented', 'while', 'until', 'until_start'] as const;
/** One of {@link CONTINUATION_MODES}. */
export type ContinuationMode = (typeof CONTINUATION_MODES)[number];

/** Which lines belong to the first one. `expression` goes with `while` and `until` only. */
export interface Continuation {
  readonly mode: ContinuationMode;
  readonly expression: string | null;
}

/** What is said about one kind of log line: how it is told, and what is made of it. */
export interface PatternDefinition {
  readonly id: string;
  /** Unique in its project. */
  readonly name: string;
  readonly description: string;
  readonly enabled: boolean;
  readonly kind: ExpressionKind;
  /** RE2 syntax; found anywhere in the line unless it begins with `^`. Named groups are the fields. */
  readonly expression: string;
  readonly ignoreCase: boolean;
  /** Own pieces for grok, by name; they may use each other and those of the library. */
  readonly pieces: Readonly<Record<string, string>>;
  readonly level: PatternLevel;
  /** The field whose text is the level, when it reads as one; else `level` holds. */
  readonly levelField: string | null;
  readonly category: string | null;
  readonly continuation: Continuation;
  /** Lines at most, the first one counted. */
  readonly maxLines: number;
  /** Where a field goes, by its name; see {@link FIELD_TARGETS}. A field that is not named goes where its name says. */
  readonly fields: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  /** Lines it was made for, for whoever changes it. */
  readonly sample: string;
}

/** Parts of an event that a field may fill; besides these `tag:<name>`, `extra:<name>` and `drop`. */
export const FIELD_TARGETS = [
  'message',
  'type',
  'value',
  'timestamp',
  'level',
  'logger',
  'user',
  'server_name',
  'transaction',
  'release',
  'environment',
  'fingerprint',
] as const;
/** One of {@link FIELD_TARGETS}. */
export type FieldTarget = (typeof FIELD_TARGETS)[number];

/** What a definition may hold, so that no set of patterns is dear. Lengths in characters. */
export const PATTERN_LIMITS = {
  name: 80,
  description: 500,
  category: 40,
  expression: 2_000,
  /** After grok is spelt out. */
  expanded: 40_000,
  /** Instructions of the compiled expression. */
  program: 6_000,
  pieces: 50,
  fields: 60,
  tags: 30,
  tagValue: 200,
  sample: 8_000,
  maxLines: 1_000,
  /** Of a line, for matching; what is behind is not looked at. */
  line: 8_192,
  /** Patterns of one project. */
  patterns: 200,
} as const;

/** The definition with everything that was left out. */
export function fullDefinition(
  given: Partial<PatternDefinition> & Pick<PatternDefinition, 'name' | 'expression'>,
): PatternDefinition {
  return {
    id: '',
    description: '',
    enabled: true,
    kind: 'grok',
    ignoreCase: false,
    pieces: {},
    level: 'error',
    levelField: null,
    category: null,
    continuation: { mode: 'none', expression: null },
    maxLines: 100,
    fields: {},
    tags: {},
    sample: '',
    ...given,
  };
}

/** Whether some text names a place where a field can go. */
export function isFieldTarget(text: string): boolean {
  return (
    text === 'drop' || (FIELD_TARGETS as readonly string[]).includes(text) || /^(?:tag|extra):[A-Za-z0-9_.:@-]{1,60}$/.test(text)
  );
}
