import type { ContentStore, ContentWriter, StoredContent } from '../../platform/files/content-store.ts';
import type { Delivery } from './delivery.ts';
import { IngestRefusal, refusals } from './protocols/refusal.ts';
import type { PayloadSink } from './protocols/sentry-envelope.ts';
import type { AttachmentRecord } from './records/attachment-record.ts';

/** Caps that no setting lifts: of one file, and of all that comes in one request (an event's attachments). */
export const HARD_FILE_BYTES = 100 * 1024 * 1024;
const DELIVERY_BYTES = 100 * 1024 * 1024;
const DELIVERY_FILES = 50;

/** Most a project takes of one file; 0: none at all. */
export function fileCap(delivery: Delivery): number {
  return Math.min(HARD_FILE_BYTES, delivery.key.settings.attachmentMaxMegabytes * 1024 * 1024);
}

/** The files of one request on their way into the store, under the caps of a file and of the request. */
export class AttachmentIntake {
  readonly #store: ContentStore;
  #files = 0;
  #bytes = 0;

  constructor(store: ContentStore) {
    this.#store = store;
  }

  /**
   * A place for the next file.
   * @param maxBytes of this one
   * @param said how large it is, if the client says: what cannot be kept is then not begun
   */
  open(maxBytes: number, said?: unknown): AttachmentSink {
    this.#files += 1;
    if (this.#files > DELIVERY_FILES) return new AttachmentSink(refusals.tooMany('attachments', DELIVERY_FILES));
    if (typeof said === 'number' && said > maxBytes) return new AttachmentSink(refusals.tooLarge('attachment', maxBytes));
    return new AttachmentSink(this.#store.begin(maxBytes), maxBytes, (bytes) => {
      this.#bytes += bytes;
      return DELIVERY_BYTES - this.#bytes;
    });
  }
}

/** One file coming in. */
export class AttachmentSink implements PayloadSink {
  #writer: ContentWriter | undefined;
  readonly #maxBytes: number;
  /** Takes from what the request may bring altogether; below zero: too much. */
  readonly #take: (bytes: number) => number;
  #refusal: IngestRefusal | undefined;
  #kept: Promise<StoredContent> | undefined;

  constructor(writer: ContentWriter | IngestRefusal, maxBytes = 0, take: (bytes: number) => number = () => 0) {
    if (writer instanceof IngestRefusal) this.#refusal = writer;
    else this.#writer = writer;
    this.#maxBytes = maxBytes;
    this.#take = take;
  }

  write(chunk: Buffer): void {
    const writer = this.#writer;
    if (writer === undefined || this.#refusal !== undefined) return;
    writer.write(chunk);
    if (writer.overflowed) this.#refuse(refusals.tooLarge('attachment', this.#maxBytes));
    else if (this.#take(chunk.length) < 0) this.#refuse(refusals.tooLarge('attachments', DELIVERY_BYTES));
  }

  /** The file is whole: on disk now. May be called again. @throws IngestRefusal `too_large`, `too_many`, or 503 `disk` */
  keep(): Promise<StoredContent> {
    this.#kept ??= this.#keep();
    return this.#kept;
  }

  async #keep(): Promise<StoredContent> {
    if (this.#refusal !== undefined || this.#writer === undefined) throw this.#refusal ?? refusals.broken();
    try {
      return await this.#writer.keep();
    } catch (error) {
      throw error instanceof RangeError ? refusals.tooLarge('attachment', this.#maxBytes) : refusals.disk();
    }
  }

  discard(): void {
    this.#writer?.discard();
  }

  #refuse(refusal: IngestRefusal): void {
    this.#refusal = refusal;
    this.#writer?.discard();
  }
}

/** Control characters, and those that turn the direction of text around: a name must not disguise what a file is. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+/g;

/** What a client says of a file, made fit to be shown: the last part of its name, a plain content type, a known kind. */
export function describeFile(said: {
  filename: unknown;
  contentType: unknown;
  type: unknown;
}): Pick<AttachmentRecord, 'filename' | 'contentType' | 'type'> {
  const { filename, contentType, type } = said;
  const name = typeof filename === 'string' ? filename.slice(0, 2_000).toWellFormed().replace(UNPRINTABLE, ' ') : '';
  const media = typeof contentType === 'string' ? (contentType.split(';', 1)[0] as string).trim().toLowerCase() : '';
  return {
    filename: (name.split(/[/\\]/).at(-1) as string).trim().slice(0, 200).toWellFormed() || 'attachment',
    contentType: /^[a-z0-9][\w.+-]{0,60}\/[a-z0-9][\w.+-]{0,100}$/.test(media) ? media : 'application/octet-stream',
    type: typeof type === 'string' && /^[\w.]{1,64}$/.test(type) ? type : 'event.attachment',
  };
}
