import { createServer, type Server } from 'node:http';
import { build } from 'vite';

/** A shop's web page on an origin of its own, with `@sentry/browser` bundled as a shop would. `/?dsn=…&mark=…`, `&tunnel=…` if it is to send there, `&dialog=…` if visitors are asked what happened */
export async function startShopPage(): Promise<{ url: string; close(): Promise<void> }> {
  const source = `
    import * as Sentry from '@sentry/browser';
    const query = new URLSearchParams(location.search);
    const tunnel = query.get('tunnel');
    Sentry.init({ dsn: query.get('dsn'), ...(tunnel === null ? {} : { tunnel }), release: 'shop-web@4.5.6', environment: 'e2e', integrations: (all) => all, beforeSend(event) { if (query.has('dialog')) Sentry.showReportDialog({ eventId: event.event_id }); return event; } });
    function renderCart(cart) { return cart.items.length; }
    document.querySelector('button').addEventListener('click', function onPay() { renderCart({ mark: query.get('mark') }); });
  `;
  const virtual = {
    name: 'shop',
    resolveId: (id: string) => (id.endsWith('shop.js') ? '\0shop.js' : undefined),
    load: (id: string) => (id === '\0shop.js' ? source : undefined),
  };
  const result = await build({
    configFile: false,
    logLevel: 'error',
    root: import.meta.dirname,
    plugins: [virtual],
    build: { write: false, minify: false, rolldownOptions: { input: 'shop.js', output: { format: 'iife' } } },
  });
  const [first] = Array.isArray(result) ? result : [result];
  const script = (first as { output: { code: string }[] }).output[0]!.code;
  const server: Server = createServer((request, response) => {
    const isScript = request.url === '/shop.js';
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
    response.end(
      isScript
        ? script
        : '<!doctype html><link rel="icon" href="data:,"><title>Shop</title><button>Pay</button><script src="/shop.js"></script>',
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  return { url: `http://localhost:${port}`, close: () => new Promise((resolve) => server.close(() => resolve())) };
}
