/**
 * Grouping v1. Once released it is frozen: it owns copies of all its helpers (`v1/*`) and is never edited, because any
 * change of a hash splits every open error in two. Improvements become v2.
 *
 * What decides, in this order:
 * 1. the SDK's fingerprint, with its placeholders;
 * 2. exception types (root cause first) and the own frames nearest to the crash: the first that names a place.
 *    Guards (`assertPaid`) and anonymous functions do not, so their callers are added;
 * 3. the message with its variables replaced, when the frames do not name a place: anonymous functions, libraries
 *    only, no stack at all;
 * 4. for events without an exception, the message alone.
 *
 * Left out on purpose: line numbers and source lines (every deploy moves them; and log lines have none), release,
 * environment, tags, user, transaction.
 */
import { hash as digest } from 'node:crypto';
import type { NormalizedEvent, NormalizedException } from '../../detection/normalized-event.ts';
import { chainOf, framesOf } from './v1/chain.ts';
import { type KeyFrame, type ScriptKind, type StackKey, stackKey } from './v1/frames.ts';
import { parameterizeV1 } from './v1/message.ts';
import { fromSdk } from './v1/sdk-fingerprint.ts';

export interface FingerprintV1 {
  version: 'v1';
  /** SHA-1 as 40 hex digits. */
  hash: string;
  /** What decided, for people; the most important first. */
  why: string[];
}

const SCRIPTS: Record<string, ScriptKind> = {
  javascript: 'browser',
  'react-native': 'browser',
  node: 'server',
  deno: 'server',
  bun: 'server',
};
/** Raised by the runtime, not by a check: where it happened is the defect itself, even inside a function named `validate…`. */
const FAULT =
  /(?:NullPointer|NullReference|IndexOutOf\w*|ClassCast|Arithmetic|DivideByZero|InvalidCast|StackOverflow|OutOfMemory|NoSuch(?:Method|Field)|AbstractMethod)\w*$|^(?:ZeroDivisionError|KeyError|AttributeError|IndexError|NameError|UnboundLocalError|TypeError|ReferenceError|NoMethodError|RecursionError)$|^(?:SIG[A-Z]{3,4}|EXC_)/;
const OVERFLOW_TYPE = /StackOverflow|RecursionError|SystemStackError|InsufficientExecutionStack/;
const OVERFLOW_MESSAGE = /maximum (?:call stack|recursion depth)|too much recursion|stack (?:level too deep|overflow)/i;
/** Browsers do not agree on the type of a stack overflow: Firefox has an InternalError. */
const OVERFLOW = 'RangeError';
const MESSAGE_CAP = 250;
const MAX_MEMBERS = 8;

/** Grouping v1 of an event. Pure and total: any event gets a hash, the same event always the same one. */
export function fingerprintV1(event: NormalizedEvent): FingerprintV1 {
  const why: string[] = [];
  const custom =
    Array.isArray(event.fingerprint) && event.fingerprint.length > 0
      ? fromSdk(event.fingerprint, event, () => describe(event, why))
      : undefined;
  const parts = custom?.parts ?? describe(event, why);
  if (custom !== undefined) why.unshift(...custom.why);
  return { version: 'v1', hash: digest('sha1', `v1\n${parts.join('\n')}`, 'hex'), why };
}

/** The parts that Errata itself chooses. */
function describe(event: NormalizedEvent, why: string[]): string[] {
  const { exceptions, group } = chainOf(event);
  if (exceptions.length === 0) return describeMessage(event, why);
  const script = SCRIPTS[event.platform] ?? 'no';
  return group ? describeGroup(event, exceptions, script, why) : describeChain(event, exceptions, script, why);
}

function describeChain(event: NormalizedEvent, exceptions: NormalizedException[], script: ScriptKind, why: string[]): string[] {
  const types = exceptions.map((exception) => (script === 'no' || !isOverflow(exception) ? typeOf(exception) : OVERFLOW));
  const parts = types.map((type) => `type ${type}`);
  const named = types.filter((type) => type !== '');
  if (named.length > 1) why.push(`Exception chain, root cause first: ${named.join(' → ')}`);
  else if (named.length === 1) why.push(`Exception type ${named[0]}`);
  else why.push('No exception type was sent');

  const [main, stack] = choose(event, exceptions, script);
  parts.push(...describeStack(stack, why));
  const thrown = exceptions.at(-1) as NormalizedException;
  if (thrown !== main) parts.push(...describeThrown(stackOf(event, thrown, script, false), stack, why));
  if (stack?.specific === true && named.length > 0) why.push('Message left out because the stack is specific');
  else parts.push(...describeText(main.value ?? event.message, why, stack));
  return parts;
}

/** The exception whose stack stands for the chain: the innermost that ran own code, else the one that was thrown. */
function choose(
  event: NormalizedEvent,
  exceptions: NormalizedException[],
  script: ScriptKind,
): [NormalizedException, StackKey | undefined] {
  let fallback: [NormalizedException, StackKey] | undefined;
  const lone = exceptions.every((x) => !Array.isArray(x.frames) || x.frames.length === 0);
  for (const exception of exceptions) {
    const stack = stackOf(event, exception, script, lone);
    if (stack?.inApp === true) return [exception, stack];
    if (stack !== undefined) fallback = [exception, stack];
  }
  return fallback ?? [exceptions[0] as NormalizedException, undefined];
}

function stackOf(
  event: NormalizedEvent,
  exception: NormalizedException,
  script: ScriptKind,
  lone: boolean,
): StackKey | undefined {
  return stackKey(framesOf(event, exception, lone), script, FAULT.test(exception.type ?? ''), isOverflow(exception));
}

function isOverflow({ type, value }: NormalizedException): boolean {
  return OVERFLOW_TYPE.test(type ?? '') || (value !== undefined && OVERFLOW_MESSAGE.test(value.slice(0, 200)));
}

/** Failures collected into one (ExceptionGroup, AggregateError): the set of their members, each like an error of its own. */
function describeGroup(event: NormalizedEvent, members: NormalizedException[], script: ScriptKind, why: string[]): string[] {
  const keys = new Map<string, string[]>();
  for (const member of members) {
    const reasons: string[] = [];
    const key = describeChain(event, [member], script, reasons).join(' ');
    if (!keys.has(key)) keys.set(key, reasons);
  }
  const sorted = [...keys.keys()].sort().slice(0, MAX_MEMBERS);
  why.push(`Group of ${sorted.length === 1 ? 'one kind' : `${sorted.length} kinds`} of failure; order and number left out`);
  for (const key of sorted) why.push(...(keys.get(key) ?? []));
  if (why.length > 12) why.length = 12;
  return ['group', ...sorted];
}

function describeStack(stack: StackKey | undefined, why: string[]): string[] {
  if (stack === undefined) return [];
  for (const frame of stack.frames)
    why.push(stack.inApp ? sentence(frame) : `Nearest library frame ${frame.label}, because no frame is the application's own`);
  return stack.frames.map((frame) => `${stack.inApp ? 'app' : 'lib'} ${frame.key}`);
}

/** Where the root cause was wrapped and thrown on: another operation that hit the same cause is another error. */
function describeThrown(stack: StackKey | undefined, main: StackKey | undefined, why: string[]): string[] {
  const frame = stack?.frames[0];
  if (frame === undefined || main?.frames.some((other) => other.key === frame.key) === true) return [];
  why.push(`Thrown on from ${frame.label}`);
  return [`thrown ${frame.key}`];
}

const AS: Record<NonNullable<KeyFrame['as']>, (label: string) => string> = {
  crash: (label) => `Crashed in ${label}`,
  'caller-of-guard': (label) => `Its caller ${label}, because a guard only reports what its caller did`,
  'caller-of-anonymous': (label) => `Its caller ${label}, because an anonymous function does not name a place`,
  cycle: (label) => `In the same endless recursion: ${label}`,
};

function sentence(frame: KeyFrame): string {
  return frame.as === undefined ? `In-app frame ${frame.label}` : AS[frame.as](frame.label);
}

function describeText(text: string | undefined, why: string[], stack: StackKey | undefined): string[] {
  const template = templateOf(text);
  if (template === '') return [];
  why.push(
    `Message “${template}”, because ${stack === undefined ? 'there is no usable stack' : 'the stack alone does not name a place'}`,
  );
  return [`message ${likeIds(template)}`];
}

function describeMessage(event: NormalizedEvent, why: string[]): string[] {
  const template = templateOf(event.messageTemplate ?? event.message);
  if (template !== '') {
    why.push(event.messageTemplate === undefined ? `Message “${template}”` : `Message template of the SDK “${template}”`);
    return [`message ${likeIds(template)}`];
  }
  const stack = stackKey(framesOf(event, undefined, true), SCRIPTS[event.platform] ?? 'no', true, false);
  if (stack !== undefined) return describeStack(stack, why);
  why.push('Neither exception nor message nor stack was sent: grouped by logger and transaction');
  return ['empty', event.logger ?? '', event.transaction ?? ''];
}

/** Type without what the compiler or the run numbers. A synthetic one counts as well: native SDKs name the signal there. */
function typeOf(exception: NormalizedException): string {
  const sent = exception.type;
  if (sent === undefined || sent === '') return '';
  // Node prints an error's code behind its name (`TypeError [ERR_INVALID_ARG]`); its SDK sends the name alone.
  const type = sent.endsWith(']') ? sent.replace(/ \[[A-Z][A-Z\d_]{0,60}\]$/, '') : sent;
  if (!/\d/.test(type)) return type.slice(0, 200);
  return parameterizeV1(type.replace(/\$\d+$/, '').replace(/`\d+/g, '')).slice(0, 200);
}

function templateOf(text: string | undefined): string {
  return text === undefined || text === '' ? '' : parameterizeV1(text).slice(0, MESSAGE_CAP);
}

/** An id is an id, whether today's has eight digits or a letter among them. */
function likeIds(template: string): string {
  return template.includes('<') ? template.replace(/<(?:int|float|hex|id|uuid|duration|size|version)>/g, '<*>') : template;
}
