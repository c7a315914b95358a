import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LoadShape } from './events.ts';
import type { GeneratorOrder, GeneratorResult } from './generator.ts';
import { encodePool, makePool } from './pool.ts';
import { Measured } from './processes.ts';
import { Random } from './random.ts';

const SCRIPT = join(import.meta.dirname, 'envelopes.lua');
const GENERATOR = join(import.meta.dirname, 'generator.ts');

/** What one run of wrk said. Milliseconds; latency is that of answered requests at the rate the server gave. */
export interface WrkResult {
  perSecond: number;
  p50Ms: number;
  p99Ms: number;
  /** Answers other than 2xx and 3xx, and broken connections. */
  failed: number;
}

/** The bodies of a benchmark, on disk, with everything that sends them. */
export class Load {
  readonly #folder: string;
  readonly #poolFile: string;
  readonly #random = new Random(Number(process.hrtime.bigint() & 0xffffffffn));

  constructor(shape: LoadShape, poolSize: number) {
    this.#folder = mkdtempSync(join(tmpdir(), 'errata-load-'));
    this.#poolFile = join(this.#folder, 'pool.bin');
    writeFileSync(this.#poolFile, encodePool(makePool(shape, poolSize)));
  }

  get poolFile(): string {
    return this.#poolFile;
  }

  /** 20 hex digits for the event ids of one run. */
  run(): string {
    return this.#random.hex(20);
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** As many requests as the server answers, from one wrk thread. @throws when wrk is missing */
  async wrk(
    port: number,
    targets: readonly { path: string; auth: string }[],
    connections: number,
    seconds: number,
  ): Promise<WrkResult> {
    const wrk = this.#startWrk(port, targets, connections, seconds, []);
    await wrk.finished((seconds + 60) * 1000);
    const found = /RESULT (\{.*\})/.exec(wrk.output);
    if (found === null) throw new Error(`wrk (Debian package "wrk") did not run:\n${wrk.output.slice(-1000)}`);
    const r = JSON.parse(found[1] as string) as Record<string, number>;
    const n = (name: string) => r[name] ?? 0;
    return {
      perSecond: ((n('requests') - n('status')) / n('durationUs')) * 1e6,
      p50Ms: n('p50Us') / 1000,
      p99Ms: n('p99Us') / 1000,
      failed: n('status') + n('connect') + n('read') + n('write') + n('timeout'),
    };
  }

  /**
   * Starts feeding without an end: as fast as the server takes events, waiting where it says so. Stop the process when it
   * is enough; it ends by itself after `maxSeconds`.
   */
  feed(port: number, targets: readonly { path: string; auth: string }[], connections: number, maxSeconds: number): Measured {
    return this.#startWrk(port, targets, connections, maxSeconds, ['polite']);
  }

  #startWrk(
    port: number,
    targets: readonly { path: string; auth: string }[],
    connections: number,
    seconds: number,
    args: string[],
  ): Measured {
    const targetFile = join(this.#folder, 'targets.txt');
    writeFileSync(targetFile, targets.map(({ path, auth }) => `${path} ${auth}\n`).join(''));
    const run = this.run() + this.run();
    return new Measured('wrk', [
      '-t1',
      `-c${connections}`,
      `-d${seconds}s`,
      '--timeout',
      '10s',
      '-s',
      SCRIPT,
      `http://127.0.0.1:${port}`,
      '--',
      this.#poolFile,
      targetFile,
      run,
      ...args,
    ]);
  }

  /** Starts the generator process; `result` waits for its end. */
  start(order: Omit<GeneratorOrder, 'poolFile' | 'run'>): { process: Measured; result: () => Promise<GeneratorResult> } {
    const text = JSON.stringify({ ...order, poolFile: this.#poolFile, run: this.run() } satisfies GeneratorOrder);
    const child = new Measured('node', ['--no-warnings', GENERATOR, text]);
    return {
      process: child,
      result: async () => {
        await child.finished(4 * 3_600_000);
        const line = child.output.trim().split('\n').at(-1) ?? '';
        if (!line.startsWith('{')) throw new Error(`the generator failed:\n${child.output.slice(-1000)}`);
        return JSON.parse(line) as GeneratorResult;
      },
    };
  }
}
