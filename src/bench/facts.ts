import { factNames as ledgerFacts, timelineGroup } from '../ledger/index.ts';
import { catalogue, errorTypes, type MetricDefinition, outcomes, rollbackReasons } from '../metrics/index.ts';
import { ledgerInterval, sampling } from '../pipeline/index.ts';

/** One series of the ledger: a fact of one deployment. */
export interface Fact {
  /** With its labels, as in an exposition. */
  readonly series: string;
  readonly value: number;
}

/** A deployment of a made-up history; everything about it follows from its number. */
export interface MadeUp {
  readonly index: number;
  readonly id: string;
  readonly environment: 'production' | 'staging';
  readonly outcome: 'success' | 'failure' | 'rolled_back' | 'abandoned' | 'cancelled';
  /** Unix seconds. */
  readonly finished: number;
}

const hundredthOf = (index: number): number => (index * 37) % 100;
const outcomeOf = (index: number): MadeUp['outcome'] => {
  const hundredth = hundredthOf(index);
  if (hundredth < 90) return 'success';
  if (hundredth < 94) return 'failure';
  if (hundredth < 97) return 'rolled_back';
  return hundredth < 98 ? 'abandoned' : 'cancelled';
};

/** Four in a hundred, all of them successes, say that they fix the one before them in their environment, three numbers earlier. */
const isRework = (index: number): boolean => hundredthOf(index) >= 86 && hundredthOf(index) < 90;

/** Deployments at equal distances, `perDay` of them a day, the last one half a distance before the end. */
export function madeUpHistory(perDay: number, days: number, end: number): MadeUp[] {
  const distance = 86_400 / perDay;
  const count = Math.round(perDay * days);
  return Array.from({ length: count }, (_, index) => ({
    index,
    id: String(17_000_000_000 + index * 977),
    environment: index % 3 === 2 ? 'staging' : 'production',
    outcome: outcomeOf(index),
    finished: Math.round(end - (count - index - 0.5) * distance),
  }));
}

const stages = [
  { service: 'database', stage: 'migration' },
  { service: 'api', stage: 'build' },
  { service: 'api', stage: 'deploy_railway' },
  { service: 'api', stage: 'health_check' },
  { service: 'web', stage: 'build' },
  { service: 'web', stage: 'deploy_vercel' },
  { service: 'api', stage: 'smoke_tests' },
] as const;
const tests = ['api_health', 'knowledge_api', 'web_beta'].map((test_name) => ({ test_name }));
const resources = ['railway_compute', 'vercel_build'].map((resource) => ({ resource }));

type Labels = Readonly<Record<string, string>>;

const commitOf = (d: MadeUp): string => d.id.repeat(4).slice(0, 40);
const runOf = (d: MadeUp): string => `https://github.com/example/app/actions/runs/${d.id}`;

/** Values of parts of a deployment. */
function wordsOf(labels: MetricDefinition['labels'], d: MadeUp): Labels {
  return {
    ...('log_url' in labels && { log_url: `${runOf(d)}/job/1` }),
    ...('error_type' in labels && { error_type: 'test_failed' }),
    ...('message' in labels && { message: '2 of 3 smoke tests failed: expected status 200, got 502' }),
  };
}

/** Facts of a deployment by the label that tells them apart. */
function partsOf(labels: MetricDefinition['labels'], d: MadeUp): readonly Labels[] {
  const words = wordsOf(labels, d);
  if ('stage' in labels) return stages.map((stage) => ({ ...stage, ...words }));
  if ('test_name' in labels) return tests.map((test) => ({ ...test, ...words }));
  if ('resource' in labels) return resources;
  if ('runner' in labels) return [{ runner: 'ubuntu-latest' }];
  if ('part' in labels)
    return [{ part: 'api smoke_tests', ...('commit' in labels && { commit: commitOf(d) }) }];
  if (!('run_url' in labels)) return [{}];
  return [
    {
      branch: 'main',
      commit: commitOf(d),
      version: `2.${d.index >> 5}.${d.index % 32}`,
      actor: 'ada',
      previous_deployment_id: String(Number(d.id) - 977),
      run_url: runOf(d),
      repository_url: 'https://github.com/example/app',
    },
  ];
}

/** Facts that only some deployments have; the stages that failed are the last. */
const condition: Readonly<Record<string, (d: MadeUp, part: Labels) => boolean>> = {
  'deployment:finished_late_timestamp_seconds:max': () => false,
  'deployment:late_push_timestamp_seconds:max': () => false,
  'deployment:running:bool': () => false,
  'deployment:ended_timestamp_seconds:max': () => false,
  'deployment:lost_start_timestamp_seconds:min': () => false,
  'deployment:error_timestamp_seconds:max': (d) => d.outcome === 'failure',
  'deployment_stage:unfinished_timestamp_seconds:max': (d) => d.outcome === 'abandoned',
  'deployment:lead_time_seconds:last': (d) => d.outcome === 'success',
  'deployment:reached_production:bool': (d) => d.outcome !== 'cancelled',
  'deployment:rework_finished_timestamp_seconds:max': ({ index }) => isRework(index),
  'deployment:fixed_timestamp_seconds:max': ({ index }) => isRework(index + 3),
  'deployment:fix_started_timestamp_seconds:min': ({ index }) => isRework(index + 3),
  'deployment:rolled_back_after_seconds:last': (d) => d.outcome === 'rolled_back',
  'deployment:success:bool': (d) => d.outcome !== 'cancelled',
  'deployment:rollback_reason:code': (d) => d.outcome === 'rolled_back',
  'deployment:rollback_finished_timestamp_seconds:max': (d) => d.outcome === 'rolled_back',
  'deployment_stage:error_type:code': (d, part) => d.outcome === 'failure' && part.stage === 'smoke_tests',
  'deployment_stage:reported_error_type:code': (d, part) =>
    d.outcome === 'failure' && part.stage === 'smoke_tests',
  'deployment_stage:failed_timestamp_seconds:max': (d, part) =>
    d.outcome === 'failure' && part.stage === 'smoke_tests',
  'deployment_test:failed_timestamp_seconds:max': (d) => d.outcome === 'failure',
  'deployment_part:failed_timestamp_seconds:max': (d) => d.outcome === 'failure',
  'deployment_part:lost_seconds:last': (d) => d.outcome === 'failure',
  // None of them is tried again.
  'deployment_part:passed_again_timestamp_seconds:max': () => false,
  'deployment_stage:duration_seconds:last': (d, part) =>
    d.outcome !== 'failure' || part.stage !== 'smoke_tests',
};

const values: Readonly<Record<string, (d: MadeUp) => number>> = {
  'deployment:outcome:code': (d) => outcomes[d.outcome],
  'deployment:success:bool': (d) => (d.outcome === 'success' ? 1 : 0),
  'deployment:rollback_reason:code': () => rollbackReasons.health_check_failed,
  'deployment_stage:error_type:code': () => errorTypes.test_failed,
  'deployment:error_budget_spent:sum': (d) => (d.outcome === 'success' ? 0 : 1),
};

/** A value of the right size for a fact without one of its own. */
function usual({ unit }: MetricDefinition, d: MadeUp): number {
  if (unit === 'unix seconds') return d.finished;
  if (unit === 'seconds') return 200 + (d.index % 400);
  if (unit === 'currency') return 0.15;
  return unit === 'count' ? 1 + (d.index % 8) : 1;
}

const isFact = /^deployment(_stage|_test|_resource|_runner|_part)?:/;
/** Every fact that the ledger writes of a deployment that has finished, and what it keeps of its stages and tests. */
export const factNames: readonly string[] = [
  ...new Set(
    [
      ...ledgerFacts,
      ...timelineGroup.rules.flatMap((rule) => (rule.kind === 'record' ? [rule.record] : [])),
    ].filter((name) => isFact.test(name)),
  ),
];

const seriesText = (name: string, labels: Labels): string =>
  `${name}{${Object.entries(labels)
    .map(([label, value]) => `${label}="${value}"`)
    .join(',')}}`;

/** The facts that the ledger writes of a deployment. */
export function factsOf(d: MadeUp): Fact[] {
  const own = { environment: d.environment, deployment_id: d.id };
  return factNames.flatMap((name) => {
    const definition = (catalogue as Readonly<Record<string, MetricDefinition>>)[name]!;
    const value = values[name]?.(d) ?? usual(definition, d);
    return partsOf(definition.labels, d)
      .filter((part) => condition[name]?.(d, part) ?? true)
      .map((part) => ({ series: seriesText(name, { ...own, ...part }), value }));
  });
}

const nextEvaluation = (time: number): number => Math.ceil(time / ledgerInterval) * ledgerInterval;

/**
 * When the ledger writes the facts of a deployment: from each event on, until it has read for some minutes that it did.
 * @param events its finish and what was pushed after it, Unix seconds, rising
 */
export const sampleTimes = (events: readonly [finished: number, ...later: number[]]): number[] => [
  ...new Set(
    events.flatMap((event) =>
      Array.from(
        { length: sampling.eager / ledgerInterval },
        (_, i) => nextEvaluation(event) + i * ledgerInterval,
      ),
    ),
  ),
];

/** When the error rate of a new version is known, seconds after its finish. */
const watched = 300;

/** The samples of the facts of a deployment. */
export const samplesOf = ({ finished, outcome }: MadeUp): number[] =>
  sampleTimes(outcome === 'success' ? [finished, finished + watched] : [finished]);
