import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { type FastifyInstance, type FastifyReply, fastify } from 'fastify';
import { minutes, seconds } from '../clock.ts';
import type { Config } from '../config.ts';
import type { Log } from '../log.ts';
import { TrustedProxies } from './client-ip.ts';
import type { Counter, Gauges } from './gauges.ts';
import { securityHeaders } from './headers.ts';
import { installHealthRoutes, type Readiness } from './health.ts';
import { installErrorHandler, problem } from './problem.ts';
import { installStaticFiles } from './static-files.ts';

/** Longest a stop may wait for requests under way before their connections are cut. */
const STOP_DEADLINE_MS = seconds(10);

export interface HttpServerOptions {
  config: Pick<Config, 'host' | 'port' | 'baseUrl' | 'trustedProxies' | 'metricsToken'>;
  log: Log;
  gauges: Gauges;
  ready: Readiness;
  /**
   * Raw handler that is offered every request first, before fastify costs anything (measured: +10–30 % CPU on this
   * route). The path of BASE_URL is already cut off `req.url`. Answers true when it took the request.
   */
  ingest?: (req: IncomingMessage, res: ServerResponse) => boolean;
  /** Directory of the built dashboard. */
  webRoot?: string;
}

/** The web server of the process; routes may be added to `app` until {@link HttpServer.listen}. */
export interface HttpServer {
  readonly app: FastifyInstance;
  readonly server: Server;
  readonly proxies: TrustedProxies;
  /** Counts faults of ours; shared by everything that answers requests. */
  readonly bugs: Counter;
  /** Path of BASE_URL without a trailing slash: '' or '/errata'. Requests are understood with and without it. */
  readonly basePath: string;
  readonly stopping: boolean;
  /** Takes WebSocket handshakes; `path` has the base path cut off. Others are refused with 404. */
  onUpgrade(path: string, handler: (req: IncomingMessage, socket: Duplex, head: Buffer) => void): void;
  /** Runs `close` when the server stops, before it waits for requests under way. In order of registration. */
  onStop(close: () => Promise<void> | void): void;
  /** @throws the system's error when the address is taken or not ours */
  listen(): Promise<{ port: number; url: string }>;
  /** Not ready at once, then: no new connections, requests under way are finished, after ten seconds cut. */
  stop(): Promise<void>;
}

/** Writes a refusal to a socket that asked for an upgrade, and closes it. */
export function refuseUpgrade(socket: Duplex, status: number, reason: string): void {
  socket.end(`HTTP/1.1 ${status} ${reason}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () => socket.destroy());
}

/** Builds the server: ingest, health, metrics, static dashboard; GraphQL is mounted by `graphql/mount.ts`. */
export function createHttpServer(options: HttpServerOptions): HttpServer {
  const { config, log, gauges, ingest } = options;
  const base = new URL(config.baseUrl);
  const basePath = base.pathname.replace(/\/+$/, '');
  const proxies = new TrustedProxies(config.trustedProxies);
  const bugs = gauges.counter('errata_bugs_total', 'Requests that failed through a fault of Errata.');
  const upgrades = new Map<string, (req: IncomingMessage, socket: Duplex, head: Buffer) => void>();
  const closers: (() => Promise<void> | void)[] = [];
  let stopping = false;

  const cutBasePath = (req: IncomingMessage) => {
    const url = req.url as string;
    if (basePath === '' || !url.startsWith(basePath)) return;
    const next = url[basePath.length];
    if (next === '/') req.url = url.slice(basePath.length);
    else if (next === undefined || next === '?') req.url = `/${url.slice(basePath.length)}`;
  };

  const headers = securityHeaders(base.protocol === 'https:');
  const app = fastify({
    logger: false,
    bodyLimit: 1024 * 1024,
    routerOptions: { maxParamLength: 800 }, // a release's name, each character of it escaped
    forceCloseConnections: 'idle',
    // A path that cannot be decoded never reaches a hook or the error handler.
    frameworkErrors(error, _request, reply) {
      const answer = reply as unknown as FastifyReply; // typed for routes with schemas, which this has none of
      void answer
        .code(error.statusCode ?? 400)
        .headers(headers)
        .send(problem('BAD_INPUT', 'The path cannot be read.'));
    },
    serverFactory(handler) {
      const server = createServer(
        {
          maxHeaderSize: 16 * 1024, // more is answered with 431 by the parser, without keeping it
          headersTimeout: seconds(15),
          requestTimeout: minutes(2),
          keepAliveTimeout: seconds(72),
          // Java's HTTP client offers `Upgrade: h2c` on every first request; it must be served, not upgraded.
          shouldUpgradeCallback: (req) => req.headers.upgrade?.toLowerCase() === 'websocket',
        },
        (req, res) => {
          cutBasePath(req);
          if (stopping) res.shouldKeepAlive = false;
          if (ingest?.(req, res) === true) return;
          handler(req, res);
        },
      );
      server.on('upgrade', (req: IncomingMessage, socket: Duplex, head: Buffer) => {
        socket.on('error', () => socket.destroy()); // a reset during the handshake is the client's business
        cutBasePath(req);
        const handle = upgrades.get((req.url as string).split('?')[0] as string);
        if (stopping) refuseUpgrade(socket, 503, 'Service Unavailable');
        else if (req.headers.upgrade?.toLowerCase() !== 'websocket') refuseUpgrade(socket, 400, 'Bad Request');
        else if (handle === undefined) refuseUpgrade(socket, 404, 'Not Found');
        else handle(req, socket, head);
      });
      return server;
    },
  });

  app.addHook('onRequest', (_request, reply, done) => {
    void reply.headers(headers);
    done();
  });
  const duration = gauges.histogram(
    'errata_http_request_seconds',
    'Time to answer, by route; ingestion is not among them.',
    [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
  );
  app.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'none';
    duration.observe(reply.elapsedTime / 1000, { route, status: `${Math.floor(reply.statusCode / 100)}xx` });
    done();
  });
  installErrorHandler(app, log, bugs);
  installHealthRoutes(app, { ready: options.ready, isStopping: () => stopping, gauges, proxies, config });
  installStaticFiles(app, { ...(options.webRoot === undefined ? {} : { webRoot: options.webRoot }), basePath, log });

  const server = app.server as Server;
  let stopped: Promise<void> | undefined;
  const stop = async () => {
    stopping = true;
    for (const close of closers) {
      await Promise.resolve()
        .then(close)
        .catch((error: unknown) => log.error({ err: error }, 'something could not be closed'));
    }
    // A keep-alive connection that was busy when the stop began would hold it for its whole timeout.
    const sweep = setInterval(() => server.closeIdleConnections(), 50);
    const deadline = setTimeout(() => {
      log.warn('requests were still under way after the deadline; their connections are cut');
      server.closeAllConnections();
    }, STOP_DEADLINE_MS);
    try {
      await app.close();
    } finally {
      clearInterval(sweep);
      clearTimeout(deadline);
    }
  };

  return {
    app,
    server,
    proxies,
    bugs,
    basePath,
    get stopping() {
      return stopping;
    },
    onUpgrade: (path, handler) => void upgrades.set(path, handler),
    onStop: (close) => void closers.push(close),
    async listen() {
      await app.listen({ host: config.host, port: config.port });
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : config.port;
      const host = config.host === '0.0.0.0' || config.host === '::' ? 'localhost' : config.host;
      return { port, url: `http://${host.includes(':') ? `[${host}]` : host}:${port}${basePath}` };
    },
    stop: () => (stopped ??= stop()),
  };
}
