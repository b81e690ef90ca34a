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
import type { Pipeline } from '../../src/pipeline/index.ts';
import { telemetryStrip } from '../telemetry.ts';
import { budget } from './budget.ts';
import { cost } from './cost.ts';
import { objectivesRow } from './objectives.ts';
import { spending } from './spenders.ts';

const slo = labelVariable({
  name: 'slo',
  label: 'SLO',
  description: 'Which objectives are shown.',
  metric: 'slo:objective:ratio',
  of: 'slo',
  all: true,
});

/** Whether deployments keep what was promised, and how much may still fail this month. */
export const sloDashboard = (pipeline: Pipeline): DashboardDefinition => ({
  uid: uids.slo,
  title: titles.slo,
  description:
    'Do deployments keep what was promised? Objectives, error budgets of the month, what spent them, and cost.',
  tags: ['deployments', 'slo'],
  from: 'now/M',
  refresh: '1m',
  variables: [datasourceVariable, environmentVariable, newestEnvironmentVariable, slo],
  links: siblingsOf('slo'),
  annotations: [],
  top: telemetryStrip(pipeline),
  rows: [objectivesRow(pipeline), budget(pipeline), spending, cost],
  source: import.meta.url,
});
