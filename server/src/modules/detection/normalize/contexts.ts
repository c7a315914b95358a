import type { NormalizedEvent } from '../normalized-event.ts';
import { type Budget, bounded, boundedObject } from './bounded.ts';
import { CAPS, cut, isObject, kindOf, type Reading } from './reading.ts';
import { readUserAgent } from './user-agent.ts';

type Contexts = NormalizedEvent['contexts'];

/** Contexts: a map of objects, each under 8,192 characters. */
export function readContexts(value: unknown, reading: Reading): Contexts {
  const contexts: Contexts = {};
  if (value === undefined || value === null) return contexts;
  const raw = reading.object(value, 'contexts');
  if (!raw) return contexts;
  let total: number = CAPS.contextsTotal;
  for (const key in raw) {
    const context = raw[key];
    if (context === null) continue;
    if (key === '__proto__' || !isObject(context)) {
      reading.note(`contexts.${key.slice(0, 100)}`, `dropped: object expected, ${kindOf(context)} found`);
      continue;
    }
    if (total <= 0) {
      reading.note('contexts', `cut: larger than ${CAPS.contextsTotal} characters`);
      break;
    }
    const name = reading.text(key, CAPS.tagKey, 'contexts') as string;
    const budget: Budget = { left: Math.min(CAPS.context, total) };
    const before = budget.left;
    contexts[name] =
      (key === 'flags' ? readFlags(context, reading) : undefined) ??
      (bounded(context, budget, `contexts.${name}`, reading) as Record<string, unknown>);
    total -= before - Math.max(0, budget.left) + name.length;
  }
  return contexts;
}

/** Feature flags: names to 32, values to 200 characters. */
function readFlags(context: Record<string, unknown>, reading: Reading): Record<string, unknown> | undefined {
  if (!Array.isArray(context['values'])) return undefined;
  const values: { flag: string; result: unknown }[] = [];
  for (const entry of context['values'].slice(-100)) {
    if (!isObject(entry)) continue;
    const flag = reading.name(entry['flag'], CAPS.flagKey, 'contexts.flags');
    const { result } = entry;
    if (flag === undefined) continue;
    values.push({
      flag,
      result:
        typeof result === 'boolean' || typeof result === 'number'
          ? result
          : reading.text(result, CAPS.flagValue, 'contexts.flags'),
    });
  }
  return { values };
}

/** Adds what the User-Agent tells about browser, system and device, where the SDK did not say. */
export function addClientContexts(contexts: Contexts, userAgent: string | undefined): void {
  if (userAgent === undefined || (contexts['browser'] && contexts['os'])) return;
  const client = readUserAgent(userAgent);
  if (client.browser && !contexts['browser']) contexts['browser'] = { ...client.browser };
  // A server's own system is not the one its visitor uses.
  if (client.os && !contexts['os'] && !contexts['runtime']) contexts['os'] = { ...client.os };
  if (client.device && !contexts['device'] && !contexts['runtime']) contexts['device'] = { ...client.device };
}

/** `extra`: each item under 16,384 characters, together under 262,144. */
export function readExtra(value: unknown, reading: Reading): Record<string, unknown> {
  const extra: Record<string, unknown> = {};
  if (value === undefined || value === null) return extra;
  const raw: Record<string, unknown> | undefined = Array.isArray(value) ? { ...value } : reading.object(value, 'extra');
  if (!raw) return extra;
  let total: number = CAPS.extraTotal;
  for (const key in raw) {
    if (key === '__proto__') continue;
    if (total <= 0) {
      reading.note('extra', `cut: larger than ${CAPS.extraTotal} characters`);
      break;
    }
    const name = reading.text(key.length > CAPS.tagKey ? cut(key, CAPS.tagKey) : key, CAPS.tagKey, 'extra');
    if (name === undefined) continue;
    const budget: Budget = { left: Math.min(CAPS.extraItem, total) };
    const before = budget.left;
    extra[name] = bounded(raw[key], budget, `extra.${name}`, reading);
    total -= before - Math.max(0, budget.left) + name.length;
  }
  return extra;
}

/** Trace and span of an event: from its trace context, else the envelope's. 32 and 16 hex digits, lower case. */
export function readTrace(contexts: Contexts, fallback: string | undefined): { traceId?: string; spanId?: string } {
  const trace = contexts['trace'];
  const traceId = hex(trace?.['trace_id'], 32) ?? hex(fallback, 32);
  const spanId = hex(trace?.['span_id'], 16);
  return { ...(traceId === undefined ? {} : { traceId }), ...(spanId === undefined ? {} : { spanId }) };
}

function hex(value: unknown, digits: 16 | 32): string | undefined {
  if (typeof value !== 'string') return undefined;
  const plain = value.length === digits ? value : value.replaceAll('-', '');
  return plain.length === digits && /^[0-9a-fA-F]+$/.test(plain) ? plain.toLowerCase() : undefined;
}

/** Loaded modules (name → version), at most 500. */
export function readModules(value: unknown, reading: Reading): Record<string, string> | undefined {
  const raw = value === undefined ? undefined : reading.object(value, 'modules');
  if (!raw) return undefined;
  const modules: Record<string, string> = {};
  let count = 0;
  for (const key in raw) {
    if (key === '__proto__') continue;
    if (count++ >= 500) {
      reading.note('modules', 'cut: 500 kept');
      break;
    }
    const name = reading.text(key, CAPS.identifier, 'modules');
    if (name !== undefined) modules[name] = reading.text(raw[key], 100, 'modules') ?? '';
  }
  return count > 0 ? modules : undefined;
}

/** Debug images, at most 300 of 1,024 characters each, and the debug ids of source files among them. */
export function readDebugMeta(
  value: unknown,
  reading: Reading,
): { images: Record<string, unknown>[]; ids: Map<string, string> } | undefined {
  const raw = value === undefined || value === null ? undefined : reading.object(value, 'debug_meta');
  if (!raw || !Array.isArray(raw['images'])) return undefined;
  const images: Record<string, unknown>[] = [];
  const ids = new Map<string, string>();
  for (const image of raw['images'].slice(0, 300)) {
    const kept = isObject(image) ? boundedObject(image, { left: 1024 }, 'debug_meta.images', reading) : undefined;
    if (!kept) continue;
    images.push(kept);
    const { code_file: file, debug_id: id } = kept;
    if (typeof file === 'string' && typeof id === 'string') ids.set(file, id);
  }
  if (raw['images'].length > 300) reading.note('debug_meta.images', 'cut: 300 kept');
  return images.length > 0 ? { images, ids } : undefined;
}
