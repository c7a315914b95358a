import type { NormalizedEvent, NormalizedFrame, ScrubbedEvent } from './normalized-event.ts';
import { FILTERED } from './scrub/assignments.ts';
import { type Rules, rulesOf, type ScrubSettings, type TextRules } from './scrub/rules.ts';
import { isCardNumber, scrubText } from './scrub/text-patterns.ts';

const MAX_NOTES = 60;
const USER_FIELDS = [
  ['id', 'id'],
  ['username', 'username'],
  ['email', 'email'],
  ['name', 'name'],
  ['ipAddress', 'ip_address'],
] as const;
const BY_NAME = 'scrubbed: a sensitive name';
const BY_TEXT = 'scrubbed: a secret in the text';

/**
 * Removes secrets from an event, in place, and brands it: nothing else reaches log, queue or storage (law b). Field names
 * first (built-in rules, the project's own), then patterns in text. Replaced by `[Filtered]`; each place is noted in `errors`.
 * Never refuses. With all rules off only the brand is given.
 */
export function scrub(event: NormalizedEvent, settings: ScrubSettings): ScrubbedEvent {
  new Scrubber(event, rulesOf(settings)).run();
  return event as ScrubbedEvent;
}

class Scrubber {
  readonly #event: NormalizedEvent;
  readonly #rules: Rules;

  constructor(event: NormalizedEvent, rules: Rules) {
    this.#event = event;
    this.#rules = rules;
  }

  run(): void {
    if (!this.#rules.active) return;
    const event = this.#event;
    this.#textOf(event, 'message', 'message');
    this.#textOf(event, 'messageTemplate', 'message');
    this.#textOf(event, 'transaction', 'transaction');
    this.#textOf(event, 'serverName', 'server_name');
    for (const exception of event.exceptions) {
      this.#textOf(exception, 'type', 'exception.type');
      this.#textOf(exception, 'value', 'exception.value');
      for (const frame of exception.frames) this.#frame(frame, 'exception.frames');
    }
    // A leading stack shares its frames with a thread: scrubbing twice changes nothing.
    for (const frame of event.stacktrace ?? []) this.#frame(frame, 'stacktrace');
    for (const thread of event.threads ?? []) for (const frame of thread.frames) this.#frame(frame, 'threads.frames');
    for (const crumb of event.breadcrumbs) {
      this.#textOf(crumb, 'message', 'breadcrumbs.message');
      if (crumb.data) this.#object(crumb.data, 'breadcrumbs.data');
    }
    this.#request();
    this.#user();
    this.#pairs(event.tags, 'tags');
    this.#contexts();
    this.#object(event.extra, 'extra');
    if (event.fingerprint) this.#list(event.fingerprint, 'fingerprint', this.#rules.text);
    if (event.debugMeta) this.#list(event.debugMeta.images, 'debug_meta', this.#rules.text);
  }

  #note(field: string, reason: string): void {
    const { errors } = this.#event;
    if (errors.length >= MAX_NOTES) return;
    if (!errors.some((note) => note.field === field && note.reason === reason)) errors.push({ field, reason });
  }

  /** One text property of a known shape. */
  #textOf<K extends string>(holder: { [key in K]?: string }, key: K, field: string, rules = this.#rules.text): void {
    const value = holder[key];
    if (value === undefined) return;
    const clean = scrubText(value, rules);
    if (clean === value) return;
    (holder as Record<K, string>)[key] = clean;
    this.#note(field, BY_TEXT);
  }

  #frame(frame: NormalizedFrame, field: string): void {
    if (frame.vars) this.#object(frame.vars, `${field}.vars`);
    const { source } = this.#rules;
    this.#textOf(frame, 'context', `${field}.context_line`, source);
    if (frame.pre) this.#list(frame.pre, `${field}.pre_context`, source);
    if (frame.post) this.#list(frame.post, `${field}.post_context`, source);
    this.#textOf(frame, 'absPath', `${field}.abs_path`);
    this.#textOf(frame, 'filename', `${field}.filename`);
  }

  #list(list: unknown[], field: string, rules: TextRules): void {
    for (let i = 0; i < list.length; i++) {
      const value = list[i];
      if (typeof value === 'string') {
        const clean = scrubText(value, rules);
        if (clean === value) continue;
        list[i] = clean;
        this.#note(field, BY_TEXT);
      } else if (typeof value === 'object' && value !== null) this.#inside(value, field);
    }
  }

  #inside(value: object, field: string): void {
    if (Array.isArray(value)) this.#list(value, field, this.#rules.text);
    else this.#object(value as Record<string, unknown>, field);
  }

  /** Fields of an object, by name and by value; nested ones too. Normalisation has bounded the depth. */
  #object(object: Record<string, unknown>, field: string): void {
    for (const key in object) {
      const value = object[key];
      if (value === null || value === '' || typeof value === 'boolean') continue;
      const verdict = this.#rules.text.judge(key);
      if (verdict === 'safe') continue;
      // A number under a plain name ("session: 12") is a count rather than a secret.
      if (verdict === 'strong' || (verdict === 'secret' && typeof value !== 'number')) {
        object[key] = FILTERED;
        this.#note(`${field}.${key}`, BY_NAME);
      } else if (typeof value === 'string') {
        const clean = scrubText(value, verdict === 'version' ? this.#rules.version : this.#rules.text);
        if (clean === value) continue;
        object[key] = clean;
        this.#note(`${field}.${key}`, BY_TEXT);
      } else if (typeof value === 'object') {
        this.#inside(value as object, `${field}.${key}`);
      } else if (typeof value === 'number' && value > 1e12 && this.#rules.text.defaults && isCardNumber(String(value))) {
        object[key] = FILTERED;
        this.#note(`${field}.${key}`, BY_TEXT);
      }
    }
  }

  /** Headers and tags. */
  #pairs(pairs: [string, string][], field: string): void {
    for (const pair of pairs) {
      const [key, value] = pair;
      const verdict = this.#rules.text.judge(key);
      if (verdict === 'safe' || value === '') continue;
      const named = verdict === 'strong' || verdict === 'secret';
      const clean = named ? FILTERED : scrubText(value, verdict === 'version' ? this.#rules.version : this.#rules.text);
      if (clean === value) continue;
      pair[1] = clean;
      this.#note(`${field}.${key}`, named ? BY_NAME : BY_TEXT);
    }
  }

  /** Like an object's fields, but a context stays an object whatever its name. */
  #contexts(): void {
    const { contexts } = this.#event;
    for (const key in contexts) {
      const verdict = this.#rules.text.judge(key);
      if (verdict === 'safe') continue;
      if (verdict === 'strong' || verdict === 'secret') {
        contexts[key] = { value: FILTERED };
        this.#note(`contexts.${key}`, BY_NAME);
      } else this.#object(contexts[key] as Record<string, unknown>, `contexts.${key}`);
    }
  }

  #request(): void {
    const { request } = this.#event;
    if (!request) return;
    this.#textOf(request, 'url', 'request.url');
    this.#textOf(request, 'queryString', 'request.query_string');
    if (request.headers) this.#pairs(request.headers, 'request.headers');
    if (request.env) this.#object(request.env, 'request.env');
    if (typeof request.data === 'object' && request.data !== null) this.#inside(request.data, 'request.data');
    else if (typeof request.data === 'string') this.#textOf(request as { data: string }, 'data', 'request.data');
  }

  /** Addresses and e-mails go whole: left as `[Filtered]` they would make all users one. */
  #user(): void {
    const { user } = this.#event;
    if (!user) return;
    const { text } = this.#rules;
    if (text.ipAddresses && user.ipAddress !== undefined) {
      delete user.ipAddress;
      this.#note('user.ip_address', 'scrubbed: addresses are not kept');
    }
    if (text.emails && user.email !== undefined) {
      delete user.email;
      this.#note('user.email', 'scrubbed: e-mails are not kept');
    }
    for (const [key, name] of USER_FIELDS) {
      if (user[key] === undefined) continue;
      const verdict = text.judge(name);
      if (verdict === 'strong' || verdict === 'secret') {
        delete user[key];
        this.#note(`user.${name}`, BY_NAME);
      } else if (verdict !== 'safe' && key !== 'ipAddress' && key !== 'email') this.#textOf(user, key, `user.${name}`);
    }
    if (user.data) this.#object(user.data, 'user.data');
  }
}
