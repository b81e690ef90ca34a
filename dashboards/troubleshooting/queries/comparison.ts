import { binary, less, max, or, setLabel, times, union, type Vector } from '../../../src/metrics/index.ts';
import type { Pipeline } from '../../../src/pipeline/index.ts';
import { failureShareIn, latencyIn } from './application.ts';
import * as deployments from './deployment.ts';
import { chosen, compared, fact, type Which } from './deployment.ts';
import { named, passed, took } from './stages.ts';

/** The chosen deployment beside the one that it is compared with, measure by measure. */

type Measured = Vector<'name'>;
/** Something that is measured of each of the two. */
interface Measure {
  readonly of: (which: Which) => Measured;
  /** By how much the chosen one has more. */
  readonly difference: () => Measured;
}
const measure = (
  name: string,
  of: (which: Which) => Vector<string>,
  difference = binary(max(of(chosen)), '-', max(of(compared))),
): Measure => ({
  of: (which) => setLabel(max(of(which)), 'name', name),
  difference: () => setLabel(difference, 'name', name),
});

const stagesOf = (which: Which): Measured =>
  max(named(which === chosen ? took() : passed(compared)), { by: ['name'] });
const stages: Measure = {
  of: stagesOf,
  difference: () => binary(max(named(passed(chosen)), { by: ['name'] }), '-', stagesOf(compared)),
};
const durationOf = (which: Which): Vector<string> =>
  which === chosen ? deployments.durationOfChosen() : fact('deployment:duration_seconds:last', which);
const whole = measure(
  'push to finish',
  durationOf,
  binary(deployments.duration('good'), '-', max(durationOf(compared))),
);
const latencyAfter = measure('5 min after', (which) =>
  latencyIn(which === chosen ? 'after' : 'afterCompared'),
);
const requests = measure('requests in the 5 min after', (which) =>
  failureShareIn(which === chosen ? 'after' : 'afterCompared'),
);

/** Share of what failed; nothing made is no share. */
const failed = (name: string, what: 'health_checks' | 'smoke_tests'): Measure => {
  const passedOf = (which: Which): Vector<string> =>
    binary(
      fact(`deployment:${what}_passed:count`, which),
      '/',
      binary(fact(`deployment:${what}:count`, which), '>', 0),
    );
  const fewerPassed = binary(max(passedOf(compared)), '-', max(passedOf(chosen)));
  return measure(name, (which) => less(1, passedOf(which)), fewerPassed);
};
const checks = failed('health checks', 'health_checks');
const tests = failed('smoke tests', 'smoke_tests');

/** Of both all measures, and the differences one by one. */
const compare = (...measures: readonly [Measure, ...Measure[]]) => {
  const all = (which: Which): Measured => union(...measures.map(({ of }) => of(which)));
  return {
    chosen: () => all(chosen),
    compared: () => all(compared),
    differences: () => measures.map(({ difference }) => difference()),
  };
};

/** Seconds: each stage, and the whole. */
export const durations = compare(stages, whole);
/** Seconds that the API then took. */
export const latency = compare(latencyAfter);
/** Shares of what failed: less is better throughout. Of the application's requests too, where it has metrics. */
export const failuresFor = ({ application }: Pipeline) =>
  application ? compare(checks, tests, requests) : compare(checks, tests);

const both = <L extends string>(of: (which: Which) => Vector<L>): Vector<L | 'which'> =>
  or(setLabel(of(chosen), 'which', 'this'), setLabel(of(compared), 'which', 'compared with'));

/** Both versions, one row each. */
export const versions = {
  outcome: () => both(deployments.outcome),
  duration: () => both(deployments.durationOf),
  finished: () => times(1000, both(deployments.finished)),
  info: () => both(deployments.info),
} as const;
