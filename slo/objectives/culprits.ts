import { and, binary, lastOverTime, metric, topk, type Vector } from '../../metrics/expression.ts';
import type { SloCause, SloWindow } from '../../metrics/recorded-slo.ts';
import { type RecordingRule, record } from '../../metrics/rule.ts';
import { type FixedRange, longestMonth, windowSeconds } from '../indicators/window.ts';
import { type Deployment, deployment } from '../ledger/raw.ts';
import { type BurnWindow, burnsAs, burnWindows } from './burn.ts';
import type { Objective } from './objective.ts';
import { during, month, type Span } from './span.ts';

/** How many deployments a list of an environment and SLO has at most: the newest. */
export const listed = 25;

/** When each of the newest of these deployments was pushed: an alert names them, and its links need the time. */
const namedRule = (
  slo: Objective['id'],
  cause: SloCause,
  range: FixedRange,
  those: Vector<Deployment>,
): RecordingRule => {
  const pushed = lastOverTime(metric('deployment:triggered_timestamp_seconds:min'), range);
  const newest = topk(listed, and(pushed, those, { on: deployment }), { by: ['environment'] });
  return record('culprit_deployment_slo:triggered_timestamp_seconds:min', newest, { slo, cause });
};

const some = ({ only }: Span, events: Vector<Deployment>): Vector<Deployment> => only(binary(events, '>', 0));

/** The deployments of this month that were bad as the agreement has it. */
export const breaching = ({ id, indicator, agreement }: Objective): RecordingRule[] =>
  agreement
    ? [namedRule(id, 'sla_breach', longestMonth, some(month, (agreement.bad ?? indicator.bad)(month.of)))]
    : [];

/** The deployments of the last seven days that were slow enough to escalate. */
export const escalated = ({ id, budget }: Objective): RecordingRule[] =>
  budget.kind === 'escalate'
    ? [namedRule(id, 'escalation', '7d', some(during('7d'), budget.slow(during('7d').of)))]
    : [];

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
    .map((severity) => {
      const span = during(window);
      return namedRule(o.id, causes[severity], window, some(span, o.indicator.bad(span.of)));
    });
