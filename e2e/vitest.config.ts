import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: 2,
    include: ['clients/**/*.test.ts', 'faults/**/*.test.ts', 'cli/**/*.test.ts', 'demo/**/*.test.ts', 'tail/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
