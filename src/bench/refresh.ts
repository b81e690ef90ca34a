import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { uids } from '../dashboards/index.ts';
import type { Prometheus, QueryStats } from '../lib/prometheus.ts';
import {
  annotationQueries,
  type DashboardQuery,
  type DashboardState,
  panelQueries,
} from '../panels/index.ts';
import type { Line } from './line.ts';
import { rawQuestions } from './raw.ts';
import type { LoadedSystem } from './system.ts';

/** A query of a dashboard and when it is asked. */
export interface Asked {
  /** Panel and reference, or another source of the query. */
  readonly what: string;
  readonly expr: string;
  readonly from: number;
  readonly to: number;
  /** Seconds; 0 for a single point. */
  readonly step: number;
}

const total = (all: readonly QueryStats[]): QueryStats => ({
  seconds: all.reduce((sum, one) => sum + one.seconds, 0),
  samples: all.reduce((sum, one) => sum + one.samples, 0),
});

const ask = async (prometheus: Prometheus, { expr, from, to, step }: Asked): Promise<QueryStats> =>
  step > 0 ? await prometheus.queryRangeStats(expr, from, to, step) : await prometheus.queryStats(expr, to);

/** A dashboard's query by its place. */
export const asked = ({ panel, refId, kind, ...query }: DashboardQuery): Asked => ({
  ...query,
  what: `${panel} ${refId}`,
  step: kind === 'range' ? query.step : 0,
});

/** Everything that Grafana asks when a dashboard is opened: its panels and its annotations. */
export const queriesOf = (dashboard: Dashboard, state: DashboardState): Asked[] =>
  [...panelQueries(dashboard, state), ...annotationQueries(dashboard, state)].map(asked);

/** Cost of one refresh to Prometheus; the cheapest of some. */
export async function refresh(
  prometheus: Prometheus,
  queries: readonly Asked[],
  rounds = 3,
): Promise<QueryStats> {
  let best: QueryStats = { seconds: Number.POSITIVE_INFINITY, samples: 0 };
  for (let round = 0; round < rounds; round++) {
    const answers: QueryStats[] = [];
    for (const query of queries) answers.push(await ask(prometheus, query));
    const sum = total(answers);
    if (sum.seconds < best.seconds) best = sum;
  }
  return best;
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** Usual cost of opening a dashboard, and its dearest queries. */
export interface Opening {
  /** The median of some passes over all queries. */
  readonly seconds: number;
  readonly passes: number;
  /** The median of each query, the most expensive first. */
  readonly each: readonly { readonly what: string; readonly seconds: number }[];
}

/** Asks all queries some times over, after once to warm what a server in use has warm. */
export async function refreshes(
  prometheus: Prometheus,
  queries: readonly Asked[],
  passes = 7,
): Promise<Opening> {
  const times = queries.map((): number[] => []);
  const sums: number[] = [];
  for (let pass = 0; pass <= passes; pass++) {
    let sum = 0;
    for (const [i, query] of queries.entries()) {
      const { seconds } = await ask(prometheus, query);
      sum += seconds;
      if (pass > 0) times[i]?.push(seconds);
    }
    if (pass > 0) sums.push(sum);
  }
  const each = queries
    .map(({ what }, i) => ({ what, seconds: median(times[i] ?? []) }))
    .sort((a, b) => b.seconds - a.seconds);
  return { seconds: median(sums), passes, each };
}

/** The widest that people look at once. */
const stateAt = (now: number): DashboardState => ({
  variables: { environment: '.*', window: '30d' },
  from: now - 86_400,
  to: now,
});

/** Milliseconds of evaluation that a refresh may cost, by deployments a day. */
const budgets: Readonly<Record<number, number>> = { 100: 300, 1000: 1_500 };

/** One refresh of the overview, over a day with numbers of thirty days. */
export async function overviewLines({ bundle, prometheus, perDay, say }: LoadedSystem): Promise<Line[]> {
  const scale = `${perDay} a day`;
  say(`${scale}: refresh of the overview`);
  const overview = bundle.dashboards.find(({ definition }) => definition.uid === uids.overview);
  if (!overview) throw new Error(`There is no dashboard ${uids.overview}.`);
  const queries = queriesOf(overview.json, stateAt(Math.floor(Date.now() / 1000)));
  const { seconds, samples } = await refresh(prometheus, queries);
  const budget = budgets[perDay];
  return [
    {
      what: 'refresh of the overview',
      scale,
      value: seconds * 1000,
      unit: 'ms',
      ...(budget !== undefined && { budget: { atMost: budget } }),
      note: `${queries.length} queries`,
    },
    { what: 'samples read by it', scale, value: samples, unit: 'samples' },
  ];
}

/** The same numbers asked of what was pushed. */
export async function rawLines(system: LoadedSystem): Promise<Line[]> {
  const { bundle, prometheus, perDay, say, end } = system;
  const scale = `${perDay} a day`;
  say(`${scale}: the same of the pushed series`);
  const overview = bundle.dashboards.find(({ definition }) => definition.uid === uids.overview)!;
  const queries = queriesOf(overview.json, stateAt(Math.floor(Date.now() / 1000)));
  const ledger = await refresh(prometheus, queries, 1);
  const points = Math.max(...queries.filter((q) => q.step > 0).map((q) => (q.to - q.from) / q.step));
  const raw: QueryStats[] = [];
  for (const { expr, points: times } of rawQuestions(Math.round(points))) {
    const stats = await prometheus.queryStats(expr.text, end);
    raw.push({ seconds: stats.seconds * times, samples: stats.samples * times });
  }
  const { samples, seconds } = total(raw);
  return [
    {
      what: 'samples, pushed series by ledger',
      scale,
      value: samples / ledger.samples,
      unit: 'x',
      budget: { atLeast: 20 },
      note: `${samples.toLocaleString('en')} by ${ledger.samples.toLocaleString('en')}`,
    },
    {
      what: 'time, pushed series by ledger',
      scale,
      value: seconds / ledger.seconds,
      unit: 'x',
      note: `${Math.round(seconds * 1000)} ms by ${Math.round(ledger.seconds * 1000)} ms`,
    },
  ];
}
