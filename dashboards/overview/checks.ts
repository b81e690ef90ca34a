import {
  colour,
  gauge,
  instant,
  type RowDefinition,
  stat,
  steps,
  table,
  tablePanel,
} from '../../src/dashboards/index.ts';
import { percentText } from '../../src/lib/spoken.ts';
import type { Pipeline } from '../../src/pipeline/index.ts';
import * as queries from '../queries.ts';

const health = ({ targets }: Pipeline) =>
  gauge({
    title: 'API health checks',
    description: `Health checks after deployments that passed, of all that were made in the chosen window. Below ${percentText(targets.health.least)} a deployment is rolled back; the objective is ${percentText(targets.health.objective)}.`,
    noData: 'No health check in this window. `record.mjs health` after the deployment emits it.',
    unit: 'percentunit',
    decimals: 1,
    min: 0,
    max: 1,
    width: 5,
    queries: [instant(queries.healthChecks(), { legend: '{{environment}}' })],
    thresholds: steps(
      colour.bad,
      [targets.health.least, colour.warning],
      [targets.health.objective, colour.good],
    ),
  });

const smokeTestRate = ({ targets }: Pipeline) =>
  stat({
    title: 'Tests passed',
    description: `Runs of smoke tests that passed, of all in the chosen window. The objective is ${percentText(targets.smokeTests.objective)}.`,
    noData: 'No smoke test in this window. `record.mjs smoke-test --test-name NAME -- command` emits it.',
    unit: 'percentunit',
    decimals: 1,
    width: 3,
    queries: [instant(queries.allSmokeTestsRate(), { legend: '{{environment}}' })],
    thresholds: steps(
      colour.bad,
      [targets.smokeTests.warning, colour.warning],
      [targets.smokeTests.objective, colour.good],
    ),
  });

const migrationRate = ({ targets }: Pipeline) =>
  stat({
    title: 'Migrations',
    description: `Runs of database migrations that succeeded, of all in the chosen window. ${targets.migrations.objective === 1 ? 'None may fail.' : `The objective is ${percentText(targets.migrations.objective)}.`}`,
    noData: 'No migration in this window. `record.mjs migration` around its command emits it.',
    unit: 'percentunit',
    decimals: 1,
    width: 3,
    queries: [instant(queries.migrationRate(), { legend: '{{environment}}' })],
    thresholds: steps(colour.bad, [targets.migrations.objective, colour.good]),
  });

const smokeTests = ({ targets }: Pipeline) =>
  tablePanel({
    title: 'Smoke tests',
    description: 'How often each smoke test passed and failed in the chosen window.',
    noData: 'No smoke test in this window. `record.mjs smoke-test --test-name NAME -- command` emits it.',
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
          indexByName: { environment: 0, test_name: 1, 'Value #A': 2, 'Value #B': 3, 'Value #C': 4 },
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
        thresholds: steps(colour.good, [1, colour.bad]),
        custom: { cellOptions: { type: 'color-text' }, width: 70 },
      },
      { name: 'Environment', custom: { width: 110 } },
      { name: 'Passed', custom: { width: 75 } },
      {
        name: 'Pass rate',
        unit: 'percentunit',
        decimals: 1,
        thresholds: steps(
          colour.bad,
          [targets.smokeTests.warning, colour.warning],
          [targets.smokeTests.objective, colour.good],
        ),
        custom: { cellOptions: { type: 'color-background', mode: 'basic' }, width: 95 },
      },
    ],
    sortBy: { column: 'Test' },
  });

const migration = ({ targets }: Pipeline) =>
  gauge({
    title: 'Migration duration',
    description: `How long the database migrations took of the latest deployment that had any. Warning from ${targets.migrations.slowSeconds} s, critical from ${targets.migrations.criticalSeconds} s.`,
    noData:
      'None of the last ten deployments ran a migration. `record.mjs migration` around its command emits it.',
    unit: 's',
    decimals: 1,
    min: 0,
    max: 2 * targets.migrations.criticalSeconds,
    width: 5,
    queries: [instant(queries.migrationDuration(), { legend: '{{environment}}' })],
    thresholds: steps(
      colour.good,
      [targets.migrations.slowSeconds, colour.warning],
      [targets.migrations.criticalSeconds, colour.bad],
    ),
  });

/** Is the new version healthy, do its tests pass, was the schema changed in time. */
export const checks = (pipeline: Pipeline): RowDefinition => ({
  title: 'Health and tests',
  height: 7,
  panels: [
    health(pipeline),
    smokeTestRate(pipeline),
    smokeTests(pipeline),
    migrationRate(pipeline),
    migration(pipeline),
  ],
  source: import.meta.url,
});
