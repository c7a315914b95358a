import { isObject } from '../normalize/reading.ts';

const MAX_DEPTH = 8;
/** The event cut into pieces, as Crashpad's annotations have to be: `sentry__1`, `sentry__2`, … */
const PIECE = /^sentry__(\d{1,3})$/;

/**
 * The fields of a crash upload → what they say of the event, over what the dump says: `sentry` (JSON), its pieces
 * `sentry__1` …, or `sentry[release]`, `sentry[tags][os]`; every other field goes into `extra`. What is no JSON is extra, too.
 */
export function eventOfFields(crash: Record<string, unknown>, fields: readonly [string, string][]): Record<string, unknown> {
  const extra: Record<string, unknown> = {};
  const said: Record<string, unknown> = {};
  const pieces: string[] = [];
  for (const [name, value] of fields) {
    const piece = PIECE.exec(name);
    if (piece !== null) pieces[Number(piece[1])] = value;
    else if (name === 'sentry') Object.assign(said, readJson(value) ?? put(extra, name, value));
    else if (name.startsWith('sentry[')) setAt(said, pathOf(name), value);
    else put(extra, name, value);
  }
  if (pieces.length > 0) Object.assign(said, readJson(pieces.join('')));
  const whole: Record<string, unknown> = { ...crash, ...said };
  for (const field of ['contexts', 'extra'] as const) {
    const own = field === 'extra' ? extra : crash[field];
    whole[field] = Object.assign({}, own, isObject(said[field]) ? said[field] : {});
  }
  return whole;
}

function readJson(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** `sentry[tags][os]` → `tags`, `os`. */
function pathOf(name: string): string[] {
  return name.slice('sentry['.length).replace(/\]$/, '').split('][').slice(0, MAX_DEPTH);
}

function setAt(target: Record<string, unknown>, path: readonly string[], value: string): void {
  let at = target;
  for (const key of path.slice(0, -1)) {
    const next = Object.hasOwn(at, key) ? at[key] : undefined;
    if (isObject(next)) at = next;
    else at = put(at, key, {})[key] as Record<string, unknown>;
  }
  put(at, path.at(-1) ?? '', value);
}

/** Sets a field whatever its name: `__proto__` becomes a field like any other. */
function put(target: Record<string, unknown>, key: string, value: unknown): Record<string, unknown> {
  Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
  return target;
}
