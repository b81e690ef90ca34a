import { alertThresholds } from '../../alerts/thresholds.ts';
import { outcomes } from '../../metrics/codes.ts';
import { lastOverTime, metric, type Range } from '../../metrics/expression.ts';
import type { Prometheus } from '../lib/prometheus.ts';
import type { Firing } from './firings.ts';
import type { Replay, Span } from './replay.ts';

/** A deployment as the ledger has it. */
export interface Past {
  readonly id: string;
  readonly environment: string;
  readonly finished: number;
  /** It broke an SLO: it did not succeed, spent error budget, or took longer than the objective. */
  readonly bad: boolean;
}

const bad: ReadonlySet<number> = new Set([outcomes.failure, outcomes.rolled_back, outcomes.abandoned]);
const facts = {
  outcome: 'deployment:outcome:code',
  finished: 'deployment:finished_timestamp_seconds:max',
  spent: 'deployment:error_budget_spent:sum',
  duration: 'deployment:duration_seconds:last',
} as const;
type Facts = Readonly<Partial<Record<keyof typeof facts, number>>>;

const isBad = ({ outcome, spent = 0, duration = 0 }: Facts): boolean =>
  bad.has(outcome ?? outcomes.running) ||
  spent > 0 ||
  (outcome === outcomes.success && duration > alertThresholds.timeToDeploy);

/** Deployments that finished in the time that is looked at. */
export async function deploymentsIn(prometheus: Prometheus, { from, to }: Span): Promise<Past[]> {
  const range = `${Math.ceil((to - from) / 3_600) + 4}h` as Range;
  const found = new Map<string, { id: string; environment: string; facts: Facts }>();
  for (const [name, series] of Object.entries(facts))
    for (const { labels, value } of await prometheus.query(lastOverTime(metric(series), range).text, to)) {
      const { environment = '', deployment_id: id = '' } = labels;
      const known = found.get(`${environment} ${id}`);
      found.set(`${environment} ${id}`, { id, environment, facts: { ...known?.facts, [name]: value } });
    }
  return [...found.values()]
    .map(({ facts: own, ...rest }) => ({ ...rest, finished: own.finished ?? 0, bad: isBad(own) }))
    .filter((d) => d.finished >= from && d.finished <= to)
    .sort((a, b) => a.finished - b.finished);
}

/** How long before a firing a deployment may have finished that it is about, when it names none: seconds. */
const reach = 2 * 3_600;

/**
 * The deployments that a firing is about: the one that it names, else those around it in its environment. A firing
 * without an environment is about the system and about no deployment.
 */
export function about(firing: Firing, deployments: readonly Past[]): Past[] {
  const { deployment_id: id, environment } = firing.labels;
  const near = deployments.filter((d) => d.environment === environment);
  if (id) return near.filter((d) => d.id === id);
  return near.filter((d) => d.finished >= firing.from - reach && d.finished <= firing.to);
}

/** What an alert's firings were worth. */
export interface Verdict extends Replay {
  /** Firings that name a deployment which was not bad; others are about a trend or the system and are not judged. */
  readonly falsePositives: readonly Firing[];
  /** Ids of the deployments that it would have been about. */
  readonly deployments: readonly string[];
  /** Seconds in all. */
  readonly duration: number;
}

/** Judges each alert's firings by the deployments that they were about. */
export const judge = (replays: readonly Replay[], deployments: readonly Past[]): Verdict[] =>
  replays.map((replay) => {
    const rows = replay.firings.map((firing) => ({ firing, own: about(firing, deployments) }));
    return {
      ...replay,
      falsePositives: rows
        .filter(({ firing, own }) => firing.labels.deployment_id && !own.some((d) => d.bad))
        .map(({ firing }) => firing),
      deployments: [...new Set(rows.flatMap(({ own }) => own.map((d) => d.id)))],
      duration: replay.firings.reduce((sum, { from, to }) => sum + to - from, 0),
    };
  });

/** Bad deployments that no alert was about. */
export function missed(replays: readonly Replay[], deployments: readonly Past[]): Past[] {
  const caught = new Set(
    replays.flatMap((r) =>
      r.firings.flatMap((f) => about(f, deployments).map((d) => `${d.environment} ${d.id}`)),
    ),
  );
  return deployments.filter((d) => d.bad && !caught.has(`${d.environment} ${d.id}`));
}
