import type { MetricDefinition, Unit } from './definition.ts';
import { labels } from './labels.ts';
import { deploymentLabels, recorded } from './recorded-series.ts';

const { environment, window } = labels;

/** A recorded series of each deployment. @param help the meaning of one sample */
const fact = <const U extends Unit>(unit: U, help: string) => recorded(unit, deploymentLabels, help);
/** A recorded series of each environment and window. @param help the meaning of one sample */
const key = <const U extends Unit>(unit: U, help: string) => recorded(unit, { environment, window }, help);

/** Series recorded for DORA's five metrics. */
export const doraMetrics = {
  'deployment:lead_time_seconds:last': fact(
    'seconds',
    'From the commit to the finish of a success, where the time of the commit is known.',
  ),
  'deployment:reached_production:bool': fact(
    'boolean',
    '1 if users got the new version, 0 if it ended before; cancelled deployments have none.',
  ),
  'deployment:stages_finished_timestamp_seconds:max': fact(
    'unix seconds',
    'When its last stage ended, rollbacks not counted.',
  ),
  'deployment:stages_finished_earlier_timestamp_seconds:max': fact(
    'unix seconds',
    'The same of a deployment of which something is heard after its groups were removed.',
  ),
  'deployment:rolled_back_after_seconds:last': fact(
    'seconds',
    'From the end of the last stage to the end of the rollback: how long users had what was rolled back.',
  ),
  'deployment:rework_finished_timestamp_seconds:max': {
    ...fact(
      'unix seconds',
      'When a deployment finished that reached users and says that it fixes what an earlier one broke.',
    ),
    rare: true,
  },
  'deployment:fix_started_timestamp_seconds:min': {
    ...fact(
      'unix seconds',
      'When a deployment began of which the ledger is finding out what it fixes; one of each environment at a time.',
    ),
    rare: true,
  },
  'deployment:fixed_timestamp_seconds:max': {
    ...fact(
      'unix seconds',
      'Of a deployment of which a later one says that it fixes it: when that one succeeded; 0 while none has.',
    ),
    rare: true,
  },
  'environment:first_finished_timestamp_seconds:min': {
    type: 'recorded',
    unit: 'unix seconds',
    labels: { environment },
    help: 'When the first deployment finished that is known.',
    producers: ['rules'],
    required: false,
  },
  'environment:production_deployments:count': key('count', 'Deployments that reached users.'),
  'environment:change_failure:ratio': key(
    'ratio',
    'Of the deployments that reached users: the share that was rolled back or that a later one says it fixes.',
  ),
  'environment:rework:ratio': key(
    'ratio',
    'Of the deployments that reached users: the share that says that it fixes what an earlier one broke.',
  ),
  'environment:lead_time_seconds:p50': key(
    'seconds',
    'Median time from the commit to the finish of successes.',
  ),
  'environment:time_to_restore_seconds:p50': key(
    'seconds',
    'Median time from a failed change to the end of its rollback or of the deployment that fixed it.',
  ),
} as const satisfies Record<string, MetricDefinition>;
