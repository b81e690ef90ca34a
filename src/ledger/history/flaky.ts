import {
  and,
  binary,
  clampMin,
  count,
  group,
  labelJoin,
  labelReplace,
  lastOverTime,
  max,
  metric,
  not,
  notOfKind,
  or,
  type PerDeployment,
  perDeployment,
  type RecordingRule,
  record,
  stageStatuses,
  sum,
  times,
  type Vector,
} from '../../metrics/index.ts';
import { finishedAt, onlyInWindow } from '../windows/window.ts';

/**
 * Stages and smoke tests that fail by chance: they failed, and passed in a later deployment of the same commit to the
 * same environment. A retry inside a step is known to no source. Failures are few, so that facts of them are cheap to
 * look back at, and each pass is compared with them once, when it is recorded.
 */

const perPart = [...perDeployment, 'part'] as const;
const perCommit = ['environment', 'part', 'commit'] as const;
type PerPart = (typeof perPart)[number];

/** Stages and smoke tests that ended so. */
const ended = (status: 'success' | 'failure'): Vector<PerPart> =>
  or(
    max(
      labelJoin(
        binary(
          metric('deployment_stage:status:code', { stage: notOfKind('rollback') }),
          '==',
          stageStatuses[status],
        ),
        'part',
        ' ',
        'service',
        'stage',
      ),
      { by: perPart },
    ),
    max(
      labelReplace(
        binary(metric('deployment_test:passed:bool'), '==', status === 'success' ? 1 : 0),
        'part',
        'smoke test $1',
        'test_name',
        '(.*)',
      ),
      { by: perPart },
    ),
  );

/** Time at which a deployment finished, with its commit. */
const finishedWithCommit = binary(
  finishedAt,
  '*',
  group(metric('deployment:reported_info:last', { commit: not('') }), { by: [...perDeployment, 'commit'] }),
  { on: perDeployment, groupLeft: ['commit'] },
);
const withCommit = (parts: Vector<PerPart>): Vector<PerPart | 'commit'> =>
  binary(times(0, parts), '+', finishedWithCommit, { on: perDeployment, groupLeft: ['commit'] });

const failed = metric('deployment_part:failed_timestamp_seconds:max');
const window = '30d';

/** Written with the rest of the timeline, of deployments that have finished. */
export const flakyFacts: readonly RecordingRule[] = [
  record('deployment_part:failed_timestamp_seconds:max', withCommit(ended('failure'))),
  record(
    'deployment_part:lost_seconds:last',
    binary(
      times(0, max(failed, { by: perPart })),
      '+',
      clampMin(binary(finishedAt, '-', metric('deployment:started_timestamp_seconds:min')), 0),
      { on: perDeployment, groupLeft: [] },
    ),
  ),
];

/** Failures that a later pass shows to be chance. */
const flaky = binary(
  onlyInWindow<PerDeployment | 'part' | 'commit'>(lastOverTime(failed, window), window),
  '<',
  max(lastOverTime(metric('deployment_part:passed_again_timestamp_seconds:max'), window), { by: perCommit }),
  { on: perCommit, groupLeft: [] },
);

/** How often that happened, and the time that it cost. */
export const flakyRules: readonly RecordingRule[] = [
  record(
    'deployment_part:passed_again_timestamp_seconds:max',
    and(withCommit(ended('success')), lastOverTime(failed, window), { on: perCommit }),
  ),
  record('environment_part:flaky_failures:count', count(flaky, { by: ['environment', 'part'] }), { window }),
  record(
    'environment_part:flaky_lost_seconds:sum',
    sum(and(lastOverTime(metric('deployment_part:lost_seconds:last'), window), flaky, { on: perPart }), {
      by: ['environment', 'part'],
    }),
    { window },
  ),
];
