import type { PatternContentFieldsFragment, PatternInput } from '@errata/schema';

/** A pattern as it is edited: everything there, texts never null. */
export interface Draft {
  name: string;
  description: string;
  enabled: boolean;
  kind: PatternInput['kind'] & string;
  expression: string;
  ignoreCase: boolean;
  pieces: Entry[];
  level: PatternInput['level'] & string;
  levelField: string;
  category: string;
  continuation: PatternInput['continuation'] & string;
  continuationExpression: string;
  maxLines: number | '';
  fields: Entry[];
  tags: Entry[];
  sample: string;
}

/** A name with a text. */
export interface Entry {
  name: string;
  value: string;
}

const plain = (entries: readonly Entry[]): Entry[] => entries.map(({ name, value }) => ({ name, value }));

/** A new pattern. */
export const EMPTY_DRAFT: Draft = {
  name: '',
  description: '',
  enabled: true,
  kind: 'GROK',
  expression: '',
  ignoreCase: false,
  pieces: [],
  level: 'ERROR',
  levelField: '',
  category: '',
  continuation: 'NONE',
  continuationExpression: '',
  maxLines: 100,
  fields: [],
  tags: [],
  sample: '',
};

/** What the server has, for editing. */
export function draftOf(content: PatternContentFieldsFragment): Draft {
  const { name, description, enabled, kind, expression, ignoreCase, level, continuation, maxLines, sample } = content;
  return {
    ...{ name, description, enabled, kind, expression, ignoreCase, level, continuation, maxLines, sample },
    pieces: plain(content.pieces),
    levelField: content.levelField ?? '',
    category: content.category ?? '',
    continuationExpression: content.continuationExpression ?? '',
    fields: plain(content.fields),
    tags: plain(content.tags),
  };
}

/** What is sent; fields that the expression no longer has are left out, they are in nobody's way. */
export function inputOf(draft: Draft, captures: readonly string[] | null = null): PatternInput {
  const { levelField, category, continuationExpression, maxLines, fields, ...rest } = draft;
  return {
    ...rest,
    maxLines: maxLines === '' ? 0 : maxLines,
    levelField: levelField === '' || captures?.includes(levelField) === false ? null : levelField,
    category: category === '' ? null : category,
    continuationExpression: continuationExpression === '' ? null : continuationExpression,
    fields: captures === null ? fields : fields.filter(({ name }) => captures.includes(name)),
    tags: draft.tags.filter(({ name, value }) => name !== '' || value !== ''),
    pieces: draft.pieces.filter(({ name, value }) => name !== '' || value !== ''),
  };
}

/** What is wrong with a pattern, as the server says it. */
export interface Fault {
  field: string;
  message: string;
  position?: number | null;
  length?: number | null;
}

/** The first fault of a field. */
export function faultOf(faults: readonly Fault[], field: string): Fault | undefined {
  return faults.find((fault) => fault.field === field);
}

/** Words for the ways in which lines are joined. */
export const CONTINUATIONS: Record<Draft['continuation'], string> = {
  NONE: 'Single line',
  INDENTED: 'Lines that are indented',
  WHILE: 'Lines that match…',
  UNTIL: 'Until a line matches…',
  UNTIL_START: 'Until it starts again',
};

/** Words for the levels. */
export const LEVELS: { value: Draft['level']; label: string }[] = [
  { value: 'FATAL', label: 'Fatal' },
  { value: 'ERROR', label: 'Error' },
  { value: 'WARNING', label: 'Warning' },
  { value: 'INFO', label: 'Info' },
  { value: 'DEBUG', label: 'Debug' },
  { value: 'IGNORE', label: 'Ignore: never an event' },
];
