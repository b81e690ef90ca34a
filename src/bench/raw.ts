import {
  avg,
  binary,
  lastOverTime,
  max,
  metric,
  min,
  perDeployment,
  type Range,
  sum,
  type Vector,
} from '../metrics/index.ts';
import { scrapes, seriesText, simulate } from '../simulator/index.ts';
import type { SeriesSamples, TimeSpan } from './blocks.ts';
import { historyDays } from './history.ts';

/** Seconds between two scrapes of the Pushgateway. */
const scrapeInterval = 15;

/** Pushed series that the overview's numbers could be asked of. */
const asked = [
  'deployment_outcome_code',
  'deployment_triggered_timestamp_seconds',
  'deployment_finished_timestamp_seconds',
  'deployment_info',
  'deployment_stage_duration_seconds',
  'deployment_stage_status_code',
  'deployment_errors_total',
  'deployment_health_check_success',
  'smoke_test_success',
  'migration_duration_seconds',
  'deployment_rollback_total',
  'deployment_infrastructure_cost',
] as const;

/** A value that a series had for some scrapes. */
interface Stretch {
  readonly series: string;
  readonly value: number;
  readonly from: number;
  readonly count: number;
}

/** Scraped samples of the pushed series of a simulated history. */
export async function rawStretches(perDay: number, end: number): Promise<Stretch[]> {
  const history = simulate({ seed: 1, end, days: historyDays, perDay });
  const times = { from: end - historyDays * 86_400, to: end, interval: scrapeInterval };
  const wanted = new Set<string>(asked);
  const stretches: Stretch[] = [];
  for await (const { labels, points } of scrapes(history, times)) {
    if (!wanted.has(labels.__name__ ?? '')) continue;
    const series = seriesText(labels);
    let index = 0;
    for (const { point, count } of points) {
      if (typeof point === 'number')
        stretches.push({ series, value: point, from: times.from + index * scrapeInterval, count });
      index += count;
    }
  }
  return stretches;
}

/** The samples of stretches in a span of time. */
export function* rawSamples(stretches: readonly Stretch[], { from, to }: TimeSpan): Iterable<SeriesSamples> {
  for (const { series, value, from: start, count } of stretches) {
    if (start >= to || start + count * scrapeInterval < from) continue;
    const times = Array.from({ length: count }, (_, i) => start + i * scrapeInterval);
    yield { series, value, times };
  }
}

/** A number of the overview, asked of the pushed series. */
export interface RawQuestion {
  readonly expr: Vector<string>;
  /** At how many points it is asked. */
  readonly points: number;
}

const byDeployment = { by: perDeployment } as const;
const outcome = (range: Range) => max(lastOverTime(metric('deployment_outcome_code'), range), byDeployment);
const finish = (range: Range) =>
  max(lastOverTime(metric('deployment_finished_timestamp_seconds'), range), byDeployment);
const trigger = (range: Range) =>
  min(lastOverTime(metric('deployment_triggered_timestamp_seconds'), range), byDeployment);
const duration = (range: Range) => binary(finish(range), '-', trigger(range));
const rate = (range: Range) => avg(binary(outcome(range), '==', 1, { bool: true }), { by: ['environment'] });
const smoke = (range: Range) => sum(lastOverTime(metric('smoke_test_success'), range), { by: ['test_name'] });
const byStage = { by: ['service', 'stage'] } as const;

/** The overview's questions over thirty days. @param points of a line over seven days */
export function rawQuestions(points: number): RawQuestion[] {
  const range = '30d';
  const now: Vector<string>[] = [
    rate(range),
    duration(range),
    outcome(range),
    avg(lastOverTime(metric('deployment_stage_duration_seconds', { status: 'success' }), range), byStage),
    sum(lastOverTime(metric('deployment_errors_total'), range), byStage),
    avg(lastOverTime(metric('deployment_health_check_success'), range), { by: ['environment'] }),
    // Passed, failed, and their share.
    ...[1, 2, 3].map(() => smoke(range)),
    max(lastOverTime(metric('migration_duration_seconds'), range), byDeployment),
    // The columns of the last ten.
    trigger(range),
    outcome(range),
    duration(range),
    sum(lastOverTime(metric('deployment_stage_status_code'), range), byDeployment),
    sum(lastOverTime(metric('deployment_rollback_total'), range), byDeployment),
    sum(lastOverTime(metric('deployment_infrastructure_cost'), range), byDeployment),
    max(lastOverTime(metric('deployment_info'), range), byDeployment),
  ];
  return [
    ...now.map((expr) => ({ expr, points: 1 })),
    { expr: rate('1d'), points },
    { expr: duration('1d'), points },
    { expr: sum(lastOverTime(metric('deployment_rollback_total'), '1d')), points: 7 },
  ];
}
