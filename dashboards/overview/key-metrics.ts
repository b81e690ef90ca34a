import {
  colour,
  gauge,
  graded,
  instant,
  outcomeMappings,
  type RowDefinition,
  sloAddress,
  stat,
  troubleshootSeries,
} from '../../src/dashboards/index.ts';
import { percentText, spoken } from '../../src/lib/spoken.ts';
import type { Pipeline } from '../../src/pipeline/index.ts';
import * as queries from '../queries.ts';
import { lastDeployment } from './last.ts';

const successRate = ({ targets }: Pipeline) =>
  stat({
    title: 'Success rate, $window',
    description: `Deployments that succeeded, of all that finished in the chosen window, and how many those are. Rolled back, failed and abandoned ones count against it, cancelled ones not at all. Green from ${percentText(targets.deployments.good)}, yellow from ${percentText(targets.deployments.poor)}. Objective: ${percentText(targets.deployments.objective)}.`,
    noData: 'No deployments known',
    missing:
      'No deployment finished in this window. `record.mjs finish` at the end of the pipeline emits the outcome.',
    unit: 'percentunit',
    decimals: 1,
    width: 6,
    queries: [instant(queries.successRate(), { legend: 'of {{deployments}} · {{environment}}' })],
    named: true,
    thresholds: graded(
      0,
      colour.bad,
      [targets.deployments.poor, colour.warning],
      [targets.deployments.good, colour.good],
    ),
    links: [{ title: 'What spent the error budget', url: sloAddress }],
  });

const currentTimeToDeploy = ({ targets }: Pipeline) =>
  gauge({
    title: 'Current time to deploy',
    description: `From the push to the finish of the latest successful deployment, in seconds. The mark at ${targets.timeToDeploy.seconds} s is the target (p95 at most ${spoken(targets.timeToDeploy.seconds)}).`,
    noData: 'None known',
    missing:
      'No deployment succeeded yet. `record.mjs start` and `record.mjs finish` emit the times it is made of.',
    unit: 'suffix:s',
    decimals: 0,
    min: 0,
    max: 2 * targets.timeToDeploy.seconds,
    width: 6,
    queries: [instant(queries.currentTimeToDeploy(), { legend: '{{environment}}' })],
    thresholds: graded(
      0,
      colour.good,
      [targets.timeToDeploy.warningSeconds, colour.warning],
      [targets.timeToDeploy.seconds, colour.bad],
    ),
  });

const lastStatus = () =>
  stat({
    title: 'Last deployment',
    description:
      'How the newest deployment ended that has finished. The table below says which one it was. One that is running now is counted on the right. A click opens it in the troubleshooting dashboard.',
    noData: 'No deployments known',
    missing:
      'No deployment has finished in 30 days. `record.mjs finish` at the end of the pipeline emits it.',
    unit: 'none',
    width: 6,
    queries: [instant(queries.lastOutcome(), { legend: '{{deployment_id}} · {{environment}}' })],
    named: true,
    mappings: outcomeMappings,
    links: [{ title: 'Why: stages, errors and what came after', url: troubleshootSeries }],
  });

const active = ({ targets }: Pipeline) =>
  stat({
    title: 'Active deployments',
    description: `Deployments that have started and not finished, and when the oldest of them started. Usually 0. One of which nothing is heard for ${spoken(targets.abandoned.afterSeconds)} counts as abandoned and no longer as active.`,
    noData: 'Not known',
    missing: 'The Pushgateway is not scraped, or no deployment was ever recorded (`record.mjs start`).',
    unit: 'none',
    width: 6,
    queries: [
      instant(queries.activeDeployments(), { refId: 'Active', legend: '{{environment}}' }),
      instant(queries.activeSince(), { refId: 'Since', legend: 'started' }),
    ],
    named: true,
    thresholds: graded(0, colour.neutral, [1, colour.running]),
    overrides: [{ name: 'Since', query: true, unit: 'dateTimeFromNow', color: colour.neutral }],
  });

/** Whether deployments work: the rate, the last one with its checks, and what runs now. */
export const keyMetrics = (pipeline: Pipeline): RowDefinition => ({
  title: 'Key metrics',
  height: 5,
  panels: [
    successRate(pipeline),
    currentTimeToDeploy(pipeline),
    lastStatus(),
    active(pipeline),
    lastDeployment(pipeline),
  ],
  source: import.meta.url,
});
