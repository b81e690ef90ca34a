import {
  and,
  binary,
  constant,
  group,
  less,
  max,
  metric,
  min,
  now,
  numberOf,
  or,
  type PerDeployment,
  perDeployment,
  Scalar,
  scalar,
  times,
  unless,
  type Vector,
} from '../../../src/metrics/index.ts';
import { type BarState, barStates } from '../states.ts';
import { chosen, moment, pushed, started, withRunLog } from './deployment.ts';
import * as stages from './stages.ts';
import { byStage, type Stage, shown } from './stages.ts';

/**
 * The waterfall: at each step of the time axis, the state of everything that went on then. A bar begins in the step
 * in which the stage began and ends in the one in which it ended, so that with steps of a second its first and last
 * second are the recorded ones. Prometheus answers series in the order of their labels, and `began` is the first.
 */

const finishedMoment = (): Vector<never> => moment('finished_at');

/** Labels of a row of the waterfall. */
export type Row = 'began' | 'log_url' | Stage;
/** Seconds between two steps. */
const step = scalar(new Scalar('${__interval_ms}'), '/', 1000);
const nextStep = scalar(now, '+', step);

/** In the order in which they began, from then on. */
const withRow = (v: Vector<Stage>): Vector<Row> =>
  binary(v, '*', stages.rows(nextStep), { on: byStage, groupLeft: ['began', 'log_url'] });

/** Stages that ended, up to their end. */
export const ended = (): Vector<Row> => withRow(and(stages.endedState(), binary(stages.finish(), '>=', now)));
/** Stages that run, up to the end of the time span; of a deployment that is over, up to its end. */
export const unended = (): Vector<Row> =>
  withRow(unless(stages.openState(), binary(finishedMoment(), '<', now), { on: [] }));

/** Stages that an earlier failure left undone, from that failure to the end of the deployment. */
export const skipped = (): Vector<Stage | 'log_url'> => {
  const undone = constant(barStates.skipped, stages.neverRan(), { by: byStage });
  const failure = binary(min(stages.failedAt(chosen)), '<', nextStep);
  const drawn = and(and(undone, failure, { on: [] }), binary(finishedMoment(), '>=', now), { on: [] });
  return withRunLog(drawn);
};

/** Seconds from the push to the beginning of each stage: what a bar leaves free. */
export const offset = (): Vector<Stage> => binary(stages.begin(), '-', numberOf('triggered_at'));
const longerThanUsual = (took: Vector<Stage>): Vector<Stage> => binary(took, '>', stages.usual('p95'));
/** Seconds that each stage took that is in this state. */
export const lengthIn = (state: Exclude<BarState, 'waiting'>): Vector<Stage> => {
  switch (state) {
    case 'running':
      return unless(stages.openUntil(now), finishedMoment(), { on: [] });
    case 'lost':
      return and(stages.openUntil(numberOf('finished_at')), finishedMoment(), { on: [] });
    case 'slow':
      return longerThanUsual(stages.durationOfThose('success'));
    case 'success':
      return unless(stages.durationOfThose(state), longerThanUsual(stages.stageDuration()));
    default:
      return stages.durationOfThose(state);
  }
};
/** Stages that an earlier failure left undone, with the time of that failure as their offset. */
export const notReached = (): Vector<Stage> =>
  and(times(0, stages.neverRan()), and(min(stages.failedAt(chosen)), finishedMoment(), { on: [] }), {
    on: [],
  });

const inThisStep = <L extends string>(time: Vector<L>): Vector<L> =>
  binary(binary(time, '<', nextStep), '>=', now);
/** States of health checks: 1 for one that passed, 4 for one that failed. */
const checks = less(
  barStates.failure,
  times(barStates.failure - barStates.success, pushed(metric('deployment_health_check_success', shown))),
);
/** Each health check in the step in which it ran; of several in one step the worst. */
export const healthChecks = (): Vector<'service' | 'log_url'> =>
  withRunLog(
    max(
      and(checks, inThisStep(pushed(metric('deployment_health_check_timestamp_seconds', shown))), {
        on: ['service', 'attempt'],
      }),
      { by: ['service'] },
    ),
  );

/** Some stage runs at this very moment, whichever services are shown. */
const busy = (): Vector<Stage> =>
  unless(binary(stages.begin(chosen), '<=', now), binary(stages.end(chosen), '<=', now));
/** 1 at each moment between push and finish. */
const goesOn = (): Vector<never> =>
  group(unless(binary(moment('triggered_at'), '<=', now), binary(finishedMoment(), '<=', now)));
/** 1 at each of these moments at which no stage runs. */
export const isWaiting = (): Vector<never> => unless(goesOn(), group(busy()));

/** The same as a state. */
export const waiting = (): Vector<'log_url'> => withRunLog(times(barStates.waiting, isWaiting()));

/** Seconds of waiting in each step, 0 while a stage runs; their sum is the time in which nothing was done. */
export const waitingSeconds = (): Vector<never> => or(binary(isWaiting(), '*', step), times(0, goesOn()));

/** 1 from the start to the finish of the deployment: what graphs mark. */
export const deploymentRegion = (): Vector<PerDeployment> =>
  unless(
    constant(1, binary(started(), '<=', now), { by: perDeployment }),
    binary(finishedMoment(), '<', now),
    {
      on: [],
    },
  );
