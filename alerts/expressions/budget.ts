import { and, anyOf, binary, max, metric, or, type Vector } from '../../src/metrics/index.ts';
import {
  type BurnWindow,
  burnsAs,
  burnWindows,
  factorOf,
  leastBadDeployments,
  type Objective,
} from '../../src/slo/index.ts';

type OfSlo = 'environment' | 'slo';
const by = { by: ['environment', 'slo'] } as const;
const sameSlo = { on: ['environment', 'slo'] } as const;
const idsOf = (list: readonly Objective[]) => anyOf(...list.map(({ id }) => id));

/** Less than this is nothing: sums of fractions are not exact. */
const nothing = 0.000001;

const left = (objectives: readonly Objective[]) =>
  metric('environment_slo:error_budget_left:ratio', {
    slo: idsOf(objectives.filter(({ budget }) => budget.kind === 'freeze')),
  });
/** Share of this month's budget that is left, when at most half of it is; and when nothing is. */
export const budgetHalfSpent = (objectives: readonly Objective[], half: number): Vector<OfSlo> =>
  binary(left(objectives), '<', half + nothing);
export const budgetExhausted = (objectives: readonly Objective[]): Vector<OfSlo> =>
  binary(left(objectives), '<', nothing);

/** Deployments of seven days that were far too slow, when there are enough of them to escalate. */
export function escalating(objectives: readonly Objective[]): Vector<OfSlo> {
  const [first] = objectives.flatMap(({ id, budget }) =>
    budget.kind === 'escalate'
      ? [binary(metric('environment_slo:escalating_deployments:count', { slo: id }), '>=', budget.atLeast)]
      : [],
  );
  return first!;
}

/** Share of what an SLA allows this month that is left, when it is less than nothing. */
export const agreementBroken = (): Vector<OfSlo> =>
  binary(metric('environment_slo:sla_left:ratio'), '<', -nothing);

const burning = (objectives: readonly Objective[], w: BurnWindow): Vector<OfSlo | 'window'> => {
  const slo = idsOf(objectives.filter((o) => burnsAs(o, w.severity)));
  const faster = (window: BurnWindow['long']) =>
    binary(metric('environment_slo:burn_rate:ratio', { slo, window }), '>', factorOf(w));
  const several = binary(
    metric('environment_slo:bad_deployments:count', { slo, window: w.long }),
    '>=',
    leastBadDeployments[w.severity],
  );
  return and(and(faster(w.long), faster(w.short), sameSlo), several, sameSlo);
};

/** The fastest burn rate of the pairs of windows of this severity that burn. */
export const burnRate = (
  objectives: readonly Objective[],
  severity: BurnWindow['severity'],
): Vector<OfSlo> => {
  const [first, ...rest] = burnWindows
    .filter((w) => w.severity === severity)
    .map((w) => burning(objectives, w));
  return max(
    rest.reduce((one, other) => or(one, other), first!),
    by,
  );
};
