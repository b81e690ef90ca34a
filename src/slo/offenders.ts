import { type FixedRange, finishedAt, longestMonth, windowSeconds } from '../ledger/index.ts';
import {
  ago,
  and,
  binary,
  lastOverTime,
  monthStart,
  type PerDeployment,
  perDeployment,
  type RecordingRule,
  record,
  type Scalar,
  type SloCause,
  type SloWindow,
  topk,
  type Vector,
} from '../metrics/index.ts';
import { type BurnWindow, burnsAs, burnWindows } from './burn.ts';
import type { Objective, Of } from './objective.ts';
import { during, month } from './span.ts';

/** How many deployments a list of an environment and SLO has at most: the newest. */
export const listed = 25;

/**
 * When each of the newest deployments finished that had bad events since then. The finish is looked up to know which
 * belong to the span; an alert names them, and its links need the time.
 */
const namedRule = (
  slo: Objective['id'],
  cause: SloCause,
  range: FixedRange,
  since: Scalar,
  bad: Vector<PerDeployment>,
): RecordingRule => {
  const those = and(binary(lastOverTime(finishedAt, range), '>=', since), binary(bad, '>', 0), {
    on: perDeployment,
  });
  return record(
    'culprit_deployment_slo:finished_timestamp_seconds:max',
    topk(listed, those, { by: ['environment'] }),
    { slo, cause },
  );
};

const rolling = (
  slo: Objective['id'],
  cause: SloCause,
  window: SloWindow,
  bad: (of: Of) => Vector<PerDeployment>,
): RecordingRule => namedRule(slo, cause, window, ago(windowSeconds(window)), bad(during(window).of));

/** The deployments of this month that were bad as the agreement has it. */
export const breaching = ({ id, indicator, agreement }: Objective): RecordingRule[] =>
  agreement
    ? [namedRule(id, 'sla_breach', longestMonth, monthStart, (agreement.bad ?? indicator.bad)(month.of))]
    : [];

/** The deployments of the last seven days that were slow enough to escalate. */
export const escalated = ({ id, budget }: Objective): RecordingRule[] =>
  budget.kind === 'escalate' ? [rolling(id, 'escalation', '7d', budget.slow)] : [];

/** Why an alert about a burn rate of a severity blames a deployment. */
export const causes = { page: 'fast_burn', ticket: 'slow_burn' } as const satisfies Record<
  BurnWindow['severity'],
  SloCause
>;

/** The longest window that an alert about a burn rate of this severity looks at: what it blames lies in there. */
export const blamedWindow = (severity: BurnWindow['severity']): SloWindow =>
  burnWindows
    .filter((w) => w.severity === severity)
    .reduce<SloWindow>(
      (longest, { long }) => (windowSeconds(long) > windowSeconds(longest) ? long : longest),
      '15m',
    );

/** The bad deployments of a window, where it is the one that an alert about burning too fast blames. */
export const burning = (o: Objective, window: SloWindow): RecordingRule[] =>
  (['page', 'ticket'] as const)
    .filter((severity) => burnsAs(o, severity) && blamedWindow(severity) === window)
    .map((severity) => rolling(o.id, causes[severity], window, o.indicator.bad));
