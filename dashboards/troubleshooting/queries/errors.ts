import {
  and,
  binary,
  constant,
  count,
  firstOf,
  max,
  metric,
  numberOf,
  ofKind,
  or,
  outcomes,
  setLabel,
  sum,
  times,
  topk,
  type Vector,
  vector,
} from '../../../src/metrics/index.ts';
import { chosen, moment, pushed, withRunLog } from './deployment.ts';
import { failedAt, failures, named, shown } from './stages.ts';

/** Everything that went wrong in one deployment, one series each; the value is when, in Unix seconds. */

/** Labels of an error. */
export type ErrorLabel = 'name' | 'error_type' | 'message' | 'log_url';

/**
 * Of the services that are shown, and of the deployment as a whole; what has no log of its own has that of the run. Of
 * deployments that were recorded before the other errors were, only stages that failed are known.
 */
export const errors = (): Vector<ErrorLabel> => {
  const unfinished = pushed(metric('deployment_stage:unfinished_timestamp_seconds:max', shown));
  const others = pushed(metric('deployment:error_timestamp_seconds:max', chosen));
  const all = or(named(or(failures(), unfinished) as Vector<string>), withRunLog(others)) as Vector<string>;
  return max(binary(all, '>', 0), { by: ['name', 'error_type', 'message', 'log_url'] });
};
const endedWell: readonly (readonly [how: 'success' | 'cancelled' | 'running', words: string])[] = [
  ['success', 'The deployment succeeded.'],
  ['cancelled', 'It was cancelled.'],
  ['running', 'It runs.'],
];
/** Message for a deployment that did not fail, so that a list without errors is no list without a deployment. */
export const verdict = (): Vector<'message'> => {
  const code = vector(numberOf('outcome'));
  const [first, ...rest] = endedWell.map(([how, words]) =>
    setLabel(and(moment('triggered_at'), binary(code, '==', outcomes[how]), { on: [] }), 'message', words),
  );
  return rest.reduce((all, one) => or(all, one), first as Vector<'message'>);
};
/** The stage that failed first, as 1; `none`, as 0, of a deployment in which none did. */
export const firstFailure = (): Vector<'name'> => {
  const first = topk(1, times(-1, failedAt()));
  return firstOf<'name'>(
    [],
    max(named(constant(1, first, { by: ['service', 'stage'] })), { by: ['name'] }),
    setLabel(times(0, moment('triggered_at')), 'name', 'none'),
  );
};
/** When each happened, in milliseconds. */
export const errorTimes = (): Vector<ErrorLabel> => times(1000, errors());
export const errorsByType = (): Vector<'error_type'> => count(errors(), { by: ['error_type'] });

const checkPassed = metric('deployment_health_check_success', shown);
/** Errors of each service. */
export const affected = {
  failedStages: (): Vector<'service'> => count(failedAt(), { by: ['service'] }),
  failedChecks: (): Vector<'service'> =>
    binary(
      sum(binary(max(pushed(checkPassed), { by: ['service', 'attempt'] }), '==', 0, { bool: true }), {
        by: ['service'],
      }),
      '>',
      0,
    ),
  /** How its rollback ended. */
  rollback: (): Vector<'service'> =>
    max(pushed(metric('deployment_stage:status:code', { ...shown, stage: ofKind('rollback') })), {
      by: ['service'],
    }),
} as const;
