import {
  and,
  binary,
  constant,
  firstOf,
  group,
  max,
  metric,
  min,
  now,
  numberOf,
  or,
  Scalar,
  scalar,
  times,
  unless,
  type Vector,
  vector,
} from '../../../src/metrics/index.ts';
import { type BarState, barStates } from '../states.ts';
import { chosen, type Deployment, deployment, moment, pushed, started, withRunLog } from './deployment.ts';
import * as stages from './stages.ts';
import { byStage, type Stage, shown } from './stages.ts';

/**
 * The waterfall: at each step of the time axis, the state of everything that went on then. A bar begins in the step
 * in which the stage began and ends in the one in which it ended, so that with steps of a second its first and last
 * second are the recorded ones. Prometheus answers series in the order of their labels, and `began` is the first.
 */

const finished = (): Vector<never> => moment('finished_at');

/** Labels of a row of the waterfall. */
export type Row = 'began' | 'log_url' | Stage;
/** Seconds between two steps. */
const step = scalar(new Scalar('${__interval_ms}'), '/', 1000);
const nextStep = scalar(now, '+', step);

const withRow = (v: Vector<Stage>): Vector<Row> =>
  binary(v, '*', stages.rows(), { on: byStage, groupLeft: ['began', 'log_url'] });

/** Stages that ended, up to their end. */
const ended = (): Vector<Stage> => and(stages.endedState(), binary(stages.end(), '>=', now));
/** Stages that run, up to the end of the time span; of a deployment that is over, up to its end. */
const unended = (): Vector<Stage> => unless(stages.openState(), binary(finished(), '<', now), { on: [] });

/** Every stage that began, in the order in which they did. */
export const ran = (): Vector<Row> =>
  withRow(and(or(ended(), unended()), binary(stages.begin(), '<', nextStep)));

/** Stages that an earlier failure left undone, from that failure to the end of the deployment. */
export const skipped = (): Vector<Stage | 'log_url'> => {
  const undone = constant(barStates.skipped, stages.neverRan(), { by: byStage });
  const failure = binary(min(stages.failures(chosen)), '<', nextStep);
  const drawn = and(and(undone, failure, { on: [] }), binary(finished(), '>=', now), { on: [] });
  return withRunLog(drawn);
};

/** Seconds from the push to the beginning of each stage: what a bar leaves free. */
export const offset = (): Vector<Stage> => binary(stages.begin(), '-', numberOf('triggered_at'));
/** Until when a stage goes on of which no end is known: the end of the deployment, or now while it runs. */
const untilNow = (): Vector<Stage> =>
  binary(times(0, stages.open()), '+', firstOf<never>([], finished(), vector(now)), {
    on: [],
    groupLeft: [],
  });
/** Seconds that each stage took that is in this state. */
export const lengthIn = (state: BarState): Vector<Stage> => {
  const ofState =
    state === 'running' || state === 'lost'
      ? and(binary(untilNow(), '-', stages.begin()), binary(stages.openState(), '==', barStates[state]))
      : and(stages.stageDuration(), binary(stages.endedState(), '==', barStates[state]));
  return max(ofState, { by: byStage });
};
/** Stages that an earlier failure left undone, with the time of that failure as their offset. */
export const notReached = (): Vector<Stage> =>
  and(times(0, stages.neverRan()), and(min(stages.failures(chosen)), finished(), { on: [] }), { on: [] });

const byCheck = ['service', 'attempt'] as const;
/** When the checks were made that passed (1) or failed (0). */
const checksThat = (passed: 0 | 1): Vector<(typeof byCheck)[number]> =>
  and(
    max(pushed(metric('deployment_health_check_timestamp_seconds', shown)), {
      by: byCheck,
    }),
    binary(max(pushed(metric('deployment_health_check_success', shown)), { by: byCheck }), '==', passed),
  );
const inThisStep = <L extends string>(time: Vector<L>): Vector<L> =>
  binary(binary(time, '<', nextStep), '>=', now);

/** Each health check in the step in which it ran; of several in one step the worst. */
export const healthChecks = (): Vector<'service' | 'log_url'> =>
  withRunLog(
    firstOf(
      ['service'],
      constant(barStates.failure, inThisStep(checksThat(0)), { by: ['service'] }),
      constant(barStates.success, inThisStep(checksThat(1)), { by: ['service'] }),
    ),
  );

/** Some stage runs at this very moment, whichever services are shown. */
const busy = (): Vector<Stage> =>
  unless(binary(stages.begin(chosen), '<=', now), binary(stages.end(chosen), '<=', now));
/** 1 at each moment between push and finish at which no stage runs. */
export const isWaiting = (): Vector<never> =>
  unless(
    group(unless(binary(moment('triggered_at'), '<=', now), binary(finished(), '<=', now))),
    group(busy()),
  );

/** The same as a state. */
export const waiting = (): Vector<'log_url'> => withRunLog(times(barStates.waiting, isWaiting()));

/** Seconds of waiting in each step; their sum is the time in which nothing was done. */
export const waitingSeconds = (): Vector<never> => binary(isWaiting(), '*', step);

/** 1 from the start to the finish of the deployment: what graphs mark. */
export const deploymentRegion = (): Vector<Deployment> =>
  unless(constant(1, binary(started(), '<=', now), { by: deployment }), binary(finished(), '<', now), {
    on: [],
  });
