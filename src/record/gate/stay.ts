import { spoken } from '../../lib/spoken.ts';
import { counted } from '../../lib/words.ts';
import { outcomes, stageStatuses } from '../../metrics/index.ts';
import { stagesOf as namesOfKind } from '../../pipeline/index.ts';
import { type Check as HealthCheck, verdictOf } from '../health-check.ts';
import { carried, targets } from '../pipeline.ts';
import type { DeploymentKey } from '../verb.ts';
import type { Pushed } from './evidence.ts';
import { type Check, percent } from './verdict.ts';

/** Judges what was pushed of a deployment. Pure: samples and the time in, checks out. */

/** With fewer checks than this an average is one person's opinion. */
const leastChecks = 5;
/** When nothing was checked for an interval and so many seconds (a time-out, some room), the checks are over. */
const patience = 15;

const values = (pushed: readonly Pushed[], name: Pushed['name']): Pushed[] =>
  pushed.filter((sample) => sample.name === name);
const distinct = (texts: readonly (string | undefined)[]): string[] =>
  [...new Set(texts.map((text) => text ?? ''))].sort();

interface Attempt {
  readonly at: number;
  readonly success: boolean;
}

function attemptsOf(pushed: readonly Pushed[], service: string): Attempt[] {
  const times = new Map(
    values(pushed, 'deployment_health_check_timestamp_seconds')
      .filter(({ labels }) => labels.service === service)
      .map(({ labels, value }) => [labels.attempt, value]),
  );
  return values(pushed, 'deployment_health_check_success')
    .filter(({ labels }) => labels.service === service)
    .map(({ labels, value }) => ({ at: times.get(labels.attempt) ?? 0, success: value === 1 }))
    .sort((a, b) => a.at - b.at);
}

/** Whether stages of these names run, or how they ended. */
function stagesOf(pushed: readonly Pushed[], stages: readonly string[]) {
  const of = (name: Pushed['name']): Pushed[] =>
    values(pushed, name).filter(({ labels }) => stages.includes(labels.stage ?? ''));
  const key = ({ labels }: Pushed): string =>
    JSON.stringify([labels.service, labels.stage, labels.migration_name]);
  const statuses = of('deployment_stage_status_code');
  const ended = new Map(
    of('deployment_stage_finished_timestamp_seconds').map((one) => [key(one), one.value]),
  );
  return {
    // One that was begun again has only its earlier end.
    running: of('deployment_stage_started_timestamp_seconds').some(
      (sample) => sample.value > (ended.get(key(sample)) ?? -Infinity),
    ),
    passed: statuses.filter(({ value }) => value === stageStatuses.success).length,
    failed: statuses.filter(({ value }) => value === stageStatuses.failure).length,
  };
}

/** Seconds without a check after which no further one comes: the widest gap so far says how far apart they are. */
function silence(made: readonly Attempt[]): number {
  const gaps = made.slice(1).map(({ at }, i) => at - made[i]!.at);
  return Math.max(targets().health.intervalSeconds, ...gaps) + patience;
}

/** Whether no further check comes, as far as can be known. */
function checksAreOver(
  pushed: readonly Pushed[],
  service: string,
  made: readonly Attempt[],
  now: number,
): boolean {
  const last = made.at(-1)!.at;
  const checks = namesOfKind(carried(), 'check');
  const stageEnded = values(pushed, 'deployment_stage_finished_timestamp_seconds').some(
    ({ labels, value }) => checks.includes(labels.stage ?? '') && labels.service === service && value >= last,
  );
  return stageEnded || now - last > silence(made) || now - made[0]!.at > targets().health.windowSeconds;
}

/** Early decision of the checks so far, which the rest of the usual plan cannot change; none when there were more already. */
const decided = (made: readonly Attempt[]): ReturnType<typeof verdictOf> =>
  made.length > targets().health.attempts
    ? undefined
    : verdictOf(
        made.map(
          ({ success }): HealthCheck => ({
            attempt: 0,
            atMs: 0,
            status: success ? 'healthy' : 'unhealthy',
            latencySeconds: 0,
            said: '',
          }),
        ),
        { attempts: targets().health.attempts, threshold: targets().health.least },
      );

/** The health checks of one service in the five minutes from the first one on. */
function serviceHealth(pushed: readonly Pushed[], service: string, now: number): Check {
  const all = attemptsOf(pushed, service);
  const made = all.filter(({ at }) => at - all[0]!.at <= targets().health.windowSeconds);
  const good = made.filter(({ success }) => success).length;
  const share = good / made.length;
  const enough = share >= targets().health.least;
  const early = decided(made);
  const over = checksAreOver(pushed, service, made, now);
  const base = {
    name: 'health',
    demanded: `${service}: at least ${percent(targets().health.least)} of the checks of the first ${spoken(targets().health.windowSeconds)}`,
  };
  const found = `${percent(share)} (${good} of ${counted(made.length, 'check')} passed)`;
  if (early === 'unhealthy' || (over && !enough)) return { ...base, verdict: 'fail', found };
  if (enough && (early === 'healthy' || (over && made.length >= leastChecks)))
    return { ...base, verdict: 'pass', found };
  const why = over ? `fewer than ${leastChecks} checks say nothing` : 'the checks still run';
  return { ...base, verdict: 'inconclusive', found: `${found}; ${why}` };
}

const nothing = (name: string, demanded: string, found: string): Check[] => [
  { name, verdict: 'inconclusive', demanded, found },
];

function health(pushed: readonly Pushed[], now: number): Check[] {
  const services = distinct(
    values(pushed, 'deployment_health_check_success').map(({ labels }) => labels.service),
  );
  if (services.length > 0) return services.map((service) => serviceHealth(pushed, service, now));
  return nothing(
    'health',
    `at least ${percent(targets().health.least)} of the checks of the first ${spoken(targets().health.windowSeconds)}`,
    'no health check was recorded yet',
  );
}

function errorRate(pushed: readonly Pushed[]): Check[] {
  const name = 'error-rate';
  const demanded = `at most ${percent(targets().errorRate.rollback)} in the first ${spoken(targets().health.windowSeconds)}`;
  const rates = values(pushed, 'post_deployment_error_rate');
  if (rates.length === 0) return nothing(name, demanded, 'no error rate was recorded yet');
  return rates.map(({ labels, value }) => ({
    name,
    verdict: value <= targets().errorRate.rollback ? 'pass' : 'fail',
    demanded: `${labels.service}: ${demanded}`,
    found: percent(value),
  }));
}

function smokeTests(pushed: readonly Pushed[]): Check[] {
  const name = 'smoke-tests';
  const demanded = `at least ${percent(targets().smokeTests.objective)} pass`;
  const tests = values(pushed, 'smoke_test_success');
  const failed = tests.filter(({ value }) => value !== 1).map(({ labels }) => labels.test_name);
  const share = (tests.length - failed.length) / tests.length;
  const { running } = stagesOf(pushed, namesOfKind(carried(), 'test'));
  if (tests.length === 0)
    return nothing(
      name,
      demanded,
      running ? 'smoke tests run, and none has ended' : 'no smoke test was recorded yet',
    );
  const found = `${tests.length - failed.length} of ${tests.length} passed${failed.length > 0 ? `; failed: ${failed.join(', ')}` : ''}`;
  if (share < targets().smokeTests.objective) return [{ name, verdict: 'fail', demanded, found }];
  if (running) return [{ name, verdict: 'inconclusive', demanded, found: `${found}; others still run` }];
  return [{ name, verdict: 'pass', demanded, found }];
}

function migrations(pushed: readonly Pushed[]): Check[] {
  const name = 'migrations';
  const demanded = 'all of them succeed';
  const runs = values(pushed, 'migration_success');
  const stage = stagesOf(pushed, namesOfKind(carried(), 'migrate'));
  const failed = runs.filter(({ value }) => value !== 1).length || stage.failed;
  const passed = Math.max(runs.filter(({ value }) => value === 1).length, stage.passed);
  if (failed > 0) return [{ name, verdict: 'fail', demanded, found: `${counted(failed, 'run')} failed` }];
  if (stage.running) return [{ name, verdict: 'inconclusive', demanded, found: 'migrations still run' }];
  if (passed === 0) return [{ name, verdict: 'skipped', demanded, found: 'there were none' }];
  return [{ name, verdict: 'pass', demanded, found: `${counted(passed, 'run')} succeeded` }];
}

/** Stages that have checks of their own here. */
const judgedElsewhere = (): readonly string[] =>
  namesOfKind(carried(), 'check', 'test', 'migrate', 'rollback');

/** Whether every stage that ended was done. */
function stages(pushed: readonly Pushed[]): Check[] {
  const failed = values(pushed, 'deployment_stage_status_code')
    .filter(
      ({ labels, value }) =>
        value === stageStatuses.failure && !judgedElsewhere().includes(labels.stage ?? ''),
    )
    .map(({ labels }) => `${labels.stage} of ${labels.service}`);
  if (failed.length === 0) return [];
  const found = `failed: ${[...new Set(failed)].sort().join(', ')}`;
  return [{ name: 'stages', demanded: 'every stage is done', verdict: 'fail', found }];
}

const outcomeNames = new Map(Object.entries(outcomes).map(([name, code]) => [code as number, name]));

/**
 * Deployments for which the question is wrong, or answered already: one that was never recorded, was rolled
 * back, was cancelled, or finished as a failure.
 */
function ended(pushed: readonly Pushed[], { environment, deployment_id: id }: DeploymentKey): Check[] {
  const base = {
    name: 'deployment',
    demanded: `${id} runs in ${environment} or succeeded`,
    final: true,
  } as const;
  if (pushed.length === 0)
    return [
      {
        ...base,
        verdict: 'error',
        found: `no deployment ${id} was recorded in ${environment}: check the id and --environment`,
      },
    ];
  const outcome = outcomeNames.get(values(pushed, 'deployment_outcome_code')[0]?.value ?? -1);
  const rolledBack = values(pushed, 'deployment_rollback_total').some(
    ({ labels }) => labels.status === 'success',
  );
  if (rolledBack || outcome === 'rolled_back')
    return [
      { ...base, verdict: 'error', found: 'it was rolled back already, so there is nothing to decide' },
    ];
  if (outcome === 'failure') return [{ ...base, verdict: 'fail', found: 'it finished as a failure' }];
  if (outcome === 'cancelled')
    return [{ ...base, verdict: 'error', found: 'it was cancelled, so there is nothing to decide' }];
  return [];
}

/** How far two clocks may differ, seconds. */
const clockTolerance = 60;

/** Without what is older than the deployment's start: an earlier one under the same id left it. */
function sinceStart(pushed: readonly Pushed[]): readonly Pushed[] {
  const started = startedAt(pushed);
  if (started === undefined) return pushed;
  const old = (time: number | undefined): boolean => time !== undefined && time < started - clockTolerance;
  const about = ({ labels }: Pushed): string =>
    JSON.stringify([labels.service, labels.stage, labels.migration_name, labels.test_name, labels.attempt]);
  const times = (name: Pushed['name']): ReadonlyMap<string, number> =>
    new Map(values(pushed, name).map((sample) => [about(sample), sample.value]));
  const [checked, tested, stageEnded] = [
    times('deployment_health_check_timestamp_seconds'),
    times('smoke_test_finished_timestamp_seconds'),
    times('deployment_stage_finished_timestamp_seconds'),
  ];
  const lastCheck = Math.max(...checked.values(), -Infinity);
  return pushed.filter((sample) => {
    if (sample.name.startsWith('deployment_health_check_')) return !old(checked.get(about(sample)));
    if (sample.name === 'post_deployment_error_rate') return checked.size === 0 || !old(lastCheck);
    if (sample.name.startsWith('smoke_test_')) return !old(tested.get(about(sample)));
    return !old(stageEnded.get(about(sample)));
  });
}

/** Checks of a deployment's recordings: whether it may stay. @param now Unix seconds */
export function judgeRecordings(all: readonly Pushed[], now: number, of: DeploymentKey): Check[] {
  const pushed = sinceStart(all);
  const over = ended(pushed, of);
  // Other failures do not matter any more, and must not cause a second rollback.
  if (over.some(({ verdict }) => verdict === 'error')) return over;
  return [
    ...over,
    ...stages(pushed),
    ...health(pushed, now),
    ...errorRate(pushed),
    ...smokeTests(pushed),
    ...migrations(pushed),
  ];
}

/** When the new version began to answer for itself, as far as that is known. */
export function liveSince(all: readonly Pushed[]): number | undefined {
  const pushed = sinceStart(all);
  const times = values(pushed, 'deployment_health_check_timestamp_seconds').map(({ value }) => value);
  return times.length > 0 ? Math.min(...times) : undefined;
}

/** When the deployment began. */
export const startedAt = (pushed: readonly Pushed[]): number | undefined =>
  values(pushed, 'deployment_started_timestamp_seconds')[0]?.value;
