import { decode, decodeMulti } from '@msgpack/msgpack';
import { isObject } from '../normalize/reading.ts';
import type { FilePart } from './multipart.ts';
import type { PayloadSink } from './sentry-envelope.ts';

const MAX_BYTES = 1024 * 1024;
const MAX_BREADCRUMBS = 200;
const LIMITS = { maxStrLength: MAX_BYTES, maxBinLength: 0, maxArrayLength: 10_000, maxMapLength: 10_000, maxExtLength: 64 };
const EVENT = '__sentry-event';
const BREADCRUMBS = /^__sentry-breadcrumbs?[12]$/;

/**
 * Files that Sentry's native SDK puts beside a minidump (crashpad backend): the event as MessagePack in `__sentry-event`, and
 * breadcrumbs, one value after the other, in `__sentry-breadcrumb1` and `2` (written in turn). They are part of the event,
 * not attachments of it. What cannot be read, or is larger than 1 MiB, is passed over.
 */
export class NativeParts {
  readonly #held = new Map<string, Held>();

  /** Where such a file goes; undefined when it is none. */
  sink({ field, filename }: FilePart): PayloadSink | undefined {
    const name = [filename, field].find((one) => one === EVENT || BREADCRUMBS.test(one ?? ''));
    if (name === undefined) return undefined;
    const held = new Held();
    this.#held.set(name, held);
    return held;
  }

  /** What they say of the event, in Sentry's shape; `{}` when there are none. */
  event(): Record<string, unknown> {
    const said = tried(() => decode(this.#held.get(EVENT)?.bytes() ?? NOTHING, LIMITS), undefined);
    const crumbs: unknown[] = [];
    for (const [name, held] of this.#held) {
      if (name === EVENT) continue;
      // A crash may cut the last one short: those before it are good.
      tried(() => {
        for (const crumb of decodeMulti(held.bytes(), LIMITS)) crumbs.push(crumb);
      }, undefined);
    }
    const event = isObject(said) ? plain(said) : {};
    if (crumbs.length === 0) return event;
    const timed = crumbs.filter(isObject).map(plain);
    timed.sort((a, b) => timeOf(a) - timeOf(b));
    return { ...event, breadcrumbs: timed.slice(-MAX_BREADCRUMBS) };
  }
}

class Held implements PayloadSink {
  #chunks: Buffer[] = [];
  #size = 0;

  write(chunk: Buffer): void {
    this.#size += chunk.length;
    if (this.#size <= MAX_BYTES) this.#chunks.push(Buffer.from(chunk));
    else this.#chunks = [];
  }

  bytes(): Buffer {
    return Buffer.concat(this.#chunks);
  }

  discard(): void {
    this.#chunks = [];
  }
}

const NOTHING = Buffer.alloc(0);

function tried<T>(work: () => T, otherwise: T): T {
  try {
    return work();
  } catch {
    return otherwise;
  }
}

/** As if it had come as JSON: times become text, big numbers plain ones, bytes nothing. */
function plain(value: Record<string, unknown>): Record<string, unknown> {
  const text = JSON.stringify(value, (_, one: unknown) => {
    if (typeof one === 'bigint') return Number(one);
    return one === null || ArrayBuffer.isView(one) ? undefined : one; // null: not said, and the dump may know
  });
  return JSON.parse(text) as Record<string, unknown>;
}

function timeOf({ timestamp }: Record<string, unknown>): number {
  if (typeof timestamp === 'number') return timestamp * 1000;
  const parsed = typeof timestamp === 'string' ? Date.parse(timestamp) : Number.NaN;
  return Number.isNaN(parsed) ? 0 : parsed;
}
