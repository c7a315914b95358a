/** What a build has to do to upload its source maps, by tool. */
export function uploadSnippet(tool: 'cli' | 'vite' | 'webpack' | 'errata', { url, slug }: { url: string; slug: string }): string {
  const env = [
    `export SENTRY_URL=${url}`,
    'export SENTRY_AUTH_TOKEN=errata_…',
    'export SENTRY_ORG=errata',
    `export SENTRY_PROJECT=${slug}`,
  ];
  const plugin = (name: string) => [
    `      ${name}({`,
    `        url: '${url}',`,
    '        authToken: process.env.SENTRY_AUTH_TOKEN,',
    "        org: 'errata',",
    `        project: '${slug}',`,
    '        telemetry: false,',
    '      }),',
  ];
  switch (tool) {
    case 'cli':
      return [
        ...env,
        '',
        '# after the build, before the files are served',
        'sentry-cli sourcemaps inject ./dist',
        'sentry-cli sourcemaps upload --release "$VERSION" ./dist',
      ].join('\n');
    case 'errata':
      return [
        `export ERRATA_URL=${url}`,
        'export ERRATA_TOKEN=errata_…',
        '',
        '# after the build, before the files are served',
        'errata sourcemaps inject ./dist',
        `errata sourcemaps upload --project ${slug} --release "$VERSION" ./dist`,
      ].join('\n');
    case 'vite':
      return [
        '// vite.config.ts: npm install --save-dev @sentry/vite-plugin',
        "import { sentryVitePlugin } from '@sentry/vite-plugin';",
        '',
        'export default {',
        '  build: { sourcemap: true },',
        '  plugins: [',
        ...plugin('sentryVitePlugin').map((line) => line.slice(2)),
        '  ],',
        '};',
      ].join('\n');
    case 'webpack':
      return [
        '// webpack.config.js: npm install --save-dev @sentry/webpack-plugin',
        "const { sentryWebpackPlugin } = require('@sentry/webpack-plugin');",
        '',
        'module.exports = {',
        "  devtool: 'source-map',",
        '  plugins: [',
        ...plugin('sentryWebpackPlugin').map((line) => line.slice(2)),
        '  ],',
        '};',
      ].join('\n');
  }
}
