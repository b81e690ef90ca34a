import { counted } from '../../lib/words.ts';
import {
  ago,
  binary,
  group,
  lastOverTime,
  metric,
  outcomes,
  type PipelineMetric,
  pipelineJob,
  stageStatuses,
  timestampOf,
  unless,
} from '../../metrics/index.ts';
import { targets } from '../pipeline.ts';
import type { ListedGroup } from '../sweep.ts';
import type { DeploymentKey } from '../verb.ts';
import { groupsOf, labelsIn, valuesIn } from './evidence.ts';
import { type GatePrometheus, NotAsked, type ServedRule } from './prometheus.ts';
import { incompleteSentence } from './transport.ts';
import { type Check, percent } from './verdict.ts';
import type { TransportView } from './view.ts';

const slo = 'deployment-reliability';
/** Sums of halves and shares are not exact. */
const almostNothing = 0.000001;

/** This month's budget from the ledger, and when it was computed. @throws NotAsked */
export async function budgetOf(prometheus: GatePrometheus, environment: string, now: number) {
  const series = metric('environment_slo:error_budget_left:ratio', {
    environment: environment as never,
    slo,
  });
  const [left, at, allowed, objective, known] = await Promise.all([
    prometheus.value(series, now),
    prometheus.value(timestampOf(series), now),
    prometheus.value(
      metric('environment_slo:error_budget_allowed:count', { environment: environment as never, slo }),
      now,
    ),
    prometheus.value(metric('slo:objective:ratio', { slo }), now),
    prometheus.value(
      group(metric('recent_deployment:started_timestamp_seconds:min', { environment: environment as never })),
      now,
    ),
  ]);
  return { left, age: at === undefined ? undefined : Math.max(0, now - at), allowed, objective, known };
}

/** Deployments on the gateway that failed or were rolled back, and what the ledger does not say so of yet. @throws NotAsked */
async function unledgered(
  prometheus: GatePrometheus,
  listing: readonly ListedGroup[],
  environment: string,
  now: number,
): Promise<number> {
  const failed = failedOn(listing, environment);
  if (failed.size === 0) return 0;
  const rows = await prometheus.query(
    lastOverTime(metric('deployment:error_budget_spent:sum', { environment: environment as never }), '2h'),
    now,
  );
  const spent = new Map(rows.map(({ labels, value }) => [labels.deployment_id, value]));
  // A failed deployment spends one, or a half when it was rolled back for its health.
  return [...failed].reduce((sum, [id, weight]) => sum + Math.max(0, weight - (spent.get(id) ?? 0)), 0);
}

/** Least budget that each failed deployment spends, from the gateway. Exported for tests. */
export function failedOn(listing: readonly ListedGroup[], environment: string): ReadonlyMap<string, number> {
  const failed = new Map<string, number>();
  for (const [id, groups] of byDeployment(listing, environment)) {
    const codes = (name: PipelineMetric): number[] => groups.flatMap((one) => valuesIn(one, name));
    const over = codes('deployment_finished_timestamp_seconds').length > 0;
    const rolledBack = codes('deployment_rollback_finished_timestamp_seconds').length > 0;
    const bad =
      codes('deployment_outcome_code').includes(outcomes.failure) ||
      codes('deployment_stage_status_code').includes(stageStatuses.failure);
    if (over && rolledBack) failed.set(id, targets().budget.rolledBackForHealth);
    else if (over && bad) failed.set(id, targets().budget.failed);
  }
  return failed;
}

const aboutBudget = { name: 'error-budget', demanded: 'some of the error budget of this month is left' };

/** Of an environment that the pipeline file never freezes, or does not know. */
export const neverFrozen = (environment: string): Check => ({
  ...aboutBudget,
  verdict: 'pass',
  found: `not asked: the pipeline file freezes nothing in ${environment}`,
});

/** Whether the error budget of this month allows a change. @throws NotAsked */
export async function errorBudget(
  prometheus: GatePrometheus,
  view: TransportView,
  { environment, hotfix }: { readonly environment: string; readonly hotfix: boolean },
  now: number,
): Promise<Check> {
  const base = aboutBudget;
  const { left, age, allowed, objective, known } = await budgetOf(prometheus, environment, now);
  if (objective === undefined)
    return { ...base, verdict: 'inconclusive', found: 'Prometheus does not evaluate the rules of the SLOs' };
  if (!view.complete) return { ...base, verdict: 'inconclusive', found: incompleteSentence(view) };
  if (left === undefined)
    return known === undefined
      ? { ...base, verdict: 'pass', found: 'nothing was deployed in thirty days, so nothing is spent' }
      : { ...base, verdict: 'inconclusive', found: 'the budget was not computed in the last five minutes' };
  const more = await unledgered(prometheus, view.listing ?? [], environment, now);
  const rest = left - more / Math.max(1, allowed ?? 1);
  const since = more > 0 ? `, failures that the ledger does not have yet included` : '';
  const found = `${percent(Math.max(0, rest))} is left, computed ${Math.round(age ?? 0)} s ago${since}`;
  if (rest > almostNothing) return { ...base, verdict: 'pass', found };
  return hotfix
    ? { ...base, verdict: 'skipped', found: `${found}; a hotfix is deployed all the same` }
    : { ...base, verdict: 'fail', found: `${found}: only hotfixes may be deployed until the next month` };
}

/** A deployment that has begun and not ended. */
interface Running {
  readonly id: string;
  readonly started: number;
}

/** Groups of the pipeline in an environment, by deployment. */
function byDeployment(groups: readonly ListedGroup[], environment: string): Map<string, ListedGroup[]> {
  const deployments = new Map<string, ListedGroup[]>();
  for (const one of groups) {
    const { job, environment: where, deployment_id: id } = one.labels;
    if (job !== pipelineJob || where !== environment || !id) continue;
    deployments.set(id, [...(deployments.get(id) ?? []), one]);
  }
  return deployments;
}

/** Deployments of an environment that run, as the gateway has them, the oldest first. */
export function runningOn(groups: readonly ListedGroup[], environment: string, now: number): Running[] {
  const running = [...byDeployment(groups, environment)].flatMap(([id, all]) => {
    const of = (name: Parameters<typeof valuesIn>[1]): number[] => all.flatMap((one) => valuesIn(one, name));
    const [started] = of('deployment_started_timestamp_seconds');
    const heard = Math.max(0, ...of('push_time_seconds'));
    // One that began again under the same id has not finished yet.
    const finished = Math.max(...of('deployment_finished_timestamp_seconds'), -Infinity);
    const over = finished >= (started ?? 0) || now - heard > targets().abandoned.afterSeconds;
    return started === undefined || over ? [] : [{ id, started }];
  });
  return running.sort((a, b) => a.started - b.started || (a.id < b.id ? -1 : 1));
}

/** Of two that started at once only one waits: the later one, or by its id. */
function othersBefore(running: readonly Running[], own: string): Running[] {
  const mine = running.find(({ id }) => id === own);
  return running.filter(
    ({ id, started }) =>
      id !== own && (!mine || started < mine.started || (started === mine.started && id < own)),
  );
}

/** Running deployments in Prometheus, the oldest first. @throws NotAsked */
async function scrapedRunning(
  prometheus: GatePrometheus | NotAsked,
  environment: DeploymentKey['environment'],
  now: number,
): Promise<Running[]> {
  if (prometheus instanceof NotAsked) throw prometheus;
  const [running, begun] = await Promise.all([
    prometheus.query(metric('deployment:running:bool', { environment }), now),
    // Deployments that began since the ledger was evaluated last.
    prometheus.query(
      unless(
        binary(
          metric('deployment_started_timestamp_seconds', { environment }),
          '>',
          ago(targets().abandoned.afterSeconds),
        ),
        metric('deployment_finished_timestamp_seconds', { environment }),
        { on: ['deployment_id'] },
      ),
      now,
    ),
  ]);
  const started = new Map(begun.map(({ labels, value }) => [labels.deployment_id ?? '', value]));
  const ids = new Set([...running.map(({ labels }) => labels.deployment_id ?? ''), ...started.keys()]);
  return [...ids].map((id) => ({ id, started: started.get(id) ?? 0 })).sort((a, b) => a.started - b.started);
}

/** Names of the previews to which deployments go, by deployment, as far as gateway and Prometheus know. */
async function previewsOf(
  prometheus: GatePrometheus | NotAsked,
  groups: readonly ListedGroup[],
  environment: string,
  now: number,
): Promise<ReadonlyMap<string, string>> {
  const scraped =
    prometheus instanceof NotAsked
      ? []
      : await prometheus.query(metric('deployment_info', { environment }), now).catch(() => []);
  const held = [...byDeployment(groups, environment)].flatMap(([id, all]) =>
    all.flatMap((one) => labelsIn(one, 'deployment_info').map(({ preview = '' }) => [id, preview] as const)),
  );
  const named = [
    ...scraped.map(({ labels }) => [labels.deployment_id ?? '', labels.preview ?? ''] as const),
    ...held,
  ];
  return new Map(named.filter(([, preview]) => preview !== ''));
}

/**
 * Whether another deployment to the environment runs, as far as gateway and Prometheus know. All previews are recorded
 * as one environment, and one does not wait for another. @throws NotAsked
 */
export async function noOther(
  prometheus: GatePrometheus | NotAsked,
  view: TransportView,
  { preview, ...deployment }: DeploymentKey & { readonly preview?: string | undefined },
  now: number,
): Promise<Check> {
  const { environment, deployment_id } = deployment;
  const base = {
    name: 'no-other-deployment',
    demanded: `no other deployment to ${preview ?? environment} runs`,
  };
  const groups = view.listing ?? [];
  const startHeld = groupsOf(groups, deployment).some(
    (one) => valuesIn(one, 'deployment_started_timestamp_seconds').length > 0,
  );
  const scraped = await scrapedRunning(prometheus, environment, now).catch((error: unknown) => {
    // A gateway that holds our own start holds those of the others.
    if (!(error instanceof NotAsked && startHeld)) throw error;
    return [];
  });
  if (view.problem !== undefined) throw new NotAsked(view.problem);
  const held = new Set(byDeployment(groups, environment).keys());
  const scrapedToo = scraped.filter(({ id }) => !held.has(id));
  const mine = scraped.some(({ id }) => id === deployment_id);
  const previews = preview === undefined ? undefined : await previewsOf(prometheus, groups, environment, now);
  const others = [
    ...othersBefore(runningOn(groups, environment, now), deployment_id),
    // With our own start among them, the earlier one goes first; else all of them do.
    ...(mine && !held.has(deployment_id)
      ? othersBefore(scrapedToo, deployment_id)
      : scrapedToo.filter(({ id }) => id !== deployment_id)),
  ].filter(({ id }) => (previews?.get(id) ?? preview) === preview);
  if (others.length > 0)
    return { ...base, verdict: 'fail', found: `running: ${others.map(({ id }) => id).join(', ')}` };
  if (!view.complete) return { ...base, verdict: 'inconclusive', found: incompleteSentence(view) };
  if (view.listing && deployment_id && !startHeld)
    return {
      ...base,
      verdict: 'inconclusive',
      found: `the gateway does not hold the start of ${deployment_id}, so it may have lost others too: record the start first`,
    };
  return { ...base, verdict: 'pass', found: 'none runs' };
}

/** While one of these fires, critical alerts stay silent because nothing is seen. */
const blind = ['PushgatewayDown', 'LedgerNotEvaluated'];

/** Judges alerting rules as Prometheus serves them. Pure. */
export function judgeAlerts(rules: readonly ServedRule[], environment: string, hotfix: boolean): Check {
  const base = { name: 'no-critical-alert', demanded: 'no critical alert fires' };
  const critical = rules.filter(({ labels }) => labels?.severity === 'critical');
  if (critical.length === 0)
    return {
      ...base,
      verdict: 'inconclusive',
      found: 'Prometheus has no critical alerts at all: the alerting rules are not loaded',
    };
  const firing = critical.flatMap(({ name, alerts }) =>
    (alerts ?? [])
      .filter(
        ({ state, labels }) => state === 'firing' && (labels.environment ?? environment) === environment,
      )
      .map(() => name),
  );
  if (firing.length > 0) {
    const found = `${[...new Set(firing)].join(', ')} fires`;
    return hotfix
      ? { ...base, verdict: 'skipped', found: `${found}; a hotfix is deployed all the same` }
      : { ...base, verdict: 'fail', found };
  }
  const unseen = rules.filter(({ name, alerts }) => blind.includes(name) && (alerts ?? []).length > 0);
  if (unseen.length > 0) {
    const found = `${unseen.map(({ name }) => name).join(', ')} fires or is about to, so critical alerts cannot be known`;
    return { ...base, verdict: 'inconclusive', found };
  }
  const broken = critical.filter(({ health }) => health !== 'ok').map(({ name }) => name);
  return broken.length > 0
    ? { ...base, verdict: 'inconclusive', found: `not evaluated: ${broken.join(', ')}` }
    : { ...base, verdict: 'pass', found: `none of ${counted(critical.length, 'critical alert')} fires` };
}
