import {
  and,
  binary,
  countValues,
  group,
  type LabelName,
  labelJoin,
  lastOverTime,
  less,
  max,
  metric,
  numberOf,
  oneOf,
  or,
  type PerDeployment,
  Scalar,
  stageStatuses,
  topk,
  unless,
  type Vector,
  variable,
  withValue,
} from '../../../src/metrics/index.ts';
import { barStates } from '../states.ts';
import { chosen, compared, fact, pushed, type Which } from './deployment.ts';

/** Facts of the stages of one deployment: when each began and ended, and how. */

export const byStage = ['service', 'stage'] as const;
export type Stage = (typeof byStage)[number];

/** Stages of the services that are chosen; `chosen` alone has those of all. */
export const shown = { ...chosen, service: variable('service') } as const;
type Scope = typeof chosen | typeof shown;

const byOf = <L extends string>(v: Vector<L | Stage>): Vector<Stage> => max(v, { by: byStage });
const startOf = (scope: Scope) => pushed(metric('deployment_stage:started_timestamp_seconds:min', scope));
/** 0 while it goes on. */
const finishOf = (scope: Scope) => pushed(metric('deployment_stage:finished_timestamp_seconds:max', scope));
/** How it ended, or an earlier try of it. */
const statusOf = (scope: Scope) => pushed(metric('deployment_stage:status:code', scope));
const endOf = (scope: Scope) => binary(finishOf(scope), '>', 0);

/** When the last try of each stage began. */
export const begin = (scope: Scope = shown): Vector<Stage> => byOf(startOf(scope));
/** When it ended; 0 while it goes on. */
export const finish = (): Vector<Stage> => byOf(finishOf(shown));
/** When it ended. */
export const end = (scope: Scope = shown): Vector<Stage> => byOf(endOf(scope));
/** How long it took, with the labels of the deployment. */
export const took = (): Vector<PerDeployment | Stage> => binary(endOf(shown), '-', startOf(shown));
/** How long it took. */
export const stageDuration = (): Vector<Stage> => byOf(took());
/** The same of those that ended in this way. */
export const durationOfThose = (how: keyof typeof stageStatuses): Vector<Stage> =>
  byOf(and(took(), binary(statusOf(shown), '==', stageStatuses[how])));
/** Seconds until a moment of the stages that began and have not said that they ended. */
export const openUntil = (moment: Scalar): Vector<Stage> =>
  byOf(and(less(moment, startOf(shown)), binary(finishOf(shown), '==', 0)));
/** When stages failed, the last try of each; one that was tried again has not failed. */
export const failedAt = (scope: Scope = shown): Vector<Stage> =>
  byOf(and(endOf(scope), binary(statusOf(scope), '==', stageStatuses.failure)));

/** The same with what they said and the addresses of their logs. */
export const failures = (): Vector<LabelName<'deployment_stage:failed_timestamp_seconds:max'>> =>
  binary(
    pushed(metric('deployment_stage:failed_timestamp_seconds:max', shown)),
    '==',
    byOf(finishOf(shown)),
    { on: byStage, groupLeft: [] },
  );

/** Usual duration of every stage of the environment in the thirty days up to the end of the time span. */
export const usual = (level: 'p50' | 'p95'): Vector<Stage> =>
  max(
    lastOverTime(
      metric(`environment_stage:duration_seconds:${level}`, {
        environment: oneOf('environment'),
        window: '30d',
        service: variable('service'),
      }),
      '1h',
      { at: 'end()' },
    ),
    { by: byStage },
  );

/** The same, of the stages of this deployment. */
export const usualOfSeen = (level: 'p50' | 'p95'): Vector<Stage> => and(usual(level), begin());

/** How long the stages of a deployment took that succeeded; known once it is over. */
export const passed = (which: Which): Vector<PerDeployment | Stage> =>
  fact('deployment_stage:duration_seconds:last', { ...which, service: variable('service') });

/** How each stage ended, those that took longer than 95 % of their kind once the deployment is over told apart. */
export const endedState = (): Vector<Stage> => {
  const took = and(
    pushed(metric('deployment_stage:duration_seconds:last', shown)),
    binary(statusOf(shown), '==', stageStatuses.success),
  );
  const slow = withValue(barStates.slow, binary(byOf(took), '>', usual('p95')));
  return or(slow, byOf(statusOf(shown)));
};
/** State of each stage that has not: it runs (0), or, of a deployment that is over, its end will never be known. */
export const openState = (): Vector<Stage> =>
  byOf(
    binary(
      binary(finishOf(shown), '==', 0),
      '+',
      new Scalar(`(${barStates.lost} * (${numberOf('finished_at')} > bool 0))`),
    ),
  );

/** Stages that the deployment it is compared with passed, and that this one never reached. */
export const neverRan = (): Vector<Stage> =>
  unless(group(passed(compared), { by: byStage }), logged(chosen), { on: byStage });

/** When its last try began, with the address of its log; that of the run where it has none. */
const logged = (scope: Scope): Vector<PerDeployment | Stage | 'log_url'> =>
  pushed(metric('deployment_stage:logged_timestamp_seconds:min', scope));

/**
 * Of stages that began before a moment always 1, with the beginning as the label by which Prometheus sorts what it
 * answers, and the log.
 */
export const rows = (moment: Scalar): Vector<Stage | 'began' | 'log_url'> =>
  countValues('began', binary(topk(1, logged(shown), { by: byStage }), '<', moment), {
    by: [...byStage, 'log_url'],
  });

/** "api build" in one label, for lists. */
export const named = <L extends string>(v: Vector<L>): Vector<L | 'name'> =>
  labelJoin(v as Vector<string>, 'name', ' ', 'service', 'stage') as Vector<L | 'name'>;
