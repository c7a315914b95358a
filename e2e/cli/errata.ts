import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import type { RunningServer } from '../server.ts';

/** What people type; it finds a Node by itself. */
export const LAUNCHER = join(import.meta.dirname, '../../server/bin/errata.mjs');

/** A command under way. */
export interface Command {
  readonly child: ChildProcess;
  stdout(): string;
  stderr(): string;
  /** Resolves when the output satisfies. */
  until(satisfied: (stdout: string, stderr: string) => boolean): Promise<void>;
  /** Exit code; null when a signal ended it. */
  readonly code: Promise<number | null>;
}

/** Starts `errata …` as a process of its own, without the variables of the test run. */
export function start(args: readonly string[], env: Record<string, string> = {}): Command {
  const child = spawn(process.execPath, [LAUNCHER, ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'] ?? '', ERRATA_LOG_LEVEL: 'warn', ...env },
  });
  let stdout = '';
  let stderr = '';
  let changed = () => {};
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    changed();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    changed();
  });
  child.stdin.on('error', () => undefined); // a command that asks for nothing closes it early
  const code = new Promise<number | null>((resolve) => child.once('close', resolve));
  return {
    child,
    stdout: () => stdout,
    stderr: () => stderr,
    until: (satisfied) =>
      new Promise((resolve, reject) => {
        changed = () => satisfied(stdout, stderr) && resolve();
        changed();
        void code.then((exit) => reject(new Error(`ended with ${exit}:\n${stdout}\n${stderr}`)));
      }),
    code,
  };
}

/** Runs `errata …` to its end. */
export async function run(
  args: readonly string[],
  options: { env?: Record<string, string>; input?: string } = {},
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const command = start(args, options.env);
  command.child.stdin?.end(options.input ?? '');
  const code = await command.code;
  return { code, stdout: command.stdout(), stderr: command.stderr() };
}

/** The objects of an NDJSON text; a last line without its end is left out. */
export function lines<T = Record<string, unknown>>(text: string): T[] {
  return text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T);
}

/** A fresh API token of the administrator. */
export async function makeToken(server: RunningServer, scopes = ['errors:read', 'projects:read']): Promise<string> {
  type Made = { createApiToken: { secret: string } };
  const { createApiToken } = await server.graphql<Made>(
    'mutation ($input: CreateApiTokenInput!) { createApiToken(input: $input) { ... on CreatedApiToken { secret } } }',
    { input: { name: 'stream', scopes } },
  );
  return createApiToken.secret;
}

/** Sends one event and answers its id. @throws when it is not answered with 200 */
export async function send(server: RunningServer, event: Record<string, unknown>, dsn = server.dsn): Promise<string> {
  const { username, pathname } = new URL(dsn);
  const response = await fetch(`${server.url}/api${pathname}/envelope/?sentry_key=${username}`, {
    method: 'POST',
    body: `{}\n{"type":"event"}\n${JSON.stringify(event)}\n`,
  });
  if (response.status !== 200) throw new Error(`${response.status} ${await response.text()}`);
  return ((await response.json()) as { id: string }).id;
}
