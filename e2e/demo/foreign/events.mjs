// Sentry events of programs in languages that this machine may not have: true to life in their frames, contexts and
// wording, each with variation. Everything here is what the official SDKs of those languages send.
import { BROWSERS, below, chance, customers, hex, pick } from '../people.mjs';

/** A frame; `at` is `file:line` or `file:line:column`. */
export function frame(fn, at, more = {}) {
  const [filename, lineno, colno] = at.split(/:(?=\d)/);
  return {
    function: fn,
    filename,
    ...(lineno === undefined ? {} : { lineno: Number(lineno) }),
    ...(colno === undefined ? {} : { colno: Number(colno) }),
    in_app: true,
    ...more,
  };
}

/** Frames of a library: outside the program. */
export const lib = (fn, at, more = {}) => frame(fn, at, { in_app: false, ...more });

/** An exception; frames outermost first, as the protocol has them. */
export const thrown = (type, value, frames, more = {}) => ({ type, value, stacktrace: { frames }, ...more });

/** Source around a frame, as SDKs with the source at hand send it: the line marked with `>` is the one. */
export function source(text) {
  const lines = text.replace(/^\n|\n\s*$/g, '').split('\n');
  const marked = lines.findIndex((line) => line.startsWith('>'));
  const plain = lines.map((line) => line.replace(/^[> ] /, ''));
  return { pre_context: plain.slice(0, marked), context_line: plain[marked], post_context: plain.slice(marked + 1) };
}

/** What all foreign events have in common. `exceptions`: the cause first. */
export function event(platform, { exceptions, sdk, release, environment, level = 'error', ...more }) {
  return {
    event_id: hex(32),
    platform,
    level,
    release,
    environment: environment ?? (chance(0.85) ? 'production' : 'staging'),
    ...(exceptions === undefined ? {} : { exception: { values: exceptions } }),
    sdk,
    user: userOf(),
    ...more,
  };
}

function userOf() {
  const { id, email, ip_address } = pick(customers);
  return { id, email, ip_address };
}

/** A request of a browser to a server program. */
export function request(method, url, more = {}) {
  return {
    method,
    url,
    headers: { 'User-Agent': pick(BROWSERS), Accept: 'application/json', Cookie: 'sid=not-to-be-seen-in-errata' },
    ...more,
  };
}

export const uuid = () => `${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(12)}`;
export const orderNumber = () => `2026-${String(below(99_999)).padStart(5, '0')}`;
