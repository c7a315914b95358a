import type { FileTail } from './file-tail.ts';
import { SourceFollower } from './source-follower.ts';
import type { Deliver, FollowedSource, MakeDetector } from './tail-source.ts';
import type { LogSourceStatus } from './tail-status.ts';
import { WatchHints } from './watch-hints.ts';

/** Read from one file before the next one has its turn. */
const TURN_BYTES = 256 * 1024;
/** Descriptors held at most over all sources. */
const MAX_OPEN = 512;
/** How long the reading may go on before messages are looked at. */
const SLICE_MS = 40;
const WATCH_AGAIN_MS = 5_000;
const LONGEST_SLEEP_MS = 1_000;

export interface EngineDeps {
  make: MakeDetector;
  deliver: Deliver;
  isAllowed: (real: string) => boolean;
  /** Where positions are kept; undefined: nowhere. */
  stateDir: string | undefined;
  now: () => number;
  log: (level: 'info' | 'warn' | 'error', fields: Record<string, unknown>, text: string) => void;
  /** Whether to listen to the file system besides polling; default true. */
  watch?: boolean;
}

/**
 * Follows the files of any number of sources in turns: each file that has something to read may read a little, then the
 * next. Reading is synchronous, for it runs in a thread (or process) of its own; between slices messages are looked at.
 */
export class TailEngine {
  readonly #deps: EngineDeps;
  readonly #followers = new Map<string, { follower: SourceFollower; text: string; watch: boolean }>();
  readonly #hints: WatchHints;
  readonly #buffer = Buffer.allocUnsafe(TURN_BYTES + 64);
  #watchAt = 0;
  #isRunning = false;
  #isStopped = false;
  #timer: NodeJS.Timeout | undefined;
  #isAwake = false;
  #next = 0;

  constructor(deps: EngineDeps) {
    this.#deps = deps;
    this.#hints = new WatchHints((folder, kind, name) => {
      for (const { follower } of this.#followers.values()) follower.hint(folder, kind, name);
      this.#wake();
    });
  }

  /** Follows these sources and no others; those that did not change go on undisturbed. */
  setSources(sources: readonly FollowedSource[]): void {
    const wanted = new Map(sources.map((source) => [source.key, source]));
    for (const [key, { follower, text }] of this.#followers) {
      const source = wanted.get(key);
      if (source !== undefined && JSON.stringify(source) === text) continue;
      follower.close();
      this.#followers.delete(key);
    }
    const { make, deliver, isAllowed, stateDir, now, log } = this.#deps;
    for (const source of sources) {
      if (this.#followers.has(source.key)) continue;
      const wake = () => this.#wake();
      const follower = new SourceFollower({ source, make, deliver, isAllowed, stateDir, now, wake, log });
      const watch = this.#deps.watch !== false && source.polling === 'AUTO';
      this.#followers.set(source.key, { follower, text: JSON.stringify(source), watch });
    }
    this.#watchAt = 0;
    this.#wake();
  }

  start(): void {
    this.#isRunning = true;
    this.#wake();
  }

  statuses(): Map<string, LogSourceStatus> {
    return new Map([...this.#followers].map(([key, { follower }]) => [key, follower.status()]));
  }

  follower(key: string): SourceFollower | undefined {
    return this.#followers.get(key)?.follower;
  }

  /** Everything there is to read is read, and safe. */
  get isCaughtUp(): boolean {
    return [...this.#followers.values()].every(({ follower }) => follower.isCaughtUp);
  }

  /** Writes positions down and gives everything back. Events that are not safe are read again at the next start. */
  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    this.#hints.close();
    for (const { follower } of this.#followers.values()) follower.close();
    this.#followers.clear();
  }

  #wake(): void {
    if (!this.#isRunning || this.#isStopped || this.#isAwake) return;
    this.#isAwake = true;
    clearTimeout(this.#timer);
    setImmediate(() => this.#turn());
  }

  #turn(): void {
    if (this.#isStopped) return;
    this.#isAwake = false;
    const started = performance.now();
    let ready = this.#look();
    while (ready.length > 0) {
      // Whoever had no turn in this slice has the first in the next.
      const from = this.#next % ready.length;
      this.#next = 0;
      for (let i = 0; i < ready.length; i += 1) {
        const { follower, file } = ready[(from + i) % ready.length] as (typeof ready)[number];
        if (follower.isFull) continue;
        follower.read(file, this.#buffer);
        this.#closeSome(file);
        if (performance.now() - started <= SLICE_MS) continue;
        this.#next = from + i + 1;
        break;
      }
      for (const { follower } of this.#followers.values()) follower.settle();
      if (performance.now() - started > SLICE_MS) break;
      ready = this.#look();
    }
    for (const { follower } of this.#followers.values()) follower.settle();
    this.#watch();
    if (ready.length > 0) this.#wake();
    else this.#sleep();
  }

  #look(): { follower: SourceFollower; file: FileTail }[] {
    return [...this.#followers.values()].flatMap(({ follower }) => follower.look().map((file) => ({ follower, file })));
  }

  #sleep(): void {
    if (this.#isStopped || this.#isAwake) return;
    let at = this.#deps.now() + LONGEST_SLEEP_MS;
    for (const { follower } of this.#followers.values()) at = Math.min(at, follower.dueAt, follower.silenceEndsAt());
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#wake(), Math.max(5, at - this.#deps.now()));
  }

  #watch(): void {
    const now = this.#deps.now();
    if (now < this.#watchAt) return;
    this.#watchAt = now + WATCH_AGAIN_MS;
    const folders = new Set<string>();
    for (const { follower, watch } of this.#followers.values())
      if (watch) for (const folder of follower.folders()) folders.add(folder);
    this.#hints.set(folders);
  }

  /** Open descriptors, the one used last at the end. */
  readonly #open = new Set<FileTail>();
  #closeSome(file: FileTail): void {
    this.#open.delete(file);
    if (file.isOpen) this.#open.add(file);
    if (this.#open.size <= MAX_OPEN) return;
    const [oldest] = this.#open;
    if (oldest === undefined) return;
    // A file that is read to its end under no name must keep its descriptor: it could not be opened again.
    this.#open.delete(oldest);
    if (oldest.finishingSince === undefined) oldest.close();
  }
}
