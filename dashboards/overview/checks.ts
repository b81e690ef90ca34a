import {
  colour,
  gauge,
  graded,
  instant,
  type RowDefinition,
  stat,
  table,
  tablePanel,
} from '../../src/dashboards/index.ts';
import { percentText } from '../../src/lib/spoken.ts';
import type { Pipeline } from '../../src/pipeline/index.ts';
import * as queries from '../queries.ts';

const health = ({ targets }: Pipeline) =>
  gauge({
    title: 'API health checks',
    noData: 'No checks known',
    description: `Health checks after deployments that passed, of all that were made in the chosen window. Below ${percentText(targets.health.least)} a deployment is rolled back; the objective is ${percentText(targets.health.objective)}.`,
    missing: 'No health check in this window. `record.mjs health` after the deployment emits it.',
    unit: 'percentunit',
    decimals: 1,
    min: 0,
    max: 1,
    width: 6,
    queries: [instant(queries.healthChecks(), { legend: '{{environment}}' })],
    thresholds: graded(
      0,
      colour.bad,
      [targets.health.least, colour.warning],
      [targets.health.objective, colour.good],
    ),
  });

const passRates = ({ targets }: Pipeline) =>
  stat({
    title: 'Tests and migrations',
    description: `Runs of smoke tests that passed, and runs of database migrations that succeeded, of all in the chosen window. The objective for tests is ${percentText(targets.smokeTests.objective)}; ${targets.migrations.objective === 1 ? 'no migration may fail' : `for migrations ${percentText(targets.migrations.objective)}`}.`,
    noData: 'None known',
    missing:
      'Neither ran in this window. `record.mjs smoke-test --test-name NAME -- command` and `record.mjs migration` around its command emit them.',
    unit: 'percentunit',
    decimals: 1,
    width: 5,
    queries: [
      instant(queries.allSmokeTestsRate(), { refId: 'Tests', legend: 'smoke tests · {{environment}}' }),
      instant(queries.migrationRate(), { refId: 'Migrations', legend: 'migrations · {{environment}}' }),
    ],
    named: true,
    thresholds: graded(
      0,
      colour.bad,
      [targets.smokeTests.warning, colour.warning],
      [targets.smokeTests.objective, colour.good],
    ),
    overrides: [
      {
        name: 'Migrations',
        query: true,
        thresholds: graded(0, colour.bad, [targets.migrations.objective, colour.good]),
      },
    ],
  });

const smokeTests = ({ targets }: Pipeline) =>
  tablePanel({
    title: 'Smoke tests',
    noData: 'No tests known',
    description: 'How often each smoke test passed and failed in the chosen window.',
    missing: 'No smoke test in this window. `record.mjs smoke-test --test-name NAME -- command` emits it.',
    unit: 'none',
    decimals: 0,
    width: 8,
    queries: [
      table(queries.smokeTestsPassed()),
      table(queries.smokeTestsFailed()),
      table(queries.smokeTestRate()),
    ],
    transformations: [
      { id: 'merge', options: {} },
      {
        id: 'organize',
        options: {
          excludeByName: { Time: true },
          indexByName: { test_name: 0, 'Value #A': 1, 'Value #B': 2, 'Value #C': 3, environment: 4 },
          renameByName: {
            environment: 'Environment',
            test_name: 'Test',
            'Value #A': 'Passed',
            'Value #B': 'Failed',
            'Value #C': 'Pass rate',
          },
        },
      },
    ],
    overrides: [
      {
        name: 'Failed',
        thresholds: graded(0, colour.good, [1, colour.bad]),
        custom: { cellOptions: { type: 'color-text' }, width: 70 },
      },
      { name: 'Environment', custom: { width: 110 } },
      { name: 'Test', custom: { minWidth: 115 } },
      { name: 'Passed', custom: { width: 70 } },
      {
        name: 'Pass rate',
        unit: 'percentunit',
        decimals: 1,
        thresholds: graded(
          0,
          colour.bad,
          [targets.smokeTests.warning, colour.neutral],
          [targets.smokeTests.objective, colour.good],
        ),
        custom: { cellOptions: { type: 'color-text' }, width: 90 },
      },
    ],
    sortBy: { column: 'Test' },
  });

const migration = ({ targets }: Pipeline) =>
  gauge({
    title: 'Migration duration',
    noData: 'None known',
    description: `How long the database migrations took of the latest deployment that had any, in seconds. Warning from ${targets.migrations.slowSeconds} s, critical from ${targets.migrations.criticalSeconds} s.`,
    missing: 'No deployment ran a migration yet. `record.mjs migration` around its command emits it.',
    unit: 'suffix:s',
    decimals: 0,
    min: 0,
    max: 2 * targets.migrations.criticalSeconds,
    width: 5,
    queries: [instant(queries.migrationDuration(), { legend: '{{environment}}' })],
    thresholds: graded(
      0,
      colour.good,
      [targets.migrations.slowSeconds, colour.warning],
      [targets.migrations.criticalSeconds, colour.bad],
    ),
  });

/** Is the new version healthy, do its tests pass, was the schema changed in time. */
export const checks = (pipeline: Pipeline): RowDefinition => ({
  title: 'Health and tests',
  height: 7,
  panels: [health(pipeline), passRates(pipeline), smokeTests(pipeline), migration(pipeline)],
  source: import.meta.url,
});
