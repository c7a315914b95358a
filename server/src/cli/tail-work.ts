import { hostname } from 'node:os';
import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { followedSource } from '../modules/detection/tail/followed-source.ts';
import { makeDetector } from '../modules/detection/tail/make-detector.ts';
import { TailEngine } from '../modules/detection/tail/tail-engine.ts';
import type { Deliver, FollowedSource } from '../modules/detection/tail/tail-source.ts';
import type { LogSourceSettings } from '../modules/projects/log-source-settings.ts';
import { DEFAULT_LOG_SOURCE, LOG_ENCODINGS, LOG_WRAPPERS, MIN_LEVELS } from '../modules/projects/log-source-values.ts';
import { systemClock } from '../platform/clock.ts';
import { CommandFailure, EXIT } from './output.ts';
import type { TailOptions } from './tail.ts';
import { TailSender } from './tail-sender.ts';
import { connectionFrom, targetOf } from './tail-target.ts';
import { printable } from './terminal.ts';

const LOOK_EVERY_MS = 50;

/**
 * Follows until it is stopped, or to the end of input with `--once` and standard input.
 * @throws CommandFailure for wrong usage, refusal by the server, or events that could not be delivered
 */
export async function tail(files: readonly string[], options: TailOptions): Promise<void> {
  const isStdin = files.includes('-');
  if (isStdin && files.length > 1) throw new CommandFailure('standard input (-) goes alone', EXIT.usage);
  if (options.source === undefined && files.length === 0)
    throw new CommandFailure('name files, - for standard input, or --source', EXIT.usage);
  if (options.source !== undefined && files.length > 0)
    throw new CommandFailure('--source knows its files; name none', EXIT.usage);
  if (options.tee === true && !isStdin) throw new CommandFailure('--tee goes with standard input (-)', EXIT.usage);
  const patienceMs = 1000 * wholeNumber(options.patience ?? '30', '--patience');
  const note = (text: string) => options.quiet !== true && process.stderr.write(`errata tail: ${printable(text)}\n`);

  if (options.source !== undefined) {
    const connection = connectionFrom(options);
    if (connection === undefined) throw new CommandFailure('--source needs a token: ERRATA_TOKEN or --token', EXIT.usage);
    const { watchSource } = await import('./tail-agent.ts');
    await watchSource(connection, options.source, { stateDir: options.stateDir, poll: options.poll === true, note });
    return;
  }
  const source = sourceOf(files, options);
  const ending = new Ending();
  const sender = new TailSender({ target: await targetOf(options), failed: (failure) => ending.fail(failure), note });
  const deliver: Deliver = (_key, reports) => sender.deliver(reports);
  if (isStdin) {
    const { tailStdin } = await import('./tail-stdin.ts');
    await tailStdin({ source, deliver, ending, tee: options.tee === true, patienceMs });
  } else await follow(source, deliver, ending, { ...options, patienceMs, note });
  if (sender.accepted > 0) note(`${sender.accepted} ${sender.accepted === 1 ? 'event' : 'events'} reported`);
}

/** When and how a command ends. */
export class Ending {
  readonly #controller = new AbortController();
  failure: CommandFailure | undefined;

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  stop(): void {
    this.#controller.abort();
  }

  fail(failure: CommandFailure): void {
    this.failure ??= failure;
    this.stop();
  }

  /** Ends the waiting at SIGINT and SIGTERM; a second one ends the process. */
  listen(): void {
    let signals = 0;
    const hear = () => {
      signals += 1;
      if (signals > 1) process.exit(process.exitCode ?? EXIT.failed);
      this.stop();
    };
    process.on('SIGINT', hear).on('SIGTERM', hear);
  }
}

async function follow(
  source: FollowedSource,
  deliver: Deliver,
  ending: Ending,
  options: TailOptions & { patienceMs: number; note: (text: string) => void },
): Promise<void> {
  ending.listen();
  const engine = new TailEngine({
    make: makeDetector,
    deliver,
    isAllowed: () => true,
    stateDir: options.stateDir === undefined ? undefined : resolve(options.stateDir),
    now: () => systemClock.now(),
    log: (level, fields, text) => level !== 'info' && options.note(`${text} ${JSON.stringify(fields)}`),
    watch: options.poll !== true,
  });
  engine.setSources([source]);
  engine.start();
  let told = '';
  while (!ending.signal.aborted) {
    const status = engine.statuses().get(source.key);
    const text = (status?.problems ?? []).map(({ message }) => message).join(' ');
    if (text !== told && text !== '') options.note(text);
    told = text;
    if (
      options.once === true &&
      status !== undefined &&
      status.state !== 'STARTING' &&
      status.lagBytes === 0 &&
      !ending.signal.aborted
    ) {
      engine.follower(source.key)?.finishAll();
      break;
    }
    await delay(LOOK_EVERY_MS, undefined, { signal: ending.signal }).catch(() => undefined);
  }
  const isDelivered = await deliveredWithin(() => engine.isCaughtUp, options.once === true ? options.patienceMs : 2_000, ending);
  const status = engine.statuses().get(source.key);
  engine.stop();
  if (ending.failure !== undefined) throw ending.failure;
  if (options.once !== true) return;
  if (!isDelivered) throw new CommandFailure('not every event could be delivered', EXIT.unreachable);
  const [problem] = status?.problems.filter(({ code }) => code !== 'compressed') ?? [];
  const unread = status?.files.find((file) => file.problem !== null);
  if (problem !== undefined) throw new CommandFailure(problem.message);
  if (unread !== undefined) throw new CommandFailure(`${unread.path}: ${unread.problem}`);
}

/** Waits until everything is delivered, at most so long; false when it is not, or the server refuses for good. */
export async function deliveredWithin(isDone: () => boolean, ms: number, ending: Ending): Promise<boolean> {
  const until = performance.now() + ms;
  while (!isDone() && performance.now() < until && ending.failure === undefined) await delay(LOOK_EVERY_MS);
  return isDone();
}

function sourceOf(files: readonly string[], options: TailOptions): FollowedSource {
  const from = options.once === true && options.from === 'end' ? 'beginning' : (options.from ?? 'end');
  const lines = /^\d+$/.test(from) ? Number(from) : undefined;
  if (lines === undefined && from !== 'beginning' && from !== 'end')
    throw new CommandFailure('--from takes beginning, end or a number of lines', EXIT.usage);
  const { minLevel = 'error', encoding = 'auto', wrapper = 'auto' } = options;
  for (const [option, value, known] of [
    ['--min-level', minLevel, MIN_LEVELS],
    ['--encoding', encoding, LOG_ENCODINGS],
    ['--wrapper', wrapper, LOG_WRAPPERS],
  ] as const)
    if (!(known as readonly string[]).includes(value))
      throw new CommandFailure(`${option} is one of ${known.join(', ')}`, EXIT.usage);
  const host = hostname();
  const settings: LogSourceSettings = {
    ...DEFAULT_LOG_SOURCE,
    name: options.name ?? (files.includes('-') ? 'standard input' : host),
    globs: files.map((file) => resolve(file)),
    exclusions: options.exclude ?? [],
    startAt: lines !== undefined ? 'LAST_LINES' : from === 'beginning' ? 'BEGINNING' : 'END',
    startLines: lines ?? 0,
    encoding,
    wrapper,
    timeZone: options.timeZone ?? null,
    minLevel: minLevel as LogSourceSettings['minLevel'],
    errorLines: options.errorLines !== false,
    environment: options.environment ?? null,
    release: options.release ?? null,
    tags: tagsOf(options.tag ?? []),
    polling: options.poll === true ? 'ALWAYS' : 'AUTO',
  };
  return followedSource(`cli-${host}`, settings, [], host);
}

function tagsOf(pairs: readonly string[]): Record<string, string> {
  const entries = pairs.map((pair) => {
    const at = pair.indexOf('=');
    if (at < 1) throw new CommandFailure(`--tag takes key=value, not ${pair}`, EXIT.usage);
    return [pair.slice(0, at), pair.slice(at + 1)] as const;
  });
  return Object.fromEntries(entries);
}

function wholeNumber(text: string, option: string): number {
  if (!/^\d{1,6}$/.test(text)) throw new CommandFailure(`${option} takes a whole number`, EXIT.usage);
  return Number(text);
}
