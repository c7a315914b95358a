import { CAPS, isObject, kindOf, type Reading } from './reading.ts';

const PARAM_LENGTH = 500;

/** The text of an event and, if the SDK sent one, the template it was made from. */
export interface ReadMessage {
  message?: string;
  messageTemplate?: string;
}

/**
 * `logentry` (message, formatted, params), or `message` as text or as such an object. When only a template and parameters
 * came, they are formatted here: `%s`-style with a list, `%(name)s` with a map, and `{}`, `{0}`, `{name}`.
 */
export function readMessage(raw: Record<string, unknown>, reading: Reading): ReadMessage {
  const entry = raw['logentry'] ?? raw['sentry.interfaces.Message'];
  const plain = raw['message'];
  if (entry !== undefined && entry !== null) {
    const found = isObject(entry) ? readEntry(entry, reading) : textOnly(entry, 'logentry', reading);
    if (found.message !== undefined) return found;
  }
  if (plain === undefined || plain === null) return {};
  return isObject(plain) ? readEntry(plain, reading) : textOnly(plain, 'message', reading);
}

function textOnly(value: unknown, field: string, reading: Reading): ReadMessage {
  const message = reading.text(value, CAPS.message, field);
  return message === undefined ? {} : { message };
}

function readEntry(entry: Record<string, unknown>, reading: Reading): ReadMessage {
  const template = reading.text(entry['message'], CAPS.message, 'logentry.message');
  const formatted = reading.text(entry['formatted'], CAPS.message, 'logentry.formatted');
  if (template === undefined) return formatted === undefined ? {} : { message: formatted };
  if (formatted !== undefined)
    return formatted === template ? { message: formatted } : { message: formatted, messageTemplate: template };
  const { params } = entry;
  if (!Array.isArray(params) && !isObject(params)) {
    if (params !== undefined && params !== null)
      reading.note('logentry.params', `dropped: list or object expected, ${kindOf(params)} found`);
    return { message: template };
  }
  const made = format(template, params);
  if (made === template) return { message: template };
  const message = reading.text(made, CAPS.message, 'logentry');
  return { ...(message === undefined ? {} : { message }), messageTemplate: template };
}

/** Fills a template. Placeholders without a parameter stay as they are. */
export function format(template: string, params: readonly unknown[] | Record<string, unknown>): string {
  let next = 0;
  const at = (key: string | undefined): unknown => {
    if (key === undefined) return Array.isArray(params) ? params[next++] : undefined;
    if (Array.isArray(params)) return /^\d+$/.test(key) ? params[Number(key)] : undefined;
    return Object.hasOwn(params, key) ? (params as Record<string, unknown>)[key] : undefined;
  };
  return template.replace(
    /%%|%(?:\((\w{1,100})\))?[-+#0]{0,5}\d{0,6}(?:\.\d{0,6})?[sdifgeoxXcrua]|\{(\w{0,100})\}/g,
    (whole: string, named: string | undefined, braced: string | undefined) => {
      if (whole === '%%') return '%';
      const value = at(braced === undefined ? named : braced === '' ? undefined : braced);
      return value === undefined ? whole : shown(value);
    },
  );
}

function shown(value: unknown): string {
  if (typeof value === 'string') return value.slice(0, PARAM_LENGTH);
  if (typeof value !== 'object' || value === null) return String(value);
  let left = 50;
  return (JSON.stringify(value, (_, v) => (--left < 0 ? undefined : v)) ?? '').slice(0, PARAM_LENGTH);
}
