import { stageStatuses } from '../../../metrics/codes.ts';
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
  min,
  oneOf,
  or,
  topk,
  unless,
  type Vector,
  variable,
} from '../../../metrics/expression.ts';
import { barStates } from '../states.ts';
import { chosen, type Deployment, finished, held, pushed, type Which, withRunLog } from './deployment.ts';

/** What is known of the stages of one deployment: when each began and ended, and how. */

export const byStage = ['service', 'stage'] as const;
export type Stage = (typeof byStage)[number];

/** Only the services that are chosen. */
const services = { service: variable('service') } as const;

/** When the last try of each stage began. */
export const begin = (which: Which = chosen): Vector<Stage> =>
  min(pushed(metric('deployment_stage_started_timestamp_seconds', { ...which, ...services })), {
    by: byStage,
  });
const reportedEnd = (which: Which): Vector<Stage> =>
  max(pushed(metric('deployment_stage_finished_timestamp_seconds', { ...which, ...services })), {
    by: byStage,
  });
/** When it ended. The end of an earlier try is none: it lies before the beginning. */
export const end = (which: Which = chosen): Vector<Stage> =>
  unless(reportedEnd(which), binary(reportedEnd(which), '<', begin(which)));
/** How it ended. */
export const status = (which: Which = chosen): Vector<Stage> =>
  and(
    max(pushed(metric('deployment_stage_status_code', { ...which, ...services })), { by: byStage }),
    end(which),
  );
/** Stages that began and have not said that they ended. */
export const open = (which: Which = chosen): Vector<Stage> => unless(begin(which), end(which));
/** 1 for each stage of which anything is known. */
const seen = (): Vector<Stage> => group(or(begin(), reportedEnd(chosen)), { by: byStage });
export const stageDuration = (which: Which = chosen): Vector<Stage> => binary(end(which), '-', begin(which));
/** Stages that failed: when they ended. */
export const failed = (which: Which = chosen): Vector<Stage> =>
  and(end(which), binary(status(which), '==', stageStatuses.failure));

/** Usual duration of every stage of the environment in the thirty days up to the end of the time span. */
export const usual = (level: 'p50' | 'p95'): Vector<Stage> =>
  max(
    lastOverTime(
      metric(`environment_stage:duration_seconds:${level}`, {
        environment: oneOf('environment'),
        window: '30d',
        ...services,
      }),
      '1h',
      { at: 'end()' },
    ),
    { by: byStage },
  );

/** The same, of the stages of this deployment. */
export const usualOfSeen = (level: 'p50' | 'p95'): Vector<Stage> => and(usual(level), begin());

/** Stages that succeeded and took longer than 95 % of their kind. */
const slow = (): Vector<Stage> =>
  and(binary(stageDuration(), '>', usual('p95')), binary(status(), '==', stageStatuses.success));

/** State of each stage that ended. */
export const endedState = (): Vector<Stage> =>
  firstOf<Stage>(byStage, constant(barStates.slow, slow(), { by: byStage }), status());
/** State of each stage that has not: it runs, or nobody will ever say how it ended. */
export const openState = (): Vector<Stage> =>
  firstOf<Stage>(
    byStage,
    and(constant(barStates.lost, open(), { by: byStage }), finished(), { on: [] }),
    constant(barStates.running, open(), { by: byStage }),
  );

/** Stages that the deployment it is compared with passed, and that this one never reached. */
export const neverRan = (passedBefore: Vector<Deployment | Stage>): Vector<Stage> =>
  unless(group(passedBefore, { by: byStage }), seen());

const infoOf = metric('deployment_stage_info', { ...chosen, ...services });
const logLabels = [...byStage, 'log_url'] as const;
/** The address of each stage's log; that of the run where it has none. */
export const logs = (): Vector<Stage | 'log_url'> =>
  firstOf(
    byStage as readonly ('service' | 'stage')[],
    topk(1, max(held(infoOf), { by: logLabels }), { by: byStage }),
    topk(1, max(pushed(infoOf), { by: logLabels }), { by: byStage }),
    withRunLog(seen()),
  ) as Vector<Stage | 'log_url'>;

/** Always 1, with the beginning as the label by which Prometheus sorts what it answers, and the log. */
export const rows = (): Vector<Stage | 'began' | 'log_url'> =>
  binary(countValues('began', begin(), { by: byStage }), '*', logs(), {
    on: byStage,
    groupLeft: ['log_url'],
  });

/** "api build" in one label, for lists. */
export const named = <L extends string>(v: Vector<L>): Vector<L | 'name'> =>
  labelJoin(v as Vector<string>, 'name', ' ', 'service', 'stage') as Vector<L | 'name'>;
