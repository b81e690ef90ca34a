import { join } from 'node:path';
import { configDefaults, defineConfig } from 'vitest/config';

/** The end of a file's name says what its tests need; all others need nothing but Node. */
const needs = {
  live: ['test/**/*live.test.ts'],
  browser: ['test/**/*browser.test.ts'],
  soak: ['test/**/*soak.test.ts'],
};

/** A unit test that asks for a real program is told so, instead of fetching it. */
const noPrograms = {
  XDG_CACHE_HOME: join(import.meta.dirname, 'node_modules', '.cache', 'unit-tests'),
  ...Object.fromEntries(
    ['PROMETHEUS', 'PROMTOOL', 'PUSHGATEWAY', 'ALERTMANAGER', 'AMTOOL'].flatMap((name) =>
      [`${name}_BIN`, `${name}_2_42_BIN`].map((variable) => [variable, 'none: name the test *.live.test.ts']),
    ),
  ),
};

const { MUTANT_FILE: mutated, MUTANT_TEXT: mutant } = process.env;

export default defineConfig({
  // For scripts/mutate.ts: one file reads otherwise than it is.
  plugins: mutated
    ? [{ name: 'mutant', enforce: 'pre', load: (id) => (id === mutated ? mutant : undefined) }]
    : [],
  test: {
    // One more than the two cores of the machines that this runs on: many live tests mostly wait for their servers.
    maxWorkers: 3,
    testTimeout: 120_000,
    hookTimeout: 300_000,
    setupFiles: 'test/carry.ts',
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: [...configDefaults.exclude, ...Object.values(needs).flat()],
          // Most of the time of a unit test is loading modules: files share them, and keep nothing in them.
          isolate: false,
          env: noPrograms,
        },
      },
      {
        extends: true,
        test: {
          name: 'live',
          include: needs.live,
          globalSetup: 'test/servers.setup.ts',
          setupFiles: ['test/carry.ts', 'test/live.setup.ts'],
          // A busy machine may stop a server for seconds. "npm test" names what passed only when tried again.
          retry: 1,
        },
      },
      { extends: true, test: { name: 'browser', include: needs.browser } },
      { extends: true, test: { name: 'soak', include: needs.soak } },
    ],
  },
});
