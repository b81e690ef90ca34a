import { windowSeconds } from '../ledger/index.ts';
import {
  binary,
  count,
  less,
  metric,
  type RecordingRule,
  type RuleGroup,
  record,
  type SloWindow,
  sloWindows,
  sum,
  type Vector,
} from '../metrics/index.ts';
import { burnsAs, burnWindows } from './burn.ts';
import { allowedShare, type Objective, type SloId } from './objective.ts';
import { burning } from './offenders.ts';
import { during, type Span } from './span.ts';

const by = { by: ['environment'] } as const;

/** Events and bad events of an environment, and how many deployments had any of these. */
export const totalOf = ({ indicator }: Objective, { of, only }: Span): Vector<'environment'> =>
  sum(only(indicator.total(of)), by);
export const badOf = ({ indicator }: Objective, { of, only }: Span): Vector<'environment'> =>
  sum(only(indicator.bad(of)), by);
const badDeploymentsOf = ({ indicator }: Objective, { of, only }: Span): Vector<'environment'> =>
  count(only(binary(indicator.bad(of), '>', 0)), by);

/** Good events of this month by all events; nothing where there were none. */
export function goodRatio(slo: SloId): Vector<'environment' | 'slo' | 'window'> {
  const which = { slo, window: 'month' } as const;
  const bad = binary(
    metric('environment_slo:bad_events:count', which),
    '/',
    binary(metric('environment_slo:events:count', which), '>', 0),
  );
  return less(1, bad);
}

/** How fast the budget burns: the share of bad events by the share that may be bad. */
function burnRate({ id, objective }: Objective, window: SloWindow): RecordingRule {
  const which = { slo: id, window };
  const bad = binary(
    metric('environment_slo:bad_events:count', which),
    '/',
    binary(metric('environment_slo:events:count', which), '>', 0),
  );
  return record('environment_slo:burn_rate:ratio', binary(bad, '/', allowedShare(objective)), which);
}

/** Whether an alert of the SLO looks at this window. */
const isBurnWindow = (o: Objective, window: SloWindow): boolean =>
  burnWindows.some((w) => burnsAs(o, w.severity) && (w.long === window || w.short === window));

/** Counts of an SLO in a window: only those that are read. */
function windowRules(o: Objective, window: SloWindow): RecordingRule[] {
  const which = { slo: o.id, window };
  const span = during(window);
  const events = record('environment_slo:events:count', totalOf(o, span), which);
  // The pace of the last seven days is what a budget's end is estimated from.
  if (window === '7d') return o.budget.kind === 'freeze' ? [events] : [];
  if (!isBurnWindow(o, window)) return [];
  return [
    events,
    record('environment_slo:bad_events:count', badOf(o, span), which),
    record('environment_slo:bad_deployments:count', badDeploymentsOf(o, span), which),
    burnRate(o, window),
  ];
}

/** How often a window is looked at, seconds: a burst has to be seen within minutes, three days change slowly. */
const intervalOf = (window: SloWindow): number => {
  const seconds = windowSeconds(window);
  return seconds <= 3_600 ? 15 : seconds <= 21_600 ? 30 : seconds <= 86_400 ? 60 : 120;
};

/** Counts of every SLO in every rolling window: one group per window, because each has its own pace. */
export const eventGroups = (objectives: readonly Objective[]): RuleGroup[] =>
  sloWindows.map((window) => ({
    name: `deployment-slo-${window}`,
    interval: intervalOf(window),
    rules: objectives.flatMap((o) => [...windowRules(o, window), ...burning(o, window)]),
    source: import.meta.url,
  }));
