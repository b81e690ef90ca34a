import { outcomes, stageStatuses } from '../../../metrics/codes.ts';
import {
  and,
  binary,
  count,
  firstOf,
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
  variable,
} from '../../../metrics/expression.ts';
import { chosen, finished, held, outcome, pushed, withRunLog } from './deployment.ts';
import { byStage, failed, logs, named, open, type Stage } from './stages.ts';

/** Everything that went wrong in one deployment, one series each; the value is when, in Unix seconds. */

/** Labels of an error. */
export type ErrorLabel = 'name' | 'error_type' | 'message' | 'log_url';

const services = { service: variable('service') } as const;
const told = metric('deployment_error_info', { ...chosen, ...services });
const counted = metric('deployment_errors_total', { ...chosen, ...services });
const wordLabels = [...byStage, 'error_type', 'message'] as const;

/** What each failed stage said of its last try; at least that it said nothing. */
const words = (): Vector<Stage | 'error_type' | 'message'> =>
  firstOf(
    byStage as readonly ('service' | 'stage')[],
    topk(1, max(held(told), { by: wordLabels }), { by: byStage }),
    topk(1, max(pushed(told), { by: wordLabels }), { by: byStage }),
    topk(1, max(pushed(counted), { by: [...byStage, 'error_type'] }), { by: byStage }),
    setLabel(group(failed(), { by: byStage }), 'error_type', 'not reported'),
  ) as Vector<Stage | 'error_type' | 'message'>;

const withStageLog = <L extends string>(v: Vector<L>): Vector<L | 'log_url'> =>
  binary(v as Vector<string>, '*', logs(), { on: byStage, groupLeft: ['log_url'] }) as Vector<L | 'log_url'>;
/** Says the same of every series. */
const saying = <L extends string>(
  v: Vector<L>,
  error_type: string,
  message: string,
): Vector<L | 'error_type' | 'message'> =>
  setLabel(setLabel(v, 'error_type', error_type), 'message', message);

const stageErrors = (): Vector<string> =>
  named(withStageLog(binary(failed(), '*', words(), { on: byStage, groupLeft: ['error_type', 'message'] })));
/** Stages of a deployment that is over, of which nothing was heard again. */
const lostStages = (): Vector<string> =>
  named(
    withStageLog(
      saying(
        and(open(), finished(), { on: [] }),
        'no end reported',
        'It began, and nothing was heard of it again.',
      ),
    ),
  );

const testMessage = metric('smoke_test_error_info', chosen);
const failedTests = (): Vector<'test_name'> =>
  and(
    max(pushed(metric('smoke_test_finished_timestamp_seconds', chosen)), { by: ['test_name'] }),
    binary(max(pushed(metric('smoke_test_success', chosen)), { by: ['test_name'] }), '==', 0),
  );
const testErrors = (): Vector<string> => {
  const message = firstOf(
    ['test_name'],
    topk(1, max(held(testMessage), { by: ['test_name', 'message'] }), { by: ['test_name'] }),
    topk(1, max(pushed(testMessage), { by: ['test_name', 'message'] }), { by: ['test_name'] }),
    group(failedTests(), { by: ['test_name'] }),
  ) as Vector<'test_name' | 'message'>;
  const errors = binary(failedTests(), '*', message, { on: ['test_name'], groupLeft: ['message'] });
  const typed = setLabel(errors, 'error_type', 'test_failed');
  return withRunLog(labelReplace(typed, 'name', 'smoke test $1', 'test_name', '(.*)'));
};

/** A stage of any service that failed. */
const anyFailed = binary(pushed(metric('deployment_stage_status_code', chosen)), '==', stageStatuses.failure);
/** What only the run as a whole can be blamed for. */
const runErrors = (): Vector<string> => {
  const ended = (how: number): Vector<string> =>
    max(and(finished(), binary(outcome(), '==', how)), { by: ['environment'] });
  const failure = saying(
    unless(ended(outcomes.failure), anyFailed, { on: [] }),
    'not reported',
    'The run ended as a failure, and no stage said that it failed.',
  );
  const silence = saying(ended(outcomes.abandoned), 'abandoned', 'Nothing was heard of it for two hours.');
  return withRunLog(setLabel(or(failure, silence), 'name', 'the run'));
};

/** Every error. */
export const errors = (): Vector<ErrorLabel> =>
  or(or(or(stageErrors(), lostStages()), testErrors()), runErrors()) as Vector<ErrorLabel>;
/** When each happened, in milliseconds. */
export const errorTimes = (): Vector<ErrorLabel> => times(1000, errors());
export const errorsByType = (): Vector<'error_type'> => count(errors(), { by: ['error_type'] });

const checkPassed = metric('deployment_health_check_success', { ...chosen, ...services });
/** What each service suffered. */
export const affected = {
  failedStages: (): Vector<'service'> => count(failed(), { by: ['service'] }),
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
    max(pushed(metric('deployment_stage_status_code', { ...chosen, ...services, stage: 'rollback' })), {
      by: ['service'],
    }),
} as const;
