import type { MetricDefinition } from './definition.ts';
import { labels } from './labels.ts';
import { deploymentInfo, deploymentLabels, recorded, stageLabels } from './recorded-series.ts';

const { environment } = labels;

/** The last ten deployments of each environment, all the time; one series per column of the table. */
const recent = {
  'recent_deployment:started_timestamp_seconds:min': recorded(
    'unix seconds',
    deploymentLabels,
    'When it started.',
  ),
  'recent_deployment:triggered_timestamp_seconds:min': recorded(
    'unix seconds',
    deploymentLabels,
    'When it was pushed.',
  ),
  'recent_deployment:finished_timestamp_seconds:max': recorded(
    'unix seconds',
    deploymentLabels,
    'When it finished.',
  ),
  'recent_deployment:outcome:code': recorded('code', deploymentLabels, 'How it ended, or 0 while it runs.'),
  'recent_deployment:duration_seconds:last': recorded(
    'seconds',
    deploymentLabels,
    'From the push to the finish.',
  ),
  'recent_deployment:stages:count': recorded('count', deploymentLabels, 'Stages that were seen.'),
  'recent_deployment:stages_passed:count': recorded('count', deploymentLabels, 'Stages that succeeded.'),
  'recent_deployment:rollback_reason:code': recorded('code', deploymentLabels, 'Why it was rolled back.'),
  'recent_deployment:migration_duration_seconds:sum': recorded(
    'seconds',
    deploymentLabels,
    'How long migrations took.',
  ),
  'recent_deployment:cost_usd:sum': recorded('currency', deploymentLabels, 'What it cost.'),
  'recent_deployment:info:last': recorded('none', deploymentInfo, 'What was deployed and from which run.'),
} as const satisfies Record<string, MetricDefinition>;

/** The same ten: what is remembered of them from the time when it was recorded. */
const remembered = {
  'recent_deployment:health_checks:count': recorded(
    'count',
    deploymentLabels,
    'Health checks that were made.',
  ),
  'recent_deployment:health_checks_passed:count': recorded(
    'count',
    deploymentLabels,
    'Health checks that passed.',
  ),
  'recent_deployment:smoke_tests:count': recorded('count', deploymentLabels, 'Smoke tests that were run.'),
  'recent_deployment:reached_production:bool': recorded(
    'boolean',
    deploymentLabels,
    '1 if users got the new version.',
  ),
  'recent_deployment:smoke_tests_passed:count': recorded(
    'count',
    deploymentLabels,
    'Smoke tests that passed.',
  ),
  'recent_deployment:failed_stage_timestamp_seconds:min': recorded(
    'unix seconds',
    stageLabels,
    'When the stage failed that failed first.',
  ),
  'environment:latest_success_duration_seconds:last': recorded(
    'seconds',
    { environment },
    'From the push to the finish of the latest deployment that succeeded.',
  ),
  'environment:latest_migration_duration_seconds:last': recorded(
    'seconds',
    { environment },
    'How long the migrations took of the latest deployment that had any.',
  ),
} as const satisfies Record<string, MetricDefinition>;

type Slow<T extends Record<string, MetricDefinition>> = {
  [K in keyof T & string as K extends `recent_deployment:${infer Rest}`
    ? `recent_deployment_30d:${Rest}`
    : never]: T[K];
};
/** The same ten, found in thirty days every few minutes, for pipelines that do not deploy every day. */
const recent30d = Object.fromEntries(
  Object.entries(recent).map(([name, definition]) => [
    name.replace('recent_deployment:', 'recent_deployment_30d:'),
    definition,
  ]),
) as Slow<typeof recent>;

/** The last ten deployments of each environment, and what is remembered of them. */
export const recentMetrics = { ...recent, ...remembered, ...recent30d } as const;
