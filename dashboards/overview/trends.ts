import { colour, lines, type RowDefinition, range, stackedBars, steps } from '../../src/dashboards/index.ts';
import { spoken } from '../../src/lib/spoken.ts';
import type { RollbackReason } from '../../src/metrics/index.ts';
import type { Pipeline } from '../../src/pipeline/index.ts';
import * as queries from '../queries.ts';

const successRate = ({ targets }: Pipeline) =>
  lines({
    title: 'Success rate by day',
    noData: 'No deployments known',
    description:
      'At each point, the share of deployments that succeeded in the day before it. With a few deployments a day one failure is a deep dip: read it beside the number of deployments, drawn faintly on the right.',
    missing: 'No deployment finished in the time span shown. `record.mjs finish` emits it.',
    unit: 'percentunit',
    decimals: 0,
    min: 0,
    width: 8,
    queries: [
      range(queries.successRateTrend(), { legend: '{{environment}}' }),
      range(queries.deploymentsTrend(), { legend: 'deployments · {{environment}}' }),
    ],
    overrides: [
      { name: '(?!deployments · ).*', regex: true, max: 1 },
      {
        name: 'deployments · .*',
        regex: true,
        unit: 'short',
        decimals: 0,
        color: 'gray',
        custom: {
          axisPlacement: 'right',
          lineWidth: 0,
          fillOpacity: 12,
          thresholdsStyle: { mode: 'off' },
        },
      },
    ],
    thresholds: steps(
      colour.bad,
      [targets.deployments.poor, colour.warning],
      [targets.deployments.good, colour.good],
    ),
    targetLine: true,
  });

const timeToDeploy = ({ targets }: Pipeline) =>
  lines({
    title: 'Time to deploy, p95',
    noData: 'No deployments known',
    description: `At each point, the time within which 95 % of the successful deployments of the day before went from push to finish. Dashed: the objective of ${spoken(targets.timeToDeploy.seconds)}.`,
    missing:
      'No deployment succeeded in the time span shown. `record.mjs start` and `finish` emit the times.',
    unit: 'm',
    decimals: 0,
    min: 0,
    width: 8,
    queries: [range(queries.timeToDeployTrend(), { legend: '{{environment}}' })],
    thresholds: steps(colour.good, [targets.timeToDeploy.seconds / 60, colour.bad]),
    targetLine: true,
  });

/** None is green: every rollback is one too many, for any reason. */
const reasonColours: Readonly<Record<Exclude<RollbackReason, 'none'>, string>> = {
  health_check_failed: 'semi-dark-orange',
  test_failed: 'purple',
  error_rate: 'red',
  manual: 'blue',
  other: 'gray',
};

const rollbacks = () =>
  stackedBars({
    title: 'Rollbacks by reason',
    noData: 'None known',
    description:
      'Deployments that were rolled back on each day, by reason: the day of the rollback, not of the deployment, from midnight to midnight in the time zone of the dashboard. The last bar is today so far.',
    missing:
      'No rollback in the time span shown; or nothing was recorded, which the strip on top says. `record.mjs rollback` emits it when there is one.',
    unit: 'short',
    decimals: 0,
    min: 0,
    width: 8,
    queries: [range(queries.rollbacksPerDay(), { legend: '{{environment}} {{reason}}', interval: '1d' })],
    overrides: Object.entries(reasonColours).map(([reason, color]) => ({
      name: `.* ${reason}`,
      regex: true,
      color,
    })),
  });

/** How it has been going. */
export const trends = (pipeline: Pipeline): RowDefinition => ({
  title: 'Trends',
  height: 7,
  panels: [successRate(pipeline), timeToDeploy(pipeline), rollbacks()],
  source: import.meta.url,
});
