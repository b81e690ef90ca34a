import {
  colour,
  gauge,
  instant,
  outcomeMappings,
  type RowDefinition,
  stat,
  steps,
} from '../../src/dashboards/index.ts';
import { percentText, spoken } from '../../src/lib/spoken.ts';
import type { Pipeline } from '../../src/pipeline/index.ts';
import * as queries from '../queries.ts';

const successRate = ({ targets }: Pipeline) =>
  stat({
    title: 'Success rate, $window',
    description: `Deployments that succeeded, of all that finished in the chosen window, and how many those are. Rolled back, failed and abandoned ones count against it, cancelled ones not at all. Green from ${percentText(targets.deployments.good)}, yellow from ${percentText(targets.deployments.poor)}. Objective: ${percentText(targets.deployments.objective)}.`,
    noData:
      'No deployment finished in this window. The recorder emits it: `record.mjs finish` at the end of the pipeline.',
    unit: 'percentunit',
    decimals: 1,
    width: 6,
    queries: [instant(queries.successRate(), { legend: '{{environment}} · of {{deployments}}' })],
    thresholds: steps(
      colour.bad,
      [targets.deployments.poor, colour.warning],
      [targets.deployments.good, colour.good],
    ),
  });

const currentTimeToDeploy = ({ targets }: Pipeline) =>
  gauge({
    title: 'Current time to deploy',
    description: `From the push to the finish of the latest successful deployment. The mark at ${targets.timeToDeploy.seconds} s is the objective (p95 at most ${spoken(targets.timeToDeploy.seconds)}).`,
    noData:
      'None of the last ten deployments succeeded. `record.mjs start` and `record.mjs finish` emit the times it is made of.',
    unit: 's',
    decimals: 1,
    min: 0,
    max: 2 * targets.timeToDeploy.seconds,
    width: 6,
    queries: [instant(queries.currentTimeToDeploy(), { legend: '{{environment}}' })],
    thresholds: steps(
      colour.good,
      [targets.timeToDeploy.warningSeconds, colour.warning],
      [targets.timeToDeploy.seconds, colour.bad],
    ),
  });

const lastStatus = () =>
  stat({
    title: 'Last deployment',
    description:
      'How the newest deployment ended that has finished. One that is running now is counted beside it.',
    noData: 'No deployment has finished in 30 days. `record.mjs finish` at the end of the pipeline emits it.',
    unit: 'none',
    width: 6,
    queries: [instant(queries.lastOutcome(), { legend: '{{environment}}' })],
    mappings: outcomeMappings,
    background: true,
  });

const active = ({ targets }: Pipeline) =>
  stat({
    title: 'Active deployments',
    description: `Deployments that have started and not finished. Usually 0. One of which nothing is heard for ${spoken(targets.abandoned.afterSeconds)} counts as abandoned and no longer as active.`,
    noData:
      'Unknown: the Pushgateway is not scraped, or no deployment was ever recorded (`record.mjs start`).',
    unit: 'none',
    width: 6,
    queries: [instant(queries.activeDeployments(), { legend: '{{environment}}' })],
    thresholds: steps(colour.neutral, [1, colour.running], [2, colour.warning]),
  });

/** The four numbers that say whether deployments work. */
export const keyMetrics = (pipeline: Pipeline): RowDefinition => ({
  title: 'Key metrics',
  height: 5,
  panels: [successRate(pipeline), currentTimeToDeploy(pipeline), lastStatus(), active(pipeline)],
  source: import.meta.url,
});
