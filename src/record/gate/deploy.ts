import { counted } from '../../lib/words.ts';
import { binary, group, max, metric, pipelineJob, pushgatewayJob } from '../../metrics/index.ts';
import { abandonedAfter } from '../../pipeline/index.ts';
import type { ListedGroup } from '../sweep.ts';
import type { Deployment } from '../verb.ts';
import { groupsOf, type Listing, valuesIn } from './evidence.ts';
import { type GatePrometheus, NotAsked, type ServedRule } from './prometheus.ts';
import { type Check, percent } from './verdict.ts';

const slo = 'deployment-reliability';
/** Sums of halves and shares are not exact. */
const almostNothing = 0.000001;

/** Whether the error budget of this month allows a change. @throws NotAsked */
export async function errorBudget(
  prometheus: GatePrometheus,
  environment: Deployment['environment'],
  hotfix: boolean,
  now: number,
): Promise<Check> {
  const base = { name: 'error-budget', demanded: 'some of the error budget of this month is left' };
  const [left, objective, known] = await Promise.all([
    prometheus.value(metric('environment_slo:error_budget_left:ratio', { environment, slo }), now),
    prometheus.value(metric('slo:objective:ratio', { slo }), now),
    prometheus.value(group(metric('recent_deployment:started_timestamp_seconds:min', { environment })), now),
  ]);
  if (left !== undefined) {
    const found = `${percent(Math.max(0, left))} is left`;
    if (left > almostNothing) return { ...base, verdict: 'pass', found };
    return hotfix
      ? { ...base, verdict: 'skipped', found: `${found}; a hotfix is deployed all the same` }
      : { ...base, verdict: 'fail', found: `${found}: only hotfixes may be deployed until the next month` };
  }
  if (objective === undefined)
    return { ...base, verdict: 'inconclusive', found: 'Prometheus does not evaluate the rules of the SLOs' };
  return known === undefined
    ? { ...base, verdict: 'pass', found: 'nothing was deployed in thirty days, so nothing is spent' }
    : { ...base, verdict: 'inconclusive', found: 'the budget has not been computed yet' };
}

/** A deployment that has begun and not ended. */
interface Running {
  readonly id: string;
  readonly started: number;
}

/** Deployments of an environment that run, as the gateway has them, the oldest first. */
export function runningOn(groups: readonly ListedGroup[], environment: string, now: number): Running[] {
  const deployments = new Map<string, ListedGroup[]>();
  for (const one of groups) {
    const { job, environment: where, deployment_id: id } = one.labels;
    if (job !== pipelineJob || where !== environment || !id) continue;
    deployments.set(id, [...(deployments.get(id) ?? []), one]);
  }
  const running = [...deployments].flatMap(([id, all]) => {
    const of = (name: Parameters<typeof valuesIn>[1]): number[] => all.flatMap((one) => valuesIn(one, name));
    const [started] = of('deployment_started_timestamp_seconds');
    const heard = Math.max(0, ...of('push_time_seconds'));
    // One that began again under the same id has not finished yet.
    const finished = Math.max(...of('deployment_finished_timestamp_seconds'), -Infinity);
    const over = finished >= (started ?? 0) || now - heard > abandonedAfter;
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

/** What Prometheus knows of running deployments, and whether that is news. @throws NotAsked */
async function scrapedRunning(
  prometheus: GatePrometheus | NotAsked,
  environment: Deployment['environment'],
  now: number,
): Promise<{ readonly ids: readonly string[]; readonly scraped: boolean }> {
  if (prometheus instanceof NotAsked) throw prometheus;
  const [rows, up] = await Promise.all([
    prometheus.query(metric('deployment:running:bool', { environment }), now),
    prometheus.value(binary(max(metric('up', { job: pushgatewayJob })), '==', 1), now),
  ]);
  return { ids: rows.map(({ labels }) => labels.deployment_id ?? ''), scraped: up !== undefined };
}

/** Deployments that run, as both sources have them: of what the gateway holds, its own word is the newer one. */
const runningBefore = (
  listing: readonly ListedGroup[],
  scraped: readonly string[],
  { environment, deployment_id }: Deployment,
  now: number,
): string[] => {
  const held = new Set(
    listing
      .filter(({ labels }) => labels.environment === environment)
      .map(({ labels }) => labels.deployment_id),
  );
  return [
    ...othersBefore(runningOn(listing, environment, now), deployment_id).map(({ id }) => id),
    ...scraped.filter((id) => id !== deployment_id && !held.has(id)),
  ];
};

/** Whether another deployment to the environment runs, as far as gateway and Prometheus know. @throws NotAsked */
export async function noOther(
  prometheus: GatePrometheus | NotAsked,
  listing: Listing,
  deployment: Deployment,
  now: number,
): Promise<Check> {
  const { environment, deployment_id } = deployment;
  const base = { name: 'no-other-deployment', demanded: `no other deployment to ${environment} runs` };
  const groups = listing === 'off' ? [] : listing;
  const startHeld = groupsOf(groups, deployment).some(
    (one) => valuesIn(one, 'deployment_started_timestamp_seconds').length > 0,
  );
  const { ids, scraped } = await scrapedRunning(prometheus, environment, now).catch((error: unknown) => {
    // A gateway that holds our own start holds those of the others.
    if (!(error instanceof NotAsked && startHeld)) throw error;
    return { ids: [], scraped: false };
  });
  const others = runningBefore(groups, ids, deployment, now);
  if (others.length > 0) return { ...base, verdict: 'fail', found: `running: ${others.join(', ')}` };
  if (listing === 'off' && !scraped)
    return {
      ...base,
      verdict: 'inconclusive',
      found: 'Prometheus does not scrape the Pushgateway, so nothing is known',
    };
  if (listing !== 'off' && deployment_id && !startHeld)
    return {
      ...base,
      verdict: 'inconclusive',
      found: `the gateway does not hold the start of ${deployment_id}, so it may have lost others too: record the start first`,
    };
  return { ...base, verdict: 'pass', found: 'none runs' };
}

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
  const broken = critical.filter(({ health }) => health !== 'ok').map(({ name }) => name);
  return broken.length > 0
    ? { ...base, verdict: 'inconclusive', found: `not evaluated: ${broken.join(', ')}` }
    : { ...base, verdict: 'pass', found: `none of ${counted(critical.length, 'critical alert')} fires` };
}
