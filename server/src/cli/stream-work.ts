import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { StreamErrorsDocument, type StreamErrorsSubscription } from '@errata/schema';
import { print } from 'graphql';
import { type Client, createClient, type FormattedExecutionResult } from 'graphql-ws';
import { WebSocket } from 'ws';
import { clientEnvironment } from '../platform/config.ts';
import { ask, type Connection, refusal, type WireError } from './client.ts';
import { CommandFailure, EXIT } from './output.ts';
import { jsonLine } from './terminal.ts';

/** What `errata stream` takes. */
export interface StreamOptions {
  url?: string;
  token?: string;
  project?: string[];
  query?: string;
  after?: string;
  limit?: string;
}

/** Fields of each line: `schema/operations/errors/stream.graphql`. */
const DOCUMENT = print(StreamErrorsDocument);
type Line = StreamErrorsSubscription;

/** Closing codes after which trying again is pointless, besides 4403 before the connection stood. */
const FINAL_CLOSE_CODES = new Set([4400, 4401, 4406, 4409, 4429]);
const FORBIDDEN = 4403;
/** Errors of the subscription that may pass. */
const PASSING_CODES = new Set(['UNAVAILABLE', 'INTERNAL', 'RATE_LIMITED']);
const MAX_WAIT_MS = 30_000;
/** The server pings every 15 s; when nothing was heard for so long the line is dead though nobody said so. */
const SILENCE_MS = 60_000;
/** Lines that a stuck reader has not taken are given up so long after an interrupt. */
const FAREWELL_MS = 1000;

/**
 * Prints events until the limit, an interrupt or a closed pipe.
 *
 * Every subscription begins after a known event: the last one printed, or the newest there was at the start. So neither a
 * cut before the first event nor one later leaves a gap. A reader that takes no more makes us stop reading the socket: the
 * server then drops what is too much and says how many; memory stays where it is.
 */
export async function stream(options: StreamOptions): Promise<void> {
  const connection = connectionOf(options);
  const limit = limitOf(options.limit);
  const query = queryOf(options);
  if (options.after !== undefined && !/^\d{1,19}$/.test(options.after))
    throw new CommandFailure('--after takes the id of an event', EXIT.usage);

  const stopped = new AbortController();
  const stop = () => {
    stopped.abort();
    setTimeout(() => process.exit(process.exitCode ?? EXIT.ok), FAREWELL_MS).unref();
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  let after = await newestEvent(connection);
  await nameStrangers(connection, slugsOf(options));
  if (options.after !== undefined) after = options.after;

  const line = new LiveLine(connection);
  let printed = 0;
  for (let failures = 0; !stopped.signal.aborted && printed < limit; failures += 1) {
    try {
      for await (const result of line.subscribe({ query, after }, stopped.signal)) {
        const missed = (result.extensions as { missed?: number } | undefined)?.missed;
        if (missed) process.stderr.write(`errata: ${missed} events were missed, this reader is too slow\n`);
        const event = result.data?.errorEventReceived;
        if (event === undefined) throw result.errors ?? new Error('an empty message');
        after = event.id;
        failures = 0;
        if (!process.stdout.write(jsonLine(event))) await line.paused(stopped.signal);
        printed += 1;
        if (printed >= limit || stopped.signal.aborted) break;
      }
      if (stopped.signal.aborted || printed >= limit) break;
      throw new Error('the server ended the stream');
    } catch (error) {
      if (stopped.signal.aborted) break;
      const final = finalFailure(error, line.stood);
      if (final !== undefined) throw final;
      const waitMs = Math.min(MAX_WAIT_MS, 250 * 2 ** Math.min(failures, 7));
      process.stderr.write(`errata: connection lost, trying again in ${waitMs / 1000} s\n`);
      await delay(waitMs, undefined, { signal: stopped.signal }).catch(() => undefined);
    }
  }
  await line.close();
}

function connectionOf(options: StreamOptions): Connection {
  const env = clientEnvironment();
  const base = (options.url ?? env.url ?? 'http://127.0.0.1:4000').replace(/\/+$/, '');
  const token = options.token ?? env.token;
  if (token === undefined)
    throw new CommandFailure('a token is needed: ERRATA_TOKEN or --token (dashboard → API tokens)', EXIT.usage);
  if (!/^https?:\/\//.test(base) || !URL.canParse(base)) throw new CommandFailure(`not an address: ${base}`, EXIT.usage);
  return { base, token };
}

function limitOf(text: string | undefined): number {
  if (text === undefined) return Number.POSITIVE_INFINITY;
  if (!/^[1-9]\d{0,14}$/.test(text)) throw new CommandFailure('--limit takes a whole number above 0', EXIT.usage);
  return Number(text);
}

function slugsOf({ project = [] }: StreamOptions): string[] {
  return project.flatMap((text) => text.split(','));
}

function queryOf(options: StreamOptions): string | null {
  const { query } = options;
  const slugs = slugsOf(options);
  const bad = slugs.find((slug) => !/^[\w.-]+$/.test(slug));
  if (bad !== undefined) throw new CommandFailure(`not the slug of a project: ${bad}`, EXIT.usage);
  const terms = [query, slugs.length === 0 ? undefined : `project:[${slugs.join(',')}]`].filter(Boolean);
  return terms.length === 0 ? null : terms.join(' ');
}

/** Id of the newest event in sight, 0 when there is none; besides, finds out whether the server and the token are good. */
async function newestEvent(connection: Connection): Promise<string> {
  type Newest = { errorEvents: { edges: { node: { id: string } }[] } };
  const { errorEvents } = await ask<Newest>(connection, '{ errorEvents(first: 1) { edges { node { id } } } }');
  return errorEvents.edges[0]?.node.id ?? '0';
}

/** A mistyped project would be silence for ever. Said, not refused: it may come yet, and not every token may ask. */
async function nameStrangers(connection: Connection, slugs: readonly string[]): Promise<void> {
  if (slugs.length === 0) return;
  const answer = await ask<{ projects: { slug: string }[] }>(connection, '{ projects { slug } }').catch(() => undefined);
  const strangers = slugs.filter((slug) => answer?.projects.every((project) => project.slug !== slug));
  for (const slug of strangers) process.stderr.write(`errata: there is no project ${slug}, or not for this token\n`);
}

/** What the command ends with, or undefined when it is worth trying again. */
function finalFailure(error: unknown, stood: boolean): CommandFailure | undefined {
  if (error instanceof CommandFailure) return error;
  if (Array.isArray(error)) {
    const errors = error as WireError[];
    return PASSING_CODES.has(errors[0]?.extensions?.code ?? '') ? undefined : refusal(errors);
  }
  const { code, reason } = error as { code?: unknown; reason?: string };
  // A connection that stood and is forbidden: rights have changed, the next one is asked anew who it is.
  if (FINAL_CLOSE_CODES.has(code as number) || (code === FORBIDDEN && !stood))
    return new CommandFailure(reason || `closed with ${String(code)}`, EXIT.refused);
  return undefined;
}

/** The WebSocket below the stream: one at a time, opened by the first subscription after a cut. */
class LiveLine {
  readonly #client: Client;
  readonly #watch: NodeJS.Timeout;
  #socket: WebSocket | undefined;
  #heardAt = performance.now();
  #isPaused = false;
  /** Whether the connection was acknowledged since the last subscription was begun. */
  stood = false;

  constructor({ base, token }: Connection) {
    this.#client = createClient({
      url: `${base.replace(/^http/, 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: { authorization: `Bearer ${token}` },
      retryAttempts: 0,
      on: {
        opened: (socket) => this.#opened(socket as WebSocket),
        connected: () => {
          this.stood = true;
        },
        message: () => this.#heard(),
      },
    });
    this.#watch = setInterval(() => {
      if (!this.#isPaused && performance.now() - this.#heardAt > SILENCE_MS) this.#socket?.terminate();
    }, SILENCE_MS / 4);
    this.#watch.unref();
  }

  /** Results until the signal; throws what graphql-ws does: a close event, an error event, or GraphQL errors. */
  async *subscribe(
    variables: { query: string | null; after: string },
    signal: AbortSignal,
  ): AsyncGenerator<FormattedExecutionResult<Line, unknown>> {
    this.stood = false;
    const iterator = this.#client.iterate<Line>({ query: DOCUMENT, variables });
    const leave = () => void iterator.return?.();
    signal.addEventListener('abort', leave, { once: true });
    try {
      yield* iterator;
    } finally {
      signal.removeEventListener('abort', leave);
      leave();
    }
  }

  /** Reads nothing more from the server until standard output has room again. */
  async paused(signal: AbortSignal): Promise<void> {
    this.#isPaused = true;
    this.#socket?.pause();
    await once(process.stdout, 'drain', { signal }).catch(() => undefined);
    this.#isPaused = false;
    this.#heard();
    this.#socket?.resume();
  }

  async close(): Promise<void> {
    clearInterval(this.#watch);
    await this.#client.dispose();
  }

  #opened(socket: WebSocket): void {
    this.#socket = socket;
    this.#heard();
    socket.on('ping', () => this.#heard());
  }

  #heard(): void {
    this.#heardAt = performance.now();
  }
}
