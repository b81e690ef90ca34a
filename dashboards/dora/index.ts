import {
  type DashboardDefinition,
  datasourceVariable,
  environmentVariable,
  labelVariable,
  newestEnvironmentVariable,
  siblingsOf,
  titles,
  uids,
} from '../../src/dashboards/index.ts';
import { variable } from '../../src/metrics/index.ts';
import type { Pipeline } from '../../src/pipeline/index.ts';
import { gateRow } from '../gate.ts';
import { telemetryStrip } from '../telemetry.ts';
import { flakyRow } from './flaky.ts';
import { doraMetrics } from './metrics.ts';
import { stageHistory } from './stage-history.ts';
import { timeRow } from './time.ts';

const of = { environment: variable('environment'), window: '30d' } as const;

const service = labelVariable({
  name: 'service',
  label: 'Service',
  description: 'Each service has a row of its own.',
  metric: 'environment_stage:duration_seconds:avg',
  matchers: of,
  of: 'service',
  all: true,
});

const stage = labelVariable({
  name: 'stage',
  label: 'Stage',
  description: 'Which stages are shown.',
  metric: 'environment_stage:duration_seconds:avg',
  matchers: { ...of, service: variable('service') },
  of: 'stage',
  all: true,
});

/** How deployments do over months: DORA's five metrics, and the history of each stage. */
export const dora = (pipeline: Pipeline): DashboardDefinition => ({
  uid: uids.dora,
  title: titles.dora,
  description:
    'How fast and how safely changes reach production over weeks: the five metrics of DORA with their trend, and whether stages get slower.',
  tags: ['deployments'],
  from: 'now-30d',
  refresh: '5m',
  // The rules count a stage's durations by UTC day.
  timezone: 'utc',
  variables: [datasourceVariable, environmentVariable, newestEnvironmentVariable, service, stage],
  links: siblingsOf('dora', ['service']),
  annotations: [],
  top: telemetryStrip(pipeline),
  rows: [doraMetrics(pipeline), timeRow, stageHistory(pipeline), flakyRow, gateRow],
  source: import.meta.url,
});
