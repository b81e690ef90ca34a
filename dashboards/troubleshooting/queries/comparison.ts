import {
  binary,
  type LabelName,
  type MetricName,
  max,
  or,
  setLabel,
  times,
  type Vector,
} from '../../../src/metrics/index.ts';
import type { Pipeline } from '../../../src/pipeline/index.ts';
import { failureShareIn, latencyIn } from './application.ts';
import * as deployments from './deployment.ts';
import { chosen, compared, fact, type Which } from './deployment.ts';
import { named, passedBefore, stageDuration } from './stages.ts';

/** The chosen deployment beside the one that it is compared with, measure by measure. */

type Measured = Vector<'name'>;
const measure = (name: string, v: Vector<string>): Measured => setLabel(max(v), 'name', name);
const all = (...measures: Measured[]): Measured => measures.reduce((left, right) => or(left, right));

/** Seconds: each stage, and the whole. */
const durationsOf = (which: Which): Measured => {
  const own = which === chosen;
  const stages = own ? stageDuration() : passedBefore();
  const whole = own ? deployments.durationOfChosen() : deployments.durationOf(which);
  return all(max(named(stages), { by: ['name'] }), measure('push to finish', whole));
};

/** Seconds that the API then took. */
const latencyOf = (which: Which): Measured =>
  measure('5 min after', latencyIn(which === chosen ? 'after' : 'afterCompared'));

/** Nothing made is no share. */
const missed = <M extends MetricName, N extends MetricName>(
  passed: Vector<LabelName<M>>,
  made: Vector<LabelName<N>>,
): Vector<string> => binary(times(-1, binary(passed, '/', binary(made, '>', 0))), '+', 1);

/** Shares of what failed: less is better throughout, so that one colour means one thing. */
const failuresOf =
  (withRequests: boolean) =>
  (which: Which): Measured =>
    all(
      ...(withRequests
        ? [
            measure(
              'requests in the 5 min after',
              failureShareIn(which === chosen ? 'after' : 'afterCompared'),
            ),
          ]
        : []),
      measure(
        'health checks',
        missed(
          fact('deployment:health_checks_passed:count', which),
          fact('deployment:health_checks:count', which),
        ),
      ),
      measure(
        'smoke tests',
        missed(
          fact('deployment:smoke_tests_passed:count', which),
          fact('deployment:smoke_tests:count', which),
        ),
      ),
    );

const compare = (of: (which: Which) => Measured) => ({
  chosen: () => of(chosen),
  compared: () => of(compared),
  /** Above 0: worse than the one it is compared with. */
  difference: () => binary(of(chosen), '-', of(compared)),
});

export const durations = compare(durationsOf);
export const latency = compare(latencyOf);
/** Of the application's requests too, where it has metrics. */
export const failuresFor = ({ application }: Pipeline) => compare(failuresOf(application !== undefined));

const both = <L extends string>(of: (which: Which) => Vector<L>): Vector<L | 'which'> =>
  or(setLabel(of(chosen), 'which', 'this'), setLabel(of(compared), 'which', 'compared with'));

/** Both versions, one row each. */
export const versions = {
  outcome: () => both(deployments.outcome),
  duration: () => both(deployments.durationOf),
  finished: () => times(1000, both(deployments.finished)),
  info: () => both(deployments.info),
} as const;
