import {
  and,
  binary,
  countValues,
  firstOf,
  group,
  labelReplace,
  lastOverTime,
  max,
  metric,
  or,
  outcomes,
  type PerDeployment,
  perDeployment,
  perStage,
  perTest,
  type Range,
  type RecordingRule,
  record,
  rollbackReasons,
  round,
  setLabel,
  spokenTarget,
  stageStatuses,
  times,
  topk,
  unless,
  type Vector,
} from '../../metrics/index.ts';
import { sampling } from '../../pipeline/index.ts';

/**
 * Errors of a deployment apart from stages that failed, each error once: a list of errors names two series.
 * (Stages that failed are in the timeline itself.)
 */

const outcome = metric('deployment:outcome:code');
const ofDeployment = { on: perDeployment };

/** So long the gateway may have held an earlier try. */
const earlier: Range = `${sampling.retention / 60}m`;
/**
 * Errors as they are now, and as 0 those that were recorded and are none any more, because they were tried again.
 * @param fixed labels that all of them have
 * @param known what has to be known anew to say that one is over: when the gateway has only the rest of a deployment,
 * what was recorded stands
 */
const withThoseThatAreOver = (
  current: Vector<string>,
  recorded: Vector<string>,
  known: Vector<string>,
  fixed: Readonly<Record<string, string>>,
): Vector<never> =>
  or(current, times(0, and(recorded, known, ofDeployment)), {
    ignoring: Object.keys(fixed),
  }) as Vector<never>;

const unfinishedName = 'deployment_stage:unfinished_timestamp_seconds:max';
const lost = {
  error_type: 'no end reported',
  message: 'It began, and nothing was heard of it again.',
} as const;
/** Of a deployment that is over, a stage of which nothing was heard again. */
const unfinished = and(
  and(
    topk(1, metric('deployment_stage:logged_timestamp_seconds:min'), { by: perStage }),
    binary(metric('deployment_stage:finished_timestamp_seconds:max'), '==', 0),
    { on: perStage },
  ),
  outcome,
  ofDeployment,
);

const errorName = 'deployment:error_timestamp_seconds:max';
type Kind = 'test' | 'run' | 'silent' | 'error_rate' | 'manual';
const errorsOf = (
  kind: Kind,
  current: Vector<string>,
  known: Vector<string>,
  said: { readonly name?: string; readonly error_type: string; readonly message?: string },
): RecordingRule => {
  const fixed = { kind, ...said };
  const recorded = lastOverTime(metric(errorName, { kind }), earlier);
  return record(errorName, withThoseThatAreOver(current, recorded, known, fixed), fixed);
};

const failedTests = max(metric('deployment_test:failed_timestamp_seconds:max'), {
  by: [...perTest, 'message'],
});
const tests = max(labelReplace(failedTests, 'name', 'smoke test $1', 'test_name', '(.*)'), {
  by: [...perDeployment, 'name', 'message'],
});

const ended = (how: keyof typeof outcomes): Vector<PerDeployment> =>
  and(metric('deployment:finished_timestamp_seconds:max'), binary(outcome, '==', outcomes[how]));
/** The end of the rollback of deployments that were rolled back for this reason. */
const rolledBackFor = (reason: keyof typeof rollbackReasons): Vector<PerDeployment> =>
  and(
    metric('deployment:rollback_finished_timestamp_seconds:max'),
    binary(metric('deployment:rollback_reason:code'), '==', rollbackReasons[reason]),
  );
/** With a word that was pushed in its message, where there is one. */
const withWord = (
  v: Vector<PerDeployment>,
  word: Vector<string>,
  label: string,
  [message, without]: readonly [withWord: string, without: string],
): Vector<string> => {
  const words = labelReplace(
    group(word, { by: [...perDeployment, label] }),
    'message',
    message,
    label,
    '(.+)',
  );
  return firstOf<string>(
    perDeployment,
    binary(v as Vector<string>, '*', words, { on: perDeployment, groupLeft: ['message'] }),
    setLabel(v, 'message', without),
  );
};

const percent = countValues(
  'percent',
  round(times(100, max(metric('post_deployment_error_rate'), { by: perDeployment })), 0.1),
  { by: perDeployment },
);
/** A failure of the run as a whole. */
const ofRun = (
  kind: Kind,
  error_type: string,
  current: Vector<string>,
  said: { readonly message?: string } = {},
): RecordingRule => errorsOf(kind, current, outcome, { name: 'the run', error_type, ...said });

/** Recorded with the rest of the timeline, after stages and smoke tests. */
export const errorRules: readonly RecordingRule[] = [
  record(
    unfinishedName,
    withThoseThatAreOver(
      unfinished,
      lastOverTime(metric(unfinishedName), earlier),
      metric('deployment_stage:finished_timestamp_seconds:max'),
      lost,
    ),
    lost,
  ),
  errorsOf('test', tests, metric('deployment_test:passed:bool'), { error_type: 'test_failed' }),
  ofRun(
    'run',
    'not reported',
    unless(
      ended('failure'),
      binary(metric('deployment_stage:status:code'), '==', stageStatuses.failure),
      ofDeployment,
    ),
    { message: 'The run ended as a failure, and no stage said that it failed.' },
  ),
  ofRun('silent', 'abandoned', ended('abandoned'), {
    message: `Nothing was heard of it for ${spokenTarget('abandoned.afterSeconds')}.`,
  }),
  // Rollbacks that no failed stage explains.
  ofRun(
    'error_rate',
    'error_rate',
    withWord(rolledBackFor('error_rate'), percent, 'percent', [
      'Rolled back: $1 % of the requests failed.',
      'Rolled back: too many requests failed.',
    ]),
  ),
  ofRun(
    'manual',
    'manual',
    withWord(
      rolledBackFor('manual'),
      topk(1, metric('deployment_rollback_info'), { by: perDeployment }),
      'previous_deployment_id',
      ['It was rolled back by hand to deployment $1.', 'It was rolled back by hand.'],
    ),
  ),
];
