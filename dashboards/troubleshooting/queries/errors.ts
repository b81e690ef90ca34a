import { outcomes, rollbackReasons, stageStatuses } from '../../../metrics/codes.ts';
import {
  and,
  binary,
  count,
  countValues,
  group,
  labelReplace,
  max,
  metric,
  or,
  setLabel,
  sum,
  times,
  topk,
  unless,
  type Vector,
} from '../../../metrics/expression.ts';
import { round } from '../../../metrics/functions.ts';
import { chosen, finished, outcome, pushed, withRunLog } from './deployment.ts';
import { byStage, failures, logs, named, open, shown } from './stages.ts';

/** Everything that went wrong in one deployment, one series each; the value is when, in Unix seconds. */

/** Labels of an error. */
export type ErrorLabel = 'name' | 'error_type' | 'message' | 'log_url';

const withStageLog = <L extends string>(v: Vector<L>): Vector<L | 'log_url'> =>
  binary(v as Vector<string>, '*', logs(), { on: byStage, groupLeft: ['log_url'] }) as Vector<L | 'log_url'>;
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
    and(open(), finished(), { on: [] }),
    'no end reported',
    'It began, and nothing was heard of it again.',
  );
  return named(withStageLog(or(failures(), lost)));
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

const environment = ['environment'] as const;
/** The finish of the deployment if it ended in this way. */
const endedAs = (how: keyof typeof outcomes): Vector<string> =>
  max(and(finished(), binary(outcome(), '==', outcomes[how])), { by: environment });
/** A stage of any service that failed. */
const anyFailed = binary(pushed(metric('deployment_stage:status:code', chosen)), '==', stageStatuses.failure);

/** The end of its last rollback, if the deployment was rolled back for this reason. */
const rolledBackFor = (reason: keyof typeof rollbackReasons): Vector<string> =>
  and(
    max(pushed(metric('deployment_stage:finished_timestamp_seconds:max', { ...chosen, stage: 'rollback' })), {
      by: environment,
    }),
    binary(pushed(metric('deployment:rollback_reason:code', chosen)), '==', rollbackReasons[reason]),
    { on: environment },
  );
/** Says why it was rolled back: with a word that was pushed, where there is one. */
const rolledBack = (
  reason: keyof typeof rollbackReasons,
  pushedWord: Vector<string>,
  label: string,
  [message, without]: readonly [withWord: string, without: string],
): Vector<string> => {
  const when = rolledBackFor(reason);
  const said = labelReplace(group(pushedWord, { by: [label] }), 'message', message, label, '(.+)');
  const named = binary(when, '*', said, { on: [], groupLeft: ['message'] });
  return setLabel(or(named, setLabel(when, 'message', without), { on: [] }), 'error_type', reason);
};

const percent = (): Vector<'percent'> =>
  countValues('percent', round(times(100, max(pushed(metric('post_deployment_error_rate', chosen)))), 0.1), {
    by: [],
  });
/** Rollbacks that no failed stage explains: requests failed, or somebody decided it. */
const rollbackErrors = (): Vector<string> =>
  or(
    rolledBack('error_rate', percent(), 'percent', [
      'Rolled back: $1 % of the requests failed.',
      'Rolled back: too many requests failed.',
    ]),
    rolledBack(
      'manual',
      topk(1, pushed(metric('deployment_rollback_info', chosen))),
      'previous_deployment_id',
      ['Somebody rolled it back to deployment $1.', 'Somebody rolled it back.'],
    ),
  );

/** What only the run as a whole can be blamed for. */
const runErrors = (): Vector<string> => {
  const failure = saying(
    unless(endedAs('failure'), anyFailed, { on: [] }),
    'not reported',
    'The run ended as a failure, and no stage said that it failed.',
  );
  const silence = saying(endedAs('abandoned'), 'abandoned', 'Nothing was heard of it for two hours.');
  return withRunLog(setLabel(or(or(failure, silence), rollbackErrors()), 'name', 'the run'));
};

/** Every error. */
export const errors = (): Vector<ErrorLabel> =>
  or(or(stageErrors(), testErrors()), runErrors()) as Vector<ErrorLabel>;
/** When each happened, in milliseconds. */
export const errorTimes = (): Vector<ErrorLabel> => times(1000, errors());
export const errorsByType = (): Vector<'error_type'> => count(errors(), { by: ['error_type'] });

const checkPassed = metric('deployment_health_check_success', shown);
/** What each service suffered. */
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
    max(pushed(metric('deployment_stage:status:code', { ...shown, stage: 'rollback' })), {
      by: ['service'],
    }),
} as const;
