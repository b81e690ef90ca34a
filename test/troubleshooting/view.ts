import { uids } from '../../src/dashboards/links.ts';
import type { Prometheus } from '../../src/lib/prometheus.ts';
import {
  type DashboardQuery,
  type DashboardState,
  panelQueries,
  resolveState,
} from '../../src/panels/dashboard-queries.ts';
import type { Deployment, History } from '../../src/simulator/types.ts';
import type { Facts } from '../oracle/facts.ts';
import { moments } from '../oracle/known.ts';
import { type Truth, truthAt } from '../oracle/truth.ts';
import { dashboards } from '../relay.ts';

/** The dashboard as it is built. */
export const dashboard = dashboards().find((d) => d.definition.uid === uids.troubleshooting)!.json;

/** One deployment, looked at. */
export interface View {
  readonly history: History;
  readonly state: DashboardState;
  /** Truth at the moment of looking. */
  readonly now: Truth;
  /** Truth at the end of the time span. */
  readonly then: Truth;
  /** The deployment, as it is known now. */
  readonly facts: Facts;
  /** The last success before it, as was known at the end of the time span, with what is known of it now. */
  readonly compared: Facts | undefined;
  /** Whether a service is among those that are shown. */
  readonly shows: (part: { readonly service: string }) => boolean;
}

/** The time span that is looked at, and of which service. */
export interface Look {
  readonly from: number;
  readonly to: number;
  /** Of all, when not given. */
  readonly service?: string;
}

const of = (truth: Truth, { id, environment }: { id: string; environment: string }): Facts | undefined =>
  truth.facts.find((f) => f.id === id && f.environment === environment);

/** The last deployment of the environment that succeeded before this one started. */
function previousSuccess(truth: Truth, { environment, started }: Facts): Facts | undefined {
  return truth.facts
    .filter((f) => f.environment === environment && f.outcome === 'success' && f.finished! <= started)
    .sort((a, b) => b.finished! - a.finished!)[0];
}

/** Opens the dashboard on a deployment, on a time span. @param shown the dashboard of another pipeline, and its words */
export async function open(
  prometheus: Prometheus,
  history: History,
  deployment: Deployment,
  { service, ...span }: Look,
  at = history.end,
  shown = { dashboard, inWords: <T>(value: T): T => value },
): Promise<View> {
  const { environment, id } = deployment;
  const variables = { environment: shown.inWords(environment), deployment: id, ...(service && { service }) };
  const state = await resolveState(prometheus, shown.dashboard, { variables, ...span });
  const [now, then] = [truthAt(history, at), truthAt(history, Math.min(at, span.to))];
  const facts = of(now, deployment)!;
  const before = previousSuccess(then, facts);
  const shows: View['shows'] = (part) => service === undefined || part.service === service;
  return { history, state, now, then, facts, compared: before && of(now, before), shows };
}

/** Events of the last seconds are known with the next scrape only: the first moment from here with none such. */
function quiet(history: History, from: number): number {
  const events = history.deployments.flatMap((d) => [
    ...moments(d),
    ...(d.finished === undefined ? [Math.max(...moments(d)) + 7_200] : []),
  ]);
  let at = from;
  while (events.some((time) => time <= at && time > at - 20)) at += 1;
  return at;
}

/** The deployment's own time span, as the links of the overview open it. */
export const ownSpan = ({ triggered, finished }: Facts, history: History) => ({
  from: Math.floor(triggered - 60),
  to: Math.min(
    history.end,
    quiet(history, Math.floor(finished === undefined ? history.end : finished + 900)),
  ),
});

/** The queries of a panel in this state. */
export const queriesOf = (view: View, panel: string): DashboardQuery[] =>
  panelQueries(dashboard, view.state).filter((q) => q.panel === panel);

/** Of a query over time: its points by series. */
export const pointsOf = (prometheus: Prometheus, { expr, from, to, step }: DashboardQuery) =>
  prometheus.queryRange(expr, from, to, step);
