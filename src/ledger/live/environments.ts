import {
  ago,
  binary,
  firstOf,
  lastOverTime,
  max,
  maxOverTime,
  metric,
  type RecordingRule,
  record,
} from '../../metrics/index.ts';
import { environmentForgottenAfter } from '../../pipeline/index.ts';

const by = ['environment'] as const;
const finish = 'environment:last_finished_timestamp_seconds:max';

/**
 * When anything finished last in each environment. Facts reach back thirty days; a silence can be longer, and so what
 * was known a day ago is still known, until the environment is taken for gone.
 */
const lastFinish = firstOf(
  by,
  max(metric('recent_deployment:finished_timestamp_seconds:max'), { by }),
  binary(lastOverTime(metric(finish), '1d'), '>', ago(environmentForgottenAfter)),
);

/** As many as there were before a silence: while it lasts, a count of thirty days only falls. */
const usual = max(maxOverTime(metric('environment:deployments:count', { window: '30d' }), '30d'), { by });

/** What is usual in an environment, and when anything happened there. */
export const environmentRules: readonly RecordingRule[] = [
  record(finish, lastFinish),
  record('environment:usual_deployments:count', usual, { window: '30d' }),
];
