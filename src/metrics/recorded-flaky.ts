import type { MetricDefinition } from './definition.ts';
import { labels } from './labels.ts';
import { deploymentLabels, recorded } from './recorded-series.ts';

const { environment, window, part, commit } = labels;

/** Stages and smoke tests that failed and passed later at the same commit. Few deployments have any. */
export const flakyMetrics = {
  'deployment_part:failed_timestamp_seconds:max': {
    ...recorded(
      'unix seconds',
      { ...deploymentLabels, part, commit },
      'When a deployment finished in which this stage or smoke test failed, with its commit.',
    ),
    rare: true,
  },
  'deployment_part:lost_seconds:last': {
    ...recorded(
      'seconds',
      { ...deploymentLabels, part },
      'From the start to the finish of a deployment in which this stage or smoke test failed.',
    ),
    rare: true,
  },
  'deployment_part:passed_again_timestamp_seconds:max': {
    ...recorded(
      'unix seconds',
      { ...deploymentLabels, part, commit },
      'When a deployment finished in which this stage or smoke test passed at a commit at which it failed in another one.',
    ),
    rare: true,
  },
  'environment_part:flaky_failures:count': recorded(
    'count',
    { environment, window, part },
    'Deployments in which this stage or smoke test failed, and passed in a later one of the same commit.',
  ),
  'environment_part:flaky_lost_seconds:sum': recorded(
    'seconds',
    { environment, window, part },
    'How long these deployments took, all together.',
  ),
} as const satisfies Record<string, MetricDefinition>;
