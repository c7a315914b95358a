import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const running = new Set<ChildProcess>();

/** Ends what this process started, and nothing else. */
function endAll(): void {
  for (const child of running) child.kill('SIGKILL');
}
process.on('exit', endAll);
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    endAll();
    process.exit(130);
  });
}

/** A process under measurement. */
export class Measured {
  readonly pid: number;
  /** Everything it wrote so far (the last 64 KiB). */
  output = '';
  readonly #child: ChildProcess;
  readonly #exited: Promise<number | null>;

  constructor(command: string, args: readonly string[], options: { cwd?: string; env?: Record<string, string> } = {}) {
    this.#child = spawn(command, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '/tmp', ...options.env },
    });
    if (this.#child.pid === undefined) throw new Error(`${command} could not be started`);
    this.pid = this.#child.pid;
    running.add(this.#child);
    const keep = (chunk: Buffer) => {
      this.output = (this.output + chunk.toString('utf8')).slice(-65_536);
    };
    this.#child.stdout?.on('data', keep);
    this.#child.stderr?.on('data', keep);
    this.#exited = new Promise((resolve) => {
      this.#child.once('close', (code) => {
        running.delete(this.#child);
        resolve(code);
      });
      this.#child.once('error', () => resolve(null));
    });
  }

  get alive(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Exit code, once it has ended by itself. @throws when it takes longer than `timeoutMs`. */
  async finished(timeoutMs: number): Promise<number | null> {
    const code = await Promise.race([this.#exited, sleep(timeoutMs, 'late' as const, { ref: false })]);
    if (code !== 'late') return code;
    this.#child.kill('SIGKILL');
    throw new Error(`a process took longer than ${timeoutMs / 1000} s:\n${this.output.slice(-2000)}`);
  }

  /** Asks it to end; after `patienceMs` it is killed. */
  async stop(patienceMs = 15_000): Promise<void> {
    if (!this.alive) return;
    this.#child.kill('SIGTERM');
    const late = await Promise.race([this.#exited.then(() => false), sleep(patienceMs, true, { ref: false })]);
    if (late) this.#child.kill('SIGKILL');
    await this.#exited;
  }

  /** Resident bytes now, and the most there have been. Linux only; 0 elsewhere. */
  memory(): { rss: number; peak: number } {
    const status = procFile(this.pid, 'status');
    const field = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? 0) * 1024;
    return { rss: field('VmRSS'), peak: field('VmHWM') };
  }

  /** CPU milliseconds used so far, user and system. Linux only; 0 elsewhere. */
  cpuMs(): number {
    return cpuOf(procFile(this.pid, 'stat'));
  }

  /** The same by thread id; the main thread's is the pid. */
  threadsMs(): Map<number, number> {
    try {
      const ids = readdirSync(`/proc/${this.pid}/task`).map(Number);
      return new Map(ids.map((id) => [id, cpuOf(procFile(this.pid, `task/${id}/stat`))]));
    } catch {
      return new Map();
    }
  }
}

/** User and system time of a `stat` line, in ticks of 10 ms (proc(5)). */
function cpuOf(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) * 10;
}

function procFile(pid: number, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    return '';
  }
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}

/** Asks until the answer is 2xx; the milliseconds it took. @throws when the process ends or the time is over. */
export async function ready(url: string, process: Measured, timeoutMs = 30_000): Promise<number> {
  const start = performance.now();
  while (performance.now() - start < timeoutMs) {
    if (!process.alive) throw new Error(`the process ended before it was ready:\n${process.output.slice(-2000)}`);
    const answer = await fetch(url, { signal: AbortSignal.timeout(2000) }).catch(() => undefined);
    await answer?.arrayBuffer();
    if (answer?.ok === true) return performance.now() - start;
    await sleep(10);
  }
  throw new Error(`not ready after ${timeoutMs / 1000} s: ${url}\n${process.output.slice(-2000)}`);
}

export { sleep };
