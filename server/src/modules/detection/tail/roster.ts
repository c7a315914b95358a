import { closeSync, type Stats, statSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { FileTail } from './file-tail.ts';
import { contentId, encodingOfMark, hasHead, hasTail, headOf, lastLinesAt } from './identity.ts';
import type { StoredFile } from './offsets.ts';
import { openLog } from './open-log.ts';
import { isRotationOf, rotationsOf } from './rotation.ts';
import type { FollowedSource, MakeDetector } from './tail-source.ts';

/** Files that were left are remembered for so long, should they come back under another name. */
const REMEMBERED = 5_000;

/**
 * Says which content a file is: one that is known and goes on, a copy of one, or a new one. Everything about names and
 * inodes is decided here; {@link FileTail} reads.
 */
export class Roster {
  readonly #source: FollowedSource;
  readonly #make: MakeDetector;
  readonly #isAllowed: (real: string) => boolean;
  /** Being followed, by path. */
  readonly live = new Map<string, FileTail>();
  /** Rotated away or deleted, being read to their ends. */
  readonly finishing = new Set<FileTail>();
  /** Known from before and not followed now, by content. */
  readonly #known = new Map<string, StoredFile>();
  /** Of inodes whose content was replaced. */
  readonly #generations = new Map<number, number>();

  constructor(deps: {
    source: FollowedSource;
    make: MakeDetector;
    known: readonly StoredFile[];
    /** Whether a path, its links resolved, may be read. */
    isAllowed: (real: string) => boolean;
  }) {
    this.#source = deps.source;
    this.#make = deps.make;
    this.#isAllowed = deps.isAllowed;
    for (const file of deps.known) this.#known.set(keyOf(file), file);
  }

  /** Everything that is being read. */
  *all(): Generator<FileTail> {
    yield* this.finishing;
    yield* this.live.values();
  }

  get remembered(): readonly StoredFile[] {
    return [...this.#known.values()];
  }

  byInode(stat: Pick<Stats, 'dev' | 'ino'>): FileTail | undefined {
    for (const file of this.all()) if (file.ino === stat.ino && file.dev === stat.dev) return file;
    return undefined;
  }

  /**
   * Takes up the file at a path. Undefined while its first line is being written, or when it is a pipe, a folder or the like.
   * @param begin where a content that nobody knows is begun
   * @throws what the file system says
   */
  adopt(path: string, begin: 'start' | 'as-set', now: number, settledMs: number): FileTail | undefined {
    if (statSync(path).size === 0) return undefined;
    const opened = openLog(path, this.#isAllowed);
    if (opened === undefined) return undefined;
    const { fd, stat } = opened;
    try {
      const file = this.#identify(path, fd, stat, begin, now, settledMs);
      if (file !== undefined) {
        this.live.set(path, file);
        this.#known.delete(keyOf(file));
      }
      return file;
    } finally {
      closeSync(fd);
    }
  }

  /**
   * The files that rotation left behind while nobody watched: for each known content that is at no path any more, where it
   * stands now, and what was written and rotated away after it. They are read to their ends.
   */
  findRotated(now: number, isAllowed: (path: string) => boolean): FileTail[] {
    const found: FileTail[] = [];
    const isLive = new Set([...this.all()].map((file) => keyOf(file)));
    for (const stored of [...this.#known.values()].sort((a, b) => a.mtimeMs - b.mtimeMs)) {
      if (isLive.has(keyOf(stored))) continue;
      for (const path of rotationsOf(stored.path)) {
        if (this.live.has(path) || [...this.finishing].some((file) => file.path === path) || !isAllowed(path)) continue;
        const file = tryOr(() => this.#rotated(path, stored, now));
        if (file !== undefined) found.push(file);
      }
    }
    return found;
  }

  /**
   * Where the rest of a file is that was emptied in place: copy-and-truncate leaves a copy beside it.
   * It is read on from where the original was read to.
   */
  findCopy(file: FileTail, now: number, isAllowed: (path: string) => boolean): FileTail | undefined {
    for (const path of rotationsOf(file.path)) {
      const live = this.live.get(path);
      if (live?.content === file.content) return live;
      if (live !== undefined || !isAllowed(path)) continue;
      const copy = tryOr(() =>
        this.#withFile(path, (fd, stat) => {
          if (stat.size < file.position || stat.ino === file.ino || !file.isSameSoFar(fd, stat.size)) return undefined;
          const { content, generation, safeOffset: offset, head } = file;
          return this.#tail({ path, dev: stat.dev, ino: stat.ino, head, content, generation, offset }, stat, now);
        }),
      );
      if (copy === undefined) continue;
      this.#finish(copy, now);
      return copy;
    }
    return undefined;
  }

  /** No longer at its path: read to its end, then left. */
  retire(file: FileTail, now: number): void {
    if (this.live.get(file.path) === file) this.live.delete(file.path);
    this.#finish(file, now);
  }

  /** Forgets that a file is followed; what is kept of it is remembered. */
  leave(file: FileTail, stored: StoredFile | undefined): void {
    if (this.live.get(file.path) === file) this.live.delete(file.path);
    this.finishing.delete(file);
    file.close();
    if (stored === undefined) return;
    this.#known.delete(keyOf(stored));
    this.#known.set(keyOf(stored), stored);
    while (this.#known.size > REMEMBERED) this.#known.delete(this.#known.keys().next().value as string);
  }

  /** Emptied or written anew in place. The next content of this inode has another name. */
  replaced(file: FileTail): void {
    if (this.live.get(file.path) === file) this.live.delete(file.path);
    this.finishing.delete(file);
    file.close();
    this.#generations.set(file.ino, file.generation);
  }

  #finish(file: FileTail, now: number): void {
    file.finishingSince = now;
    this.finishing.add(file);
  }

  #identify(path: string, fd: number, stat: Stats, begin: 'start' | 'as-set', now: number, settledMs: number) {
    const followed = this.byInode(stat);
    if (followed !== undefined) return this.#moved(followed, path, stat);
    const same = this.#sameInode(fd, stat);
    if (same?.isSame === true) return this.#tail({ ...same.file, path, dev: stat.dev }, stat, now);
    const copy = this.#copied(path, fd, stat);
    if (copy !== undefined) {
      const tail = this.#tail({ ...copy, path, dev: stat.dev, ino: stat.ino }, stat, now);
      tail.awaiting = stat.size < copy.offset;
      return tail;
    }
    const settled = now - stat.mtimeMs > settledMs;
    let generation = Math.max(same?.file.generation ?? -1, this.#generations.get(stat.ino) ?? -1) + 1;
    let content = contentId(fd, stat, generation, settled);
    if (content === undefined) return undefined;
    // The same beginning in another file of the same number, on another disk.
    while (this.#isTaken(content)) {
      generation += 1;
      content = contentId(fd, stat, generation, true) as string;
    }
    const offset = begin === 'start' ? 0 : this.#beginning(fd, stat.size);
    return this.#tail(
      { path, dev: stat.dev, ino: stat.ino, head: headOf(fd, stat.size), content, generation, offset },
      stat,
      now,
    );
  }

  /** A file that is followed under another name: it moved, or has two names. */
  #moved(file: FileTail, path: string, stat: Stats): FileTail | undefined {
    const isFinishing = this.finishing.has(file);
    if (stat.size < file.position) return undefined; // emptied: noticed where it is followed
    if (!isFinishing && file.path !== path && leadsTo(file.path, stat)) return undefined;
    this.finishing.delete(file);
    if (this.live.get(file.path) === file) this.live.delete(file.path);
    file.finishingSince = undefined;
    file.path = path;
    return file;
  }

  #isTaken(content: string): boolean {
    for (const file of this.all()) if (file.content === content) return true;
    for (const file of this.#known.values()) if (file.content === content) return true;
    return false;
  }

  /** A content of this inode that is known, and whether it still is the one that is there. */
  #sameInode(fd: number, stat: Stats): { file: StoredFile; isSame: boolean } | undefined {
    let other: StoredFile | undefined;
    const candidates = [...this.#known.values()].filter(({ ino }) => ino === stat.ino);
    // Numbers of devices change with a restart of the machine; the same one is looked at first.
    for (const file of candidates.sort((a, b) => Number(b.dev === stat.dev) - Number(a.dev === stat.dev))) {
      if (isContinued(fd, stat, file)) return { file, isSame: true };
      if (other === undefined || file.generation > other.generation) other = file;
    }
    return other === undefined ? undefined : { file: other, isSame: false };
  }

  /**
   * What this file is a copy of: made after the other was read, the same as far as both go, and named as rotation names.
   * Its part that was read in the other is not read again.
   */
  #copied(path: string, fd: number, stat: Stats): StoredFile | undefined {
    const name = basename(path);
    const folder = dirname(path);
    const bornAt = stat.birthtimeMs || stat.ctimeMs;
    const isNamedSo = (other: string) => dirname(other) === folder && isRotationOf(name, basename(other));
    for (const file of this.all())
      if (bornAt > file.followedSince && isNamedSo(file.path) && file.isSameSoFar(fd, stat.size)) return asStored(file);
    for (const file of this.#known.values())
      if (bornAt > file.seenAt && isNamedSo(file.path) && file.head.bytes > 0 && isContinued(fd, stat, file)) return file;
    return undefined;
  }

  /** A rotated file as what it is: the stored content itself, its copy, or one that came after it. */
  #rotated(path: string, stored: StoredFile, now: number): FileTail | undefined {
    return this.#withFile(path, (fd, stat) => {
      if (this.byInode(stat) !== undefined) return undefined;
      const place = { path, dev: stat.dev, ino: stat.ino };
      let tail: FileTail | undefined;
      if (isContinued(fd, stat, stored) && (stat.ino === stored.ino || stored.head.bytes > 0))
        tail = this.#tail({ ...stored, ...place }, stat, now);
      else if (stat.mtimeMs > stored.mtimeMs && ![...this.#known.values()].some(({ ino }) => ino === stat.ino)) {
        const content = contentId(fd, stat, 0, true) as string;
        tail = this.#tail({ ...place, head: headOf(fd, stat.size), content, generation: 0, offset: 0 }, stat, now);
      }
      if (tail !== undefined) this.#finish(tail, now);
      return tail;
    });
  }

  #withFile<T>(path: string, work: (fd: number, stat: Stats) => T | undefined): T | undefined {
    const opened = openLog(path, this.#isAllowed);
    if (opened === undefined) return undefined;
    try {
      return work(opened.fd, opened.stat);
    } finally {
      closeSync(opened.fd);
    }
  }

  #beginning(fd: number, size: number): number {
    const { startAt, startLines, encoding } = this.#source;
    if (startAt === 'BEGINNING') return 0;
    if (startAt === 'END') return size;
    const isWide = encoding.startsWith('utf16') || encodingOfMark(fd) !== undefined;
    return lastLinesAt(fd, size, startLines, isWide);
  }

  #tail(
    file: Omit<StoredFile, 'seenAt' | 'tail' | 'marks' | 'mtimeMs'> & { marks?: StoredFile['marks'] },
    stat: Stats,
    now: number,
  ): FileTail {
    const { path, dev, ino, head, content, generation, offset, marks = [] } = file;
    const stored = { path, dev, ino, head, content, generation, offset, marks, mtimeMs: stat.mtimeMs };
    return new FileTail({ source: this.#source, make: this.#make, stored, sizeBytes: stat.size, now });
  }
}

/** Whether what is in the file is what was read before, and perhaps more. */
function isContinued(fd: number, stat: Stats, file: StoredFile): boolean {
  return stat.size >= file.offset && hasHead(fd, file.head) && hasTail(fd, file.offset, file.tail);
}

function asStored(file: FileTail): StoredFile {
  const { path, dev, ino, head, content, generation, mtimeMs } = file;
  return {
    path,
    dev,
    ino,
    head,
    tail: { bytes: 0, hash: '' },
    content,
    generation,
    offset: file.safeOffset,
    mtimeMs,
    seenAt: 0,
    marks: [],
  };
}

/** Whether a path leads to this very file. */
function leadsTo(path: string, stat: Stats): boolean {
  const now = tryOr(() => statSync(path));
  return now !== undefined && now.ino === stat.ino && now.dev === stat.dev;
}

const keyOf = (file: { content: string; ino: number }): string => `${file.content} ${file.ino}`;

function tryOr<T>(work: () => T | undefined): T | undefined {
  try {
    return work();
  } catch {
    return undefined; // it went away meanwhile, or may not be read: then it is no candidate
  }
}
