import {
  ago,
  binary,
  less,
  metric,
  now,
  type PerDeployment,
  perDeployment,
  type Scalar,
  unless,
  type Vector,
} from '../../src/metrics/index.ts';

/** Parts of several alerts. Times are values: Unix seconds at which something happened. */

/** Seconds since a moment. */
export const since = <L extends string>(moment: Vector<L>): Vector<L> => less(now, moment);
/** Moments less than so many seconds ago. */
export const within = <L extends string>(moment: Vector<L>, seconds: Scalar | number): Vector<L> =>
  binary(moment, '>', ago(seconds));

/** Without deployments after which a later one to the same environment succeeded. */
export const unlessSuperseded = <L extends string>(v: Vector<L | PerDeployment>): Vector<L | PerDeployment> =>
  unless(v, metric('deployment:superseded:bool'), { on: perDeployment });

/** Without deployments that were rolled back or superseded: what was wrong with them is no longer live. */
export const unlessOver = <L extends string>(v: Vector<L | PerDeployment>): Vector<L | PerDeployment> =>
  unlessSuperseded(unless(v, metric('deployment:rolled_back_timestamp_seconds:max'), { on: perDeployment }));
