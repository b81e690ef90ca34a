import {
  and,
  avg,
  binary,
  firstOf,
  type LabelName,
  lastOverTime,
  type MetricName,
  metric,
  outcomes,
  quantile,
  type RuleGroup,
  record,
  type Selector,
  sum,
  type Vector,
} from '../../metrics/index.ts';
import { indicatorIntervals } from '../../pipeline/index.ts';
import { type Deployment, deployment } from '../raw.ts';
import { inWindow } from '../windows/window.ts';

/** DORA's four keys, over thirty days. */

const window = '30d';
const environment = ['environment'] as const;
const outcome = inWindow(metric('deployment:outcome:code'), window);
const inProduction = inWindow(metric('deployment:reached_production:bool'), window);
const failed: Vector<Deployment> = binary(outcome, '!=', outcomes.success, { bool: true });
const bad = binary(binary(outcome, '>=', outcomes.failure), '<=', outcomes.abandoned);
/** The latest value of a fact; which deployments belong to the window, the outcome it is joined with decides. */
const latest = <M extends MetricName>(fact: Selector<M>): Vector<LabelName<M>> => lastOverTime(fact, window);

/** A rollback restores what it takes back; all else the next success. */
const restoredAfter = firstOf<Deployment>(
  deployment,
  and(
    latest(metric('deployment:rolled_back_after_seconds:last')),
    binary(outcome, '==', outcomes.rolled_back),
  ),
  and(latest(metric('deployment:restored_after_seconds:last')), bad),
);

/** The four keys of each environment. */
export const doraGroup: RuleGroup = {
  name: 'deployment-dora',
  interval: indicatorIntervals[window],
  rules: [
    record('environment:production_deployments:count', sum(inProduction, { by: environment }), { window }),
    record(
      'environment:change_failure:ratio',
      avg(and(failed, binary(latest(metric('deployment:reached_production:bool')), '==', 1)), {
        by: environment,
      }),
      { window },
    ),
    record(
      'environment:lead_time_seconds:p50',
      quantile(
        0.5,
        and(latest(metric('deployment:lead_time_seconds:last')), binary(outcome, '==', outcomes.success)),
        { by: environment },
      ),
      { window },
    ),
    record('environment:time_to_restore_seconds:p50', quantile(0.5, restoredAfter, { by: environment }), {
      window,
    }),
  ],
  source: import.meta.url,
};
