import { cut, isObject, type Reading, wellFormed } from './reading.ts';

const MAX_DEPTH = 10;
const MAX_KEY = 200;

/** Characters still allowed; shared by the parts of one field. */
export interface Budget {
  left: number;
}

/**
 * Free-form JSON (contexts, extra, variables, bodies) under a size and depth cap. Sizes are counted in characters plus two
 * per value. A value that fits is given back as it is; otherwise a copy is made: long text is cut, what no longer fits is
 * left out, what is nested deeper than 10 is named instead of shown. Never recurses deeper than that.
 */
export function bounded(value: unknown, budget: Budget, field: string, reading: Reading): unknown {
  if (!reading.escapes) {
    const left = measure(value, budget.left, 0);
    if (left >= 0) {
      budget.left = left;
      return value;
    }
  }
  const copier = new Copier(budget);
  const copy = copier.copy(value, 0);
  if (copier.trouble) reading.note(field, `cut: ${copier.trouble}`);
  return copy;
}

/** An object under the cap; undefined when the field is absent, or dropped with a note when it is no object. */
export function boundedObject(
  value: unknown,
  budget: Budget,
  field: string,
  reading: Reading,
): Record<string, unknown> | undefined {
  if (value === undefined) return undefined;
  const object = reading.object(value, field);
  return object && (bounded(object, budget, field, reading) as Record<string, unknown>);
}

/** What is left of `left` after the value; negative when it does not fit, is too deep or has a dangerous key. */
function measure(value: unknown, left: number, depth: number): number {
  if (typeof value === 'string') return left - value.length - 2;
  if (typeof value !== 'object' || value === null) return left - 6;
  if (depth >= MAX_DEPTH) return -1;
  let rest = left - 2;
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length && rest >= 0; i++) rest = measure(value[i], rest, depth + 1);
    return rest;
  }
  for (const key in value) {
    if (key === '__proto__' || key.length > MAX_KEY) return -1;
    rest = measure((value as Record<string, unknown>)[key], rest - key.length - 3, depth + 1);
    if (rest < 0) return rest;
  }
  return rest;
}

class Copier {
  readonly #budget: Budget;
  trouble: string | undefined;

  constructor(budget: Budget) {
    this.#budget = budget;
  }

  copy(value: unknown, depth: number): unknown {
    if (typeof value === 'string') return this.#text(value);
    if (typeof value !== 'object' || value === null) {
      this.#budget.left -= 6;
      return value;
    }
    if (depth >= MAX_DEPTH) {
      this.trouble ??= `nested deeper than ${MAX_DEPTH}`;
      this.#budget.left -= 20;
      return Array.isArray(value) ? `[list of ${value.length}]` : '[object]';
    }
    this.#budget.left -= 2;
    return Array.isArray(value) ? this.#list(value, depth) : this.#object(value as Record<string, unknown>, depth);
  }

  #text(value: string): string {
    const whole = wellFormed(value);
    const room = Math.max(this.#budget.left - 2, 0);
    this.#budget.left -= Math.min(whole.length, room) + 2;
    if (whole.length <= room) return whole;
    this.trouble ??= 'too large';
    return room < 2 ? '…' : cut(whole, room);
  }

  #list(value: readonly unknown[], depth: number): unknown[] {
    const copy: unknown[] = [];
    for (const entry of value) {
      if (this.#exhausted()) break;
      copy.push(this.copy(entry, depth + 1));
    }
    return copy;
  }

  #object(value: Record<string, unknown>, depth: number): Record<string, unknown> {
    const copy: Record<string, unknown> = {};
    for (const key in value) {
      if (this.#exhausted()) break;
      if (key === '__proto__') {
        this.trouble ??= 'a forbidden key';
        continue;
      }
      const name = wellFormed(key.length > MAX_KEY ? cut(key, MAX_KEY) : key);
      this.#budget.left -= name.length + 3;
      copy[name] = this.copy(value[key], depth + 1);
    }
    return copy;
  }

  #exhausted(): boolean {
    if (this.#budget.left > 0) return false;
    this.trouble ??= 'too large';
    return true;
  }
}

/** Whether there is anything in it. */
export function isEmpty(value: unknown): boolean {
  if (isObject(value)) {
    for (const _ in value) return false;
    return true;
  }
  return value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);
}
