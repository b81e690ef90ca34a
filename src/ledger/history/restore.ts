import {
  and,
  binary,
  countValues,
  lastOverTime,
  metric,
  min,
  outcomes,
  type RuleGroup,
  record,
  times,
  unless,
} from '../../metrics/index.ts';
import { deployment } from '../raw.ts';

/**
 * Time to restore, where a later success restored. PromQL cannot ask "the next success after each of these", but it can
 * after the oldest of them: that success also restored every other one that ended before it, and is noted. What is left
 * is taken at the next evaluation. So the notes are complete whenever, and in whatever order, deployments were first
 * seen. The last note of a deployment counts.
 */

const environment = ['environment'] as const;
const ofEnvironment = { on: environment, groupLeft: [] } as const;
const sameDeployment = { on: deployment } as const;

/** The newest deployments of thirty days, as they were listed last. */
const finished = lastOverTime(metric('deployment_choice:finished_timestamp_seconds:max'), '5m');
const outcome = lastOverTime(metric('deployment_choice:outcome:code'), '5m');
const bad = binary(binary(outcome, '>=', outcomes.failure), '<=', outcomes.abandoned);

const success = metric('deployment:succeeded_timestamp_seconds:max');
const unrestored = metric('deployment:unrestored_timestamp_seconds:max');
const restorer = metric('environment:restorer_finished_timestamp_seconds:min');
/** Failures that the next success restored. */
const restoredNow = binary(unrestored, '<', restorer, ofEnvironment);
const noted = lastOverTime(metric('deployment:restored_timestamp_seconds:last'), '30d');

/** Notes that still hold: a success has finished then, and has not been rolled back since. */
const standing = and(
  countValues('at', noted, { by: deployment }),
  countValues('at', success, { by: environment }),
  { on: ['environment', 'at'] },
);
/** The earliest of the successes of which the ledger writes facts now: usually the newest, unless it was reported late. */
const seenNow = min(and(success, metric('deployment:last_event_timestamp_seconds:max'), sameDeployment), {
  by: environment,
});
/** Notes of a later success than one that is seen only now. */
const overtaken = and(
  binary(noted, '>', seenNow, ofEnvironment),
  binary(finished, '<', seenNow, ofEnvironment),
  sameDeployment,
);

/** Notes what restored what. */
export const restoreGroup: RuleGroup = {
  name: 'deployment-restored',
  interval: 60,
  rules: [
    record(
      'deployment:succeeded_timestamp_seconds:max',
      and(finished, binary(outcome, '==', outcomes.success), sameDeployment),
    ),
    record(
      'deployment:unrestored_timestamp_seconds:max',
      and(finished, unless(bad, unless(standing, overtaken, sameDeployment), sameDeployment), sameDeployment),
    ),
    record(
      'environment:restorer_finished_timestamp_seconds:min',
      min(binary(success, '>', min(unrestored, { by: environment }), ofEnvironment), { by: environment }),
    ),
    record(
      'deployment:restored_timestamp_seconds:last',
      binary(times(0, restoredNow), '+', restorer, ofEnvironment),
    ),
    record(
      'deployment:restored_after_seconds:last',
      binary(times(-1, restoredNow), '+', restorer, ofEnvironment),
    ),
  ],
  source: import.meta.url,
};
