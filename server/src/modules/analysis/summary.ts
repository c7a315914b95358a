import type { Level, NormalizedEvent, NormalizedException, NormalizedFrame } from '../detection/normalized-event.ts';
import { parameterize } from './message-template.ts';

/** What a row of the errors list says about an event. Absent values are null, as the columns want them. */
export interface EventSummary {
  /** `Type: first line of value`, or the message; at most 200 characters, never empty. */
  title: string;
  type: string | null;
  /** At most 1,000 characters. */
  value: string | null;
  /** Transaction, else `function in file` of the nearest own frame; at most 200 characters. */
  culprit: string | null;
  level: Level;
  platform: string;
  /** null: the SDK did not say. */
  handled: boolean | null;
  /** Message with its variables replaced; at most 300 characters. */
  messageTemplate: string | null;
}

const TITLE_CAP = 200;
const VALUE_CAP = 1000;
const CULPRIT_CAP = 200;
const TEMPLATE_CAP = 300;

/** Title of an event that says nothing at all. */
const UNLABELED = '<unlabeled event>';

/** The summary of an event. Pure and total. */
export function summarize(event: NormalizedEvent): EventSummary {
  const exception = mainException(event);
  const { type, value } = named(event, exception);
  const template =
    text(exception?.value) === undefined ? (text(event.messageTemplate) ?? text(event.message)) : text(exception?.value);
  return {
    ...headline(event),
    type: type === undefined ? null : cut(type, TITLE_CAP),
    value: value === undefined ? null : cut(value, VALUE_CAP),
    level: event.level,
    platform: event.platform,
    handled: handledOf(event),
    messageTemplate: template === undefined ? null : cut(parameterize(template), TEMPLATE_CAP),
  };
}

/** Title and culprit alone, as in {@link summarize}, at a third of its cost: what every event needs, not only the first. */
export function headline(event: NormalizedEvent): Pick<EventSummary, 'title' | 'culprit'> {
  const exception = mainException(event);
  const { type, value } = named(event, exception);
  return {
    title: titleOf(type, value ?? text(event.message), exception, event),
    culprit: culpritOf(event, exception),
  };
}

function named(event: NormalizedEvent, exception: NormalizedException | undefined) {
  const type = text(exception?.type);
  const value = text(exception?.value) ?? (exception === undefined ? text(event.message) : undefined);
  return { type, value };
}

/**
 * The exception an event is named after: the one that was thrown. Of failures collected into a group it is the first when all
 * of them are of one kind; of different ones none stands for the others, and the group is named itself.
 */
export function mainException(event: NormalizedEvent): NormalizedException | undefined {
  const all = Array.isArray(event.exceptions) ? event.exceptions : [];
  const thrown = all.at(-1);
  if (thrown?.isGroup !== true) return thrown;
  const groups = new Set(all.flatMap((one) => (one.isGroup === true ? [one.exceptionId] : [])));
  const members = all.filter((one) => one.isGroup !== true);
  // Their causes stand in the same list; only links tell them apart.
  const direct = members.filter((one) => one.parentId !== undefined && groups.has(one.parentId));
  const collected = direct.length > 0 ? direct : members;
  const kinds = new Set(collected.map(({ type, value }) => `${type}\n${parameterize((value ?? '').slice(0, TEMPLATE_CAP))}`));
  return kinds.size > 1 ? thrown : (collected.at(-1) ?? thrown);
}

/** The frame that the operator should look at first: the nearest own one, else the crash itself. */
function mainFrame(event: NormalizedEvent): NormalizedFrame | undefined {
  const own = mainException(event)?.frames ?? [];
  // Members of a group were often never thrown: the place where they were collected is known at least.
  const frames = own.length > 0 ? own : (event.exceptions.at(-1)?.frames ?? []);
  const all = frames.length > 0 ? frames : (event.stacktrace ?? []);
  return all.findLast((frame) => frame.inApp === true) ?? all.at(-1);
}

/** `function in file`, in the words the application's developer uses; undefined if the frame has neither. */
export function frameLabel(frame: NormalizedFrame): string | undefined {
  const where = text(frame.module) ?? text(frame.filename) ?? text(frame.absPath) ?? text(frame.package);
  const name = text(frame.function);
  if (name === undefined || name === '?') return where;
  return where === undefined ? name : `${name} in ${where}`;
}

function titleOf(
  type: string | undefined,
  value: string | undefined,
  exception: NormalizedException | undefined,
  event: NormalizedEvent,
): string {
  const line = value === undefined ? undefined : firstLine(value);
  if (exception !== undefined && type !== undefined) {
    // Native SDKs repeat the type in the value.
    if (line === undefined || line === type) return cut(type, TITLE_CAP);
    return cut(`${type}: ${line}`, TITLE_CAP);
  }
  if (line !== undefined) return cut(line, TITLE_CAP);
  const frame = mainFrame(event);
  const label = frame === undefined ? undefined : frameLabel(frame);
  return cut(label ?? text(event.transaction) ?? UNLABELED, TITLE_CAP);
}

function culpritOf(event: NormalizedEvent, exception: NormalizedException | undefined): string | null {
  const transaction = text(event.transaction);
  if (transaction !== undefined) return cut(transaction, CULPRIT_CAP);
  if (exception === undefined && event.stacktrace === undefined) return null;
  const frame = mainFrame(event);
  const label = frame === undefined ? undefined : frameLabel(frame);
  return label === undefined ? null : cut(label, CULPRIT_CAP);
}

/** Unhandled if any exception of the chain was: the mechanism stands on the one the SDK caught. */
function handledOf(event: NormalizedEvent): boolean | null {
  let known: boolean | null = null;
  for (const exception of Array.isArray(event.exceptions) ? event.exceptions : []) {
    if (exception.handled === false) return false;
    if (exception.handled === true) known = true;
  }
  return known;
}

function text(value: string | undefined): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

function firstLine(value: string): string {
  const trimmed = value.trimStart();
  const end = trimmed.search(/[\r\n]/);
  return (end < 0 ? trimmed : trimmed.slice(0, end)).replace(/\s+/g, ' ').trim();
}

/** Cuts without halving a surrogate pair; the cut shows. */
function cut(value: string, cap: number): string {
  if (value.length <= cap) return value;
  const code = value.charCodeAt(cap - 2);
  return `${value.slice(0, code >= 0xd800 && code <= 0xdbff ? cap - 2 : cap - 1)}…`;
}
