import type { Prometheus } from '../lib/prometheus.ts';
import { lastOverTime, metric, outcomes } from '../metrics/index.ts';
import type { Targets } from '../pipeline/index.ts';
import { inPieces } from './pieces.ts';
import type { Span } from './replay.ts';

/** A deployment as the ledger has it. */
export interface Past {
  readonly id: string;
  readonly environment: string;
  /** Unix seconds. */
  readonly finished: number;
  /** When anything was last heard of it: a rollback may come hours after the finish. Unix seconds. */
  readonly lastEvent: number;
  /** It broke an SLO: it did not succeed, spent error budget, or took longer than the objective. */
  readonly bad: boolean;
}

const bad: ReadonlySet<number> = new Set([outcomes.failure, outcomes.rolled_back, outcomes.abandoned]);
const facts = {
  outcome: 'deployment:outcome:code',
  finished: 'deployment:finished_timestamp_seconds:max',
  lastEvent: 'deployment:last_event_timestamp_seconds:max',
  spent: 'deployment:error_budget_spent:sum',
  duration: 'deployment:duration_seconds:last',
} as const;
type Facts = Readonly<Partial<Record<keyof typeof facts, number>>>;

const isBad = ({ outcome, spent = 0, duration = 0 }: Facts, { timeToDeploy }: Targets): boolean =>
  bad.has(outcome ?? outcomes.running) ||
  spent > 0 ||
  (outcome === outcomes.success && duration > timeToDeploy.seconds);

/** An alert tells of a deployment for a day at most; and what it waits for before, is less. */
const before = ({ incidentSeconds }: Targets): number => 2 * incidentSeconds;
const hour = 3_600;

/** Deployments that finished in the time that is looked at, or so shortly before it that alerts may still be about them. */
export async function deploymentsAround(
  prometheus: Prometheus,
  { from, to }: Pick<Span, 'from' | 'to'>,
  targets: Targets,
): Promise<Past[]> {
  const found = new Map<string, { id: string; environment: string; facts: Facts }>();
  // Facts are written for two hours after the last event, so that the last ones may come after the finish.
  const span = { from: from - before(targets), to, step: hour };
  for (const [name, series] of Object.entries(facts))
    await inPieces(span, async (start, end) => {
      // The last piece may end a part of an hour before the last moment.
      const last = end + hour > to ? to : end;
      const expr = lastOverTime(metric(series), `${Math.ceil(last - start + hour)}s`);
      for (const { labels, value } of await prometheus.query(expr.text, last)) {
        const { environment = '', deployment_id: id = '' } = labels;
        const known = found.get(`${environment} ${id}`);
        found.set(`${environment} ${id}`, { id, environment, facts: { ...known?.facts, [name]: value } });
      }
    });
  return [...found.values()]
    .flatMap(({ facts: own, ...rest }) => {
      const { finished, lastEvent = 0 } = own;
      if (finished === undefined || finished > to) return [];
      return [{ ...rest, finished, lastEvent: Math.max(finished, lastEvent), bad: isBad(own, targets) }];
    })
    .sort((a, b) => a.finished - b.finished);
}
