import {
  binary,
  clampMin,
  countedEnvironments,
  lastOverTime,
  less,
  max,
  metric,
  or,
  type RecordingRule,
  type RuleGroup,
  record,
  round,
  sum,
  times,
  type Vector,
  vector,
} from '../metrics/index.ts';
import { indicatorIntervals } from '../pipeline/index.ts';
import { badOf, goodRatio, totalOf } from './events.ts';
import { excess, exhaustion } from './exhaustion.ts';
import { type Agreement, allowedShare, type Objective } from './objective.ts';
import { breaching, escalated } from './offenders.ts';
import { during, month, type Span } from './span.ts';

const by = { by: ['environment'] } as const;

/** For the environments of the last thirty days, nothing in this month is a 0 and not a gap. */
const orZero = (v: Vector<'environment'>): Vector<'environment'> => {
  const known = metric('environment:recent_deployments:count', { environment: countedEnvironments });
  return or(v, times(0, max(lastOverTime(known, '5m'), by)));
};

/** One event may always be bad: else the first failure of a month would have spent several budgets. */
const leastAllowed = 1;

/** Bad events that an objective (or an agreement) allows of so many. With zero tolerance: none. */
const allowed = <L extends string>(objective: number, events: Vector<L>): Vector<L> =>
  objective === 1 ? times(0, events) : clampMin(times(allowedShare(objective), events), leastAllowed);

/** 1 % of 700 is 7.000000000000001 in binary fractions: a budget that is spent to the last bit must be 0. */
const exact = 0.000001;

/** Share that is left of what is allowed; where nothing is allowed, 1 until something is spent. */
const left = <L extends string>(spent: Vector<L>, permitted: Vector<string>, objective: number): Vector<L> =>
  objective === 1
    ? binary(spent, '==', 0, { bool: true })
    : round(less(1, binary(spent, '/', permitted, { on: ['environment'] })), exact);

/** Budget left: a share of the events that an objective allows, below 0 when more were bad. */
export const shareLeft = (objective: number, events: number, spent: number): number => {
  if (objective === 1) return spent === 0 ? 1 : 0;
  const share = 1 - spent / Math.max(leastAllowed, allowedShare(objective) * events);
  return Math.round(share / exact) * exact;
};

/** Budget spent, in events: with the ledger's weights where the SLO has them, else every bad event. */
export const spentBy = (o: Objective, span: Span): Vector<'environment'> =>
  o.budget.kind === 'freeze' ? sum(span.only(o.budget.spent(span.of)), by) : badOf(o, span);

const monthOf = ({ id: slo }: Objective) => ({ slo, window: 'month' }) as const;
const eventsOf = (o: Objective) => metric('environment_slo:events:count', monthOf(o));

const badEventsOf = (o: Objective) => sum(metric('environment_slo:bad_events:count', monthOf(o)), by);
/** Where every bad event spends one, the rule before has counted them: a month of facts is not read twice. */
const spentThisMonth = (o: Objective): Vector<'environment'> =>
  o.budget.kind === 'freeze' ? orZero(spentBy(o, month)) : badEventsOf(o);

/** Events of this month, the budget that they earn, and what is left of it. */
function budgetRules(o: Objective): RecordingRule[] {
  const slo = { slo: o.id };
  const spent = metric('environment_slo:error_budget_spent:sum', monthOf(o));
  const permitted = metric('environment_slo:error_budget_allowed:count', slo);
  return [
    record('environment_slo:events:count', orZero(totalOf(o, month)), monthOf(o)),
    record('environment_slo:bad_events:count', orZero(badOf(o, month)), monthOf(o)),
    record('environment_slo:good:ratio', goodRatio(o.id), monthOf(o)),
    record('environment_slo:error_budget_spent:sum', spentThisMonth(o), monthOf(o)),
    record('environment_slo:error_budget_allowed:count', sum(allowed(o.objective, eventsOf(o)), by), slo),
    record('environment_slo:error_budget_left:ratio', left(sum(spent, by), permitted, o.objective), slo),
    ...(o.budget.kind !== 'freeze'
      ? []
      : [
          record('environment_slo:error_budget_spent:sum', orZero(spentBy(o, week)), {
            ...slo,
            window: '7d',
          }),
          record('environment_slo:error_budget_excess:rate7d', excess(o), slo),
          record('environment_slo:error_budget_exhausted_timestamp_seconds:estimate', exhaustion(o), slo),
        ]),
  ];
}

/** How far the month keeps what was promised. */
function agreementRules(o: Objective, { objective, bad }: Agreement): RecordingRule[] {
  const slo = { slo: o.id };
  const events = sum(eventsOf(o), by);
  const wrong = bad ? orZero(sum(month.only(bad(month.of)), by)) : badEventsOf(o);
  const good = less(1, sum(metric('environment_slo:sla_good:ratio', slo), by));
  // Read back from the rule before, because to count them a month of facts is read. Without events none was bad.
  const counted = bad ? or(binary(good, '*', events), times(0, events)) : wrong;
  return [
    record('environment_slo:sla_good:ratio', less(1, binary(wrong, '/', binary(events, '>', 0))), slo),
    record('environment_slo:sla_left:ratio', left(counted, allowed(objective, events), objective), slo),
  ];
}

const week = during('7d');
const escalationRules = ({ id, budget }: Objective): RecordingRule[] =>
  budget.kind === 'escalate'
    ? [
        record('environment_slo:escalating_deployments:count', sum(week.only(budget.slow(week.of)), by), {
          slo: id,
        }),
      ]
    : [];

/** The calendar month of every SLO: a group each, so that none is late when there are many deployments. */
export const budgetGroups = (objectives: readonly Objective[]): RuleGroup[] =>
  objectives.map((o) => ({
    name: `deployment-budget-${o.id}`,
    interval: indicatorIntervals['30d'],
    rules: [
      ...budgetRules(o),
      ...(o.agreement ? agreementRules(o, o.agreement) : []),
      ...breaching(o),
      ...escalationRules(o),
      ...escalated(o),
    ],
    source: import.meta.url,
  }));

/** Objectives as series, so that a dashboard shows the number that the rules use. */
export const targetGroup = (objectives: readonly Objective[]): RuleGroup => ({
  name: 'deployment-slo-targets',
  interval: 60,
  rules: objectives.flatMap(({ id: slo, objective, agreement }) => [
    record('slo:objective:ratio', vector(objective), { slo }),
    ...(agreement ? [record('slo:sla:ratio', vector(agreement.objective), { slo })] : []),
  ]),
  source: import.meta.url,
});
