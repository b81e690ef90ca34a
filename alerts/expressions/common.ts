import { ago, binary, metric, now, times, unless, type Vector } from '../../metrics/expression.ts';
import { type Deployment, deployment } from '../../slo/ledger/raw.ts';

/** What several alerts are made of. Times are values: Unix seconds at which something happened. */

/** Seconds since a moment. */
export const since = <L extends string>(moment: Vector<L>): Vector<L> => times(-1, binary(moment, '-', now));
/** Moments less than so many seconds ago. */
export const within = <L extends string>(moment: Vector<L>, seconds: number): Vector<L> =>
  binary(moment, '>', ago(seconds));

/** Without deployments that were rolled back: what was wrong with them is gone. */
export const unlessRolledBack = <L extends string>(v: Vector<L>): Vector<L> =>
  unless(v, metric('deployment:rolled_back_timestamp_seconds:max'), { on: deployment as never });

/** Moments of failure, without those after which a deployment to the same environment succeeded. */
export const unlessRepaired = (failedAt: Vector<Deployment>): Vector<Deployment> =>
  unless(
    failedAt,
    binary(failedAt, '<', metric('environment:succeeded_timestamp_seconds:max'), {
      on: ['environment'],
      groupLeft: [],
    }),
  );
