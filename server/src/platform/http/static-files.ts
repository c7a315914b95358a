import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Log } from '../log.ts';
import { problem } from './problem.ts';

/** Vite puts a content hash into these names: they never change under one name. */
const HASHED = /[\\/]assets[\\/][^\\/]+-[\w-]{8,}\.\w+(\.(br|gz))?$/;
/** Paths that belong to machines: an unknown one is told so in JSON, never with the dashboard's page. */
const MACHINE_PATHS = /^\/(api|v1|graphql|healthz|readyz|metrics|export|tunnel|assets)(\/|$)/;

interface Page {
  etag: string;
  plain: Buffer;
  gzip: Buffer;
  br: Buffer;
}

/**
 * `index.html`, with `<base href>` put in so that its relative addresses hold under any route and under the path of
 * BASE_URL. Root-absolute addresses (`/assets/…`) get the base path in front.
 */
export function preparePage(html: string, basePath: string): string {
  const rooted = html.replace(/(\s(?:src|href)=")\/(?!\/)/g, `$1${basePath}/`);
  return /<base\s/i.test(rooted) ? rooted : rooted.replace(/<head(\s[^>]*)?>/i, `$&<base href="${basePath}/">`);
}

function readPage(webRoot: string, basePath: string): Page | undefined {
  let html: string;
  try {
    html = readFileSync(join(webRoot, 'index.html'), 'utf8');
  } catch {
    return undefined;
  }
  const plain = Buffer.from(preparePage(html, basePath));
  const etag = `"${createHash('sha256').update(plain).digest('base64url').slice(0, 22)}"`;
  return { etag, plain, gzip: gzipSync(plain), br: brotliCompressSync(plain) };
}

function sendPage(request: FastifyRequest, reply: FastifyReply, page: Page): FastifyReply {
  void reply.headers({ 'cache-control': 'no-cache', etag: page.etag, vary: 'accept-encoding' }).type('text/html; charset=utf-8');
  if (request.headers['if-none-match'] === page.etag) return reply.code(304).send();
  const accepted = request.headers['accept-encoding'] ?? '';
  const encoding = /\bbr\b/.test(accepted) ? 'br' : /\bgzip\b/.test(accepted) ? 'gzip' : undefined;
  if (encoding !== undefined) void reply.header('content-encoding', encoding);
  return reply.code(200).send(page[encoding ?? 'plain']);
}

/**
 * Serves the built dashboard: hashed files for ever, the rest revalidated; `.br` and `.gz` neighbours where present; and
 * `index.html` for every navigation to a path that is no file, because routes live in the browser. Without a built
 * dashboard (`webRoot` unset or empty) navigations get one plain line saying so.
 */
export function installStaticFiles(app: FastifyInstance, options: { webRoot?: string; basePath: string; log: Log }): void {
  const { webRoot, basePath } = options;
  const page = webRoot === undefined ? undefined : readPage(webRoot, basePath);
  if (page === undefined) options.log.warn('the dashboard is not built: only the API is served');

  if (webRoot !== undefined && page !== undefined) {
    void app.register(fastifyStatic, {
      root: webRoot,
      index: false,
      preCompressed: true,
      cacheControl: false,
      dotfiles: 'ignore',
      decorateReply: false,
      setHeaders(reply, path) {
        void reply.header('cache-control', HASHED.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache');
      },
    });
    app.get('/', (request, reply) => sendPage(request, reply, page));
    app.get('/index.html', (request, reply) => sendPage(request, reply, page));
  }

  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?')[0] as string;
    const navigation =
      (request.method === 'GET' || request.method === 'HEAD') &&
      (request.headers.accept ?? '').includes('text/html') &&
      !MACHINE_PATHS.test(path);
    if (navigation && page !== undefined) return sendPage(request, reply, page);
    if (navigation)
      return reply.code(404).type('text/plain; charset=utf-8').send('The dashboard is not built. Run: npm run build\n');
    return reply.code(404).send(problem('NOT_FOUND', `There is nothing at ${request.method} ${path.slice(0, 200)}.`));
  });
}
