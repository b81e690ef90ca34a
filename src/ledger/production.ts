import {
  and,
  binary,
  clampMin,
  firstOf,
  labelReplace,
  max,
  metric,
  outcomes,
  type PerDeployment,
  perDeployment,
  type RecordingRule,
  record,
  Scalar,
  scalar,
  times,
  topk,
  union,
  type Vector,
  withValue,
} from '../metrics/index.ts';
import { ledgerInterval } from '../pipeline/index.ts';
import * as raw from './raw.ts';
import { finishedAt } from './windows/window.ts';

/** A deployment's effect on users: the facts behind DORA's metrics. */

const outcome = metric('deployment:outcome:code');
const ended = (name: 'success' | 'rolled_back'): Vector<PerDeployment> =>
  binary(outcome, '==', outcomes[name]);

/**
 * 1 if users got the new version: a stage that deploys succeeded, or it had to be rolled back. A pipeline that records
 * no such stage is believed when it says that it succeeded.
 */
const reachedProduction = union<PerDeployment>(
  withValue(1, raw.deployed),
  withValue(1, ended('rolled_back')),
  withValue(0, raw.triedToDeploy),
  withValue(1, and(ended('success'), raw.reportedOutcome, { on: perDeployment })),
  withValue(0, raw.reportedOutcome),
);

const stagesFinished = max(raw.stageFinished, { by: perDeployment });
/**
 * Since when users had a version that was rolled back: the end of the last stage before that. Of a deployment whose
 * groups were removed the ledger knows it; where no stage was ever reported, the finish stands for it.
 */
const hadItSince = firstOf(
  perDeployment,
  stagesFinished,
  metric('deployment:stages_finished_earlier_timestamp_seconds:max'),
  finishedAt,
);

/** When it ended, if it succeeded; 0 while it has not: what it fixes is not fixed then. */
const success = binary(finishedAt, '*', binary(outcome, '==', outcomes.success, { bool: true }));
/** When the deployment ended that a deployment names as the one that it fixes. */
const fixedByName = max(
  labelReplace(
    binary(success, '*', raw.reworkOf, { on: perDeployment, groupLeft: ['rework_of'] }),
    'deployment_id',
    '$1',
    'rework_of',
    '(.+)',
  ),
  { by: perDeployment },
);

const environment = ['environment'] as const;
const listed = metric('recent_deployment:reached_production:bool');
/** Those that name none; listed themselves: then everything before them is. */
const fixes = and(and(and(raw.reportedStart, finishedAt), raw.reworkOfTheLast), listed, {
  on: perDeployment,
});
/** 1 and -1 by turns. */
const turn = scalar(new Scalar(`(time() % ${2 * ledgerInterval} < bool ${ledgerInterval})`, 5), '*', 2);
const byTurns = scalar(turn, '-', 1);
/**
 * After an outage two of them may be due at once, and each fixes another one: the first and the last are looked at by
 * turns, because PromQL has no way to ask for each "which was the last before it?".
 */
const fix = topk(1, times(byTurns, fixes), { by: environment });
const live = and(metric('recent_deployment:finished_timestamp_seconds:max'), binary(listed, '==', 1), {
  on: perDeployment,
});
const lookedAt = metric('deployment:fix_started_timestamp_seconds:min');
/** Where none is named, the last one that users had when the fix began. */
const fixedAsTheLast = binary(
  times(
    0,
    topk(1, binary(live, '<', max(lookedAt, { by: environment }), { on: environment, groupLeft: [] }), {
      by: environment,
    }),
  ),
  '+',
  max(and(success, lookedAt), { by: environment }),
  { on: environment, groupLeft: [] },
);
const fixed = max(union<string>(fixedByName, fixedAsTheLast) as Vector<PerDeployment>, { by: perDeployment });

/** Written with all other facts of a deployment, after its outcome. */
export const productionFacts: readonly RecordingRule[] = [
  record(
    'deployment:lead_time_seconds:last',
    and(clampMin(binary(finishedAt, '-', raw.committed), 0), ended('success')),
  ),
  record(
    'deployment:reached_production:bool',
    and(reachedProduction, binary(outcome, '!=', outcomes.cancelled)),
  ),
  record('deployment:stages_finished_timestamp_seconds:max', and(stagesFinished, outcome)),
  record(
    'deployment:rework_finished_timestamp_seconds:max',
    and(and(finishedAt, binary(metric('deployment:reached_production:bool'), '==', 1)), raw.rework),
  ),
  record('deployment:fix_started_timestamp_seconds:min', times(byTurns, fix)),
  record('deployment:fixed_timestamp_seconds:max', fixed),
  record(
    'deployment:rolled_back_after_seconds:last',
    and(
      clampMin(binary(metric('deployment:rollback_finished_timestamp_seconds:max'), '-', hadItSince), 0),
      ended('rolled_back'),
    ),
  ),
];
