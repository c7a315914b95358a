import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/** Where `npm run dev` finds the server. */
const server = 'http://127.0.0.1:4000';

/** The server writes `<base href>` into the page it serves; the development server has to do the same. */
const devBase: Plugin = {
  name: 'errata-dev-base',
  apply: 'serve',
  transformIndexHtml: () => [{ tag: 'base', attrs: { href: '/' }, injectTo: 'head-prepend' }],
};

/**
 * `base: './'` keeps every asset address relative, so one build works under any BASE_URL: the server only has to
 * write the sub-path into `<base href>`.
 */
export default defineConfig({
  base: './',
  plugins: [react(), devBase],
  server: {
    host: '127.0.0.1',
    proxy: {
      '/graphql': { target: server, ws: true },
      '/api': server,
      '/export': server,
      '/attachments': server,
      '/healthz': server,
    },
  },
  build: {
    target: 'es2023',
    // Data URLs in style sheets would need a wider content policy.
    assetsInlineLimit: 0,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: 'echarts', test: /node_modules[\\/](echarts|zrender)[\\/]/ },
            { name: 'react', test: /node_modules[\\/](react|react-dom|scheduler)[\\/]/ },
            { name: 'apollo', test: /node_modules[\\/](@apollo|graphql|graphql-ws|rxjs|@wry|optimism)[\\/]/ },
          ],
        },
      },
    },
  },
});
