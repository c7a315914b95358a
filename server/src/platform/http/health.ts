import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Config } from '../config.ts';
import { isLoopback, type TrustedProxies } from './client-ip.ts';
import { readBearer } from './cookies.ts';
import type { Gauges } from './gauges.ts';
import { problem } from './problem.ts';

/** Named checks of readiness: `ok`, or one line on what is wrong (shown to whoever asks: no secrets, no addresses). */
export type Readiness = () => Promise<Record<string, string>>;

const digest = (text: string) => createHash('sha256').update(text).digest();
/** Headers that a proxy leaves behind. */
const FORWARDED = ['x-forwarded-for', 'forwarded', 'x-real-ip', 'via'];

/**
 * May this request read `/metrics`? With a token in the configuration: whoever sends it. Without: this machine only, and
 * not through a proxy that happens to run on it.
 */
export function mayReadMetrics(request: FastifyRequest, token: string | undefined, proxies: TrustedProxies): boolean {
  if (token !== undefined) {
    const sent = readBearer(request.headers.authorization);
    return sent !== null && timingSafeEqual(digest(sent), digest(token));
  }
  const forwarded = FORWARDED.some((name) => request.headers[name] !== undefined);
  const peer = request.raw.socket.remoteAddress ?? '';
  return isLoopback(proxies.clientIp(request.raw)) && (!forwarded || proxies.isTrusted(peer));
}

/** `/healthz` (the process answers), `/readyz` (it can do its work; 503 while stopping) and `/metrics` (Prometheus). */
export function installHealthRoutes(
  app: FastifyInstance,
  options: {
    ready: Readiness;
    isStopping: () => boolean;
    gauges: Gauges;
    proxies: TrustedProxies;
    config: Pick<Config, 'metricsToken'>;
  },
): void {
  app.get('/healthz', async (_request, reply) => reply.header('cache-control', 'no-store').send({ status: 'ok' }));

  app.get('/readyz', async (_request, reply) => {
    void reply.header('cache-control', 'no-store');
    if (options.isStopping()) return reply.code(503).send({ status: 'stopping', checks: {} });
    let checks: Record<string, string>;
    try {
      checks = await options.ready();
    } catch {
      checks = { ready: 'the check itself failed' };
    }
    const ok = Object.values(checks).every((state) => state === 'ok');
    return reply.code(ok ? 200 : 503).send({ status: ok ? 'ready' : 'not ready', checks });
  });

  app.get('/metrics', async (request, reply) => {
    if (!mayReadMetrics(request, options.config.metricsToken, options.proxies)) {
      const code = options.config.metricsToken === undefined ? 'FORBIDDEN' : 'UNAUTHENTICATED';
      if (code === 'UNAUTHENTICATED') void reply.header('www-authenticate', 'Bearer');
      return reply.code(code === 'FORBIDDEN' ? 403 : 401).send(problem(code));
    }
    return reply
      .header('cache-control', 'no-store')
      .type('text/plain; version=0.0.4; charset=utf-8')
      .send(options.gauges.render());
  });
}
