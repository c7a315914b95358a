import type { NormalizedEvent } from '../normalized-event.ts';
import { CAPS, isObject, type Reading } from './reading.ts';

/** The tags a client sent: a map, or pairs as `[key, value]` or `{key, value}`. Later ones win. At most 100. */
export function readTags(value: unknown, reading: Reading): Map<string, string> {
  const tags = new Map<string, string>();
  if (value === undefined || value === null) return tags;
  if (typeof value !== 'object') {
    reading.note('tags', 'dropped: object or list expected');
    return tags;
  }
  const take = (rawKey: unknown, rawValue: unknown): boolean => {
    if (tags.size >= CAPS.tags) {
      reading.note('tags', `cut: ${CAPS.tags} kept`);
      return false;
    }
    const key = reading.name(rawKey, CAPS.tagKey, 'tags');
    if (key === undefined) return true;
    const text = reading.name(rawValue, CAPS.tagValue, 'tags');
    if (text !== undefined) tags.set(key, text.includes('\n') ? text.replace(/\s*\n\s*/g, ' ') : text);
    return true;
  };
  if (Array.isArray(value)) {
    for (const pair of value) {
      if (Array.isArray(pair) ? !take(pair[0], pair[1]) : isObject(pair) && !take(pair['key'], pair['value'])) break;
    }
  } else for (const key in value) if (!take(key, (value as Record<string, unknown>)[key])) break;
  return tags;
}

/**
 * All tags of an event: those derived from its fields first, so that no flood of own tags pushes them out, then the
 * client's. Where both name one, the event's field wins for the fields that are shown and filtered by (level, environment,
 * release …), the client's word for the rest.
 */
export function allTags(event: NormalizedEvent, own: Map<string, string>): [string, string][] {
  const tags: [string, string][] = [];
  const given = own.size > 0;
  const field = (key: string, value: string | undefined) => {
    if (value === undefined) return;
    if (given) own.delete(key);
    tags.push([key, value.length > CAPS.tagValue ? value.slice(0, CAPS.tagValue) : value]);
  };
  const derived = (key: string, value: string | undefined) => {
    if (value !== undefined && !(given && own.has(key))) field(key, value);
  };
  field('level', event.level);
  field('environment', event.environment);
  field('release', event.release);
  field('dist', event.dist);
  field('server_name', event.serverName);
  derived('transaction', event.transaction);
  derived('logger', event.logger);
  derived('url', event.request?.url === undefined ? undefined : withoutQuery(event.request.url));
  const thrown = event.exceptions.at(-1);
  derived('handled', handledOf(event));
  derived('mechanism', thrown?.mechanism);
  for (const name of ['browser', 'os', 'runtime'] as const) {
    const context = event.contexts[name];
    if (context === undefined) continue;
    derived(name, nameAndVersion(context));
    derived(`${name}.name`, typeof context['name'] === 'string' ? context['name'] : undefined);
  }
  const device = event.contexts['device'];
  if (device) derived('device', textOf(device['model']) ?? textOf(device['family']));
  for (const [key, value] of own) {
    if (tags.length >= CAPS.tags) break;
    tags.push([key, value]);
  }
  return tags;
}

/** `no` as soon as one of the exceptions was caught by nobody. */
function handledOf(event: NormalizedEvent): string | undefined {
  let handled: string | undefined;
  for (const exception of event.exceptions) {
    if (exception.handled === false) return 'no';
    if (exception.handled === true) handled = 'yes';
  }
  return handled;
}

function withoutQuery(url: string): string {
  const end = url.search(/[?#]/);
  return end < 0 ? url : url.slice(0, end);
}

function nameAndVersion(context: Record<string, unknown>): string | undefined {
  const name = textOf(context['name']) ?? textOf(context['raw_description']);
  const version = textOf(context['version']);
  return name === undefined || version === undefined ? name : `${name} ${version}`;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
