import type { NormalizedEvent, NormalizedException, NormalizedFrame } from '../normalized-event.ts';
import { type FrameSetting, readStacktrace } from './frames.ts';
import { CAPS, isObject, middleCut, type Reading } from './reading.ts';

/**
 * Exceptions: a list, `{values}` or one object; what was thrown stands last. More than 50 are cut from the middle.
 * Entries that say nothing (no type, value, module or frames) are dropped.
 */
export function readExceptions(value: unknown, setting: FrameSetting, reading: Reading): NormalizedException[] {
  if (value === undefined || value === null) return [];
  const list = reading.list(value, 'exception');
  const [head, tail] = middleCut(list.length, CAPS.exceptions);
  if (head + tail < list.length) reading.note('exception', `cut: ${list.length} exceptions, ${CAPS.exceptions} kept`);
  const exceptions: NormalizedException[] = [];
  for (let i = 0; i < list.length; i++) {
    if (i === head) i = list.length - tail;
    if (i >= list.length) break;
    const exception = readException(list[i], `exception.values.${i}`, setting, reading);
    if (exception) exceptions.push(exception);
  }
  return exceptions;
}

function readException(value: unknown, field: string, setting: FrameSetting, reading: Reading): NormalizedException | undefined {
  if (!isObject(value)) {
    if (value !== null) reading.note(field, 'dropped: object expected');
    return undefined;
  }
  const frames = readStacktrace(value['stacktrace'] ?? value['raw_stacktrace'], `${field}.stacktrace`, setting, reading);
  const type = reading.name(value['type'], 256, `${field}.type`);
  const text = reading.text(readableValue(value['value']), CAPS.message, `${field}.value`);
  const module = reading.name(value['module'], 256, `${field}.module`);
  if (type === undefined && text === undefined && module === undefined && frames.length === 0) return undefined;
  return {
    ...(type === undefined ? {} : { type }),
    ...(text === undefined ? {} : { value: text }),
    ...(module === undefined ? {} : { module }),
    ...readMechanism(value['mechanism'], `${field}.mechanism`, reading),
    frames,
  };
}

/** Raven for JavaScript sends thrown objects as they are. */
function readableValue(value: unknown): unknown {
  return typeof value === 'object' && value !== null ? JSON.stringify(value, shallow(200)) : value;
}

/** A replacer that gives up after so many values: the value may be deep or large. */
function shallow(values: number): (key: string, value: unknown) => unknown {
  let left = values;
  return (_, value) => (--left < 0 ? undefined : value);
}

function readMechanism(value: unknown, field: string, reading: Reading): Partial<NormalizedException> {
  const mechanism = typeof value === 'string' ? { type: value } : reading.object(value, field);
  if (!mechanism) return {};
  const found: Partial<NormalizedException> = {};
  const handled = reading.boolean(mechanism['handled'], `${field}.handled`);
  if (handled !== undefined) found.handled = handled;
  const type = reading.name(mechanism['type'], 128, `${field}.type`);
  if (type !== undefined) found.mechanism = type;
  if (mechanism['synthetic'] === true) found.synthetic = true;
  if (mechanism['is_exception_group'] === true) found.isGroup = true;
  const id = reading.whole(mechanism['exception_id'], `${field}.exception_id`);
  if (id !== undefined) found.exceptionId = id;
  const parent = reading.whole(mechanism['parent_id'], `${field}.parent_id`);
  if (parent !== undefined) found.parentId = parent;
  return found;
}

type Threads = NonNullable<NormalizedEvent['threads']>;

/** Threads with the crashed and the current one first when there are more than are kept. */
export function readThreads(value: unknown, setting: FrameSetting, reading: Reading): Threads {
  if (value === undefined || value === null) return [];
  let list = reading.list(value, 'threads').filter(isObject);
  if (list.length > CAPS.threads) {
    reading.note('threads', `cut: ${list.length} threads, ${CAPS.threads} kept`);
    const rank = (t: Record<string, unknown>) => (t['crashed'] === true ? 0 : t['current'] === true ? 1 : 2);
    list = list.toSorted((a, b) => rank(a) - rank(b)).slice(0, CAPS.threads);
  }
  return list.map((thread, i) => {
    const field = `threads.values.${i}`;
    const id = reading.name(thread['id'], 64, `${field}.id`);
    const name = reading.name(thread['name'], CAPS.identifier, `${field}.name`);
    return {
      ...(id === undefined ? {} : { id }),
      ...(name === undefined ? {} : { name }),
      ...(thread['crashed'] === true ? { crashed: true } : {}),
      ...(thread['current'] === true ? { current: true } : {}),
      frames: readStacktrace(thread['stacktrace'] ?? thread['raw_stacktrace'], `${field}.stacktrace`, setting, reading),
    };
  });
}

/** The stack that stands for an event whose exceptions bring none: the crashed thread's, the current one's, or the only one's. */
export function leadingStack(threads: Threads): NormalizedFrame[] | undefined {
  const thread =
    threads.find((t) => t.crashed) ?? threads.find((t) => t.current) ?? (threads.length === 1 ? threads[0] : undefined);
  return thread && thread.frames.length > 0 ? thread.frames : undefined;
}
