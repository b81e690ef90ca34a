import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 300_000,
    // Two workers: real servers run beside the tests, and the machines this runs on have two cores.
    maxWorkers: 2,
    // Such a machine may be too busy for a moment. What passes only now is named at the end of "npm test".
    retry: 1,
  },
});
