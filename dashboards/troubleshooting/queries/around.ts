import { namesOf, outcomes } from '../../../metrics/codes.ts';
import {
  and,
  binary,
  group,
  max,
  metric,
  or,
  setLabel,
  times,
  unless,
  type Vector,
} from '../../../metrics/expression.ts';
import { abs, scalarOf } from '../../../metrics/functions.ts';
import { latestOf } from '../../../slo/history/choices.ts';
import { type Deployment, deployment, started } from './deployment.ts';

/** What else happened around one deployment. */

/** Alerts that fire, of any environment; 1 at each step. */
export const alerts = () =>
  max(metric('ALERTS', { alertstate: 'firing' }), {
    by: ['alertname', 'severity', 'environment', 'service', 'stage'],
  });

/** Deployments with their outcome as a word. */
export const withOutcome = (v: Vector<Deployment>): Vector<Deployment | 'outcome'> =>
  namesOf(outcomes)
    .map((name) => {
      const such = binary(latestOf('outcome'), '==', outcomes[name]);
      return setLabel(and(v, such, { on: deployment }), 'outcome', name);
    })
    .reduce((left, right) => or(left, right));

const hour = 3_600;
const starts = latestOf('started');
const neighbours = (): Vector<Deployment> =>
  unless(and(starts, binary(abs(binary(starts, '-', scalarOf(started()))), '<=', hour)), started(), {
    on: deployment,
  });

const touched = group(metric('deployment_stage_started_timestamp_seconds'), {
  by: [...deployment, 'service'],
});
/** Deployments that started within an hour of this one, of every environment, one series for each service. */
const found = (v: Vector<Deployment>): Vector<Deployment | 'service'> =>
  max(or(binary(touched, '*', v, { on: deployment, groupLeft: [] }), v, { on: deployment }), {
    by: [...deployment, 'service'],
  });
export const nearby = {
  /** In milliseconds. */
  started: () => times(1000, found(neighbours())),
  outcome: () => found(and(latestOf('outcome'), neighbours(), { on: deployment })),
} as const;
