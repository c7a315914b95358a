import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { type Clock, hours } from '../../../platform/clock.ts';
import { ARTIFACT_LIMITS, UploadRefusal } from './limits.ts';

const unpack = promisify(gunzip);
const NAME = /^[0-9a-f]{40}$/;
/** Pieces wait this long for the request that puts them together. */
const KEPT_MS = hours(24);

/**
 * Pieces of uploads: `<data directory>/artifacts/chunks/<user id>/<sha1>`. Each user's are their own: whoever knows the
 * checksums of another's upload cannot have it put together. A file is named by the checksum computed here, which must be
 * the one the client named.
 */
export class ChunkStore {
  readonly #root: string;
  readonly #clock: Clock;
  /** Bytes waiting, by user; counted from the disk at first. */
  readonly #waiting = new Map<number, number>();

  constructor(dataDir: string, clock: Clock) {
    this.#root = join(dataDir, 'artifacts', 'chunks');
    this.#clock = clock;
  }

  /**
   * Keeps one piece. @param packed it is gzip
   * @throws UploadRefusal when it is not what its name says, too large, or one too many
   */
  async put(owner: number, name: string, bytes: Buffer, packed: boolean): Promise<void> {
    const content = packed ? await this.#unpacked(bytes) : bytes;
    if (content.length > ARTIFACT_LIMITS.chunkBytes) throw new UploadRefusal('A chunk is larger than was agreed.');
    const sha1 = createHash('sha1').update(content).digest('hex');
    if (sha1 !== name) throw new UploadRefusal('The checksum of a chunk does not match its content.');
    const waiting = await this.#waitingOf(owner);
    const path = this.#path(owner, sha1);
    const known = await stat(path).catch(() => undefined);
    if (known?.size === content.length) return;
    if (waiting + content.length > ARTIFACT_LIMITS.waitingBytes)
      throw new UploadRefusal('Too much is waiting to be put together. Pieces that nobody asks for go after a day.');
    await mkdir(join(this.#root, String(owner)), { recursive: true });
    const temporary = join(this.#root, String(owner), `${randomBytes(8).toString('hex')}.tmp`);
    await writeFile(temporary, content, { mode: 0o600 });
    await rename(temporary, path);
    this.#waiting.set(owner, (this.#waiting.get(owner) ?? 0) + content.length);
  }

  /** Those of some pieces that are not there; names that are no checksums are not there. */
  async missing(owner: number, names: readonly string[]): Promise<string[]> {
    const there = await Promise.all(
      names.map((name) =>
        NAME.test(name)
          ? stat(this.#path(owner, name)).then(
              () => true,
              () => false,
            )
          : false,
      ),
    );
    return names.filter((_, i) => !there[i]);
  }

  /** Paths of pieces that are there, for the thread that puts them together. */
  paths(owner: number, names: readonly string[]): string[] {
    return names.filter((name) => NAME.test(name)).map((name) => this.#path(owner, name));
  }

  /** Lets go of pieces that were put together. */
  async drop(owner: number, names: readonly string[]): Promise<void> {
    for (const name of names) if (NAME.test(name)) await unlink(this.#path(owner, name)).catch(() => undefined);
    this.#waiting.delete(owner);
  }

  /** Removes what nobody asked for within a day. Answers how many pieces went. */
  async sweep(): Promise<number> {
    const before = this.#clock.now() - KEPT_MS;
    let gone = 0;
    const owners = await readdir(this.#root).catch(() => [] as string[]);
    // And what an interrupted process was putting together.
    for (const folder of [...owners.map((owner) => join(this.#root, owner)), join(this.#root, '..', 'tmp')]) {
      for (const name of await readdir(folder).catch(() => [] as string[])) {
        const found = await stat(join(folder, name)).catch(() => undefined);
        if (found === undefined || found.mtimeMs >= before) continue;
        await rm(join(folder, name), { force: true });
        gone += 1;
      }
    }
    if (gone > 0) this.#waiting.clear();
    return gone;
  }

  async #unpacked(bytes: Buffer): Promise<Buffer> {
    try {
      return await unpack(bytes, { maxOutputLength: ARTIFACT_LIMITS.chunkBytes });
    } catch (error) {
      const tooLarge = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
      throw new UploadRefusal(tooLarge ? 'A chunk unpacks to more than was agreed.' : 'A chunk is not gzip.');
    }
  }

  async #waitingOf(owner: number): Promise<number> {
    const known = this.#waiting.get(owner);
    if (known !== undefined) return known;
    let sum = 0;
    const folder = join(this.#root, String(owner));
    for (const name of await readdir(folder).catch(() => [] as string[]))
      sum += (await stat(join(folder, name)).catch(() => undefined))?.size ?? 0;
    this.#waiting.set(owner, sum);
    return sum;
  }

  #path(owner: number, sha1: string): string {
    return join(this.#root, String(owner), sha1);
  }
}
