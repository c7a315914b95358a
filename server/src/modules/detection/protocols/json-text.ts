/** Levels that are written of what is nested too deeply to be written whole. */
const LEVELS = 50;

/**
 * JSON of a value that a stranger sent. The engine reads any depth of nesting but cannot write it: where it gives up, the
 * outer fifty levels are written. Never throws for anything that JSON can hold; '' for undefined.
 */
export function jsonText(value: unknown): string {
  try {
    return JSON.stringify(value) ?? '';
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return JSON.stringify(outerLevels(value, LEVELS)) ?? '';
  }
}

/** A copy of a value that came as JSON, without what is nested deeper than so many levels. */
export function outerLevels(value: unknown, levels: number): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (levels === 0) return '…';
  if (Array.isArray(value)) return value.map((one) => outerLevels(one, levels - 1));
  // Pairs, not assignment: a name may be __proto__.
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, outerLevels(one, levels - 1)]));
}
