import { hash } from 'node:crypto';
import { isObject } from '../normalize/reading.ts';
import { jsonText } from './json-text.ts';

type Json = Record<string, unknown>;

/** Small helpers of the doors for other products' clients: their payloads are read as loosely as Sentry's. */

/** An object, or an empty one. */
export function objectOf(value: unknown): Json {
  return isObject(value) ? value : {};
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Text that is not empty; numbers become text. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value;
  return typeof value === 'number' ? String(value) : undefined;
}

/** Without what is absent, empty text or an empty object. */
export function filled(from: Json): Json {
  return Object.fromEntries(
    Object.entries(from).filter(([, value]) => {
      if (value === undefined || value === null || value === '') return false;
      if (typeof value !== 'object') return true;
      for (const _ in value) return true;
      return false;
    }),
  );
}

/** An id for what brings none, made of all it is: a client that sends it again makes a duplicate. */
export function idOf(value: unknown): string {
  return hash('sha256', jsonText(value), 'hex').slice(0, 32);
}
