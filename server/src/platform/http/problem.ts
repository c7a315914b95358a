import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { FastifyError, FastifyInstance } from 'fastify';
import { seconds } from '../clock.ts';
import { CATALOGUE, Failure, type FailureCode } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Counter } from './gauges.ts';

/** The JSON body of every refused HTTP request outside GraphQL and ingestion. `id` names the log line of a bug of ours. */
export interface Problem {
  error: { code: FailureCode; message: string; id?: string };
}

/** @param id reference to the log line, for failures that are bugs */
export function problem(code: FailureCode, message: string = CATALOGUE[code].text, id?: string): Problem {
  return { error: { code, message, ...(id === undefined ? {} : { id }) } };
}

/** Logs a fault of ours with its stack and answers the id under which it can be found again. */
export function logBug(log: Log, bugs: Counter, error: unknown, context: Record<string, unknown> = {}): string {
  const id = randomUUID().slice(0, 8);
  bugs.inc();
  log.error({ err: error, bugId: id, ...context }, 'a fault of ours');
  return id;
}

/** Fastify's own refusals (body too large, not JSON, unknown media type …) by status. */
function codeOfStatus(status: number): FailureCode {
  if (status === 413) return 'PAYLOAD_TOO_LARGE';
  if (status === 404) return 'NOT_FOUND';
  if (status === 403) return 'FORBIDDEN';
  if (status === 429) return 'RATE_LIMITED';
  return 'BAD_INPUT';
}

/** Rest of a body that was too large that is read and thrown away, and for how long. */
const DISCARDED_BYTES = 4 * 1024 * 1024;
const DISCARD_MS = seconds(10);

/**
 * Reads on for a while. Closing a connection while its client is still sending resets it, and the client never reads why
 * it was refused.
 */
function discardRest(request: IncomingMessage): void {
  let left = DISCARDED_BYTES;
  const cut = setTimeout(() => request.complete || request.destroy(), DISCARD_MS);
  cut.unref();
  request.once('close', () => clearTimeout(cut));
  request.on('error', () => undefined);
  request.on('data', (chunk: Buffer) => {
    left -= chunk.length;
    if (left < 0) request.destroy();
  });
  request.resume();
}

/** Turns whatever a route throws into a {@link Problem}; a stack never leaves the server. */
export function installErrorHandler(app: FastifyInstance, log: Log, bugs: Counter): void {
  app.setErrorHandler((error: FastifyError, request, reply) => {
    if (error instanceof Failure && !error.bug) return reply.code(error.status).send(problem(error.code, error.message));
    const status = error.statusCode;
    if (status !== undefined && status >= 400 && status < 500) {
      if (status === 413) {
        reply.removeHeader('connection'); // set to `close` by Fastify
        discardRest(request.raw);
      }
      return reply.code(status).send(problem(codeOfStatus(status), error.message));
    }
    const id = logBug(log, bugs, error, { method: request.method, path: request.url.split('?')[0] });
    return reply.code(500).send(problem('INTERNAL', undefined, id));
  });
}
