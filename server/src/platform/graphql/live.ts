import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { createSourceEventStream, type ExecutionArgs, type GraphQLError } from 'graphql';
import { CloseCode, type Context, handleProtocols, makeServer, type Server, type SubscribePayload } from 'graphql-ws';
import { type WebSocket, WebSocketServer } from 'ws';
import { type Clock, minutes, seconds } from '../clock.ts';
import type { Config } from '../config.ts';
import { Failure } from '../errors.ts';
import type { TrustedProxies } from '../http/client-ip.ts';
import { readBearer, readSessionCookie } from '../http/cookies.ts';
import type { Counter, Gauges } from '../http/gauges.ts';
import { isOwnOrigin } from '../http/origin.ts';
import { logBug } from '../http/problem.ts';
import { refuseUpgrade } from '../http/server.ts';
import type { Log } from '../log.ts';
import type { ActorIdentity, Authenticate, GuardedActor, Identity, RequestContext } from './context.ts';
import { choosePlan, type Documents } from './documents.ts';
import type { Executor } from './executor.ts';
import { type ErrorFormatter, failureToGraphqlError } from './format-error.ts';
import { LiveHub, LiveStream } from './live-hub.ts';
import { LiveSocket } from './live-socket.ts';
import { LiveSource } from './live-topic.ts';
import { refuseOperation } from './plan.ts';

/** How much one client may take of the live side. */
export const LIVE_LIMITS = {
  /** Largest message from a client, bytes. */
  payloadBytes: 64 * 1024,
  /** For `connection_init`. */
  initTimeoutMs: seconds(10),
  subscriptionsPerSocket: 20,
  socketsPerUser: 50,
  /** Sockets that have not said yet who they are. */
  anonymousSockets: 500,
  /** Unsent bytes of a socket above which its subscriptions queue. */
  bufferedBytes: 256 * 1024,
  /** Queued results of one subscription … */
  queuedFrames: 1000,
  /** … and their characters. */
  queuedLength: 4 * 1024 * 1024,
  /** Executions of one document that may be under way at once, and payloads that may wait for one. */
  runningPerGroup: 64,
  waitingPerGroup: 1000,
  pingMs: seconds(15),
  /** A socket that is silent or stuck for so long is cut. */
  patienceMs: minutes(2),
};
export type LiveLimits = typeof LIVE_LIMITS;

export interface LiveOptions<A extends GuardedActor> {
  documents: Documents;
  executor: Executor;
  errors: ErrorFormatter;
  authenticate: Authenticate<A>;
  identify: (actor: A) => ActorIdentity;
  config: Pick<Config, 'baseUrl'>;
  proxies: TrustedProxies;
  log: Log;
  clock: Clock;
  gauges: Gauges;
  bugs: Counter;
  liveLimits?: Partial<LiveLimits>;
  openIntrospection?: boolean;
}

type Ctx<A> = Context<Record<string, unknown>, LiveSocket<A>>;

/**
 * Subscriptions over WebSocket, `graphql-transport-ws`
 * (https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md). graphql-ws speaks the protocol; results are written
 * to the sockets by {@link LiveHub}. Only subscriptions: queries and mutations go by POST.
 */
export class LiveServer<A extends GuardedActor> {
  readonly limits: LiveLimits;
  readonly #options: LiveOptions<A>;
  readonly #hub: LiveHub<A>;
  readonly #protocol: Server<LiveSocket<A>>;
  readonly #handshake: WebSocketServer;
  readonly #sockets = new Map<LiveSocket<A>, IncomingMessage>();
  readonly #ids = new WeakMap<ExecutionArgs, { id: string; socket: LiveSocket<A>; document: string }>();
  readonly #sweeper: NodeJS.Timeout;
  /** Rises with every {@link disconnect}: whoever was being authenticated meanwhile is authenticated again. */
  #revocations = 0;

  constructor(options: LiveOptions<A>) {
    this.#options = options;
    this.limits = { ...LIVE_LIMITS, ...options.liveLimits };
    this.#hub = new LiveHub({ ...options, limits: this.limits });
    this.#handshake = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false, // costs memory per client, and every client would be compressed for anew
      maxPayload: this.limits.payloadBytes,
      handleProtocols: (protocols) => handleProtocols(protocols),
    });
    this.#protocol = makeServer<Record<string, unknown>, LiveSocket<A>>({
      connectionInitWaitTimeout: this.limits.initTimeoutMs,
      onConnect: (ctx) => this.#connect(ctx),
      onSubscribe: (ctx, id, payload) => this.#prepare(ctx, id, payload),
      subscribe: (args) => this.#subscribe(args),
      onError: (_ctx, _id, _payload, errors) => errors.map(options.errors.format),
    });
    options.gauges.gauge('errata_live_sockets', 'Open WebSockets.', () => this.#sockets.size);
    this.#sweeper = setInterval(() => this.sweep(), this.limits.pingMs);
    this.#sweeper.unref();
  }

  /** Open subscriptions, sockets, and groups of subscriptions that share their results. */
  get stats(): { subscribers: number; sockets: number; groups: number } {
    return { subscribers: this.#hub.subscribers, sockets: this.#sockets.size, groups: this.#hub.groups };
  }

  /** Takes a handshake, or refuses it: foreign origin 403, too many sockets that have not said who they are 503. */
  upgrade(req: IncomingMessage, raw: Duplex, head: Buffer): void {
    let unnamed = 0;
    for (const socket of this.#sockets.keys()) if (socket.identity === undefined) unnamed += 1;
    if (!isOwnOrigin(req.headers, this.#options.config.baseUrl)) refuseUpgrade(raw, 403, 'Forbidden');
    else if (unnamed >= this.limits.anonymousSockets) refuseUpgrade(raw, 503, 'Service Unavailable');
    else this.#handshake.handleUpgrade(req, raw, head, (ws) => this.#opened(ws, req, raw as Socket));
  }

  /**
   * Closes the sockets of everybody the predicate names, with 4403; clients connect again and are asked anew who they are.
   * For revoked sessions and tokens, disabled users, changed roles and memberships.
   * @returns how many were closed
   */
  disconnect(predicate: (identity: Identity<A>) => boolean): number {
    this.#revocations += 1;
    let count = 0;
    for (const { identity, ws } of this.#sockets.keys()) {
      if (identity === undefined || !predicate(identity)) continue;
      ws.close(CloseCode.Forbidden, 'Forbidden');
      count += 1;
    }
    return count;
  }

  /** Pings everybody; cuts who is silent or stuck; closes whose session is over. Runs by itself every `pingMs`. */
  sweep(): void {
    const now = this.#options.clock.now();
    for (const socket of this.#sockets.keys()) {
      const { ws, identity } = socket;
      const stuck = socket.congestedAt !== undefined && socket.congested && now - socket.congestedAt > this.limits.patienceMs;
      if (stuck || now - socket.heardAt > this.limits.patienceMs) ws.terminate();
      else if (identity?.expiresAt != null && identity.expiresAt <= now) ws.close(CloseCode.Forbidden, 'Forbidden');
      else if (socket.open) ws.ping();
    }
  }

  /** Says goodbye to everybody (1001); who has not gone after a second is cut. */
  async close(): Promise<void> {
    clearInterval(this.#sweeper);
    const gone = [...this.#sockets.keys()].map(({ ws }) => {
      ws.close(1001, 'Going away');
      return new Promise((resolve) => ws.once('close', resolve));
    });
    const cut = setTimeout(() => {
      for (const { ws } of this.#sockets.keys()) ws.terminate();
    }, seconds(1));
    await Promise.all(gone);
    clearTimeout(cut);
  }

  #opened(ws: WebSocket, req: IncomingMessage, raw: Socket): void {
    const { clock, log, bugs, proxies } = this.#options;
    const now = () => clock.now();
    const socket = new LiveSocket<A>({
      ws,
      raw,
      ip: proxies.clientIp(req),
      userAgent: req.headers['user-agent']?.slice(0, 400) ?? null,
      maxBufferedBytes: this.limits.bufferedBytes,
      now,
    });
    this.#sockets.set(socket, req);
    const heard = () => {
      socket.heardAt = now();
      // Whoever keeps asking and never reads the answers makes us buffer them.
      if (ws.bufferedAmount > 4 * this.limits.bufferedBytes + this.limits.payloadBytes) ws.terminate();
    };
    ws.on('ping', heard);
    ws.on('pong', heard);
    ws.on('error', (error) => log.debug({ err: error, ip: socket.ip }, 'a live socket failed')); // ws closes it
    const closed = this.#protocol.opened(
      {
        protocol: ws.protocol,
        send: (data) => new Promise((resolve) => (socket.open ? ws.send(data, () => resolve()) : resolve())),
        close: (code, reason) => ws.close(code, reason),
        onMessage: (take) =>
          ws.on('message', (data) => {
            heard();
            take(String(data)).catch((error: unknown) => {
              logBug(log, bugs, error, { ip: socket.ip });
              ws.close(1011, 'Internal error');
            });
          }),
      },
      socket,
    );
    ws.once('close', (code, reason) => {
      this.#sockets.delete(socket);
      socket.closed();
      void closed(code, String(reason));
    });
  }

  /** `connection_init`: who is it? Anonymous actors have nothing to subscribe to. */
  async #connect(ctx: Ctx<A>): Promise<boolean> {
    const socket = ctx.extra;
    const req = this.#sockets.get(socket);
    if (req === undefined) return false;
    const said = ctx.connectionParams?.['authorization'] ?? ctx.connectionParams?.['Authorization'];
    const credentials = {
      cookie: readSessionCookie(req.headers.cookie),
      bearer: readBearer(typeof said === 'string' ? said : req.headers.authorization),
      ip: socket.ip,
      userAgent: socket.userAgent,
    };
    let identity: Identity<A>;
    let revocations: number;
    try {
      do {
        revocations = this.#revocations;
        identity = await this.#options.authenticate(credentials);
      } while (revocations !== this.#revocations);
    } catch (error) {
      if (error instanceof Failure) return false;
      this.#options.log.error({ err: error }, 'a live connection could not be authenticated');
      socket.ws.close(1013, 'Try again later');
      return false;
    }
    if (identity.actor.kind === 'anonymous') return false;
    const { userKey, audience } = this.#options.identify(identity.actor);
    let sockets = 0;
    for (const other of this.#sockets.keys()) if (other.identity?.userKey === userKey) sockets += 1;
    if (sockets >= this.limits.socketsPerUser) {
      socket.ws.close(CloseCode.Forbidden, 'Too many live connections');
      return false;
    }
    socket.identity = { ...identity, userKey, audience };
    return true;
  }

  /** `subscribe`: the same checks as for POST, in the same order. */
  #prepare(ctx: Ctx<A>, id: string, payload: SubscribePayload): ExecutionArgs | readonly GraphQLError[] {
    const { documents, openIntrospection } = this.#options;
    const refuse = (code: 'BAD_INPUT' | 'RATE_LIMITED' | 'UNAUTHENTICATED', message?: string) => [
      failureToGraphqlError(new Failure(code, message)),
    ];
    const socket = ctx.extra;
    const { identity } = socket;
    if (identity === undefined) return refuse('UNAUTHENTICATED');
    if (id.length > 128) return refuse('BAD_INPUT', 'The id of a subscription has at most 128 characters.');
    const { subscriptionsPerSocket } = this.limits;
    if (Object.keys(ctx.subscriptions).length > subscriptionsPerSocket) {
      return refuse('RATE_LIMITED', `A socket carries at most ${subscriptionsPerSocket} subscriptions.`);
    }
    const preparation = documents.prepare(payload.query);
    if (!preparation.ok) return preparation.errors;
    const plan = choosePlan(preparation.prepared, payload.operationName);
    if (plan === undefined) return refuse('BAD_INPUT', 'Unknown operation, or several without `operationName`.');
    if (plan.kind !== 'subscription') return refuse('BAD_INPUT', 'Send queries and mutations by POST.');
    const variables = payload.variables ?? {};
    const refusal = refuseOperation(plan, variables, openIntrospection === true || identity.actor.kind !== 'anonymous');
    if (refusal !== undefined) return [refusal];
    const context: RequestContext<A> = {
      actor: identity.actor,
      sessionId: identity.sessionId,
      ip: socket.ip,
      userAgent: socket.userAgent,
      loaders: new Map(),
    };
    const args: ExecutionArgs = {
      schema: documents.schema,
      document: preparation.prepared.document,
      operationName: payload.operationName ?? null,
      variableValues: variables,
      contextValue: context,
      rootValue: undefined,
    };
    this.#ids.set(args, { id, socket, document: preparation.prepared.source });
    return args;
  }

  /** Runs the room's `subscribe` (after the guard) and hands its source to the hub. Errors end the subscription as `error`. */
  async #subscribe(args: ExecutionArgs): Promise<AsyncIterable<never>> {
    const failed = (error: unknown) =>
      new LiveStream(
        () => Promise.reject(error),
        () => undefined,
      );
    const origin = this.#ids.get(args);
    const prepared = this.#options.documents.of(args.document);
    const plan = prepared && choosePlan(prepared, args.operationName);
    if (origin === undefined || plan === undefined) return failed(new Failure('UNAVAILABLE'));
    const source = await createSourceEventStream(args);
    if (!(source instanceof LiveSource)) {
      const errors = 'errors' in source ? source.errors : undefined;
      return failed(errors?.[0] ?? new Error('a subscription must answer topic.subscribe(…)'));
    }
    const { id, socket, document } = origin;
    if (!socket.open) return failed(new Failure('UNAVAILABLE'));
    return this.#hub.attach({
      id,
      socket,
      source,
      document,
      audience: socket.identity?.audience ?? '',
      selection: {
        document: args.document,
        plan,
        operationName: args.operationName,
        variables: args.variableValues ?? {},
        context: args.contextValue as RequestContext<never>,
      },
    });
  }
}
