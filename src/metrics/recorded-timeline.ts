import type { MetricDefinition } from './definition.ts';
import { labels } from './labels.ts';
import { recorded, stageLabels, testLabels } from './recorded-series.ts';

const { environment, deployment_id } = labels;

/**
 * Events within a deployment, from every producer, rollbacks included. Words are labels here, and the value
 * beside them is a time: of two tries of a stage the later one says what is true.
 */
export const timelineMetrics = {
  'deployment_stage:started_timestamp_seconds:min': recorded(
    'unix seconds',
    stageLabels,
    'When the last try of the stage began.',
  ),
  'deployment_stage:finished_timestamp_seconds:max': recorded(
    'unix seconds',
    stageLabels,
    'When the last try of the stage ended; 0 while it goes on.',
  ),
  'deployment_stage:logged_timestamp_seconds:min': recorded(
    'unix seconds',
    { ...stageLabels, log_url: 'open' },
    'When a try of the stage began, by the address of its log; that of the run, where it has none of its own.',
  ),
  'deployment_stage:failed_timestamp_seconds:max': recorded(
    'unix seconds',
    { ...stageLabels, error_type: 'open', message: 'open', log_url: 'open' },
    'When a try of the stage failed, by what it said and the address of its log.',
  ),
  'deployment_test:passed:bool': recorded(
    'boolean',
    testLabels,
    '1 when the smoke test passed, 0 when it failed.',
  ),
  'deployment_test:failed_timestamp_seconds:max': recorded(
    'unix seconds',
    { ...testLabels, message: 'open' },
    'When the smoke test failed, by what it said.',
  ),
  'deployment_stage:unfinished_timestamp_seconds:max': recorded(
    'unix seconds',
    { ...stageLabels, error_type: 'open', message: 'open', log_url: 'open' },
    'When a stage began of which nothing more was heard before the deployment was over; 0 once its end was.',
  ),
  'deployment:error_timestamp_seconds:max': recorded(
    'unix seconds',
    {
      environment,
      deployment_id,
      kind: ['test', 'run', 'silent', 'error_rate', 'manual'],
      name: 'open',
      error_type: 'open',
      message: 'open',
    },
    'When a smoke test failed, or the run as a whole, by what it said; 0 once it was tried again.',
  ),
} as const satisfies Record<string, MetricDefinition>;
