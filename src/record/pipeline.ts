import { cleanName } from '../lib/words.ts';
import { customMetrics, type MetricDefinition, pipelineMetrics } from '../metrics/index.ts';
import { type Pipeline, type StageKind, stagesOf, type Targets } from '../pipeline/index.ts';

/** The pipeline of this copy of the recorder: data that the build puts in. */
declare const PIPELINE: Pipeline | undefined;
let current: Pipeline | undefined = typeof PIPELINE === 'undefined' ? undefined : PIPELINE;

/** Gives a recorder that runs inside of another program its pipeline. */
export const carry = (pipeline: Pipeline): void => {
  current = pipeline;
};

/** The pipeline that is recorded. */
export function carried(): Pipeline {
  if (current === undefined) throw new Error('The recorder was built without a pipeline.');
  return current;
}

const catalogue: Readonly<Record<string, MetricDefinition>> = pipelineMetrics;
/** A metric that can be pushed: of the catalogue, or of the pipeline file, whose labels take other values too. */
export function definitionOf(metric: string): MetricDefinition {
  const own = catalogue[metric];
  if (own) return own;
  const custom = customMetrics(carried())[metric];
  if (!custom) throw new Error(`There is no metric ${metric}.`);
  const labels = Object.keys(custom.labels).map((label) => [label, 'open'] as const);
  return { ...custom, labels: Object.fromEntries(labels) };
}

/** Its targets. */
export const targets = (): Targets => carried().targets;

/** The environment that is meant where none is named: the first that users are on, else the first. */
export const defaultEnvironment = (): string => {
  const names = Object.entries(carried().environments);
  return (names.find(([, { kind }]) => kind === 'production') ?? names[0])?.[0] ?? 'production';
};

/** The stage that a verb records, and the service that it usually belongs to. Every pipeline has one of these kinds. */
export function stageOf(kind: 'migrate' | 'rollback'): { readonly stage: string; readonly service: string } {
  const pipeline = carried();
  const [stage = kind] = stagesOf(pipeline, kind);
  const [first = ''] = Object.keys(pipeline.services);
  return { stage, service: pipeline.stages[stage]?.service ?? first };
}

/** Where deployments to an environment are recorded, and the name that was given. */
export interface RecordedEnvironment {
  readonly environment: string;
  readonly name: string;
  readonly known: boolean;
}

const matches = (pattern: string, name: string): boolean =>
  pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : pattern === name;

/** The environment under which deployments to this one are recorded: all previews are one. */
export function recordedEnvironment(given: string): RecordedEnvironment {
  const name = cleanName(given);
  const { environments } = carried();
  const pattern = Object.hasOwn(environments, name)
    ? name
    : Object.keys(environments).find((one) => matches(one, name));
  if (pattern === undefined) return { environment: name, name, known: name === 'preview' };
  const preview = environments[pattern]?.kind === 'preview';
  return { environment: preview ? 'preview' : name, name, known: true };
}

/** The preview's own name, of an environment that is recorded as one of the previews. */
export function previewOf(given: string): string | undefined {
  const { environment, name } = recordedEnvironment(given);
  return environment === name ? undefined : name;
}

/** Whether a spent error budget stops risky changes to a recorded environment. */
export const freezes = (environment: string): boolean =>
  carried().environments[environment]?.freezes === true;

/** Names that the pipeline file knows. */
export const services = (): readonly string[] => Object.keys(carried().services);
export const stages = (): readonly string[] => Object.keys(carried().stages);
export const resources = (): readonly string[] => carried().cost.resources;

/** Words of the pipeline for the examples of the help. */
export function example() {
  const { smokeTests, cost, migrations } = carried();
  const ofKind = (...kinds: StageKind[]): string =>
    stagesOf(carried(), ...kinds)[0] ?? Object.keys(carried().stages)[0] ?? 'build';
  return {
    service: services()[0] ?? 'service',
    build: ofKind('build', 'other'),
    deploy: ofKind('deploy'),
    smokeTest: Object.keys(smokeTests)[0] ?? 'home_page',
    resource: cost.resources[0] ?? 'compute',
    migrate: migrations.command,
  };
}
