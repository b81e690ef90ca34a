import { objectives } from '../../slo/index.ts';
import { and, anyOf, binary, max, metric, or, type Vector } from '../../src/metrics/index.ts';
import { alertThresholds as limits } from '../../src/pipeline/index.ts';
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

const frozen = idsOf(objectives.filter(({ budget }) => budget.kind === 'freeze'));
const left = metric('environment_slo:error_budget_left:ratio', { slo: frozen });
/** Share of this month's budget that is left, when at most half of it is; and when nothing is. */
export const budgetHalfSpent = (): Vector<OfSlo> => binary(left, '<', limits.budgetHalf + limits.nothing);
export const budgetExhausted = (): Vector<OfSlo> => binary(left, '<', limits.nothing);

/** Deployments of seven days that were far too slow, when there are enough of them to escalate. */
export function escalating(): Vector<OfSlo> {
  const [first] = objectives.flatMap(({ id, budget }) =>
    budget.kind === 'escalate'
      ? [binary(metric('environment_slo:escalating_deployments:count', { slo: id }), '>=', budget.atLeast)]
      : [],
  );
  return first!;
}

/** Share of what an SLA allows this month that is left, when it is less than nothing. */
export const agreementBroken = (): Vector<OfSlo> =>
  binary(metric('environment_slo:sla_left:ratio'), '<', -limits.nothing);

const burning = (w: BurnWindow): Vector<OfSlo | 'window'> => {
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
export const burnRate = (severity: BurnWindow['severity']): Vector<OfSlo> => {
  const [first, ...rest] = burnWindows.filter((w) => w.severity === severity).map(burning);
  return max(
    rest.reduce((one, other) => or(one, other), first!),
    by,
  );
};
