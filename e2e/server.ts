import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const main = join(import.meta.dirname, '../server/dist/main.js');
export const ADMIN = { email: 'admin@errata.local', password: 'correct-horse-9' };

/** A real server, as users run it, on a free port with a data directory of its own. */
export interface RunningServer {
  readonly url: string;
  readonly dataDir: string;
  readonly dsn: string;
  readonly pid: number;
  /** Everything it printed so far. */
  output(): string;
  /** A new DSN on another project. */
  graphql<T = Record<string, never>>(query: string, variables?: Record<string, unknown>): Promise<T>;
  readonly cookie: string;
  /** Ends the process at once, as a power cut would; the data stays. */
  kill(): Promise<void>;
  /** SIGTERM; answers the exit code. */
  stop(): Promise<number | null>;
  /** Stops and removes the data. */
  dispose(): Promise<void>;
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
}

/** Starts a server and waits until it says that it is ready. `dataDir` goes on with what an earlier one left. */
export async function startServer(
  options: { dataDir?: string; port?: number; env?: Record<string, string>; signIn?: boolean } = {},
): Promise<RunningServer> {
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'errata-e2e-'));
  const { child, url, output } = await spawned(dataDir, options.port, options.env ?? {});
  const server: RunningServer = {
    url,
    dataDir,
    dsn: '',
    pid: child.pid!,
    cookie: '',
    output,
    graphql: (query, variables) => graphql(server, query, variables),
    kill: () => end(child, 'SIGKILL').then(() => undefined),
    stop: () => end(child, 'SIGTERM'),
    async dispose() {
      await end(child, 'SIGTERM');
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
  return options.signIn === false ? server : Object.assign(server, await signIn(server));
}

interface Spawned {
  child: ChildProcess;
  url: string;
  output: () => string;
}

/** A port that was free a moment ago may be another test's by now: without a chosen one, another is tried. */
async function spawned(dataDir: string, chosen: number | undefined, env: Record<string, string>, tries = 3): Promise<Spawned> {
  const port = chosen ?? (await freePort());
  let output = '';
  const child = spawn(process.execPath, ['--max-semi-space-size=16', main, 'serve'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      NODE_ENV: 'production',
      BASE_URL: '', // vitest sets its own
      PORT: String(port),
      HOST: '127.0.0.1',
      ERRATA_DATA_DIR: dataDir,
      ERRATA_ADMIN_PASSWORD: ADMIN.password,
      ERRATA_LOG_LEVEL: 'warn',
      ...env,
    },
  });
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  try {
    await ready(child, () => output);
  } catch (error) {
    if (chosen === undefined && tries > 1 && TAKEN.test(output)) return spawned(dataDir, chosen, env, tries - 1);
    throw error;
  }
  return { child, url: `http://127.0.0.1:${port}`, output: () => output };
}

const TAKEN = /EADDRINUSE|already in use|is taken/i;

/** Waits for the server's own word: what answers at its port may be somebody else. */
function ready(child: ChildProcess, output: () => string): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => fail('was not ready after 30 s'), 30_000);
    const look = () => {
      if (output().includes('Errata is ready')) settle(resolve);
    };
    const fail = (what: string) => settle(() => reject(new Error(`the server ${what}:\n${output()}`)));
    const left = (code: number | null) => fail(`ended with ${code}`);
    const settle = (then: () => void) => {
      clearTimeout(timer);
      child.stdout?.off('data', look);
      child.off('close', left);
      then();
    };
    child.stdout?.on('data', look);
    child.once('close', left);
  });
}

function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode);
  return new Promise((resolve) => {
    child.once('exit', (code) => resolve(code));
    child.kill(signal);
  });
}

async function signIn(server: RunningServer): Promise<{ cookie: string; dsn: string }> {
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: server.url },
    body: JSON.stringify({
      query: 'mutation SignIn($email: String!, $password: String!) { signIn(email: $email, password: $password) { __typename } }',
      variables: ADMIN,
    }),
  });
  const body = await response.text();
  const cookie = response.headers
    .getSetCookie()
    .map((line) => line.split(';')[0]!)
    .join('; ');
  if (cookie === '') throw new Error(`sign-in gave no cookie: ${body}`);
  const { projects } = await graphql<{ projects: { keys: { dsn: string }[] }[] }>(
    Object.assign(server, { cookie }),
    '{ projects { keys { dsn } } }',
  );
  return { cookie, dsn: projects[0]!.keys[0]!.dsn };
}

async function graphql<T>(server: RunningServer, query: string, variables: Record<string, unknown> = {}): Promise<T> {
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', cookie: server.cookie, origin: server.url },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = (await response.json()) as { data: T; errors?: { message: string }[] };
  if (errors) throw new Error(errors.map((error) => error.message).join('; '));
  return data;
}

/** Asks until the answer satisfies; for what happens after an acknowledgement (the digest). */
export async function eventually<T>(ask: () => Promise<T>, satisfied: (answer: T) => boolean, withinMs = 15_000): Promise<T> {
  const until = Date.now() + withinMs;
  for (;;) {
    const answer = await ask();
    if (satisfied(answer)) return answer;
    if (Date.now() > until) throw new Error(`not so after ${withinMs} ms: ${JSON.stringify(answer).slice(0, 2000)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
