import { outcomes } from '../../metrics/codes.ts';
import {
  ago,
  and,
  binary,
  max,
  metric,
  now,
  or,
  times,
  unless,
  type Vector,
} from '../../metrics/expression.ts';
import * as raw from '../../slo/ledger/raw.ts';
import { type Deployment, deployment } from '../../slo/ledger/raw.ts';

/** Expressions that several alerts are made of. Times are values: Unix seconds at which something happened. */

export const sameDeployment = { on: deployment };

/** Seconds since a moment. */
export const since = <L extends string>(moment: Vector<L>): Vector<L> => times(-1, binary(moment, '-', now));
/** Moments less than so many seconds ago. */
export const within = <L extends string>(moment: Vector<L>, seconds: number): Vector<L> =>
  binary(moment, '>', ago(seconds));

/** The last ten deployments of each environment, which the rules keep known for thirty days. */
export const recentOutcome = metric('recent_deployment:outcome:code');
export const recentFinish = metric('recent_deployment:finished_timestamp_seconds:max');
/** When those finished that ended in one way. */
export const finishedAs = (name: keyof typeof outcomes): Vector<Deployment> =>
  and(recentFinish, binary(recentOutcome, '==', outcomes[name]), sameDeployment);

/** Deployments that were rolled back, as far as the gateway or the ledger knows. */
const rolledBack: Vector<Deployment> = or(
  unless(raw.rollbackSucceeded, raw.rollbackFailed, sameDeployment),
  binary(recentOutcome, '==', outcomes.rolled_back),
  sameDeployment,
);
/** Without deployments that were rolled back: what was wrong with them is gone. */
export const unlessRolledBack = <L extends string>(v: Vector<L>): Vector<L> =>
  unless(v, rolledBack, { on: deployment as never });

/** When the last deployment of each environment finished that succeeded. */
const lastSuccess: Vector<'environment'> = max(finishedAs('success'), { by: ['environment'] });
/** Moments of failure, without those after which a deployment to the same environment succeeded. */
export const unlessRepaired = <L extends string>(failedAt: Vector<L>): Vector<L> =>
  unless(failedAt, binary(failedAt, '<', lastSuccess, { on: ['environment'] as never, groupLeft: [] }), {
    on: deployment as never,
  });
