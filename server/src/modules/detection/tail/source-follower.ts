import { type Stats, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { seconds } from '../../../platform/clock.ts';
import { Discovery } from './discovery.ts';
import type { FileTail } from './file-tail.ts';
import { OffsetKeeper } from './offset-keeper.ts';
import { Outbox } from './outbox.ts';
import { Problems } from './problems.ts';
import { Roster } from './roster.ts';
import { SourceMeter } from './source-meter.ts';
import type { Deliver, FollowedSource, MakeDetector } from './tail-source.ts';
import { type LogSourceStatus, MAX_PROBLEMS } from './tail-status.ts';

const DISCOVER_EVERY_MS = seconds(2);
/** A rotated file is read on for so long after it last grew: its writer may not know yet that it was renamed. */
const LINGER_MS = seconds(5);
/** A file that did not grow for so long gives its descriptor and memory back. */
const REST_AFTER_MS = seconds(30);
const SAVE_EVERY_MS = seconds(1);

export interface FollowerDeps {
  source: FollowedSource;
  stateDir: string | undefined;
  make: MakeDetector;
  deliver: Deliver;
  /** Whether a path, links resolved, may be read. */
  isAllowed: (real: string) => boolean;
  now: () => number;
  /** Something happened that is worth a turn. */
  wake: () => void;
  log: (level: 'info' | 'warn' | 'error', fields: Record<string, unknown>, text: string) => void;
}

/** One source: which files it has, where each stands, what is kept of that. Everything is done in turns, see {@link TailEngine}. */
export class SourceFollower {
  readonly #deps: FollowerDeps;
  readonly #discovery: Discovery;
  readonly #roster: Roster;
  readonly #outbox: Outbox;
  readonly #keeper: OffsetKeeper;
  readonly #problems = new Problems();
  readonly #meter: SourceMeter;
  #isFirst: boolean;
  #discoverAt = 0;
  #pollAt = 0;
  #saveAt = 0;
  #isUnsaved = false;
  #dirty = new Set<string>();

  constructor(deps: FollowerDeps) {
    this.#deps = deps;
    const { source, stateDir, make, deliver, wake } = deps;
    this.#keeper = new OffsetKeeper(stateDir, source.key);
    const known = this.#keeper.load((error) =>
      deps.log('error', { err: String(error) }, 'the positions of a log source were damaged; it begins anew'),
    );
    this.#isFirst = known === undefined;
    this.#roster = new Roster({ source, make, known: known ?? [], isAllowed: deps.isAllowed });
    const roster = this.#roster;
    this.#discovery = new Discovery({ source, roster, problems: this.#problems, isAllowed: deps.isAllowed });
    this.#outbox = new Outbox({ key: source.key, deliver, wake });
    this.#meter = new SourceMeter(deps.now());
  }

  get key(): string {
    return this.#deps.source.key;
  }

  /** When it next wants a turn though nothing happens. */
  get dueAt(): number {
    return Math.min(this.#pollAt, this.#discoverAt, this.#isUnsaved ? this.#saveAt : Number.POSITIVE_INFINITY);
  }

  /** Folders whose changes are worth hearing of. */
  folders(): Set<string> {
    const folders = new Set(this.#discovery.folders());
    for (const file of this.#roster.all()) folders.add(dirname(file.path));
    return folders;
  }

  /** The file system tells that something changed; `name` is known for changes of content. */
  hint(folder: string, kind: string, name: string | null): void {
    const path = name === null ? undefined : join(folder, name);
    if (path !== undefined && this.#roster.live.has(path)) this.#dirty.add(path);
    else if (path !== undefined && this.#discovery.hasBegun(path)) this.#pollAt = 0;
    else if (kind === 'rename') this.#discoverAt = Math.min(this.#discoverAt, this.#deps.now());
  }

  /** Looks for files and changes, if it is time. Answers the files that have something to read. */
  look(): FileTail[] {
    const now = this.#deps.now();
    if (now >= this.#pollAt) {
      this.#pollAt = now + this.#deps.source.pollIntervalMs;
      for (const file of [...this.#roster.live.values()]) this.#poll(file, now);
      this.#endFinished(now);
      if (this.#discovery.lookAgain(now) > 0) this.save();
    } else for (const path of this.#dirty) this.#poll(this.#roster.live.get(path), now);
    this.#dirty.clear();
    if (now >= this.#discoverAt) {
      const { pollIntervalMs } = this.#deps.source;
      this.#discoverAt = now + Math.max(pollIntervalMs, Math.min(DISCOVER_EVERY_MS, pollIntervalMs * 4));
      this.#discover(now);
    }
    if (this.#outbox.isFull) return [];
    return [...this.#roster.all()].filter((file) => file.problem === null && !file.awaiting && this.#wantsReading(file));
  }

  /** Reads on in one file. Answers the bytes read. */
  read(file: FileTail, buffer: Buffer): number {
    const now = this.#deps.now();
    try {
      const reading = file.read(buffer, now);
      if (reading.kind === 'replaced') {
        this.#replaced(file, now);
        return 0;
      }
      this.#collect(file);
      if (file.isBinary) {
        file.problem = { code: 'binary', message: 'This is no text; it is not read.' };
        file.close();
      }
      if (reading.kind === 'end') return 0;
      this.#isUnsaved = true;
      return reading.bytes;
    } catch (error) {
      this.#trouble(file, error);
      return 0;
    }
  }

  /** After the reading: silence ends events, what is gathered is sent, what is safe is written down. */
  settle(): void {
    const now = this.#deps.now();
    const { flushAfterMs } = this.#deps.source;
    for (const file of this.#roster.all()) {
      const silentMs = now - file.grewAt;
      if (file.holdsEvent && file.lagBytes === 0 && silentMs >= (file.endsLine ? flushAfterMs : flushAfterMs * 10)) {
        file.finish();
        this.#collect(file);
      }
      if (silentMs > REST_AFTER_MS && file.lagBytes === 0 && file.isOpen && this.#outbox.isEmpty) {
        file.close();
        file.rest();
      }
    }
    this.#send();
    if (this.#isUnsaved && now >= this.#saveAt && this.#roster.live.size + this.#roster.finishing.size > 0) this.save();
  }

  /** Earliest moment at which silence will end an event. */
  silenceEndsAt(): number {
    let at = Number.POSITIVE_INFINITY;
    const { flushAfterMs } = this.#deps.source;
    for (const file of this.#roster.all())
      if (file.holdsEvent) at = Math.min(at, file.grewAt + (file.endsLine ? flushAfterMs : flushAfterMs * 10));
    return at;
  }

  /** So much is gathered that nothing should be read until it is on its way. */
  get isFull(): boolean {
    return this.#outbox.isFull;
  }

  /** Everything that can be read is read and safe. */
  get isCaughtUp(): boolean {
    if (this.#isFirst || !this.#outbox.isEmpty) return false;
    for (const file of this.#roster.all())
      if (file.problem === null && (file.lagBytes > 0 || file.awaiting || file.committed < file.safeOffset)) return false;
    return true;
  }

  /** Ends events that are open, at the end of input that will not go on. */
  finishAll(): void {
    for (const file of this.#roster.all()) {
      file.finish();
      this.#collect(file);
    }
    this.#send();
  }

  /** Writes the positions down. Durable when it returns. */
  save(): void {
    const now = this.#deps.now();
    this.#saveAt = now + SAVE_EVERY_MS;
    try {
      this.#keeper.save(this.#roster.remembered, this.#roster.all(), now);
      this.#isUnsaved = false;
      this.#problems.clear('save');
    } catch (error) {
      this.#problems.add('save', null, `The positions cannot be written down: ${(error as Error).message}`);
    }
  }

  /** Gives everything back. What is not safe is read again when it is followed again. */
  close(): void {
    this.#outbox.close();
    if (!this.#isFirst) this.save();
    for (const file of this.#roster.all()) file.close();
  }

  status(): LogSourceStatus {
    const problems = this.#problems.all;
    const held = this.#outbox.heldBecause;
    if (held !== null) problems.unshift({ code: 'held', message: held, path: null });
    const now = this.#deps.now();
    return this.#meter.status([...this.#roster.all()], {
      now,
      problems: problems.slice(0, MAX_PROBLEMS),
      isStarting: this.#isFirst && this.#discoverAt === 0,
      isHeld: held !== null,
      accepted: this.#outbox.accepted,
      lastEventAt: this.#outbox.lastAcceptedAt,
    });
  }

  /** Where the lines of a file of the last hours begin: for recorded lines. */
  places(sinceAt: number): { path: string; ino: number; from: number; to: number }[] {
    return [...this.#roster.all()]
      .filter(({ mtimeMs, problem }) => mtimeMs >= sinceAt && problem === null)
      .sort((a, b) => b.mtimeMs - a.mtimeMs)
      .map((file) => ({ path: file.path, ino: file.ino, from: file.markAt(sinceAt), to: file.position }));
  }

  #discover(now: number): void {
    const wasFirst = this.#isFirst;
    const adopted = this.#discovery.look(wasFirst, now);
    const rotated = wasFirst || adopted === 0 ? [] : this.#roster.findRotated(now, (path) => this.#discovery.mayRead(path));
    this.#isFirst = false;
    // Written down before anything of them is sent: after a crash each content has the name that it had.
    if (adopted + rotated.length > 0 || wasFirst) this.save();
  }

  #poll(file: FileTail | undefined, now: number): void {
    if (file === undefined) return;
    try {
      const stat = statSync(file.path, { throwIfNoEntry: false });
      if (stat === undefined) this.#gone(file, now);
      else if (stat.ino !== file.ino || stat.dev !== file.dev) {
        this.#gone(file, now);
        this.#discovery.adopt(file.path, 'start', now);
        this.save();
      } else if (this.#isReplaced(file, stat)) this.#replaced(file, now);
      else {
        if (file.awaiting && stat.size >= file.position) file.awaiting = false;
        else if (file.awaiting && now - stat.mtimeMs > REST_AFTER_MS) this.#leave(file, now);
        file.sizeBytes = stat.size;
        file.mtimeMs = stat.mtimeMs;
        if (file.problem?.code === 'permission' || file.problem?.code === 'read') file.problem = null;
      }
    } catch (error) {
      this.#trouble(file, error);
    }
  }

  /** Emptied, whether it is shorter now or, written again, exactly as long. If longer, the reading notices. */
  #isReplaced(file: FileTail, { size, mtimeMs }: Stats): boolean {
    if (file.awaiting || size > file.position) return false;
    return size < file.position || (mtimeMs !== file.mtimeMs && !file.isUnchanged());
  }

  /** Renamed, deleted, or its link leads elsewhere: what is left in it is read, then it is left. */
  #gone(file: FileTail, now: number): void {
    const path = file.path;
    this.#roster.retire(file, now);
    try {
      file.open();
    } catch {
      // Its descriptor was given back: look for it under the name that rotation gave it.
      this.#leave(file, now);
      this.#roster.findRotated(now, (rotated) => this.#discovery.mayRead(rotated));
    }
    this.#deps.log('info', { path }, 'a followed file was rotated or removed; it is read to its end');
  }

  /** Emptied in place, or written anew: from the beginning, and the rest of the old content from its copy, if there is one. */
  #replaced(file: FileTail, now: number): void {
    const copy = this.#roster.findCopy(file, now, (path) => this.#discovery.mayRead(path));
    if (copy === undefined) {
      file.finish();
      this.#collect(file);
    }
    this.#roster.replaced(file);
    this.#keeper.forget(file);
    this.#discovery.adopt(file.path, 'start', now);
    this.save();
    this.#deps.log('info', { path: file.path, copy: copy?.path }, 'a followed file was emptied; it is read from its beginning');
  }

  #endFinished(now: number): void {
    for (const file of [...this.#roster.finishing]) {
      try {
        file.refresh();
        if (file.lagBytes > 0) continue;
      } catch (error) {
        this.#trouble(file, error);
      }
      if (now - Math.max(file.grewAt, file.finishingSince ?? 0) < LINGER_MS) continue;
      if (file.holdsEvent) {
        file.finish();
        this.#collect(file);
      }
      if (!this.#outbox.isEmpty || file.committed < file.safeOffset) continue;
      this.#leave(file, now);
    }
  }

  #leave(file: FileTail, now: number): void {
    this.#roster.leave(file, this.#keeper.of(file, now));
    this.#keeper.forget(file);
    this.#isUnsaved = true;
  }

  #wantsReading(file: FileTail): boolean {
    if (file.isBinary) return false;
    return file.lagBytes > 0;
  }

  #collect(file: FileTail): void {
    this.#outbox.add(file.take());
  }

  #send(): void {
    const cut = () => {
      const reached: [FileTail, number][] = [];
      for (const file of this.#roster.all()) if (file.safeOffset > file.committed) reached.push([file, file.safeOffset]);
      return () => {
        for (const [file, offset] of reached) file.committed = Math.max(file.committed, offset);
        if (reached.length > 0) this.#isUnsaved = true;
      };
    };
    this.#outbox.flush(cut, this.#deps.now);
  }

  #trouble(file: FileTail, error: unknown): void {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ESTALE') {
      this.#pollAt = 0;
      if (file.finishingSince !== undefined) this.#leave(file, this.#deps.now());
      return;
    }
    file.close();
    if (code === 'EACCES' || code === 'EPERM')
      file.problem = { code: 'permission', message: `No permission to read ${basename(file.path)}.` };
    else file.problem = { code: 'read', message: message.slice(0, 300) };
  }
}
