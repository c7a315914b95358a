import type { IncomingMessage, ServerResponse } from 'node:http';
import { readCoding } from '../content-encoding.ts';
import type { Delivery } from '../delivery.ts';
import { discardRest, type IngestHandlerDeps } from '../ingest-handler.ts';
import { letIn } from '../ingest-keys.ts';
import { IngestRefusal, refusals } from '../protocols/refusal.ts';
import { answerDoor, answerPreflight, answerRefusal } from '../protocols/sentry-answers.ts';
import { type Credentials, readCredentials } from '../protocols/sentry-auth.ts';
import { type BodyLimits, receiveBody } from '../receive-body.ts';
import type { Door, DoorCall, DoorPath } from './door.ts';

const MAX_PATH = 1_000;
/** Unless a door says otherwise. */
const BODY_LIMITS: BodyLimits = { wireBytes: 10 * 1024 * 1024, unpackedBytes: 20 * 1024 * 1024 };

/**
 * All doors behind one handler of raw node:http; answers true when the address is one of theirs. What they share stands
 * here: preflight, authentication, bodies under limits, refusals and their accounting.
 */
export function createDoorHandler(
  deps: IngestHandlerDeps & { doors: readonly Door[] },
): (req: IncomingMessage, res: ServerResponse) => boolean {
  const basePath = new URL(deps.config.baseUrl).pathname.replace(/\/+$/, '');
  return (req, res) => {
    const url = req.url ?? '';
    const mark = url.indexOf('?');
    let path = mark < 0 ? url : url.slice(0, mark);
    if (path.length > MAX_PATH) return false;
    if (path.includes('//')) path = path.replace(/\/{2,}/g, '/');
    if (basePath !== '' && path.startsWith(`${basePath}/`)) path = path.slice(basePath.length);
    for (const door of deps.doors) {
      const match = door.match(path);
      if (match === undefined) continue;
      void serve(deps, door, match, mark < 0 ? '' : url.slice(mark + 1), req, res);
      return true;
    }
    return false;
  };
}

async function serve(
  deps: IngestHandlerDeps,
  door: Door,
  path: DoorPath,
  query: string,
  req: IncomingMessage,
  res: ServerResponse,
): Promise<void> {
  const startedAt = performance.now();
  const method = req.method ?? '';
  let wireBytes = 0;
  let delivery: Delivery | undefined;

  const receive = async (sink: (chunk: Buffer) => void, limits: Partial<BodyLimits> = {}): Promise<void> => {
    const coding = readCoding(req.headers['content-encoding']);
    wireBytes = await receiveBody(req, coding, { ...BODY_LIMITS, ...limits }, { feed: sink }, deps.room);
  };
  const call: DoorCall = {
    method,
    path,
    query: new URLSearchParams(query),
    headers: req.headers,
    pipeline: deps.pipeline,
    letIn(given) {
      const credentials = given ?? readCredentials(req.headers, query, path.key) ?? bearer(req);
      if (credentials === undefined) throw refusals.missingAuth();
      const key = letIn(deps.keys, credentials.key, path.project);
      deps.keys.touch(key.keyId);
      delivery = {
        key,
        source: door.source,
        receivedAt: deps.clock.now(),
        clientIp: deps.proxies.clientIp(req),
        userAgent: req.headers['user-agent'],
        client: credentials.client,
        header: {},
      };
      return delivery;
    },
    async body(limits) {
      const chunks: Buffer[] = [];
      await receive((chunk) => void chunks.push(chunk), limits);
      return chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks);
    },
    stream: receive,
    count(item, outcome, reason, quantity = 1) {
      if (delivery !== undefined) deps.pipeline.count(delivery, item, outcome, reason, quantity);
    },
  };

  try {
    if (method === 'OPTIONS') answerPreflight(res);
    else if (!door.methods.includes(method)) throw refusals.method();
    else answerDoor(res, await door.answer(call));
  } catch (error) {
    const refusal = error instanceof IngestRefusal ? error : refusals.broken();
    if (!(error instanceof IngestRefusal)) deps.logger.error({ err: error, door: door.source }, 'an ingest request failed');
    // From the moment the request is let in, a refusal is an outcome too.
    call.count(door.item, refusal.status >= 500 ? 'failed' : 'invalid', refusal.reason);
    if (!res.headersSent && !res.destroyed) answerRefusal(res, refusal, refusal.status === 408);
  }
  if (!req.complete) discardRest(req);
  deps.gauges.answered(res.statusCode, wireBytes, performance.now() - startedAt);
}

/** `Authorization: Bearer <DSN key>`: what exporters that know no DSN can be told to send. */
function bearer(req: IncomingMessage): Credentials | undefined {
  const match = /^bearer\s+([0-9a-f]{32})$/i.exec(req.headers.authorization ?? '');
  return match === null ? undefined : { key: (match[1] as string).toLowerCase(), client: undefined };
}
