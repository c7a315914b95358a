import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TailEngine } from '../src/modules/detection/tail/tail-engine.ts';
import type {
  Delivered,
  DetectedEvent,
  Detector,
  FollowedSource,
  MakeDetector,
  TailReport,
} from '../src/modules/detection/tail/tail-source.ts';

/** For tests: a detector that takes lines beginning with ERROR as events and indented ones as their continuation. */
class PlainDetector implements Detector {
  #rest = Buffer.alloc(0);
  #restAt: number;
  #current: { start: number; end: number; text: string } | undefined;
  #done: DetectedEvent[] = [];
  readonly stats = { lines: 0, binary: false, wrappers: {} };
  referenceTime = 0;

  constructor(baseOffset: number) {
    this.#restAt = baseOffset;
  }

  get offset(): number {
    return this.#restAt + this.#rest.length;
  }
  get safeOffset(): number {
    return this.#current?.start ?? this.#restAt;
  }
  get open(): boolean {
    return this.#current !== undefined;
  }

  write(chunk: Buffer): void {
    if (chunk.includes(0)) this.stats.binary = true;
    this.#rest = Buffer.concat([this.#rest, chunk]);
    for (let end = this.#rest.indexOf(0x0a); end >= 0; end = this.#rest.indexOf(0x0a)) {
      this.#line(this.#rest.subarray(0, end).toString('utf8'), end + 1);
      this.#rest = this.#rest.subarray(end + 1);
      this.#restAt += end + 1;
    }
  }

  #line(line: string, length: number): void {
    this.stats.lines += 1;
    if (this.#current !== undefined && line.startsWith(' ')) {
      this.#current.text += `\n${line}`;
      this.#current.end = this.#restAt + length;
      return;
    }
    this.flush();
    if (line.startsWith('ERROR')) this.#current = { start: this.#restAt, end: this.#restAt + length, text: line };
  }

  flush(): void {
    if (this.#current === undefined) return;
    const { start, end, text } = this.#current;
    this.#current = undefined;
    this.#done.push({ start, end, line: this.stats.lines, event: { message: text }, category: 'log' });
  }

  take(): DetectedEvent[] {
    return this.#done.splice(0);
  }
}

export const plainDetector: MakeDetector = (_source, { baseOffset }) => new PlainDetector(baseOffset);

export function followed(changes: Partial<FollowedSource> & { globs: readonly string[] }): FollowedSource {
  return {
    key: 'source-1',
    exclusions: [],
    startAt: 'BEGINNING',
    startLines: 0,
    encoding: 'auto',
    wrapper: 'auto',
    timeZone: null,
    minLevel: 'error',
    errorLines: true,
    base: {},
    patterns: [],
    polling: 'ALWAYS',
    pollIntervalMs: 20,
    flushAfterMs: 60,
    ...changes,
  };
}

/** A place with files and an engine over them, and everything that it delivered. */
export class TailWorld {
  readonly folder = mkdtempSync(join(tmpdir(), 'errata-tail-'));
  readonly logs = join(this.folder, 'logs');
  readonly delivered: TailReport[] = [];
  engine: TailEngine | undefined;
  /** What the next deliveries are answered with; undefined: accepted. */
  answer: ((reports: readonly TailReport[]) => Promise<Delivered> | Delivered) | undefined;
  #changed = () => {};

  start(sources: readonly FollowedSource[], options: { watch?: boolean; make?: MakeDetector } = {}): TailEngine {
    const engine = new TailEngine({
      make: options.make ?? plainDetector,
      deliver: async (_key, reports) => {
        const answered = await this.answer?.(reports);
        const again = new Set(answered?.again ?? []);
        this.delivered.push(...reports.filter((_, i) => !again.has(i)));
        this.#changed();
        return answered ?? { accepted: reports.length, again: [], waitMs: 0, reason: '' };
      },
      isAllowed: () => true,
      stateDir: join(this.folder, 'state'),
      now: () => performance.timeOrigin + performance.now(),
      log: () => undefined,
      watch: options.watch ?? false,
    });
    engine.setSources(sources);
    engine.start();
    this.engine = engine;
    return engine;
  }

  /** Messages delivered, each id once. */
  get messages(): string[] {
    const seen = new Set<string>();
    return this.delivered
      .filter(({ value }) => !seen.has(value['event_id'] as string) && seen.add(value['event_id'] as string))
      .map(({ value }) => value['message'] as string);
  }

  /** Resolves when so many different events were delivered. */
  async until(satisfied: () => boolean, withinMs = 10_000): Promise<void> {
    const limit = performance.now() + withinMs;
    while (!satisfied()) {
      if (performance.now() > limit)
        throw new Error(`not so after ${withinMs} ms; ${this.messages.length} messages: ${this.messages.slice(-20).join(' | ')}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, 20);
        this.#changed = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  count(count: number): Promise<void> {
    return this.until(() => this.messages.length >= count);
  }

  /** Everything read and safe. */
  caughtUp(): Promise<void> {
    return this.until(() => this.engine?.isCaughtUp === true);
  }

  stop(): void {
    this.engine?.stop();
    this.engine = undefined;
  }

  dispose(): void {
    this.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
