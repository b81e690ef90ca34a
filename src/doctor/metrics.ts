import type { HttpClient } from '../lib/http.ts';
import { isLabels, isText, listOf } from '../lib/shapes.ts';
import { counted } from '../lib/words.ts';
import {
  count,
  group,
  lastOverTime,
  type MetricDefinition,
  metric,
  type PipelineMetric,
  pipelineJob,
  pipelineMetrics,
  type Vector,
} from '../metrics/index.ts';
import type { Pipeline } from '../pipeline/index.ts';
import { hear, lastTime, query } from './ask.ts';
import { ageText, type Finding, findingsAt, type Step } from './model.ts';
import { judgeWords, recordedWords } from './words.ts';

const title = 'Metrics';
const finding = findingsAt('Prometheus', 'metrics');
/** How far back it is looked, seconds, and in which steps. */
const lookback = 30 * 86_400;
const step = 3_600;
/** One deployment may have had no migration, and another no time to be tested; this many in a row are no accident. */
const enough = 3;

/** The command that records a metric, as it is typed. */
function emitter(name: PipelineMetric): string {
  const verbs: readonly (readonly [prefix: string, verb: string])[] = [
    ['deployment_stage', 'stage'],
    ['deployment_total', 'stage'],
    ['deployment_health_check', 'health'],
    ['api_health_check', 'health'],
    ['smoke_test', 'smoke-test'],
    ['migration', 'migration'],
    ['deployment_finished', 'finish'],
    ['deployment_outcome', 'finish'],
  ];
  const verb = verbs.find(([prefix]) => name.startsWith(prefix))?.[1] ?? 'start';
  return `It is pushed by: node record.mjs ${verb} … (see docs/examples for where it goes).`;
}

/** Every required metric of the pipeline. */
export const requiredMetrics = (
  Object.entries(pipelineMetrics) as [PipelineMetric, MetricDefinition][]
).flatMap(([name, { required }]) => (required ? [name] : []));

/** Presence of one required metric in Prometheus. */
export interface Presence {
  readonly name: PipelineMetric;
  /** Unix seconds; undefined when it never was in thirty days. */
  readonly lastSeen: number | undefined;
}

/** A deployment that succeeded. */
export interface Success {
  /** Unix seconds. */
  readonly finished: number;
  /** By record.mjs; else by the older collector, which does not push every metric. */
  readonly recorded: boolean;
}

const byCollector = (name: PipelineMetric): boolean =>
  (pipelineMetrics[name] as MetricDefinition).producers.includes('collector');

/** Findings about required metrics that are missing from deployments whose producer pushes them. Pure. */
export function judgePresence(
  presences: readonly Presence[],
  successes: readonly Success[],
  now: number,
): Finding[] {
  const missing = presences.flatMap(({ name, lastSeen }) => {
    const expected = successes.filter(({ recorded }) => recorded || byCollector(name));
    if (lastSeen === undefined && expected.length === 0 && successes.length > 0) return [];
    const since = expected.filter(({ finished }) => finished > (lastSeen ?? 0) + step).length;
    if (lastSeen === undefined)
      return [
        finding(
          since >= enough ? 'error' : 'warning',
          'never-existed',
          `It never existed in thirty days, in which ${counted(since, 'deployment')} succeeded.`,
          emitter(name),
          name,
        ),
      ];
    if (since === 0) return [];
    return [
      finding(
        since >= enough ? 'error' : 'warning',
        'vanished',
        `It was last there ${ageText(now - lastSeen)} ago (${new Date(lastSeen * 1000).toISOString()}), and ${counted(since, 'deployment')} succeeded since.`,
        emitter(name),
        name,
      ),
    ];
  });
  return [...missing, ...collectorLimits(presences, successes)];
}

function collectorLimits(presences: readonly Presence[], successes: readonly Success[]): Finding[] {
  const others = successes.filter(({ recorded }) => !recorded).length;
  if (others === 0) return [];
  const never = presences.filter(({ name }) => !byCollector(name));
  return [
    finding(
      'note',
      'collector-limits',
      `${others} of ${counted(successes.length, 'deployment')} that succeeded came from the older collector, which pushes none of ${counted(never.length, 'metric')}: what they say is empty for these.`,
      'docs/collector.md says what that is; record.mjs records all of it.',
    ),
  ];
}

/** Which of our metrics Prometheus has had in thirty days: a question to the index only. */
async function everSeen(client: HttpClient, now: number): Promise<ReadonlySet<string>> {
  const { data } = await hear(client, 'api/v1/label/__name__/values', listOf(isText), {
    'match[]': `{job="${pipelineJob}"}`,
    start: String(now - lookback),
    end: String(now),
  });
  return new Set(data);
}

/** When each was last seen: now for those that are, and for the others as far as the index has them at all. */
async function presencesOf(client: HttpClient, now: number): Promise<Presence[]> {
  const [ever, current] = await Promise.all([
    everSeen(client, now),
    query(client, presentOf(requiredMetrics)),
  ]);
  const present = new Set(current.map(({ labels }) => labels.__name__));
  return await Promise.all(
    requiredMetrics.map(async (name): Promise<Presence> => {
      if (present.has(name)) return { name, lastSeen: now };
      if (!ever.has(name)) return { name, lastSeen: undefined };
      const span = { start: now - lookback, end: now, step };
      return { name, lastSeen: await lastTime(client, group(metric(name, {})), span) };
    }),
  );
}

const presentOf = (names: readonly PipelineMetric[]): string =>
  `group by (__name__) ({job="${pipelineJob}",__name__=~"${names.join('|')}"})`;

/** Only the recorder says when a deployment began and ended. */
const told = 'deployment_started_timestamp_seconds|deployment_finished_timestamp_seconds';
const idOf = ({ environment, deployment_id }: Readonly<Record<string, string>>): string =>
  `${environment}/${deployment_id}`;

/** The deployments that record.mjs recorded in thirty days: a question to the index only. */
async function recordedIds(client: HttpClient, now: number): Promise<ReadonlySet<string>> {
  const { data } = await hear(client, 'api/v1/series', listOf(isLabels), {
    'match[]': `{__name__=~"${told}",job="${pipelineJob}"}`,
    start: String(now - lookback),
    end: String(now),
  });
  return new Set(data.map(idOf));
}

/** The deployments that succeeded in thirty days, and how many finished at all. */
async function finishes(
  client: HttpClient,
  now: number,
): Promise<{ successes: Success[]; finished: number }> {
  const outcome = lastOverTime(metric('deployment:success:bool'), '30d');
  const when = lastOverTime(metric('deployment:finished_timestamp_seconds:max'), '30d');
  const [succeeded, all, recorded] = await Promise.all([
    query(client, `${when} and on (environment, deployment_id) (${outcome} == 1)`),
    query(client, count(when as Vector<'environment'>)),
    recordedIds(client, now),
  ]);
  const successes = succeeded.map(({ labels, value }) => ({
    finished: value,
    recorded: recorded.has(idOf(labels)),
  }));
  return { successes, finished: all[0]?.value ?? 0 };
}

/** Does everything arrive that has to? */
export async function examineMetrics(client: HttpClient, pipeline: Pipeline): Promise<Step> {
  const now = Math.floor(Date.now() / 1000);
  const [presences, { successes, finished }, words] = await Promise.all([
    presencesOf(client, now),
    finishes(client, now),
    recordedWords(client),
  ]);
  const there = presences.filter(({ lastSeen }) => lastSeen !== undefined).length;
  const seen = `${there} of ${counted(presences.length, 'required metric')} seen, ${counted(finished, 'deployment')} in thirty days`;
  if (there === 0)
    return {
      title,
      seen,
      findings: [
        finding(
          'error',
          'nothing-recorded',
          'Nothing that the pipeline records has arrived in thirty days.',
          'Add the recorder to the pipeline (docs/examples/deploy-full-stack.yml); if it is there, its warnings in the log of a run say why nothing arrives.',
        ),
      ],
    };
  return {
    title,
    seen,
    findings: [...judgePresence(presences, successes, now), ...judgeWords(words, pipeline)],
  };
}
