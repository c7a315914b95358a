import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'vite';

const CART = `export class Cart {
  items: { price: number; quantity: number }[] = [];

  total(): number {
    return this.items.reduce((sum, item) => sum + item.price * item.quantity, 0);
  }
}

export function payFor(cart: Cart, mark: string): number {
  const total = cart.total();
  if (total === 0) throw new Error('nothing to pay ' + mark);
  return total;
}
`;
const MAIN = `import * as Sentry from '@sentry/browser';
import { Cart, payFor } from './cart.ts';

const query = new URLSearchParams(location.search);
Sentry.init({ dsn: query.get('dsn')!, release: query.get('release') ?? undefined, environment: 'e2e' });

document.querySelector('button')!.addEventListener('click', function onPay() {
  payFor(new Cart(), query.get('mark')!);
});
`;

/** A shop whose page is served as a build makes it: minified, without its source maps, which lie in `directory` beside the scripts. */
export interface MinifiedShop {
  /** The build's output: `shop.js`, `shop.js.map`. */
  directory: string;
  url: string;
  close(): Promise<void>;
}

/** Builds the shop, really minified, and serves it. What is done to the files of `directory` afterwards is served too. */
export async function startMinifiedShop(): Promise<MinifiedShop> {
  const root = mkdtempSync(join(import.meta.dirname, '../.shop-'));
  const directory = mkdtempSync(join(tmpdir(), 'errata-shop-'));
  writeFileSync(join(root, 'cart.ts'), CART);
  writeFileSync(join(root, 'main.ts'), MAIN);
  try {
    await build({
      configFile: false,
      logLevel: 'error',
      root,
      build: {
        outDir: directory,
        emptyOutDir: true,
        sourcemap: true,
        minify: true,
        rolldownOptions: { input: join(root, 'main.ts'), output: { format: 'iife', entryFileNames: 'shop.js' } },
      },
    });
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
  const server: Server = createServer((request, response) => {
    const isScript = request.url === '/static/shop.js';
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
    response.end(
      isScript
        ? readFileSync(join(directory, 'shop.js'))
        : '<!doctype html><link rel="icon" href="data:,"><title>Shop</title><button>Pay</button><script src="/static/shop.js"></script>',
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  return {
    directory,
    url: `http://localhost:${port}`,
    async close() {
      await new Promise((resolve) => server.close(resolve));
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
