import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Kept } from './kept.ts';

/** Where a client is built and run. */
export interface Bench {
  /** Temporary folder of its language, empty at first, removed at the end; outside the repository. */
  readonly folder: string;
  /** Folder of the programs of its language, in the repository. */
  readonly programs: string;
  /** Address to send to, without a last slash. */
  readonly url: string;
  /** Of the project that was made for this client. */
  readonly dsn: string;
  readonly key: string;
  /** Runs a command in the temporary folder; throws with its output when it ends with another code than expected. */
  run(command: string, args: readonly string[], options?: { env?: Record<string, string>; code?: number }): Promise<string>;
}

/** A client of another language, as its users have it. */
export interface Client {
  /** As printed: `sentry-sdk 2 (Python)`. */
  readonly name: string;
  readonly language: string;
  /** Commands that must be there. */
  readonly needs: readonly string[];
  /** Installs what several clients of the language share; run once for each key. */
  readonly install?: { readonly key: string; readonly of: (bench: Bench) => Promise<unknown> };
  send(bench: Bench): Promise<unknown>;
  /** Events it makes, errors of failed monitors among them: neither fewer nor more. */
  readonly events: number;
  /** For what comes in no envelope: every outcome, `item OUTCOME reason` → how many. */
  readonly outcomes?: Readonly<Record<string, number>>;
  /** Features by name; each throws when what was kept is not what was sent. */
  readonly checks: Readonly<Record<string, (kept: Kept) => unknown>>;
}

const TIME_LIMIT_MS = 8 * 60_000;

/** Runs a command with a limit of time; its output when it ends as expected, an error with the end of its output when not. */
export async function run(
  folder: string,
  command: string,
  args: readonly string[],
  options: { env?: Record<string, string>; code?: number } = {},
): Promise<string> {
  const done = await promisify(execFile)(command, args, {
    cwd: folder,
    env: { ...process.env, ...options.env },
    timeout: TIME_LIMIT_MS,
    maxBuffer: 64e6,
  }).then(
    ({ stdout, stderr }) => ({ code: 0 as unknown, text: stdout + stderr }),
    (error: { code?: unknown; stdout?: string; stderr?: string; message: string }) => ({
      code: error.code,
      text: `${error.stdout ?? ''}${error.stderr ?? ''}` || error.message,
    }),
  );
  if (done.code !== (options.code ?? 0)) throw new Error(`${command} ended with ${done.code}: ${done.text.slice(-3000)}`);
  return done.text;
}
