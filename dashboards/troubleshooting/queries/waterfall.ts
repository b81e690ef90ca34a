import {
  and,
  binary,
  constant,
  countValues,
  group,
  max,
  metric,
  min,
  now,
  or,
  Scalar,
  scalar,
  setLabel,
  times,
  unless,
  type Vector,
  variable,
} from '../../../metrics/expression.ts';
import { barStates } from '../states.ts';
import {
  chosen,
  compared,
  type Deployment,
  deployment,
  fact,
  finished,
  pushed,
  started,
  triggered,
  withRunLog,
} from './deployment.ts';
import * as stages from './stages.ts';
import { byStage, type Stage } from './stages.ts';

/**
 * The waterfall: at each step of the time axis, the state of everything that went on then. A bar begins in the step
 * in which the stage began and ends in the one in which it ended, so that with steps of a second its first and last
 * second are the recorded ones. Prometheus answers series in the order of their labels, and `began` is the first.
 */

/** Labels of a row of the waterfall. */
export type Row = 'began' | 'log_url' | Stage;
/** Seconds between two steps. */
const step = scalar(new Scalar('${__interval_ms}'), '/', 1000);
const nextStep = scalar(now, '+', step);

/** Rows below those of stages that ran: what never ran, and waiting. */
const bottom = { neverRan: '8', waiting: '9' } as const;

const withRow = (v: Vector<Stage>): Vector<Row> =>
  binary(v, '*', stages.rows(), { on: byStage, groupLeft: ['began', 'log_url'] });

/** Stages that ended. */
const ended = (): Vector<Row> =>
  withRow(
    and(and(stages.endedState(), binary(stages.begin(), '<', nextStep)), binary(stages.end(), '>=', now)),
  );

/** Stages that run, up to the end of the time span; of a deployment that is over, up to its end. */
const unended = (): Vector<Row> =>
  withRow(
    unless(and(stages.openState(), binary(stages.begin(), '<', nextStep)), binary(finished(), '<', now), {
      on: [],
    }),
  );

/** What an earlier failure left undone, from that failure to the end of the deployment. */
const skipped = (): Vector<Row> => {
  const undone = constant(
    barStates.skipped,
    stages.neverRan(fact('deployment_stage:duration_seconds:last', compared)),
    { by: byStage },
  );
  const failure = binary(max(stages.failed()), '<', nextStep);
  const shown = and(and(undone, failure, { on: [] }), binary(finished(), '>=', now), { on: [] });
  return withRunLog(setLabel(shown, 'began', bottom.neverRan)) as Vector<Row>;
};

const services = { service: variable('service') } as const;
const checkTime = pushed(metric('deployment_health_check_timestamp_seconds', { ...chosen, ...services }));
const checkPassed = pushed(metric('deployment_health_check_success', { ...chosen, ...services }));
const byCheck = ['service', 'attempt'] as const;
const checkAt = max(checkTime, { by: byCheck });

/** Each health check in the step in which it ran; of several in one step the worst. */
const healthChecks = (): Vector<Row> => {
  const passed = max(checkPassed, { by: byCheck });
  const state = binary(times(barStates.success - barStates.failure, passed), '+', barStates.failure);
  const here = and(and(state, binary(checkAt, '<', nextStep)), binary(checkAt, '>=', now));
  const began = countValues('began', min(checkAt, { by: ['service'] }), { by: ['service'] });
  const dots = binary(max(here, { by: ['service'] }), '*', began, { on: ['service'], groupLeft: ['began'] });
  return withRunLog(setLabel(dots, 'stage', 'health checks')) as Vector<Row>;
};

/** Some stage runs at this very moment. */
const busy = (): Vector<Stage> =>
  or(
    and(binary(stages.end(), '>', now), binary(stages.begin(), '<=', now)),
    unless(binary(stages.open(), '<=', now), binary(finished(), '<=', now), { on: [] }),
  );
/** 1 at each moment between push and finish at which no stage runs. */
export const isWaiting = (): Vector<never> =>
  unless(unless(group(binary(triggered(), '<=', now)), group(binary(finished(), '<=', now))), group(busy()));

const waiting = (): Vector<Row> =>
  withRunLog(
    setLabel(setLabel(times(barStates.waiting, isWaiting()), 'stage', 'waiting'), 'began', bottom.waiting),
  ) as Vector<Row>;

/** All rows. */
export const waterfall = (): Vector<Row> =>
  or(or(or(or(ended(), unended()), skipped()), healthChecks()), waiting());

/** Seconds of waiting in each step; their sum is the time in which nothing was done. */
export const waitingSeconds = (): Vector<never> => binary(isWaiting(), '*', step);

/** 1 from the start to the finish of the deployment: what graphs mark. */
export const deploymentRegion = (): Vector<Deployment> =>
  unless(constant(1, binary(started(), '<=', now), { by: deployment }), binary(finished(), '<', now), {
    on: deployment,
  });
