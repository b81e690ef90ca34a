import {
  Application,
  generatedRules,
  isBadVersionLive,
  pastDeployments,
  type RuleFile,
  recordedBy,
  writeCollection,
  writeFacts,
  writeTrends,
} from '../demo/index.ts';
import { applicationGroup } from '../ledger/index.ts';
import { Prometheus } from '../lib/prometheus.ts';
import type { WrittenSeries } from '../lib/remote-write.ts';
import { applicationJob, wordsOf } from '../metrics/index.ts';
import type { Loaded, Pipeline } from '../pipeline/index.ts';
import { prometheusConfig, startPrometheus } from '../servers/index.ts';
import {
  type Backfill,
  type Deployment,
  type History,
  inWordsOf,
  type RecordedRule,
  remoteWrite,
  wordsFor,
} from '../simulator/index.ts';
import { ruleFileNames } from '../slo/index.ts';
import { writeAlerts } from './alerts.ts';
import type { RecordedView } from './recording.ts';

/**
 * Deployments until a Thursday afternoon, an hour after one was rolled back: always the same. Two months, because
 * graphs show the last one, and what they show looks back for another.
 */
const simulated = { seed: 2332, days: 62, perDay: 8, every: 60, speed: 1, json: true } as const;
const end = Date.UTC(2026, 0, 15, 16) / 1_000;

/** A Prometheus that holds the simulated months, and the looks that are worth recording. */
export interface Simulated {
  readonly url: string;
  /** Unix seconds of the last sample. */
  readonly time: number;
  readonly views: readonly RecordedView[];
  readonly stop: () => Promise<void>;
}

/** The generated rule files, each after those that it reads. */
function filesInOrder(generated: string): RuleFile[] {
  const order = ruleFileNames.map((name) => `${name}.yml`);
  const place = (name: string): number => (order.indexOf(name) + order.length) % order.length;
  return [...generatedRules(generated)].sort((a, b) => place(a.name) - place(b.name));
}

const line = /^(\w+)\{(.*)\} (\S+)$/;

/** The labels and values that a scrape of this job finds in a text. */
function samplesOf(
  text: string,
  job: string,
): [key: string, labels: Record<string, string>, value: number][] {
  return text.split('\n').flatMap((row): [string, Record<string, string>, number][] => {
    const [, name = '', inner = '', value] = line.exec(row) ?? [];
    if (value === undefined) return [];
    const labels = Object.fromEntries(
      [...inner.matchAll(/(\w+)="([^"]*)"/g)].map((m) => [m[1] ?? '', m[2] ?? '']),
    );
    return [[`${name}{${inner}}`, { __name__: name, job, ...labels }, Number(value)]];
  });
}

/** The application's metrics from a moment on, as the pipeline calls them, scraped every quarter of a minute. */
function applicationPast(history: History, from: number, pipeline: Pipeline): WrittenSeries[] {
  if (!pipeline.application) return [];
  const step = 15;
  const inWords = wordsOf(pipeline);
  const job = inWords(applicationJob);
  const application = new Application(simulated.seed);
  const series = new Map<string, { labels: Record<string, string>; points: [number, number][] }>();
  for (let time = from; time <= history.end; time += step) {
    application.work(step, isBadVersionLive(history, time));
    for (const [key, labels, value] of samplesOf(inWords(application.text()), job)) {
      const one = series.get(key) ?? { labels, points: [] };
      one.points.push([time, value]);
      series.set(key, one);
    }
  }
  return [...series.values()];
}

/** Rules that the notices read: evaluated every half minute, so that they are never too old. */
const isOfTheMachinery = ({ record }: RecordedRule): boolean =>
  record.startsWith('deployment_observability:');

/** The look at a deployment that a row of the overview's table opens, to the millisecond. */
function lookAt({ id, environment, triggered, finished = end }: Deployment, name: string): RecordedView {
  const search = new URLSearchParams({
    'var-environment': environment,
    'var-deployment': id,
    from: String(Math.round((triggered - 60) * 1_000)),
    to: String(Math.round((finished + 900) * 1_000)),
  });
  return { dashboard: 'deployment-troubleshooting', name, search: search.toString() };
}

function looks({ deployments }: History, environment: string): RecordedView[] {
  const production = deployments.filter(
    (d) => d.environment === environment && (d.finished ?? end) < end - 900,
  );
  const failed = production.findLast((d) => d.scenario === 'health_rollback');
  const good = production.findLast((d) => d.scenario === 'success');
  return [
    ...(failed ? [lookAt(failed, 'A deployment that was rolled back')] : []),
    ...(good ? [lookAt(good, 'A deployment that succeeded')] : []),
  ];
}

/**
 * Trends week by week, each as finely as the last one: a graph of the month since its first day is finer than an hour.
 * @param weeks how many are written finely; the rest in hours
 * @param generated the folder of what was built
 */
async function writePast(
  backfill: Backfill,
  history: History,
  rules: readonly RecordedRule[],
  weeks: number,
  generated: string,
): Promise<void> {
  for (let week = 0; week < weeks; week += 1) {
    const past = { ...history, end: history.end - week * 7 * 86_400 };
    const days = week === weeks - 1 ? simulated.days - 7 * week : 7;
    await writeTrends(backfill, past, rules, days, generated);
  }
}

/**
 * Starts a Prometheus and gives it the simulated months, as its own rules would have recorded it.
 * @param weeks how many of its last weeks are as fine as graphs draw them
 */
export async function startSimulation(
  { pipeline, generated }: Pick<Loaded, 'pipeline' | 'generated'>,
  weeks = 3,
): Promise<Simulated> {
  const told = pastDeployments(simulated, end);
  const history = inWordsOf(pipeline)(told);
  const files = filesInOrder(generated);
  const rules = recordedBy(files);
  // Nothing is scraped or evaluated now: the month lies in the past, and the clock of this machine must not matter.
  const server = await startPrometheus({
    config: prometheusConfig({ outOfOrderWindow: '70d' }),
    acceptsBackfill: true,
  });
  try {
    const backfill = await writeFacts(server.url, history, rules, simulated.days);
    const views = looks(history, wordsFor(pipeline).get('production') ?? '');
    const lastHours = end - 6 * 3_600;
    await remoteWrite(server.url, applicationPast(told, lastHours, pipeline));
    await writeCollection(server.url, { from: lastHours, end });
    await writePast(backfill, history, rules, weeks, generated);
    const lately = { start: end - 5 * 3_600, end, step: 30 };
    await backfill.evaluate(
      rules.filter((rule) => rule.group === applicationGroup.name || isOfTheMachinery(rule)),
      lately,
    );
    const between = { start: lately.start + 20, end: end - 40, step: 60 };
    await writeAlerts(new Prometheus(server.url), server.url, history, { rules, files }, between);
    // Last evaluations of the server: since the deployments that are looked at, and at the end.
    const first = Math.min(
      ...views.map(({ search }) => Number(new URLSearchParams(search).get('from')) / 1_000),
    );
    const step = 600;
    const steps = Math.ceil((end - first) / step) + 2;
    await backfill.evaluate(rules, { start: end - steps * step, end, step });
    return { url: server.url, time: end, views, stop: () => server.stop() };
  } catch (error) {
    await server.stop();
    throw error;
  }
}
