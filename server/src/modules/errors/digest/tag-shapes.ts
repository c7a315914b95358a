import { LRUCache } from 'lru-cache';

/** Tag keys counted per error besides the {@link ALWAYS} ones, in order of arrival. */
export const MAX_KEYS = 32;
/** Values counted per key of an error; further ones are summed under the empty value, shown as "other". */
export const MAX_VALUES = 200;
/** The value that stands for all others. */
export const OTHER = '';
/** Keys that filters are built on: never crowded out by whatever else an SDK sends. */
export const ALWAYS: ReadonlySet<string> = new Set(['level', 'environment', 'release']);

/** How many values of each key an error has rows for ("other" not counted). */
export type TagShape = Map<string, number>;

/**
 * May an error get a row for a value it has none for? Answers the value to count under ({@link OTHER} when the key is
 * full), or undefined when the key is one too many. Notes the new value in the shape.
 */
export function admitValue(shape: TagShape, key: string, value: string): string | undefined {
  const values = shape.get(key);
  if (values === undefined) {
    if (!ALWAYS.has(key) && shape.size >= MAX_KEYS + ALWAYS.size) return undefined;
    shape.set(key, 1);
    return value;
  }
  if (values >= MAX_VALUES) return OTHER;
  shape.set(key, values + 1);
  return value;
}

/** Shapes of the errors seen lately, so that a new value does not cost counting the others. */
export function shapeCache(): LRUCache<number, TagShape> {
  return new LRUCache<number, TagShape>({ max: 5_000 });
}
