import { wellFormed } from '../normalize/reading.ts';
import { refusals } from '../protocols/refusal.ts';

/** An item's payload as a JSON object. @throws IngestRefusal invalid:json */
export function jsonObject(payload: Buffer): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(payload.toString('utf8'));
  } catch {
    throw refusals.json('not JSON');
  }
  const object = asObject(value);
  if (object === undefined) throw refusals.json('an object expected');
  return object;
}

/** Anything that is an object with named fields. */
export function asObject(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
}

/** A text that can be stored, trimmed and cut; undefined for an empty one or anything else. */
export function cleanText(value: unknown, max: number): string | undefined {
  if (typeof value !== 'string') return undefined;
  const text = wellFormed(value.slice(0, max).replaceAll('\0', '')).trim();
  return text === '' ? undefined : text;
}

/** 32 lower-case hex digits of a UUID with or without dashes; undefined for anything else. */
export function hexId(value: unknown): string | undefined {
  if (typeof value !== 'string' || value.length > 36) return undefined;
  const hex = value.replaceAll('-', '').toLowerCase();
  return /^[0-9a-f]{32}$/.test(hex) ? hex : undefined;
}
