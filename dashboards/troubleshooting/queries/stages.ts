import {
  and,
  binary,
  constant,
  countValues,
  firstOf,
  group,
  labelJoin,
  lastOverTime,
  max,
  metric,
  numberOf,
  oneOf,
  or,
  Scalar,
  stageStatuses,
  times,
  topk,
  unless,
  type Vector,
  variable,
} from '../../../src/metrics/index.ts';
import { barStates } from '../states.ts';
import { chosen, compared, type Deployment, fact, pushed } from './deployment.ts';

/** Facts of the stages of one deployment: when each began and ended, and how. */

export const byStage = ['service', 'stage'] as const;
export type Stage = (typeof byStage)[number];

/** Stages of the services that are chosen; `chosen` alone has those of all. */
export const shown = { ...chosen, service: variable('service') } as const;
type Scope = typeof chosen | typeof shown;

/** When the last try of each stage began. */
export const begin = (scope: Scope = shown): Vector<Stage> =>
  max(pushed(metric('deployment_stage:started_timestamp_seconds:min', scope)), { by: byStage });
/** When it ended; 0 while it goes on. */
const endOrNone = (scope: Scope): Vector<Stage> =>
  max(pushed(metric('deployment_stage:finished_timestamp_seconds:max', scope)), { by: byStage });
/** When it ended. */
export const end = (scope: Scope = shown): Vector<Stage> => binary(endOrNone(scope), '>', 0);
/** How it ended, or an earlier try of it. */
const status = (): Vector<Stage> =>
  max(pushed(metric('deployment_stage:status:code', shown)), { by: byStage });
/** Stages that began and have not said that they ended. */
export const open = (scope: Scope = shown): Vector<Stage> =>
  and(begin(scope), binary(endOrNone(scope), '==', 0));
/** How long it took. */
export const stageDuration = (): Vector<Stage> => binary(end(), '-', begin());

const byWords = [...byStage, 'error_type', 'message', 'log_url'] as const;
/** When stages failed and what they said, the last try of each; one that was tried again has not failed. */
export const failures = (scope: Scope = shown): Vector<(typeof byWords)[number]> => {
  const tries = pushed(metric('deployment_stage:failed_timestamp_seconds:max', scope));
  const last = binary(tries, '==', endOrNone(scope), { on: byStage, groupLeft: [] });
  return max(topk(1, last, { by: byStage }), { by: byWords });
};

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

/** How long the stages took of the one that it is compared with; known of those that succeeded. */
export const passedBefore = (): Vector<Deployment | Stage> =>
  fact('deployment_stage:duration_seconds:last', { ...compared, service: variable('service') });

/** Stages that succeeded and took longer than 95 % of their kind. */
const slow = (): Vector<Stage> =>
  and(binary(stageDuration(), '>', usual('p95')), binary(status(), '==', stageStatuses.success));

/** State of each stage that ended. */
export const endedState = (): Vector<Stage> =>
  firstOf<Stage>(byStage, constant(barStates.slow, slow(), { by: byStage }), status());
/** State of each stage that has not: it runs (0), or, of a deployment that is over, its end will never be known. */
export const openState = (): Vector<Stage> =>
  times(
    new Scalar(`(${barStates.lost} * (${numberOf('finished_at')} > bool 0))`),
    group(open(), { by: byStage }),
  );

/** Stages that the deployment it is compared with passed, and that this one never reached. */
export const neverRan = (): Vector<Stage> =>
  unless(group(passedBefore(), { by: byStage }), or(begin(chosen), end(chosen)));

/** When its last try began, with the address of its log; that of the run where it has none. */
const logged = (): Vector<Deployment | Stage | 'log_url'> =>
  topk(1, pushed(metric('deployment_stage:logged_timestamp_seconds:min', shown)), { by: byStage });
/** When stages began that have not said that they ended, with the addresses of their logs. */
export const openWithLogs = (): Vector<Stage | 'log_url'> =>
  max(and(logged(), binary(endOrNone(shown), '==', 0), { on: byStage }), { by: [...byStage, 'log_url'] });

/** Always 1, with the beginning as the label by which Prometheus sorts what it answers, and the log. */
export const rows = (): Vector<Stage | 'began' | 'log_url'> =>
  countValues('began', logged(), { by: [...byStage, 'log_url'] });

/** "api build" in one label, for lists. */
export const named = <L extends string>(v: Vector<L>): Vector<L | 'name'> =>
  labelJoin(v as Vector<string>, 'name', ' ', 'service', 'stage') as Vector<L | 'name'>;
