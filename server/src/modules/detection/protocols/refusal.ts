/**
 * A request that is not taken, on its way to the client. Refusing and accounting cannot drift apart: what is answered and
 * what is counted come from the same value.
 */
export class IngestRefusal extends Error {
  override readonly name = 'IngestRefusal';
  readonly status: number;
  /** Reason of the outcome, as it is counted: `framing`, `encoding`, `too_large`, … */
  readonly reason: string;
  readonly retryAfterSeconds: number | undefined;

  constructor(status: number, reason: string, detail: string, retryAfterSeconds?: number) {
    super(detail);
    this.status = status;
    this.reason = reason;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** Every refusal of the door, each detail written once, with its status (protocol reference §1.6). */
export const refusals = {
  missingAuth: () => new IngestRefusal(401, 'auth', 'missing authorization information'),
  severalKeys: () => new IngestRefusal(401, 'auth', 'multiple authorization payloads that disagree'),
  badKey: () => new IngestRefusal(400, 'auth', 'bad sentry_key: 32 hex digits expected'),
  badVersion: (version: string) => new IngestRefusal(400, 'auth', `unsupported protocol version ${version}`),
  badProject: () => new IngestRefusal(400, 'auth', 'bad project id: whole number expected'),
  unknownKey: () => new IngestRefusal(403, 'auth', 'unknown key'),
  disabledKey: () => new IngestRefusal(403, 'auth', 'this key is disabled'),
  otherProject: () => new IngestRefusal(403, 'auth', 'the key belongs to another project'),
  archivedProject: () => new IngestRefusal(403, 'auth', 'this project is archived'),
  badDsn: () => new IngestRefusal(400, 'auth', 'bad dsn in the envelope header'),
  headerMismatch: () => new IngestRefusal(400, 'auth', 'the dsn of the envelope header disagrees with the request'),
  method: () => new IngestRefusal(405, 'method', 'method not allowed'),
  empty: () => new IngestRefusal(400, 'empty', 'empty request body'),
  framing: (cause: string) => new IngestRefusal(400, 'framing', `malformed envelope: ${cause}`),
  json: (cause: string) => new IngestRefusal(400, 'json', `malformed event: ${cause}`),
  protobuf: (cause: string) => new IngestRefusal(400, 'protobuf', `malformed protobuf: ${cause}`),
  otlpJson: (cause: string) => new IngestRefusal(400, 'json', `malformed OTLP: ${cause}`),
  mediaType: (wanted: string) => new IngestRefusal(415, 'media_type', `unsupported content type: ${wanted} expected`),
  itemCount: () => new IngestRefusal(400, 'item_count', 'a container holds another number of items than it says'),
  encoding: (cause: string) => new IngestRefusal(400, 'encoding', `malformed ${cause} body`),
  unknownEncoding: (name: string) => new IngestRefusal(415, 'encoding', `unsupported content encoding ${name}`),
  tooLarge: (what: string, bytes: number) => new IngestRefusal(413, 'too_large', `${what} larger than ${bytes} bytes`),
  tooMany: (what: string, count: number) => new IngestRefusal(413, 'too_many', `more than ${count} ${what}`),
  noEventId: () => new IngestRefusal(400, 'no_event_id', 'nothing says which event this belongs to'),
  multipart: (cause: string) => new IngestRefusal(400, 'multipart', `malformed multipart body: ${cause}`),
  minidump: (cause: string) => new IngestRefusal(400, 'minidump', `no minidump: ${cause}`),
  unreal: (cause: string) => new IngestRefusal(400, 'unreal', `no crash report of Unreal Engine: ${cause}`),
  report: (cause: string) => new IngestRefusal(400, 'report', `malformed report: ${cause}`),
  feedback: (cause: string) => new IngestRefusal(400, 'feedback', `malformed feedback: ${cause}`),
  incomplete: () => new IngestRefusal(400, 'incomplete', 'the request ended before its body did'),
  slow: () => new IngestRefusal(408, 'incomplete', 'the request body did not arrive in time'),
  busy: () => new IngestRefusal(503, 'busy', 'too many large requests at once', 10),
  limited: (cause: string, seconds: number) => new IngestRefusal(429, cause, `rate limited: ${cause}`, seconds),
  disk: () => new IngestRefusal(503, 'disk', 'the event could not be stored', 30),
  broken: () => new IngestRefusal(500, 'internal', 'internal error'),
} as const;
