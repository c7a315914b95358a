/** Caps of the Sentry protocol (event payload size limits) and our own where it names none. Characters unless said. */
export const CAPS = {
  message: 8192,
  tagKey: 200,
  tagValue: 200,
  tags: 100,
  /** One context; the total is ours. */
  context: 8192,
  contextsTotal: 131_072,
  extraItem: 16_384,
  extraTotal: 262_144,
  body: 8192,
  frames: 50,
  exceptions: 50,
  threads: 50,
  breadcrumbs: 100,
  breadcrumbData: 4096,
  breadcrumbsTotal: 131_072,
  frameVars: 2048,
  culprit: 200,
  flagKey: 32,
  flagValue: 200,
  sourceLine: 512,
  identifier: 200,
  path: 512,
  url: 2048,
  notes: 50,
} as const;

/** What was cut, dropped or repaired, for the event page. */
export interface Note {
  field: string;
  reason: string;
}

/** State of one normalisation: the notes taken, and whether text may need repair. */
export class Reading {
  readonly notes: Note[] = [];
  /** The JSON had `\u` escapes: only then can a string hold a lone surrogate or NUL. */
  readonly escapes: boolean;

  constructor(escapes: boolean) {
    this.escapes = escapes;
  }

  note(field: string, reason: string): void {
    if (this.notes.length < CAPS.notes) this.notes.push({ field, reason });
  }

  /** Text of a field: cut to `max`, valid Unicode; numbers and booleans become text; anything else is dropped with a note. */
  text(value: unknown, max: number, field: string): string | undefined {
    if (typeof value === 'string') {
      if (value.length === 0) return undefined;
      const whole = this.escapes ? wellFormed(value) : value;
      if (whole.length <= max) return whole;
      this.note(field, `cut: ${whole.length} characters, ${max} kept`);
      return cut(whole, max);
    }
    if (value === undefined || value === null) return undefined;
    if (typeof value === 'number' || typeof value === 'boolean') return String(value);
    this.note(field, `dropped: text expected, ${kindOf(value)} found`);
    return undefined;
  }

  /** Like {@link text}, without surrounding white space: names, versions, identifiers. */
  name(value: unknown, max: number, field: string): string | undefined {
    const found = this.text(value, max, field);
    if (found === undefined) return undefined;
    const first = found.charCodeAt(0);
    const last = found.charCodeAt(found.length - 1);
    return first > 32 && first < 128 && last > 32 && last < 128 ? found : found.trim() || undefined;
  }

  /** A whole number from 0 to 2^53 from a number or decimal text. */
  whole(value: unknown, field: string): number | undefined {
    if (value === undefined || value === null) return undefined;
    const n = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
    if (typeof n === 'number' && n >= 0 && n <= Number.MAX_SAFE_INTEGER) return Math.trunc(n);
    this.note(field, `dropped: whole number expected, ${kindOf(value)} found`);
    return undefined;
  }

  boolean(value: unknown, field: string): boolean | undefined {
    if (typeof value === 'boolean') return value;
    if (value === undefined || value === null) return undefined;
    if (value === 'true' || value === 1) return true;
    if (value === 'false' || value === 0) return false;
    this.note(field, `dropped: true or false expected, ${kindOf(value)} found`);
    return undefined;
  }

  object(value: unknown, field: string): Record<string, unknown> | undefined {
    if (isObject(value)) return value;
    if (value !== undefined && value !== null) this.note(field, `dropped: object expected, ${kindOf(value)} found`);
    return undefined;
  }

  /** A list, `{values: [...]}`, or a single object standing for a list of one. */
  list(value: unknown, field: string): readonly unknown[] {
    if (Array.isArray(value)) return value;
    if (isObject(value)) {
      if (!Object.hasOwn(value, 'values')) return [value];
      const { values } = value;
      if (Array.isArray(values)) return values;
      if (values === null) return [];
    }
    if (value !== undefined && value !== null) this.note(field, `dropped: list expected, ${kindOf(value)} found`);
    return [];
  }
}

/** A JSON object: neither null nor a list. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The kind of a JSON value, for notes. */
export function kindOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'list' : typeof value;
}

/** Cuts to `max` UTF-16 units, marks the cut with an ellipsis and never splits a surrogate pair. */
export function cut(value: string, max: number): string {
  const last = value.charCodeAt(max - 2);
  return `${value.slice(0, last >= 0xd800 && last < 0xdc00 ? max - 2 : max - 1)}…`;
}

/** Replaces what databases and JSON readers refuse: lone surrogates and NUL become U+FFFD. */
export function wellFormed(value: string): string {
  const sound = value.isWellFormed() ? value : value.toWellFormed();
  return sound.includes('\0') ? sound.replaceAll('\0', '\ufffd') : sound;
}

/** `[head, tail]` counts that keep `max` of `length`, cut from the middle. */
export function middleCut(length: number, max: number): [number, number] {
  return length <= max ? [length, 0] : [Math.floor(max / 2), Math.ceil(max / 2)];
}
