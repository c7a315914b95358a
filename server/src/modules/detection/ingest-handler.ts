import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../../platform/clock.ts';
import type { Config } from '../../platform/config.ts';
import type { TrustedProxies } from '../../platform/http/client-ip.ts';
import type { Log } from '../../platform/log.ts';
import { readCoding } from './content-encoding.ts';
import type { Delivery } from './delivery.ts';
import type { IngestGauges } from './gauges.ts';
import { type IngestKey, type IngestKeys, letIn } from './ingest-keys.ts';
import { isContainer, LIMITS } from './item-policy.ts';
import type { Pipeline, Verdict } from './pipeline.ts';
import { IngestRefusal, refusals } from './protocols/refusal.ts';
import { answerAccepted, answerLimited, answerPixel, answerPreflight, answerRefusal } from './protocols/sentry-answers.ts';
import { type Credentials, parseDsn, readCredentials } from './protocols/sentry-auth.ts';
import { type Envelope, EnvelopeParser } from './protocols/sentry-envelope.ts';
import { type IngestPath, matchIngestPath } from './protocols/sentry-path.ts';
import { storeText, storeTextFromQuery } from './protocols/sentry-store.ts';
import { type BodyRoom, receiveBody } from './receive-body.ts';

/** What the door needs; see {@link createDetection} for where it comes from. */
export interface IngestHandlerDeps {
  keys: IngestKeys;
  pipeline: Pipeline;
  clock: Clock;
  config: Pick<Config, 'baseUrl'>;
  logger: Log;
  gauges: IngestGauges;
  room: BodyRoom;
  proxies: TrustedProxies;
}

/** Rest of a refused body that is read and thrown away, so that the client gets to read the answer. */
const DISCARDED_BYTES = 32 * 1024 * 1024;
const DISCARD_MS = 10_000;

/**
 * The door for Sentry SDKs: raw node:http, in front of the web framework (which costs a fifth of the time an event takes).
 * Answers true when the address is its own; the answer is then given here, whatever comes. Steps of the path:
 *
 *   let in → bytes → parsed → normal → scrubbed → logged → answered
 *
 * The first two are here, the others in {@link Pipeline}. Order of refusals: method, authentication, then the body's.
 */
export function createIngestHandler(deps: IngestHandlerDeps): (req: IncomingMessage, res: ServerResponse) => boolean {
  const basePath = new URL(deps.config.baseUrl).pathname.replace(/\/+$/, '');
  return (req, res) => {
    const path = matchIngestPath(req.url ?? '', basePath);
    if (path === undefined) return false;
    void new Exchange(deps, req, res, path).run();
    return true;
  };
}

/** One request and its answer. */
class Exchange {
  readonly #deps: IngestHandlerDeps;
  readonly #req: IncomingMessage;
  readonly #res: ServerResponse;
  readonly #path: IngestPath;
  readonly #startedAt = performance.now();
  #wireBytes = 0;
  /** Set as soon as the request is let in: from then on a refusal is an outcome too. */
  #delivery: Delivery | undefined;

  constructor(deps: IngestHandlerDeps, req: IncomingMessage, res: ServerResponse, path: IngestPath) {
    this.#deps = deps;
    this.#req = req;
    this.#res = res;
    this.#path = path;
  }

  async run(): Promise<void> {
    const { method } = this.#req;
    try {
      if (method === 'OPTIONS') answerPreflight(this.#res);
      else if (method === 'POST') await this.#post();
      else if (method === 'GET' && this.#path.endpoint === 'store') await this.#pixel();
      else throw refusals.method();
    } catch (error) {
      this.#refuse(error);
    }
    if (!this.#req.complete) discardRest(this.#req);
    this.#deps.gauges.answered(this.#res.statusCode, this.#wireBytes, performance.now() - this.#startedAt);
  }

  async #post(): Promise<void> {
    const credentials = readCredentials(this.#req.headers, this.#path.query, this.#path.key);
    const type = this.#req.headers['content-type'];
    // Everything is read as an envelope (browsers avoid a preflight by odd content types), except on the old endpoint.
    const asStore = this.#path.endpoint === 'store' && !type?.includes('application/x-sentry-envelope');
    if (asStore && credentials === undefined) throw refusals.missingAuth();
    if (credentials !== undefined) this.#letIn(credentials, asStore ? 'sentry-store' : 'sentry-envelope');
    this.#answer(asStore ? await this.#store() : await this.#envelope(credentials));
  }

  #letIn(credentials: Credentials, source: string, project = this.#path.project): IngestKey {
    const key = letIn(this.#deps.keys, credentials.key, project);
    this.#deps.keys.touch(key.keyId);
    this.#delivery = {
      key,
      source,
      receivedAt: this.#deps.clock.now(),
      clientIp: this.#deps.proxies.clientIp(this.#req),
      userAgent: this.#req.headers['user-agent'],
      client: credentials.client,
      header: {},
    };
    return key;
  }

  async #envelope(credentials: Credentials | undefined): Promise<Verdict> {
    let room = LIMITS.containerBytes;
    let events = 0;
    const parser = new EnvelopeParser(
      (type, headers) => {
        if (type === 'event') return events++ === 0 ? LIMITS.eventBytes : 0;
        if (type === 'client_report') return LIMITS.clientReportBytes;
        const kept = this.#deps.pipeline.room(type);
        if (kept !== undefined) return kept.sink?.(headers, this.#delivery as Delivery) ?? kept.maxBytes;
        const length = headers['length'];
        if (!isContainer(headers) || typeof length !== 'number' || length > room) return 0;
        room -= length;
        return length;
      },
      (header) => {
        if (header.dsn !== undefined && header.dsn !== null) this.#agree(parseDsn(header.dsn), credentials);
        if (this.#delivery === undefined) throw refusals.missingAuth();
        this.#delivery.header = header;
      },
    );
    let envelope: Envelope;
    try {
      const coding = readCoding(this.#req.headers['content-encoding']);
      const limits = { wireBytes: LIMITS.envelopeBytes, unpackedBytes: LIMITS.envelopeBytes };
      this.#wireBytes = await receiveBody(this.#req, coding, limits, parser, this.#deps.room);
      envelope = parser.end();
    } catch (error) {
      parser.discard();
      if (this.#delivery === undefined)
        throw error instanceof IngestRefusal && error.reason !== 'auth' ? refusals.missingAuth() : error;
      this.#countRefused(error, parser.seen.size > 0 ? parser.seen : new Map([['envelope', 1]]));
      throw error;
    }
    return this.#deps.pipeline.deliver(envelope, this.#delivery as Delivery);
  }

  /** Form 5 of authentication: alone it lets in, with others it must agree (reference §1.2). */
  #agree(dsn: { key: string; project: string }, credentials: Credentials | undefined): void {
    const project = this.#path.project ?? (this.#delivery ? String(this.#delivery.key.projectId) : undefined);
    if ((credentials && credentials.key !== dsn.key) || (project !== undefined && project !== dsn.project))
      throw refusals.headerMismatch();
    if (credentials === undefined) this.#letIn({ key: dsn.key, client: undefined }, 'sentry-envelope', project ?? dsn.project);
  }

  async #store(): Promise<Verdict> {
    const delivery = this.#delivery as Delivery;
    const chunks: Buffer[] = [];
    let text: string;
    let bytes: number;
    try {
      const coding = readCoding(this.#req.headers['content-encoding']);
      const limits = { wireBytes: LIMITS.storeWireBytes, unpackedBytes: LIMITS.storeWireBytes };
      this.#wireBytes = await receiveBody(this.#req, coding, limits, { feed: (chunk) => chunks.push(chunk) }, this.#deps.room);
      text = storeText(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks), LIMITS.storeBytes);
      bytes = Buffer.byteLength(text);
      if (bytes > LIMITS.storeBytes) throw refusals.tooLarge('event', LIMITS.storeBytes);
    } catch (error) {
      this.#countRefused(error, new Map([['event', 1]]));
      throw error;
    }
    return this.#event(text, bytes, delivery);
  }

  #event(text: string, bytes: number, delivery: Delivery): Promise<Verdict> {
    return this.#deps.pipeline.deliverEvent({ payload: EMPTY, text, bytes }, delivery);
  }

  /** GET: an event in the query, or nothing; answered with a picture. */
  async #pixel(): Promise<void> {
    const data = new URLSearchParams(this.#path.query).get('sentry_data');
    if (data === null) {
      answerPixel(this.#res);
      return;
    }
    const credentials = readCredentials(this.#req.headers, this.#path.query, this.#path.key);
    if (credentials === undefined) throw refusals.missingAuth();
    this.#letIn(credentials, 'sentry-store');
    let text: string;
    try {
      text = storeTextFromQuery(data, LIMITS.storeBytes);
    } catch (error) {
      this.#countRefused(error, new Map([['event', 1]]));
      throw error;
    }
    const verdict = await this.#event(text, Buffer.byteLength(text), this.#delivery as Delivery);
    if (verdict.kind === 'accepted') answerPixel(this.#res);
    else this.#answer(verdict);
  }

  /** A refusal of the whole body is the outcome of every item in it that was seen, or of the body as one. */
  #countRefused(error: unknown, items: ReadonlyMap<string, number>): void {
    if (this.#delivery === undefined) return;
    const refusal = error instanceof IngestRefusal ? error : refusals.broken();
    const outcome = refusal.status >= 500 ? 'failed' : 'invalid';
    for (const [item, quantity] of items) this.#deps.pipeline.count(this.#delivery, item, outcome, refusal.reason, quantity);
  }

  #answer(verdict: Verdict): void {
    if (verdict.kind === 'accepted') answerAccepted(this.#res, verdict.id, verdict.hint);
    else if (verdict.kind === 'limited') answerLimited(this.#res, verdict.hint);
    else answerRefusal(this.#res, verdict.refusal, false);
  }

  #refuse(error: unknown): void {
    if (!(error instanceof IngestRefusal)) this.#deps.logger.error({ err: error }, 'an ingest request failed');
    if (this.#res.headersSent || this.#res.destroyed) return;
    const refusal = error instanceof IngestRefusal ? error : refusals.broken();
    answerRefusal(this.#res, refusal, refusal.status === 408);
  }
}

/** Reads on for a while: a client that is cut off while sending does not see the answer. */
export function discardRest(req: IncomingMessage): void {
  let left = DISCARDED_BYTES;
  req.on('error', () => undefined);
  req.on('data', (chunk: Buffer) => {
    left -= chunk.length;
    if (left < 0) req.destroy();
  });
  const timer = setTimeout(() => req.complete || req.destroy(), DISCARD_MS);
  timer.unref();
  req.once('close', () => clearTimeout(timer));
  req.resume();
}

const EMPTY = Buffer.alloc(0);
