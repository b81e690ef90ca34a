import { type Kind, type Recognised, recognise } from './commands.ts';
import { mentioned, namedService, serviceOfFolder, serviceOfJob } from './services.ts';
import type { Step, Workflow } from './workflow.ts';

/** A step that is a stage of the deployment. */
export interface ProposedStage {
  readonly step: Step;
  readonly kind: Kind;
  readonly service: string;
  /** Its name in the pipeline file. */
  readonly stage: string;
}

/** The pipeline that a workflow describes. */
export interface Proposal {
  readonly workflow: Workflow;
  readonly environments: readonly string[];
  /** Where each service is deployed to; `undefined` where no step says so. */
  readonly hosting: ReadonlyMap<string, string | undefined>;
  readonly stages: readonly ProposedStage[];
  /** Steps that could be anything. */
  readonly unknown: readonly Step[];
}

/** Where migrations run, on any host. */
const database = 'database';

const isStage = (kind: Recognised['kind']): kind is Kind => kind !== 'plumbing' && kind !== 'unknown';

/** The one service of a workflow that names no other, or `app`. */
function onlyService(found: readonly (string | undefined)[]): string {
  const names = new Set(found.filter((name) => name !== undefined));
  return names.size === 1 ? [...names][0]! : 'app';
}

/** Names of stages by what they do, as in other pipelines. */
export const stageNames: Readonly<Record<Exclude<Kind, 'deploy'>, string>> = {
  build: 'build',
  migrate: 'migration',
  check: 'health_check',
  test: 'tests',
  rollback: 'rollback',
};
const isSmoke = /smoke|e2e|end[- ]to[- ]end|playwright|cypress/i;

function stageName({ step, kind, hosting }: { step: Step; kind: Kind; hosting: string | undefined }): string {
  if (kind === 'deploy') return hosting === undefined ? 'deploy' : `deploy_${hosting.replaceAll('-', '_')}`;
  if (kind === 'test' && isSmoke.test(`${step.name ?? ''} ${step.run ?? ''}`)) return 'smoke_tests';
  if (kind === 'build' && /\b(?:install|ci|sync)\b/.test(step.run ?? '')) return 'install';
  return stageNames[kind];
}

/** A word for names of stages and tests: lower case, letters, digits and underscores. */
export const slug = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replaceAll(/^_+|_+$/g, '')
    .slice(0, 64) || 'step';

/** Two stages of one service must not share a name: one would overwrite the other. The later ones are called after their steps. */
function distinct(stages: readonly ProposedStage[]): ProposedStage[] {
  const taken = new Set<string>();
  return stages.map((one) => {
    const named = (stage: string): string => [one.step.job, one.service, stage].join();
    let stage = one.stage;
    for (let n = 1; taken.has(named(stage)) && one.stage !== 'smoke_tests'; n++)
      stage = n === 1 ? slug(one.step.label) : `${slug(one.step.label)}_${n}`;
    taken.add(named(stage));
    return { ...one, stage };
  });
}

function environmentsOf({ jobs, environmentChoices }: Workflow): string[] {
  const named = jobs.flatMap(({ environment }) =>
    environment === undefined || environment.includes('${{') ? [] : [environment],
  );
  const all = [...new Set([...named, ...environmentChoices])];
  return all.length > 0 ? all : ['production'];
}

/** Every value of a service that a matrix names, else the name itself. */
export function servicesOf(name: string, { jobs }: Workflow, job: string): readonly string[] {
  const key = /^\$\{\{\s*matrix\.(\w+)\s*\}\}$/.exec(name)?.[1];
  return key === undefined ? [name] : (jobs.find(({ id }) => id === job)?.matrix[key] ?? [name]);
}

/** Reads services, stages and their kinds out of a workflow. */
export function propose(workflow: Workflow): Proposal {
  const steps = workflow.jobs.flatMap((job) => job.steps);
  const read = steps.map((step) => ({ step, ...recognise(step) }));
  const stages = read.filter((one): one is typeof one & { kind: Kind } => isStage(one.kind));
  const own = (step: Step): string | undefined =>
    namedService(step) ?? serviceOfJob(step.job) ?? serviceOfFolder(step);
  const deployed = stages.filter(({ kind }) => kind !== 'migrate').map(({ step }) => own(step));
  const known = new Set(deployed.filter((name) => name !== undefined));
  const otherwise = onlyService(deployed);
  const serviceOf = (step: Step, kind: Kind): string =>
    kind === 'migrate' ? database : (namedService(step) ?? mentioned(step, known) ?? own(step) ?? otherwise);
  const proposed = stages.map(({ step, kind, hosting }) => ({
    step,
    kind,
    hosting,
    service: serviceOf(step, kind),
    stage: stageName({ step, kind, hosting }),
  }));
  const services = new Set(proposed.flatMap(({ service, step }) => servicesOf(service, workflow, step.job)));
  const hostingOf = (service: string): string | undefined =>
    proposed.find(
      (s) => s.hosting !== undefined && servicesOf(s.service, workflow, s.step.job).includes(service),
    )?.hosting;
  return {
    workflow,
    environments: environmentsOf(workflow),
    hosting: new Map([...services].map((service) => [service, hostingOf(service)])),
    stages: distinct(proposed.map(({ hosting: _, ...stage }) => stage)),
    unknown: read.filter(({ kind }) => kind === 'unknown').map(({ step }) => step),
  };
}

/** The environment of a job: its own, or the one that the workflow deploys to. */
export const environmentOf = ({ environments, workflow }: Proposal, job: string): string => {
  const own = workflow.jobs.find(({ id }) => id === job)?.environment;
  return own !== undefined && environments.includes(own) ? own : environments[0]!;
};

/** How much a workflow looks like the one that deploys; 0 when nothing in it does. */
export function deploymentScore(workflow: Workflow): number {
  const { stages } = propose(workflow);
  const deploys = stages.filter(({ kind }) => kind === 'deploy').length;
  const called = /deploy|release|ship|production/i.test(`${workflow.name} ${workflow.file}`) ? 1 : 0;
  const onMain = workflow.triggers.some((t) =>
    ['push', 'release', 'workflow_dispatch', 'workflow_run'].includes(t),
  );
  return deploys === 0 ? 0 : deploys * 2 + called + (onMain ? 1 : 0) + stages.length / 100;
}
