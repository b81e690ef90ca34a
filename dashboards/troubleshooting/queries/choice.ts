import { latelyOf, listedAround } from '../../../src/ledger/index.ts';
import {
  and,
  binary,
  clampMax,
  clampMin,
  countValues,
  firstOf,
  floor,
  labelJoin,
  labelled,
  labelReplace,
  max,
  namesOf,
  now,
  numberOf,
  ofKind,
  oneOf,
  or,
  outcomes,
  type PerDeployment,
  perDeployment,
  scalar,
  setLabel,
  target,
  times,
  topk,
  unless,
  type Vector,
  vector,
} from '../../../src/metrics/index.ts';
import {
  chosen,
  compared,
  fact,
  finished,
  heldFor,
  info,
  moment,
  outcome,
  started,
  triggered,
  type Which,
} from './deployment.ts';

/** Queries of the dashboard's variables: the deployment list, and when the chosen one began and ended. */

const here = { environment: chosen.environment } as const;

/** Start and outcome of what is offered, and of one that was named and is older than all of that. */
const listed = (named: Which): Vector<PerDeployment> =>
  firstOf<PerDeployment>(
    perDeployment,
    latelyOf('listing', here),
    fact('deployment_choice:listing:code', named),
  );

/** "2025-10-15 09:05:07 failure 17000123" (UTC) as the label `choice`, beside the id. */
const choices = (named: Which): Vector<'choice' | 'deployment_id'> => {
  const digits = countValues('digits', listed(named), { by: perDeployment });
  const when = labelReplace(digits, 'time', '$1-$2-$3 $4:$5:$6', 'digits', '(....)(..)(..)(..)(..)(..).');
  const known = namesOf(outcomes).reduce<Vector<PerDeployment | 'digits' | 'time' | 'outcome'>>(
    (v, name) => labelReplace(v, 'outcome', name, 'digits', `.*${outcomes[name]}`),
    when as Vector<PerDeployment | 'digits' | 'time' | 'outcome'>,
  );
  return max(labelJoin(known, 'choice', ' ', 'time', 'outcome', 'deployment_id'), {
    by: ['choice', 'deployment_id'],
  });
};

/** Deployments of the environment, with the one that is chosen: Grafana lets go of what is not among its choices. */
export const deployments = (): Vector<'choice' | 'deployment_id'> => choices(chosen);

/** The value that stands for the success before the chosen deployment. */
export const previousSuccess = 'previous';
const picked = { environment: oneOf('environment'), deployment_id: oneOf('comparison') } as const;
/** Deployments to compare with: the others of its environment, and the last success before it. */
export const comparisons = (): Vector<'choice' | 'deployment_id'> =>
  or(
    unless(choices(picked), labelled('deployment_id', 'deployment'), { on: ['deployment_id'] }),
    setLabel(setLabel(vector(1), 'choice', 'previous success'), 'deployment_id', previousSuccess),
  );

const previous = setLabel(vector(1), 'deployment_id', previousSuccess);

/** The deployment to compare with, as one series: the one that was picked, or the last success before the chosen one. */
export const resolvedComparison = (): Vector<'deployment_id'> => {
  const named = unless(labelled('deployment_id', 'comparison'), previous, { on: ['deployment_id'] });
  const ended = listedAround('finished', here);
  const good = and(ended, binary(listedAround('outcome', here), '==', outcomes.success), {
    on: perDeployment,
  });
  const before = and(
    topk(1, binary(good, '<', scalar(numberOf('started_at'), '+', 1))),
    moment('triggered_at'),
    { on: [] },
  );
  return firstOf(
    [],
    named as Vector<never>,
    max(before, { by: ['deployment_id'] }) as Vector<never>,
  ) as Vector<'deployment_id'>;
};

const orZero = (v: Vector<PerDeployment>): Vector<never> => firstOf([], max(v), vector(0));
/** When it was pushed; 0, if there is none. */
export const triggeredAt = (): Vector<never> => orZero(triggered());
/** When it finished; 0, while it runs. */
export const finishedAt = (): Vector<never> => orZero(finished());
/** How it ended; 0, while it runs. */
export const outcomeCode = (): Vector<never> => orZero(outcome());
/** The address of its run. */
export const runUrl = (): Vector<'run_url'> => max(info(), { by: ['run_url'] });

const wholeSeconds = (time: Vector<PerDeployment>): Vector<never> => max(floor(time));
const orNow = (time: Vector<never>): Vector<never> => firstOf([], time, vector(now));

/** When it started; now, if there is none. Unix seconds. */
export const startedAt = (): Vector<never> => orNow(wholeSeconds(started()));
const rolledBackAt = max(
  fact('deployment_stage:finished_timestamp_seconds:max', { ...chosen, stage: ofKind('rollback') }),
);
const over = moment('finished_at');
/** When it was over, a rollback included; now, while it runs. */
export const endedAt = (): Vector<never> =>
  orNow(floor(firstOf([], and(binary(rolledBackAt, '>', numberOf('finished_at')), over), over)));
/** How many seconds it went on; at least two minutes, so that something was scraped meanwhile. */
export const lasted = (): Vector<never> =>
  clampMin(vector(scalar(numberOf('ended_at'), '-', numberOf('started_at'))), 120);
/** The time span of the deployment, milliseconds: from a minute before its push to a quarter of an hour after its end, never beyond now. */
export const spanFrom = (): Vector<never> =>
  times(1000, floor(vector(scalar(numberOf('triggered_at'), '-', 60))));
export const spanTo = (): Vector<never> =>
  times(1000, floor(clampMax(vector(scalar(numberOf('ended_at'), '+', target('observedSeconds'))), now)));
/** Until when the gateway may have held what was pushed. */
export const until = (): Vector<never> => vector(scalar(numberOf('ended_at'), '+', heldFor));
/** When the deployment that it is compared with was over; 0, when nothing was measured, if there is none. */
export const comparedEndedAt = (): Vector<never> => firstOf([], wholeSeconds(finished(compared)), vector(0));
