import type { Prometheus } from '../../src/lib/prometheus.ts';
import type { DashboardQuery } from '../../src/panels/dashboard-queries.ts';
import type { Labelled } from '../oracle/statistics.ts';
import { type Part, partsOf, usual } from './parts.ts';
import { pointsOf, queriesOf, type View } from './view.ts';

/** The waterfall as a person would draw it: for each row the steps that are filled, and with which state. */

const code = {
  running: 0,
  success: 1,
  skipped: 2,
  cancelled: 3,
  failure: 4,
  slow: 5,
  lost: 6,
  waiting: 7,
} as const;

/** Steps by row; of each step the state. */
export type Rows = Readonly<Record<string, readonly (readonly [time: number, state: number])[]>>;

const steps = ({ from, to, step }: DashboardQuery): number[] =>
  Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, i) => from + i * step);

/** Steps that something touches which goes on from one moment to another. */
const touched = (query: DashboardQuery, begin: number, end: number): number[] =>
  steps(query).filter((t) => t > begin - query.step && t <= end);

/** How a bar is coloured. */
export function stateOf({ facts, then }: View, part: Part): keyof typeof code {
  const { started, finished, status } = part;
  if (finished === undefined) return facts.finished === undefined ? 'running' : 'lost';
  const p95 = usual(then, facts.environment, part, 0.95) ?? Number.POSITIVE_INFINITY;
  return status === 'success' && finished - started > p95 ? 'slow' : status;
}

/** Stages that ended, or those that did not. */
const ran =
  (over: boolean) =>
  (view: View, query: DashboardQuery): Rows => {
    const { facts, shows } = view;
    return Object.fromEntries(
      partsOf(facts.deployment)
        .filter(shows)
        .filter(({ finished }) => (finished !== undefined) === over)
        .map((part) => {
          const { service, stage, started, finished = facts.finished } = part;
          const state = stateOf(view, part);
          // Slow stages are told from the usual ones once the deployment is over.
          const shown = state === 'slow' && facts.finished === undefined ? 'success' : state;
          const filled = touched(query, started, finished ?? Number.POSITIVE_INFINITY);
          return [`${service} ${stage}`, filled.map((t) => [t, code[shown]] as const)];
        }),
    );
  };

/** Stages that the other deployment passed and that this one never reached, and when what kept it from them failed. */
export function notReached({ facts, compared, shows }: View) {
  const parts = partsOf(facts.deployment);
  const failures = parts.filter(({ status }) => status === 'failure').map(({ finished }) => finished!);
  if (failures.length === 0 || facts.finished === undefined) return { stages: [], since: 0 };
  const undone = (compared?.stages ?? []).filter(
    (s) => s.status === 'success' && !parts.some((p) => p.service === s.service && p.stage === s.stage),
  );
  return { stages: undone.filter(shows), since: Math.min(...failures) };
}

function skipped(view: View, query: DashboardQuery): Rows {
  const { stages, since } = notReached(view);
  const filled = touched(query, since, view.facts.finished ?? 0).map((t) => [t, code.skipped] as const);
  return Object.fromEntries(stages.map((s) => [`${s.service} ${s.stage}`, filled]));
}

function checks({ facts, shows }: View, query: DashboardQuery): Rows {
  const health = facts.deployment.health.filter(shows);
  return Object.fromEntries(
    [...new Set(health.map(({ service }) => service))].map((service) => [
      `${service} `,
      steps(query).flatMap((t) => {
        const here = health.filter((c) => c.service === service && t > c.time - query.step && t <= c.time);
        if (here.length === 0) return [];
        return [[t, here.some(({ ok }) => !ok) ? code.failure : code.success] as const];
      }),
    ]),
  );
}

/** Moments at which nothing runs between the push and the finish. */
function idle({ facts }: View, query: DashboardQuery): number[] {
  const parts = partsOf(facts.deployment);
  const over = facts.finished ?? Number.POSITIVE_INFINITY;
  return steps(query).filter(
    (t) =>
      t >= facts.triggered &&
      t < over &&
      !parts.some(({ started, finished = over }) => started <= t && t < finished),
  );
}

/** Seconds in which nothing runs, exactly. */
export function waited({ facts, state }: View): { seconds: number; gaps: number } {
  const end = facts.finished ?? state.to;
  let [reached, seconds, gaps] = [facts.triggered, 0, 0];
  for (const { started, finished = end } of partsOf(facts.deployment)) {
    if (started >= end) continue;
    if (started > reached) {
      seconds += started - reached;
      gaps += 1;
    }
    reached = Math.max(reached, Math.min(end, finished));
  }
  return reached < end ? { seconds: seconds + end - reached, gaps: gaps + 1 } : { seconds, gaps };
}

const drawn = {
  Ran: ran(true),
  Runs: ran(false),
  Skipped: skipped,
  Checks: checks,
  Waiting: (view: View, query: DashboardQuery): Rows => {
    const times = idle(view, query);
    return times.length === 0 ? {} : { ' ': times.map((t) => [t, code.waiting] as const) };
  },
} as const;

/** Expected rows of the waterfall for one of its queries, without empty ones. */
export const barsInTruth = (view: View, query: DashboardQuery): Rows =>
  Object.fromEntries(
    Object.entries(drawn[query.refId as keyof typeof drawn](view, query)).filter(
      ([, filled]) => filled.length > 0,
    ),
  );

const rowName = (labels: Labelled['labels']): string => `${labels.service ?? ''} ${labels.stage ?? ''}`;

/** Shown rows, in the order in which Prometheus answers. */
export async function barsShown(
  prometheus: Prometheus,
  query: DashboardQuery,
): Promise<[string, Rows[string]][]> {
  const series = await pointsOf(prometheus, query);
  return series.map(({ labels, points }) => [rowName(labels), points]);
}

/** The queries of the waterfall in a view. */
export const waterfallOf = (view: View): DashboardQuery[] => queriesOf(view, 'Timeline');
