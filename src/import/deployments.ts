import type { Pipeline } from '../pipeline/index.ts';
import { isRevertMessage, queuesOf, type RunnerJob, runnerCosts } from '../record/index.ts';
import type { Deployment } from '../simulator/index.ts';
import type { MappedStep, Mapping } from './mapping.ts';
import {
  isSmoke,
  migration,
  type RanStep,
  ranStep,
  reasonOf,
  smokeTest,
  stagesOf,
  statusOf,
} from './steps.ts';
import { type FetchedRun, secondsOf, type WireJob, type WireRun } from './wire.ts';

type Rollback = Deployment['rollbacks'][number];

/** A run of which nothing can be made, and why. */
export interface Skipped {
  readonly run: number;
  readonly why: string;
}

/** The jobs of an attempt that ran in it: later attempts list the earlier ones' successful jobs again. */
function jobsOf({ jobs }: FetchedRun, attempt: number, began: number): WireJob[] {
  return jobs.filter(
    (job) =>
      (job.run_attempt ?? 1) === attempt &&
      job.conclusion !== 'skipped' &&
      (secondsOf(job.started_at) ?? 0) >= began - 1,
  );
}

/** The id under which a run's attempt is recorded. */
export const attemptId = (run: number, attempt: number): string =>
  attempt === 1 ? String(run) : `${run}-${attempt}`;

/** When an attempt began: of the newest GitHub says so, of earlier ones their jobs do. */
function beganAt({ run, jobs }: FetchedRun, attempt: number): number | undefined {
  const newest = run.run_attempt ?? 1;
  if (attempt === 1 && newest === 1) return secondsOf(run.run_started_at) ?? secondsOf(run.created_at);
  if (attempt === newest) return secondsOf(run.run_started_at);
  const created = jobs
    .filter((job) => (job.run_attempt ?? 1) === attempt)
    .flatMap((job) => secondsOf(job.created_at) ?? secondsOf(job.started_at) ?? []);
  const first = attempt === 1 ? secondsOf(run.created_at) : undefined;
  return first ?? (created.length > 0 ? Math.min(...created) : undefined);
}

const endings: Readonly<Record<string, Deployment['reported']>> = {
  success: 'success',
  failure: 'failure',
  timed_out: 'failure',
  startup_failure: 'failure',
  cancelled: 'cancelled',
};

const isNewest = ({ run }: FetchedRun, attempt: number): boolean => attempt === (run.run_attempt ?? 1);

/** How jobs ended together. */
function endingOf(jobs: readonly WireJob[]): NonNullable<Deployment['reported']> {
  const all = new Set(jobs.map(({ conclusion }) => endings[conclusion ?? '']));
  return all.has('failure') ? 'failure' : all.has('cancelled') ? 'cancelled' : 'success';
}

const triggers: Readonly<Record<string, Deployment['triggeredBy']>> = {
  workflow_dispatch: 'manual',
  repository_dispatch: 'webhook',
};

/** The part of an attempt that differs between environments. */
type Own =
  | 'environment'
  | 'finished'
  | 'reported'
  | 'stages'
  | 'smokeTests'
  | 'migrations'
  | 'rollbacks'
  | 'queues'
  | 'costs';

/** The part of an attempt that all environments share. */
function headOf(run: WireRun, attempt: number, began: number, started: number): Omit<Deployment, Own> {
  const committed = secondsOf(run.head_commit?.timestamp);
  const ownTrigger =
    attempt === 1 && (run.event === 'push' || run.event === 'release' || run.event === 'workflow_run');
  const sha = run.head_sha ?? '';
  const isTag = run.event === 'release' || /^v?\d+\.\d+/.test(run.head_branch ?? '');
  return {
    id: attemptId(run.id, attempt),
    runId: String(run.id),
    runAttempt: attempt,
    ...(committed !== undefined && { committed: Math.min(committed, began) }),
    // A click, a schedule and a re-run count from their start, as the recorder has it.
    triggered: ownTrigger ? Math.min(secondsOf(run.created_at) ?? began, started) : started,
    started,
    ...(run.html_url !== undefined && { repository: run.html_url.replace(/\/actions\/.*$/, '') }),
    branch: run.head_branch ?? '',
    commit: sha,
    ...(isRevertMessage(run.head_commit?.message ?? '') && { hotfix: true }),
    version: isTag ? (run.head_branch ?? sha.slice(0, 7)) : sha.slice(0, 7),
    actor: run.triggering_actor?.login ?? run.actor?.login ?? '',
    triggeredBy:
      attempt > 1 ? ('manual' as Deployment['triggeredBy']) : (triggers[run.event ?? ''] ?? 'github_actions'),
    health: [],
    errorRates: [],
    clockOffset: 0,
    scenario: 'imported',
  };
}

const runnerJob = ({ labels = [], created_at, started_at, completed_at }: WireJob): RunnerJob => {
  const [created, started, finished] = [created_at, started_at, completed_at].map(secondsOf);
  return {
    labels,
    ...(created !== undefined && { created }),
    ...(started !== undefined && { started }),
    ...(finished !== undefined && { finished }),
  };
};

function attemptDeployments(
  fetched: FetchedRun,
  attempt: number,
  mapping: Mapping,
  prices: Pipeline['cost'],
): Deployment[] | string {
  const began = beganAt(fetched, attempt);
  if (began === undefined) return 'it does not say when it began';
  const jobs = jobsOf(fetched, attempt, began);
  const newest = isNewest(fetched, attempt);
  const ending = newest ? endings[fetched.run.conclusion ?? ''] : endingOf(jobs);
  if (ending === undefined) return `it ended as "${fetched.run.conclusion ?? 'nothing'}"`;
  const starts = jobs.flatMap((job) => secondsOf(job.started_at) ?? []);
  if (starts.length === 0) return 'none of its jobs ran';
  const steps = jobs.flatMap((job) =>
    (job.steps ?? []).flatMap((step) => (step ? (ranStep(job, step, mapping) ?? []) : [])),
  );
  const head = headOf(fetched.run, attempt, began, Math.min(...starts));
  const environmentOf = (job: WireJob): string | undefined => mapping.environment(job.name ?? '');
  const named = new Set(jobs.flatMap((job) => environmentOf(job) ?? []));
  const environments = named.size > 0 ? [...named] : [mapping.usual];
  return environments.map((environment) => {
    const isOwn = (job: WireJob): boolean => (environmentOf(job) ?? environment) === environment;
    const ownJobs = jobs.filter(isOwn);
    // A job that serves all environments is paid once.
    const isPaid = (job: WireJob): boolean => (environmentOf(job) ?? environments[0]) === environment;
    const ends = ownJobs.flatMap((job) => secondsOf(job.completed_at) ?? []);
    // A failure in production was a success in staging before.
    const reported = environments.length > 1 ? endingOf(ownJobs) : ending;
    const own = steps.filter(({ job }) => isOwn(job));
    const failed = own.filter(({ conclusion }) => statusOf(conclusion) === 'failure');
    const finished = Math.max(head.started, ...ends);
    const of = (kind: MappedStep['kind']): RanStep[] => own.filter((step) => step.kind === kind);
    return {
      ...head,
      environment: environment as Deployment['environment'],
      finished,
      queues: queuesOf(ownJobs.map(runnerJob)).map((one) => ({ ...one, time: finished })),
      costs: runnerCosts(jobs.filter(isPaid).map(runnerJob), prices).map(({ resource, amount: usd }) => ({
        resource: resource as Deployment['costs'][number]['resource'],
        time: finished,
        usd,
      })),
      reported,
      stages: stagesOf(
        own.filter((step) => !['migrate', 'rollback'].includes(step.kind) && !isSmoke(step)),
        fetched,
      ),
      smokeTests: own.filter(isSmoke).map((step) => smokeTest(step, fetched)),
      migrations: of('migrate').map((step) => migration(step, fetched)),
      rollbacks: of('rollback').map(({ service, started, finished, conclusion }) => ({
        service: service as Rollback['service'],
        reason: reasonOf(failed),
        previousId: '',
        started,
        ...(finished !== undefined && { finished, ok: conclusion === 'success' }),
      })),
    };
  });
}

/** Each deployment replaces the one before it of its environment that was live at its end. */
function linked(deployments: readonly Deployment[]): Deployment[] {
  const live = new Map<string, string>();
  return [...deployments]
    .sort((a, b) => a.started - b.started || (a.id < b.id ? -1 : 1))
    .map((d) => {
      const previousId = live.get(d.environment);
      if (d.reported === 'success' && d.rollbacks.length === 0) live.set(d.environment, d.id);
      if (previousId === undefined) return d;
      return { ...d, previousId, rollbacks: d.rollbacks.map((one) => ({ ...one, previousId })) };
    });
}

/** Deployments of runs, every attempt one of its own, in the order in which they started. */
export function deploymentsOf(
  runs: readonly FetchedRun[],
  mapping: Mapping,
  prices: Pipeline['cost'],
): { readonly deployments: readonly Deployment[]; readonly skipped: readonly Skipped[] } {
  const skipped: Skipped[] = [];
  const all = runs.flatMap((fetched) => {
    const attempts = Array.from({ length: fetched.run.run_attempt ?? 1 }, (_, i) => i + 1);
    return attempts.flatMap((attempt) => {
      const made = attemptDeployments(fetched, attempt, mapping, prices);
      if (typeof made !== 'string') return made;
      skipped.push({ run: fetched.run.id, why: made });
      return [];
    });
  });
  return { deployments: linked(all), skipped };
}
