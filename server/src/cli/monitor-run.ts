import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { constants } from 'node:os';
import { BRIEF_MS, type CheckIn, PATIENT_MS, said, sendCheckIn } from './check-in.ts';
import type { MonitorRunOptions } from './monitor.ts';
import { CommandFailure, EXIT } from './output.ts';
import { connectionFrom, type TailTarget, targetOf } from './tail-target.ts';
import { printable } from './terminal.ts';

/** As shells answer a command that is not there, or cannot be run. */
const NOT_FOUND = 127;
const NOT_RUN = 126;

/**
 * Runs a command and tells of it: when it begins, and how it ended, with its duration. Nothing about the telling changes the
 * command: it begins at once, keeps its streams, gets our signals, and its exit code is ours. What cannot be told is said
 * on standard error.
 * @throws CommandFailure 2 before anything is run, when the options are wrong
 */
export async function runMonitored(slug: string, command: readonly string[], options: MonitorRunOptions): Promise<void> {
  const config = configOf(options);
  const target = lazily(() => targetOf(options));
  // Wrong usage is found out before the job runs; what asks the server goes on beside it.
  if (options.dsn !== undefined || options.project === undefined || connectionFrom(options) === undefined)
    await wrongUsageOnly(target);
  const checkInId = randomUUID();
  const tell = async (checkIn: Pick<CheckIn, 'status' | 'duration'>, pausesMs: readonly number[]): Promise<boolean> => {
    const whole: CheckIn = {
      ...checkIn,
      ...said(options),
      check_in_id: checkInId,
      ...(config ? { monitor_config: config } : {}),
    };
    try {
      await sendCheckIn(await target(), slug, whole, pausesMs);
      return true;
    } catch (error) {
      process.stderr.write(`errata: monitor ${printable(slug)} was not told: ${printable((error as Error).message)}\n`);
      return false;
    }
  };
  const begun = performance.now();
  const told = tell({ status: 'in_progress' }, BRIEF_MS);
  const code = await runs(command);
  const duration = Math.round(performance.now() - begun) / 1000;
  const heard = await told; // in order
  await tell({ status: code === 0 ? 'ok' : 'error', duration }, heard ? PATIENT_MS : BRIEF_MS);
  process.exitCode = code;
}

/** Runs a command to its end; answers the exit code a shell would have. */
async function runs([file = '', ...args]: readonly string[]): Promise<number> {
  const child = spawn(file, args, { stdio: 'inherit' });
  const pass = (signal: NodeJS.Signals) => {
    // A terminal sends its interrupt to both of us.
    if (signal !== 'SIGINT' || process.stdin.isTTY !== true) child.kill(signal);
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;
  for (const signal of signals) process.on(signal, pass);
  try {
    return await new Promise<number>((resolve) => {
      child.once('error', (error: NodeJS.ErrnoException) => {
        process.stderr.write(`errata: ${printable(file)}: ${error.code === 'ENOENT' ? 'no such command' : error.message}\n`);
        resolve(error.code === 'ENOENT' ? NOT_FOUND : NOT_RUN);
      });
      child.once('exit', (code, signal) => resolve(code ?? 128 + (constants.signals[signal as NodeJS.Signals] ?? 0)));
    });
  } finally {
    for (const signal of signals) process.off(signal, pass);
  }
}

/** Asked for once, and again only when it failed. */
function lazily(find: () => Promise<TailTarget>): () => Promise<TailTarget> {
  let found: Promise<TailTarget> | undefined;
  return () => {
    found ??= find().catch((error: unknown) => {
      found = undefined;
      throw error;
    });
    return found;
  };
}

async function wrongUsageOnly(target: () => Promise<TailTarget>): Promise<void> {
  await target().catch((error: unknown) => {
    if (error instanceof CommandFailure && error.exitCode === EXIT.usage) throw error;
  });
}

/** `--schedule` and what belongs to it, as check-ins carry it. @throws CommandFailure 2 */
export function configOf(options: MonitorRunOptions): Record<string, unknown> | undefined {
  const { schedule, timezone, margin, maxRuntime } = options;
  const minutes = (name: string, text: string | undefined) => {
    if (text === undefined) return undefined;
    if (!/^\d{1,5}$/.test(text)) throw new CommandFailure(`${name} takes whole minutes`, EXIT.usage);
    return Number(text);
  };
  const said = { checkin_margin: minutes('--margin', margin), max_runtime: minutes('--max-runtime', maxRuntime), timezone };
  if (schedule === undefined) {
    if (timezone !== undefined || margin !== undefined || maxRuntime !== undefined)
      throw new CommandFailure('--timezone, --margin and --max-runtime belong to --schedule', EXIT.usage);
    return undefined;
  }
  const interval = /^(?:every )?(\d{1,5}) ?(minute|hour|day|week|month|year)s?$/.exec(schedule.trim());
  return {
    ...said,
    schedule:
      interval === null
        ? { type: 'crontab', value: schedule.trim() }
        : { type: 'interval', value: Number(interval[1]), unit: interval[2] },
  };
}
