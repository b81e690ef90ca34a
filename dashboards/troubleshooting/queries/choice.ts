import { namesOf, outcomes } from '../../../metrics/codes.ts';
import {
  and,
  binary,
  countValues,
  firstOf,
  labelJoin,
  labelReplace,
  max,
  now,
  oneOf,
  or,
  setLabel,
  times,
  topk,
  unless,
  type Vector,
  vector,
} from '../../../metrics/expression.ts';
import {
  dayOfMonth,
  floor,
  hour,
  labelled,
  minute,
  month,
  scalarOf,
  year,
} from '../../../metrics/functions.ts';
import { latelyOf } from '../../../slo/history/choices.ts';
import { cell } from '../../lib/cell.ts';
import {
  chosen,
  compared,
  type Deployment,
  deployment,
  fact,
  finished,
  started,
  type Which,
} from './deployment.ts';

/** What the dashboard's variables ask: which deployments there are, and when the chosen one began and ended. */

const here = { environment: chosen.environment } as const;

/**
 * A time as digits, 20251015090507: PromQL has no way to write a time, but it can make a label of a number, and
 * then put hyphens and colons between its digits.
 */
const digits = (time: Vector<Deployment>): Vector<Deployment> =>
  [
    times(1e10, year(time)),
    times(1e8, month(time)),
    times(1e6, dayOfMonth(time)),
    times(1e4, hour(time)),
    times(100, minute(time)),
    floor(binary(time, '%', 60)),
  ].reduce((sum, part) => binary(sum, '+', part));

/** A column of the list, and of one that was named and is older than all of them. */
const listed = (column: 'started' | 'outcome', named: Which): Vector<Deployment> =>
  firstOf<Deployment>(
    deployment,
    latelyOf(column, here),
    cell(
      fact(
        column === 'started' ? 'deployment:started_timestamp_seconds:min' : 'deployment:outcome:code',
        named,
      ),
    ),
  );

/** "2025-10-15 09:05:07 failure 17000123" (UTC) as the label `choice`, beside the id. */
const choices = (named: Which): Vector<'choice' | 'deployment_id'> => {
  const when = labelReplace(
    countValues('digits', digits(listed('started', named)), { by: deployment }),
    'time',
    '$1-$2-$3 $4:$5:$6',
    'digits',
    '(....)(..)(..)(..)(..)(..)',
  );
  const codes: Vector<Deployment | 'outcome'> = countValues('outcome', listed('outcome', named), {
    by: deployment,
  });
  const words = namesOf(outcomes).reduce(
    (v, name) => labelReplace(v, 'outcome', name, 'outcome', String(outcomes[name])),
    codes,
  );
  const known = binary(when, '*', words, { on: deployment, groupLeft: ['outcome'] });
  return max(labelJoin(known, 'choice', ' ', 'time', 'outcome', 'deployment_id'), {
    by: ['choice', 'deployment_id'],
  });
};

/** Deployments of the environment, with the one that is chosen: Grafana lets go of what is not among its choices. */
export const deployments = (): Vector<'choice' | 'deployment_id'> => choices(chosen);

/** The value that stands for the success before the chosen deployment. */
export const previousSuccess = 'previous';
const picked = { environment: oneOf('environment'), deployment_id: oneOf('comparison') } as const;
/** What it can be compared with: any other deployment, and first the one that was live before it. */
export const comparisons = (): Vector<'choice' | 'deployment_id'> =>
  or(
    unless(choices(picked), labelled('deployment_id', 'deployment'), { on: ['deployment_id'] }),
    setLabel(setLabel(vector(1), 'choice', 'previous success'), 'deployment_id', previousSuccess),
  );

const previous = setLabel(vector(1), 'deployment_id', previousSuccess);

/** The deployment to compare with, as one series: the one that was picked, or the last success before the chosen one. */
export const resolvedComparison = (): Vector<'deployment_id'> => {
  const named = unless(labelled('deployment_id', 'comparison'), previous, { on: ['deployment_id'] });
  const ended = latelyOf('finished', here);
  const good = and(ended, binary(latelyOf('outcome', here), '==', outcomes.success), { on: deployment });
  const before = topk(1, binary(good, '<=', scalarOf(started())));
  return firstOf(
    [],
    named as Vector<never>,
    max(before, { by: ['deployment_id'] }) as Vector<never>,
  ) as Vector<'deployment_id'>;
};

const wholeSeconds = (time: Vector<Deployment>): Vector<never> => max(floor(time));
const orNow = (time: Vector<never>): Vector<never> => firstOf([], time, vector(now));

/** When it started; now, if there is none. Unix seconds. */
export const startedAt = (): Vector<never> => orNow(wholeSeconds(started()));
const rolledBackAt = max(
  fact('deployment_stage:finished_timestamp_seconds:max', { ...chosen, stage: 'rollback' }),
  { by: deployment },
);
const ended = firstOf<Deployment>(deployment, binary(rolledBackAt, '>', finished()), finished());
/** When it was over, a rollback included; now, while it runs. */
export const endedAt = (): Vector<never> => orNow(wholeSeconds(ended));
/** How many seconds it went on; at least two minutes, so that something was scraped meanwhile. */
export const lasted = (): Vector<never> =>
  firstOf([], binary(binary(endedAt(), '-', startedAt()), '>', 120), vector(120));
/** When the deployment that it is compared with was over; 0, when nothing was measured, if there is none. */
export const comparedEndedAt = (): Vector<never> => firstOf([], wholeSeconds(finished(compared)), vector(0));
