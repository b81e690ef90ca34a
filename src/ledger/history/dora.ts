import {
  and,
  binary,
  constant,
  count,
  firstOf,
  type LabelName,
  lastOverTime,
  type MetricName,
  max,
  metric,
  min,
  or,
  outcomes,
  type PerDeployment,
  perDeployment,
  quantile,
  type RuleGroup,
  record,
  type Selector,
  sum,
  times,
  type Vector,
} from '../../metrics/index.ts';
import { seldom } from '../../pipeline/index.ts';
import { inWindow, rolledBackIn } from '../windows/window.ts';

/** DORA's five metrics as they are defined in 2026, over thirty days. */

const window = '30d';
const environment = ['environment'] as const;
const by = { by: environment };
const outcome = inWindow(metric('deployment:outcome:code'), window);
const inProduction = inWindow(metric('deployment:reached_production:bool'), window);
/** The latest value of a fact; which deployments belong to the window, what it is joined with decides. */
const latest = <M extends MetricName>(fact: Selector<M>): Vector<LabelName<M>> => lastOverTime(fact, window);

const live = binary(inProduction, '==', 1);
const fixed = latest(metric('deployment:fixed_timestamp_seconds:max'));
const rolledBack = rolledBackIn(window);
/** Deployments that needed immediate intervention: taken back, or fixed by another one. */
const needed = constant(1, or(rolledBack, fixed, { on: perDeployment }), { by: perDeployment });

/** From the end of its last stage to the end of its rollback; of one that another one fixed, from its end to that of the fix. */
const recoveredAfter = firstOf<PerDeployment>(
  perDeployment,
  and(latest(metric('deployment:rolled_back_after_seconds:last')), rolledBack),
  binary(binary(fixed, '>', 0), '-', latest(metric('deployment:finished_timestamp_seconds:max'))),
);

const rework = constant(1, latest(metric('deployment:rework_finished_timestamp_seconds:max')), {
  by: perDeployment,
});

/** Share of the deployments in production: these, of those that the rule before has counted. */
const share = (those: Vector<PerDeployment>): Vector<'environment'> => {
  const all = max(metric('environment:production_deployments:count', { window }), by);
  return binary(or(count(and(those, live), by), times(0, all)), '/', binary(all, '>', 0));
};

const first = 'environment:first_finished_timestamp_seconds:min';
/** Remembered from one evaluation to the next, because thirty days do not reach back to it for ever. */
const firstFinish = min(
  or(
    lastOverTime(metric(first), '1d'),
    latest(metric('deployment:finished_timestamp_seconds:max')) as Vector<'environment'>,
  ),
  by,
);

/** The five metrics of each environment. */
export const doraGroup: RuleGroup = {
  name: 'deployment-dora',
  interval: seldom.interval,
  rules: [
    record('environment:production_deployments:count', sum(inProduction, by), { window }),
    record(first, firstFinish),
    record('environment:change_failure:ratio', share(needed), { window }),
    record('environment:rework:ratio', share(rework), { window }),
    record(
      'environment:lead_time_seconds:p50',
      quantile(
        0.5,
        and(latest(metric('deployment:lead_time_seconds:last')), binary(outcome, '==', outcomes.success)),
        { by: environment },
      ),
      { window },
    ),
    record('environment:time_to_restore_seconds:p50', quantile(0.5, and(recoveredAfter, live), by), {
      window,
    }),
  ],
  source: import.meta.url,
};
