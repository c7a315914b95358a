import { defineConfig } from 'vitest/config';

export default defineConfig({
  // graphql ships CommonJS and ESM; without the alias our files and type-graphql load different copies.
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  test: {
    pool: 'forks',
    maxWorkers: 2,
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    globalSetup: ['test/postgres.setup.ts'],
    testTimeout: 20_000,
  },
});
