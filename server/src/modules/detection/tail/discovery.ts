import { realpathSync } from 'node:fs';
import type { FileTail } from './file-tail.ts';
import { Globs } from './globs.ts';
import type { Problems } from './problems.ts';
import type { Roster } from './roster.ts';
import { isCompressed } from './rotation.ts';
import type { FollowedSource } from './tail-source.ts';

/** Most files of one source. */
const MAX_FILES = 10_000;

/** Finds the files of a source and takes up those that may be read, saying what stands in the way of the others. */
export class Discovery {
  readonly #source: FollowedSource;
  readonly #globs: Globs;
  readonly #roster: Roster;
  readonly #problems: Problems;
  readonly #isAllowed: (real: string) => boolean;
  /** Files without a whole line yet: looked at again at every poll, they may be rotated soon. */
  readonly #begun = new Set<string>();

  constructor(deps: { source: FollowedSource; roster: Roster; problems: Problems; isAllowed: (real: string) => boolean }) {
    this.#source = deps.source;
    this.#globs = new Globs(deps.source.globs, deps.source.exclusions);
    this.#roster = deps.roster;
    this.#problems = deps.problems;
    this.#isAllowed = deps.isAllowed;
  }

  /** Folders below which files may appear. */
  folders(): string[] {
    return this.#globs.folders();
  }

  /** Looks for files; answers how many were taken up. @param isFirst nothing was ever read: begin where the source says */
  look(isFirst: boolean, now: number): number {
    const { paths, problems } = this.#globs.expand(MAX_FILES);
    this.#problems.clear('permission', 'too_many', 'read', 'no_match', 'outside_roots', 'compressed');
    for (const { code, path, message } of problems) this.#problems.add(code, path || null, message);
    this.#begun.clear();
    let matches = 0;
    let adopted = 0;
    for (const path of paths) {
      if (isCompressed(path)) {
        const text = 'Packed files (.gz, .zst, .bz2 …) are left out: what is in them was read before.';
        this.#problems.add('compressed', null, text);
        continue;
      }
      matches += 1;
      if (!this.#roster.live.has(path) && this.adopt(path, isFirst ? 'as-set' : 'start', now) !== undefined) adopted += 1;
    }
    if (matches === 0 && problems.length === 0)
      this.#problems.add('no_match', null, `No file matches ${this.#source.globs.slice(0, 3).join(', ')} yet.`);
    return adopted;
  }

  /** Takes up one file; undefined when it cannot or must not be read. */
  adopt(path: string, begin: 'start' | 'as-set', now: number): FileTail | undefined {
    try {
      if (!this.#isAllowed(realpathSync(path))) {
        this.#problems.add('outside_roots', path, `${path} leads out of the folders that may be read.`);
        return undefined;
      }
      const file = this.#roster.adopt(path, begin, now, this.#source.flushAfterMs * 10);
      if (file === undefined) this.#begun.add(path);
      else this.#begun.delete(path);
      return file;
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      this.#begun.delete(path);
      if (code === 'ENOENT') return undefined;
      if (code === 'EACCES' || code === 'EPERM') this.#problems.add('permission', path, `No permission to read ${path}.`);
      else this.#problems.add('read', path, message.slice(0, 300));
      return undefined;
    }
  }

  /** Whether a file is there that has no whole line yet. */
  hasBegun(path: string): boolean {
    return this.#begun.has(path);
  }

  /** Looks again at the files that had no whole line; answers how many were taken up. */
  lookAgain(now: number): number {
    let adopted = 0;
    for (const path of [...this.#begun]) {
      if (this.#roster.live.has(path)) this.#begun.delete(path);
      else if (this.adopt(path, 'start', now) !== undefined) adopted += 1;
    }
    return adopted;
  }

  /** Whether a file may be read, its links resolved; false when it is not there. */
  mayRead(path: string): boolean {
    try {
      return this.#isAllowed(realpathSync(path));
    } catch {
      return false;
    }
  }
}
