import {
  type Kind,
  type Proposal,
  type ProposedStage,
  recognise,
  type Step,
  serviceOfJob,
  servicesOf,
  slug,
  stageNames,
} from '../init/index.ts';

/** A step of a job as a stage of the deployment. */
export interface MappedStep {
  readonly kind: Kind;
  readonly service: string;
  readonly stage: string;
  /** Its name as people know it. */
  readonly label: string;
}

/** How steps of runs become stages. */
export interface Mapping {
  /** `undefined` for plumbing, and for what is not understood. */
  step(job: string, step: string): MappedStep | undefined;
  /** `undefined` for a job that names none: it serves all environments of its run. */
  environment(job: string): string | undefined;
  /** The environment of runs of which no job names one. */
  readonly usual: string;
  /** How often which step was not understood, by `job › step`. */
  readonly unknown: ReadonlyMap<string, number>;
}

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Whether a run's job is this one of the workflow: `deploy (orders)` is `deploy` with a matrix. */
function isJob(shown: string, { id, name }: { id: string; name?: string }): boolean {
  const pattern = (name ?? id)
    .split(/\$\{\{.*?\}\}/)
    .map(escaped)
    .join('.*');
  return new RegExp(`^(?:.* / )?${pattern}(?: \\(.*\\))?$`).test(shown);
}

/** Whether a run's step is this one: one without a name is shown as `Run` and what it runs. */
function isStep(shown: string, { label, name, uses, run }: Step): boolean {
  if (shown === label) return true;
  if (name !== undefined || !shown.startsWith('Run ')) return false;
  const what = shown.slice('Run '.length);
  return run === undefined ? what.split('@')[0] === uses : what === run.trim().split('\n')[0]!.trim();
}

/** A step of which only the name is known that runs show. */
function stepNamed(job: string, shown: string): Step {
  const what = /^Run (.+)$/.exec(shown)?.[1];
  const action = what === undefined ? undefined : /^([\w.-]+\/[\w./-]+)@\S+$/.exec(what)?.[1];
  return {
    job,
    label: shown,
    with: {},
    env: {},
    place: { start: 0, end: 0 },
    ...(action !== undefined
      ? { uses: action }
      : what !== undefined
        ? { run: what }
        : { name: shown, run: '' }),
  };
}

/** The service of a job with a matrix: the value that its name shows. */
function serviceIn(service: string, shown: string, { workflow }: Proposal, job: string): string {
  const values = /\((.*)\)$/.exec(shown)?.[1]?.split(', ') ?? [];
  const all = servicesOf(service, workflow, job);
  return all.find((one) => values.includes(one)) ?? all[0]!;
}

/**
 * Maps by today's workflow, and what it does not have any more by the names that runs show.
 * @param proposal what the workflow says
 */
export function mappingOf(proposal: Proposal): Mapping {
  const { workflow, stages, hosting } = proposal;
  const unknown = new Map<string, number>();
  const known = new Map<string, MappedStep | undefined>();
  const jobOf = (shown: string) => workflow.jobs.find((job) => isJob(shown, job));
  const otherwise = hosting.size === 1 ? [...hosting.keys()][0]! : 'app';

  const fromWorkflow = (shownJob: string, shown: string): MappedStep | 'plumbing' | undefined => {
    const job = jobOf(shownJob);
    const step = job?.steps.find((one) => isStep(shown, one));
    if (!job || !step) return undefined;
    const stage: ProposedStage | undefined = stages.find((one) => one.step === step);
    if (!stage) return recognise(step).kind === 'plumbing' ? 'plumbing' : undefined;
    const service = serviceIn(stage.service, shownJob, proposal, job.id);
    return { kind: stage.kind, service, stage: stage.stage, label: step.label };
  };
  const fromName = (shownJob: string, shown: string): MappedStep | 'plumbing' | undefined => {
    const { kind } = recognise(stepNamed(shownJob, shown));
    if (kind === 'plumbing') return 'plumbing';
    if (kind === 'unknown') return undefined;
    const service = kind === 'migrate' ? 'database' : (serviceOfJob(slug(shownJob)) ?? otherwise);
    return { kind, service, stage: kind === 'deploy' ? 'deploy' : stageNames[kind], label: shown };
  };
  const isRunners = (shown: string): boolean =>
    /^(?:Set up job|Complete job|Post .*|Initialize containers|Stop containers)$/.test(shown);

  return {
    unknown,
    usual: proposal.environments[0]!,
    environment(shown) {
      const own = jobOf(shown)?.environment;
      return own !== undefined && proposal.environments.includes(own) ? own : undefined;
    },
    step(shownJob, shown) {
      if (isRunners(shown)) return undefined;
      const key = `${shownJob} › ${shown}`;
      if (unknown.has(key)) unknown.set(key, unknown.get(key)! + 1);
      if (known.has(key) || unknown.has(key)) return known.get(key);
      const found = fromWorkflow(shownJob, shown) ?? fromName(shownJob, shown);
      if (found === undefined) unknown.set(key, 1);
      known.set(key, found === 'plumbing' ? undefined : found);
      return known.get(key);
    },
  };
}
