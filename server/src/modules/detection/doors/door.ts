import type { IncomingHttpHeaders } from 'node:http';
import type { Delivery } from '../delivery.ts';
import type { Outcome } from '../digest.task.ts';
import type { Pipeline } from '../pipeline.ts';
import type { Credentials } from '../protocols/sentry-auth.ts';
import type { BodyLimits } from '../receive-body.ts';

/** An address, taken apart by the door that knows it. */
export interface DoorPath {
  /** Project id as it stands in the path; undefined when the key alone names the project. */
  project?: string | undefined;
  /** A key as a segment of the path. */
  key?: string | undefined;
  /** Whatever else the door found there. */
  parts?: Readonly<Record<string, string>>;
}

/** An address by the names of the pattern's groups: `project` and `key`, any other is one of the `parts`. */
export function addressOf(pattern: RegExp, path: string): DoorPath | undefined {
  const match = pattern.exec(path);
  if (match === null) return undefined;
  const { project, key, ...parts } = match.groups ?? {};
  return { project, key, parts: parts as Record<string, string> };
}

/** What a request is answered with. Refusals are thrown as IngestRefusal instead. */
export interface DoorAnswer {
  status: number;
  /** Objects are sent as JSON. */
  body?: string | Uint8Array | object;
  /** Content type of a text or bytes; default `text/plain; charset=utf-8`. */
  type?: string;
  headers?: Readonly<Record<string, string>>;
}

/** One request, as a door sees it. */
export interface DoorCall {
  readonly method: string;
  readonly path: DoorPath;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly pipeline: Pipeline;
  /**
   * Lets the request in by a DSN key: the given one, or those of the address, headers and query (all forms of the Sentry
   * protocol, and `Authorization: Bearer <key>`). From then on a refusal is counted as an outcome of the door's `item`.
   * @throws IngestRefusal 401, 403, 400
   */
  letIn(credentials?: Credentials): Delivery;
  /** The whole body, unpacked by its content encoding. Read it after {@link letIn}. @throws IngestRefusal 400, 408, 413, 415, 503 */
  body(limits?: Partial<BodyLimits>): Promise<Buffer>;
  /** The body in pieces, unpacked, for what is too large to hold. The sink may throw an IngestRefusal. */
  stream(sink: (chunk: Buffer) => void, limits?: Partial<BodyLimits>): Promise<void>;
  /** Counts an item of this delivery. */
  count(item: string, outcome: Outcome, reason: string, quantity?: number): void;
}

/** A protocol at addresses of its own. One file each in this folder, listed in compose. */
export interface Door {
  /** How it came in, for the event (`source`) and messages: otlp, security, bugsnag, … */
  readonly source: string;
  /** What a request that is refused as a whole is counted as. */
  readonly item: string;
  /** Methods besides OPTIONS, upper case. */
  readonly methods: readonly string[];
  /** Its own address? `path`: without query and base path, slashes not repeated, at most 1,000 characters. */
  match(path: string): DoorPath | undefined;
  answer(call: DoorCall): Promise<DoorAnswer>;
}
