import {
  ago,
  and,
  binary,
  firstOf,
  type LabelName,
  lastOverTime,
  type MetricName,
  max,
  metric,
  type PerDeployment,
  perDeployment,
  pushgatewayJob,
  type Range,
  type RecordedMetric,
  type RecordingRule,
  record,
  type Selector,
  union,
  unless,
  type Vector,
} from '../metrics/index.ts';
import { memory } from '../pipeline/index.ts';

/**
 * Memory for a Pushgateway that restarts empty: everything that the ledger read of deployments that ran then.
 * Groups that were removed from a gateway that kept running are forgotten, as intended.
 */

const range: Range = `${memory.lookBack / 60}m`;
const before = <M extends MetricName>(series: Selector<M>) => lastOverTime(series, range);

const heardOf = before(metric('deployment:heard_of_timestamp_seconds:max'));
/** Deployments that ran when the gateway was last scraped before it started anew. */
const ranThen = and(
  before(metric('deployment:running_since_timestamp_seconds:min')),
  binary(heardOf, '<', max(metric('process_start_time_seconds', { job: pushgatewayJob })), {
    on: [],
    groupLeft: [],
  }),
);
const held = union<string>(
  metric('deployment_started_timestamp_seconds'),
  metric('deployment_triggered_timestamp_seconds'),
  binary(metric('deployment_in_progress'), '==', 1),
) as Vector<PerDeployment>;
const known = firstOf<PerDeployment>(
  perDeployment,
  before(metric('deployment:lost_start_timestamp_seconds:min')),
  ranThen,
);

/** Until they have been silent for so long that their facts were written as well. */
export const lostStart: RecordingRule = record(
  'deployment:lost_start_timestamp_seconds:min',
  unless(and(known, binary(heardOf, '>', ago(memory.silence))), held, { on: perDeployment }),
);

const lost = before(metric('deployment:lost_start_timestamp_seconds:min'));
/**
 * The rule, and what it said before of deployments that the gateway lost.
 * @param last is asked only where neither has an answer
 */
export const remembering = <M extends RecordedMetric>(
  name: M,
  on: readonly LabelName<NoInfer<M>>[],
  source: Vector<LabelName<NoInfer<M>>>,
  ...last: Vector<LabelName<NoInfer<M>>>[]
): RecordingRule => {
  const said: Vector<string> = lastOverTime(metric(name as RecordedMetric), range);
  return record(name, firstOf(on, source, and(said, lost, { on: perDeployment }) as typeof source, ...last));
};
