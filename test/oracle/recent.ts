import type { Outcome, RollbackReason } from '../../src/metrics/codes.ts';
import { type Facts, totalCost } from './facts.ts';
import { sum } from './statistics.ts';

/** One row of "Recent deployments". */
export interface RecentDeployment {
  readonly id: string;
  readonly environment: string;
  readonly outcome: Outcome;
  readonly triggered: number;
  readonly started: number;
  readonly finished?: number;
  readonly duration?: number;
  readonly stages: number;
  readonly stagesPassed: number;
  readonly rollbackReason: RollbackReason;
  readonly migrationDuration: number;
  readonly healthChecks: { readonly passed: number; readonly made: number };
  readonly smokeTests: { readonly passed: number; readonly made: number };
  /** The stage that failed first, as `service stage`, and when it ended. */
  readonly failedStage?: { readonly name: string; readonly at: number };
  readonly budgetSpent: number;
  readonly cost: number;
  readonly branch: string;
  readonly commit: string;
  readonly version: string;
  readonly actor: string;
  readonly previousId?: string;
}

const latestFirst =
  (time: (facts: Facts) => number) =>
  (a: Facts, b: Facts): number =>
    time(b) - time(a) || (a.id < b.id ? 1 : -1);
const byStart = latestFirst(({ started }) => started);
const byFinish = latestFirst(({ finished }) => finished ?? Number.POSITIVE_INFINITY);

function firstFailure({ outcome, deployment: d }: Facts): RecentDeployment['failedStage'] {
  const stages = d.stages.flatMap(({ service, stage, status, finished }) =>
    status === 'failure' && finished !== undefined ? [{ name: `${service} ${stage}`, at: finished }] : [],
  );
  const migrations = d.migrations.flatMap(({ ok, finished }) =>
    ok === false && finished !== undefined ? [{ name: 'database migration', at: finished }] : [],
  );
  const [first] = [...stages, ...migrations].sort((a, b) => a.at - b.at);
  // A failed stage of a running deployment may be tried again.
  return first && outcome !== 'running' ? { ...first, at: first.at + d.clockOffset } : undefined;
}

/** None are counted of a cancelled deployment. */
const shares = ({ outcome, health, smokeTests }: Facts) =>
  outcome === 'cancelled'
    ? { healthChecks: { passed: 0, made: 0 }, smokeTests: { passed: 0, made: 0 } }
    : {
        healthChecks: health,
        smokeTests: { passed: smokeTests.filter(({ ok }) => ok).length, made: smokeTests.length },
      };

const row = (f: Facts): RecentDeployment => ({
  id: f.id,
  environment: f.environment,
  outcome: f.outcome,
  triggered: f.triggered,
  started: f.started,
  ...(f.finished !== undefined && { finished: f.finished }),
  ...(f.duration !== undefined && { duration: f.duration }),
  stages: f.stages.length,
  stagesPassed: f.stages.filter(({ status }) => status === 'success').length,
  rollbackReason: f.rollbackReason,
  migrationDuration: sum(f.migrations.map(({ duration }) => duration)),
  ...shares(f),
  ...(firstFailure(f) && { failedStage: firstFailure(f)! }),
  budgetSpent: f.budgetSpent,
  cost: totalCost(f),
  branch: f.deployment.branch,
  commit: f.deployment.commit,
  version: f.deployment.version,
  actor: f.deployment.actor,
  ...(f.deployment.previousId !== undefined && { previousId: f.deployment.previousId }),
});

const of = (facts: readonly Facts[], environment: string): Facts[] =>
  facts.filter((f) => f.environment === environment);

/** The deployments of an environment that started last, latest first. */
export const recent = (facts: readonly Facts[], environment: string, limit = 10): RecentDeployment[] =>
  of(facts, environment).sort(byStart).slice(0, limit).map(row);

/** The newest deployment that has ended, whatever its outcome. */
export const lastFinished = (facts: readonly Facts[], environment: string): RecentDeployment | undefined =>
  of(facts, environment)
    .filter(({ finished }) => finished !== undefined)
    .sort(byStart)
    .slice(0, 1)
    .map(row)[0];

/** Time to deploy of the success that ended last. */
export const currentTimeToDeploy = (facts: readonly Facts[], environment: string): number | undefined =>
  of(facts, environment)
    .filter(({ outcome }) => outcome === 'success')
    .sort(byFinish)[0]?.duration;

/** How many deployments of the environment run. */
export const active = (facts: readonly Facts[], environment: string): number =>
  of(facts, environment).filter(({ outcome }) => outcome === 'running').length;
