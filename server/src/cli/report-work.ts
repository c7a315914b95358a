import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { LineCutter } from '../modules/detection/protocols/ndjson.ts';
import { systemClock } from '../platform/clock.ts';
import { CommandFailure, EXIT } from './output.ts';
import { type ReportResult, type ReportTarget, reportTarget, sendReports } from './report-send.ts';
import { jsonLine, printable } from './terminal.ts';

/** What `errata report` takes. */
export interface ReportOptions {
  dsn?: string;
  url?: string;
  token?: string;
  project?: string;
  level?: string;
  type?: string;
  tag?: string[];
  extra?: string[];
  release?: string;
  environment?: string;
  serverName?: string;
  transaction?: string;
  user?: string;
  fingerprint?: string[];
  platform?: string;
  timestamp?: string;
  eventId?: string;
  stackFromStdin?: boolean;
  ndjson?: boolean;
  json?: boolean;
}

type Json = Record<string, unknown>;
const MAX_STACK_BYTES = 512 * 1024;
const MAX_LINE_BYTES = 1024 * 1024;
const BATCH_LINES = 1_000;
/** Well below what either way takes at once. */
const BATCH_BYTES = 4 * 1024 * 1024;

/**
 * Reports one error, or the lines of standard input.
 * @throws CommandFailure 1 when something was not taken, 2 for wrong usage, 3 unreachable, 4 refused
 */
export async function report(message: string | undefined, options: ReportOptions): Promise<void> {
  const target = reportTarget(options);
  if (options.ndjson === true) await reportLines(target, message, options);
  else await reportOne(target, message, options);
}

async function reportOne(target: ReportTarget, message: string | undefined, options: ReportOptions): Promise<void> {
  const stack = options.stackFromStdin === true ? await readStack() : undefined;
  if ((message ?? '') === '' && options.type === undefined && (stack ?? '').trim() === '')
    throw new CommandFailure('nothing to report: give a message, a type, or a stack by --stack-from-stdin', EXIT.usage);
  const one = {
    message,
    type: options.type,
    stack,
    level: options.level,
    release: options.release,
    environment: options.environment,
    serverName: options.serverName ?? hostname(),
    transaction: options.transaction,
    platform: options.platform,
    fingerprint: options.fingerprint,
    user: options.user === undefined ? undefined : { id: options.user },
    tags: pairs(options.tag, '--tag'),
    extra: pairs(options.extra, '--extra'),
    timestamp: options.timestamp ?? new Date(systemClock.now()).toISOString(),
    eventId: options.eventId ?? randomUUID(),
  };
  const [result] = await sendReports(target, [JSON.stringify(one)], 'once');
  if (result === undefined) throw new CommandFailure('the server did not say what became of it', EXIT.failed);
  print(result, 1, options);
  if (!isTaken(result)) throw new CommandFailure(`not taken: ${result.message ?? result.reason ?? result.outcome}`, EXIT.failed);
}

/** Lines go out in batches, each with an id: what has to be sent again is kept once. */
async function reportLines(target: ReportTarget, message: string | undefined, options: ReportOptions): Promise<void> {
  if (message !== undefined || options.stackFromStdin === true)
    throw new CommandFailure('--ndjson takes everything from standard input', EXIT.usage);
  let waiting: { line: number; text: string }[] = [];
  let bytes = 0;
  let seen = 0;
  let taken = 0;
  const settle = (result: ReportResult, line: number) => {
    if (isTaken(result)) taken++;
    else process.stderr.write(`errata: event ${line}: ${printable(result.message ?? result.reason ?? result.outcome)}\n`);
    print(result, line, options);
  };
  const flush = async () => {
    const batch = waiting;
    waiting = [];
    bytes = 0;
    if (batch.length === 0) return;
    const texts = batch.map(({ text }) => text);
    const results = await sendReports(target, texts, taken === 0 ? 'first' : 'patiently');
    for (const [i, { line }] of batch.entries()) settle(results[i] ?? { outcome: 'failed', message: 'no answer' }, line);
  };
  const cutter = new LineCutter(MAX_LINE_BYTES, (bytesOfLine) => {
    seen++;
    if (bytesOfLine === undefined) settle({ outcome: 'invalid', message: `a line larger than ${MAX_LINE_BYTES} bytes` }, seen);
    else {
      waiting.push({ line: seen, text: identified(bytesOfLine.toString('utf8')) });
      bytes += bytesOfLine.length;
    }
  });
  for await (const chunk of process.stdin) {
    cutter.feed(chunk as Buffer);
    if (waiting.length >= BATCH_LINES || bytes >= BATCH_BYTES) await flush();
  }
  cutter.end();
  await flush();
  if (seen === 0) throw new CommandFailure('nothing to report: standard input is empty', EXIT.usage);
  if (taken < seen) throw new CommandFailure(`${seen - taken} of ${seen} events were not taken`, EXIT.failed);
  process.stderr.write(`${taken} ${taken === 1 ? 'event' : 'events'} reported\n`);
}

/** Gives an id to an event without one; what is no JSON goes as it is, for the server to say so. */
function identified(text: string): string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return text;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return text;
  const event = value as Json;
  if (event['event_id'] !== undefined || event['eventId'] !== undefined) return text;
  const name = event['exception'] !== undefined || event['logentry'] !== undefined ? 'event_id' : 'eventId';
  return JSON.stringify({ ...event, [name]: randomUUID().replaceAll('-', '') });
}

async function readStack(): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of process.stdin) {
    bytes += (chunk as Buffer).length;
    if (bytes > MAX_STACK_BYTES) throw new CommandFailure(`a stack of more than ${MAX_STACK_BYTES} bytes`, EXIT.usage);
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function pairs(words: readonly string[] | undefined, option: string): Record<string, string> | undefined {
  if (words === undefined) return undefined;
  return Object.fromEntries(
    words.map((word) => {
      const equals = word.indexOf('=');
      if (equals < 1) throw new CommandFailure(`${option} takes name=value, not ${word}`, EXIT.usage);
      return [word.slice(0, equals), word.slice(equals + 1)];
    }),
  );
}

/** A filter of the project that does not want it is the project's will, and no fault. */
function isTaken({ outcome }: ReportResult): boolean {
  return outcome === 'accepted' || outcome === 'filtered';
}

function print(result: ReportResult, line: number, { json, ndjson }: ReportOptions): void {
  if (json === true) process.stdout.write(jsonLine(ndjson === true ? { line, ...result } : result));
  else if (result.id !== undefined && isTaken(result)) process.stdout.write(`${result.id}\n`);
}
