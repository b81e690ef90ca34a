import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import type { Prometheus } from '../../src/lib/prometheus.ts';
import {
  type DashboardQuery,
  type DashboardState,
  panelQueries,
} from '../../src/panels/dashboard-queries.ts';
import { type Comparison, differences } from '../oracle/compare.ts';
import type { Labelled } from '../oracle/statistics.ts';
import type { Truth } from '../oracle/truth.ts';

/** The truth of one query of a panel, and how strictly the answer is held to it. */
export interface PanelTruth extends Comparison {
  readonly values: (truth: Truth, state: DashboardState) => readonly Labelled[];
}

/** The truth of every query of a dashboard, as `Panel title/reference`. */
export type TruthTable = Readonly<Record<string, PanelTruth>>;

const key = (query: DashboardQuery): string => `${query.panel}/${query.refId}`;
const day = 86_400;

/** Queries of the dashboard that the table has no truth for, and truths that no query asks for. */
export function uncovered(dashboard: Dashboard, table: TruthTable): string[] {
  const asked = panelQueries(dashboard, { variables: {}, from: 0, to: 3_600 }).map(key);
  return [
    ...asked.filter((name) => !(name in table)).map((name) => `${name} has no truth`),
    ...Object.keys(table)
      .filter((name) => !asked.includes(name))
      .map((name) => `${name} is asked by no panel`),
  ];
}

/** A panel's numbers at the end of the time span: of a line its last point, of daily bars the last two. */
async function shown(prometheus: Prometheus, query: DashboardQuery, now: number): Promise<Labelled[]> {
  if (query.kind === 'range' && query.step >= day) {
    const series = await prometheus.queryRange(query.expr, query.to - query.step, query.to, query.step);
    return series.flatMap(({ labels, points }) =>
      points.map(([time, value]) => ({ labels: { ...labels, day: String(time) }, value })),
    );
  }
  return (await prometheus.query(query.expr, now)).map(({ labels, value }) => ({ labels, value }));
}

/** Every number on every panel that is not what the truth says, as sentences. */
export async function untrueNumbers(
  prometheus: Prometheus,
  dashboard: Dashboard,
  table: TruthTable,
  truth: Truth,
  state: DashboardState,
): Promise<string[]> {
  const answers = await Promise.all(
    panelQueries(dashboard, state).map(async (query) => ({
      query,
      actual: await shown(prometheus, query, state.to),
    })),
  );
  return answers.flatMap(({ query, actual }) => {
    const entry = table[key(query)];
    if (!entry) return [];
    return differences(actual, entry.values(truth, state), entry).map((d) => `${key(query)}: ${d}`);
  });
}
