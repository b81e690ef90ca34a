import {
  and,
  binary,
  clampMin,
  constant,
  firstOf,
  max,
  metric,
  outcomes,
  type RecordingRule,
  record,
  type Vector,
} from '../metrics/index.ts';
import * as raw from './raw.ts';
import { deployment } from './raw.ts';

/** A deployment's effect on users: the facts behind DORA's keys. */

const finished = metric('deployment:finished_timestamp_seconds:max');
const outcome = metric('deployment:outcome:code');
const ended = (name: 'success' | 'rolled_back'): Vector<raw.Deployment> =>
  binary(outcome, '==', outcomes[name]);

/**
 * 1 if users got the new version: a stage that deploys succeeded, or it had to be rolled back. A pipeline that records
 * no such stage is believed when it says that it succeeded.
 */
const reachedProduction = firstOf(
  deployment,
  constant(1, raw.deployed, { by: deployment }),
  constant(1, ended('rolled_back'), { by: deployment }),
  constant(0, raw.triedToDeploy, { by: deployment }),
  constant(1, and(ended('success'), raw.reportedOutcome, { on: deployment }), { by: deployment }),
  constant(0, raw.reportedOutcome, { by: deployment }),
);

const stagesFinished = max(raw.stageFinished, { by: deployment });
/**
 * Since when users had a version that was rolled back: the end of the last stage before that. Of a deployment whose
 * groups were removed the ledger knows it; where no stage was ever reported, the finish stands for it.
 */
const hadItSince = firstOf(
  deployment,
  stagesFinished,
  metric('deployment:stages_finished_earlier_timestamp_seconds:max'),
  finished,
);

/** Written with all other facts of a deployment, after its outcome. */
export const productionFacts: readonly RecordingRule[] = [
  record(
    'deployment:lead_time_seconds:last',
    and(clampMin(binary(finished, '-', raw.committed), 0), ended('success')),
  ),
  record(
    'deployment:reached_production:bool',
    and(reachedProduction, binary(outcome, '!=', outcomes.cancelled)),
  ),
  record('deployment:stages_finished_timestamp_seconds:max', and(stagesFinished, outcome)),
  record(
    'deployment:rolled_back_after_seconds:last',
    and(clampMin(binary(raw.rollbackFinished, '-', hadItSince), 0), ended('rolled_back')),
  ),
];
