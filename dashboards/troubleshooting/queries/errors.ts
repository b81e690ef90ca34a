import {
  and,
  binary,
  constant,
  count,
  countValues,
  firstOf,
  group,
  labelReplace,
  max,
  metric,
  numberOf,
  ofKind,
  or,
  outcomes,
  rollbackReasons,
  round,
  setLabel,
  spokenTarget,
  stageStatuses,
  sum,
  times,
  topk,
  unless,
  type Vector,
  vector,
} from '../../../src/metrics/index.ts';
import { chosen, endedAs, moment, pushed, withRunLog } from './deployment.ts';
import { failures, named, openWithLogs, shown } from './stages.ts';

/** Everything that went wrong in one deployment, one series each; the value is when, in Unix seconds. */

/** Labels of an error. */
export type ErrorLabel = 'name' | 'error_type' | 'message' | 'log_url';

/** Says the same of every series. */
const saying = <L extends string>(
  v: Vector<L>,
  error_type: string,
  message: string,
): Vector<L | 'error_type' | 'message'> =>
  setLabel(setLabel(v, 'error_type', error_type), 'message', message);

/** Stages that failed, and those of a deployment that is over of which nothing was heard again. */
const stageErrors = (): Vector<string> => {
  const lost = saying(
    and(openWithLogs(), moment('finished_at'), { on: [] }),
    'no end reported',
    'It began, and nothing was heard of it again.',
  );
  return named(or(failures(), lost));
};

const testErrors = (): Vector<string> => {
  const last = topk(1, pushed(metric('deployment_test:failed_timestamp_seconds:max', chosen)), {
    by: ['test_name'],
  });
  const failed = and(last, binary(pushed(metric('deployment_test:passed:bool', chosen)), '==', 0), {
    on: ['test_name'],
  });
  const words = max(failed, { by: ['test_name', 'message'] });
  const typed = setLabel(words, 'error_type', 'test_failed');
  return withRunLog(labelReplace(typed, 'name', 'smoke test $1', 'test_name', '(.*)'));
};

/** A stage of any service that failed. */
const anyFailed = binary(pushed(metric('deployment_stage:status:code', chosen)), '==', stageStatuses.failure);

/** The end of its last rollback. */
const rolledBackAt = max(
  pushed(metric('deployment_stage:finished_timestamp_seconds:max', { ...chosen, stage: ofKind('rollback') })),
);
/** Message for a rollback of this reason: with a word that was pushed, where there is one. */
const saidOfRollback = (
  reason: keyof typeof rollbackReasons,
  pushedWord: Vector<string>,
  label: string,
  [message, without]: readonly [withWord: string, without: string],
): Vector<string> => {
  const said = firstOf<string>(
    [],
    labelReplace(group(pushedWord, { by: [label] }), 'message', message, label, '(.+)'),
    setLabel(vector(1), 'message', without),
  );
  const isIt = binary(vector(numberOf('rollback_reason')), '==', rollbackReasons[reason]);
  return setLabel(and(said, isIt, { on: [] }), 'error_type', reason);
};

const percent = (): Vector<'percent'> =>
  countValues('percent', round(times(100, max(pushed(metric('post_deployment_error_rate', chosen)))), 0.1), {
    by: [],
  });
/** Rollbacks that no failed stage explains: requests failed, or a person decided it. */
const rollbackErrors = (): Vector<string> =>
  binary(
    rolledBackAt as Vector<string>,
    '*',
    or(
      saidOfRollback('error_rate', percent(), 'percent', [
        'Rolled back: $1 % of the requests failed.',
        'Rolled back: too many requests failed.',
      ]),
      saidOfRollback(
        'manual',
        topk(1, pushed(metric('deployment_rollback_info', chosen))),
        'previous_deployment_id',
        ['It was rolled back by hand to deployment $1.', 'It was rolled back by hand.'],
      ),
    ),
    { on: [], groupLeft: ['error_type', 'message'] },
  );

/** Failures of the run as a whole. */
const runErrors = (): Vector<string> => {
  const failure = saying(
    unless(endedAs('failure'), anyFailed, { on: [] }),
    'not reported',
    'The run ended as a failure, and no stage said that it failed.',
  );
  const silence = saying(
    endedAs('abandoned'),
    'abandoned',
    `Nothing was heard of it for ${spokenTarget('abandoned.afterSeconds')}.`,
  );
  return withRunLog(setLabel(or(or(failure, silence), rollbackErrors()), 'name', 'the run'));
};

/** Every error. */
export const errors = (): Vector<ErrorLabel> =>
  or(or(stageErrors(), testErrors()), runErrors()) as Vector<ErrorLabel>;
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
  const first = topk(1, times(-1, failures()));
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
  failedStages: (): Vector<'service'> => count(failures(), { by: ['service'] }),
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
