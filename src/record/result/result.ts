import { gateVerdicts, type Outcome, outcomes, stageStatuses } from '../../metrics/index.ts';
import type { Pushed } from '../gate/evidence.ts';
import { carried, targets } from '../pipeline.ts';
import type { DeploymentKey } from '../verb.ts';
import {
  alone,
  type BudgetResult,
  type CheckResult,
  type DeploymentResult,
  type HealthResult,
  type StageResult,
  type Surroundings,
  stageKey,
} from './model.ts';
import { type Labels, Samples } from './samples.ts';

const nameOf = (codes: Readonly<Record<string, number>>, code: number | undefined): string =>
  Object.entries(codes).find(([, value]) => value === code)?.[0] ?? 'unknown';
const isRollback = (stage = ''): boolean => carried().stages[stage]?.kind === 'rollback';

/** The value where there is one; the field is left out otherwise. */
const given = <K extends string, V>(name: K, value: V | undefined) =>
  (value === undefined ? {} : { [name]: value }) as { [N in K]?: V };

function stagesOf(samples: Samples, p95: Surroundings['p95']): StageResult[] {
  const seen = new Map<string, Labels>();
  for (const name of ['deployment_stage_started_timestamp_seconds', 'deployment_stage_status_code'] as const)
    for (const { labels } of samples.all(name)) {
      const { service = '', stage = '', migration_name = '' } = labels;
      seen.set(JSON.stringify([service, stage, migration_name]), { service, stage, migration_name });
    }
  return [...seen.values()]
    .map((of): StageResult => {
      const started = samples.value('deployment_stage_started_timestamp_seconds', of);
      const ended = samples.value('deployment_stage_finished_timestamp_seconds', of);
      // One that was begun again has only its earlier end.
      const isOver = ended !== undefined && ended >= (started ?? 0);
      const error = samples.one('deployment_error_info', of)?.labels;
      const name = stageKey(of.service, of.stage);
      return {
        name,
        ...given('service', of.service || undefined),
        status: isOver ? nameOf(stageStatuses, samples.value('deployment_stage_status_code', of)) : 'running',
        ...given('started', started),
        ...given('finished', isOver ? ended : undefined),
        ...given('p95', p95.get(name)),
        ...given('logUrl', samples.one('deployment_stage_info', of)?.labels.log_url),
        ...(error && isOver && { error: { type: error.error_type ?? '', message: error.message ?? '' } }),
      };
    })
    .sort(
      (a, b) => (a.started ?? a.finished ?? 0) - (b.started ?? b.finished ?? 0) || (a.name < b.name ? -1 : 1),
    );
}

/** How it ended, decided as the ledger decides it. */
function outcomeOf(samples: Samples): Outcome {
  const started = samples.value('deployment_started_timestamp_seconds');
  const finished = samples.value('deployment_finished_timestamp_seconds');
  if (finished === undefined || finished < (started ?? 0)) return 'running';
  const rollbacks = samples.all('deployment_rollback_total').map(({ labels }) => labels.status);
  if (rollbacks.includes('failure')) return 'failure';
  if (rollbacks.includes('success')) return 'rolled_back';
  const failed = samples
    .all('deployment_stage_status_code')
    .some(({ labels, value }) => value === stageStatuses.failure && !isRollback(labels.stage));
  if (failed) return 'failure';
  return (
    (Object.keys(outcomes) as Outcome[]).find(
      (name) => outcomes[name] === samples.value('deployment_outcome_code'),
    ) ?? 'running'
  );
}

function rollbackOf(samples: Samples): DeploymentResult['rollback'] {
  const done = samples.all('deployment_rollback_total').filter(({ labels }) => labels.status === 'success');
  if (done.length === 0) return undefined;
  const info = samples.one('deployment_rollback_info')?.labels ?? {};
  const at = samples.all('deployment_rollback_finished_timestamp_seconds').map(({ value }) => value);
  return {
    reason: info.reason ?? done[0]?.labels.reason ?? 'other',
    to: info.previous_deployment_id ?? '',
    ...given('at', at.length === 0 ? undefined : Math.max(...at)),
  };
}

/** Error budget that it spent, decided as the ledger decides it. */
function spentBy(samples: Samples, outcome: Outcome): number {
  const { failed, rolledBack, rolledBackForHealth } = targets().budget;
  if (outcome === 'cancelled' || outcome === 'running') return 0;
  if (outcome === 'rolled_back') {
    const forHealth = samples
      .all('deployment_rollback_total')
      .some(({ labels }) => labels.status === 'success' && labels.reason === 'health_check_failed');
    return forHealth ? rolledBackForHealth : rolledBack;
  }
  const broken = (['smoke_test_success', 'migration_success'] as const).some((name) =>
    samples.all(name).some(({ value }) => value === 0),
  );
  return outcome === 'success' && !broken ? 0 : failed;
}

function budgetOf(
  samples: Samples,
  environment: string,
  outcome: Outcome,
  budget: Surroundings['budget'],
): BudgetResult | undefined {
  if (!carried().environments[environment]?.objectives) return undefined;
  const spent = spentBy(samples, outcome);
  if (!budget) return { spent };
  // The ledger may not have this deployment yet.
  const { left, allowed, counted } = budget;
  return { spent, left: left - (spent - counted) / Math.max(1, allowed), allowed };
}

const healthOf = (samples: Samples): HealthResult[] => {
  const checks = samples.all('deployment_health_check_success');
  const rates = samples.all('post_deployment_error_rate');
  const services = [...new Set([...checks, ...rates].map(({ labels }) => labels.service ?? ''))].sort();
  return services.map((service) => {
    const own = checks.filter(({ labels }) => labels.service === service);
    return {
      service,
      checks: own.length,
      passed: own.filter(({ value }) => value === 1).length,
      ...given('errorRate', samples.value('post_deployment_error_rate', { service })),
    };
  });
};

const byName = (a: CheckResult, b: CheckResult): number => (a.name < b.name ? -1 : 1);

const smokeTestsOf = (samples: Samples): CheckResult[] =>
  samples
    .all('smoke_test_success')
    .map(({ labels: { test_name = '' }, value }) => ({
      name: test_name,
      passed: value === 1,
      ...given('seconds', samples.value('smoke_test_duration_seconds', { test_name })),
      ...given(
        'note',
        value === 1 ? undefined : samples.one('smoke_test_error_info', { test_name })?.labels.message,
      ),
    }))
    .sort(byName);

const migrationsOf = (samples: Samples): CheckResult[] =>
  samples
    .all('migration_success')
    .map(({ labels: { service = '', stage = '', migration_name = '' }, value }) => {
      const of = { service, stage, migration_name };
      const applied = samples.value('migrations_applied', of);
      return {
        name: migration_name || stage,
        passed: value === 1,
        ...given('seconds', samples.value('migration_duration_seconds', of)),
        ...given('note', applied === undefined ? undefined : `${applied} applied`),
      };
    })
    .sort(byName);

/** The result of a deployment from what was pushed of it. Pure. */
export function resultOf(
  { environment, deployment_id }: DeploymentKey,
  pushed: readonly Pushed[],
  { p95, budget, unknown }: Surroundings = alone,
): DeploymentResult {
  const samples = new Samples(pushed);
  const outcome = outcomeOf(samples);
  const info = samples.one('deployment_info')?.labels ?? {};
  // Of the message before and after its thread began, a day's look-back shows both.
  const messages = samples.all('deployment_message_info');
  const chat = (messages.find(({ labels }) => labels.thread_ts) ?? messages[0])?.labels;
  const costs = samples.all('deployment_infrastructure_cost');
  return {
    environment,
    id: deployment_id,
    outcome,
    ...given('triggered', samples.value('deployment_triggered_timestamp_seconds')),
    ...given('started', samples.value('deployment_started_timestamp_seconds')),
    ...given(
      'finished',
      outcome === 'running' ? undefined : samples.value('deployment_finished_timestamp_seconds'),
    ),
    ...given('rollback', rollbackOf(samples)),
    version: info.version ?? '',
    commit: info.commit ?? '',
    branch: info.branch ?? '',
    actor: info.actor ?? '',
    runUrl: info.run_url ?? '',
    previousId: info.previous_deployment_id ?? '',
    stages: stagesOf(samples, p95),
    health: healthOf(samples),
    smokeTests: smokeTestsOf(samples),
    migrations: migrationsOf(samples),
    costs: costs
      .map(({ labels, value }) => ({ resource: labels.resource ?? '', amount: value }))
      .sort((a, b) => (a.resource < b.resource ? -1 : 1)),
    gates: samples
      .all('deployment_gate_verdict_code')
      .map(({ labels: { gate = '' }, value }) => {
        const { checks = '', message = '' } = samples.one('deployment_gate_info', { gate })?.labels ?? {};
        return { gate, verdict: nameOf(gateVerdicts, value), checks, message };
      })
      .sort((a, b) => (a.gate < b.gate ? -1 : 1)),
    ...given('budget', budgetOf(samples, environment, outcome, budget)),
    ...(chat && {
      chat: { channel: chat.channel ?? '', ts: chat.message_ts ?? '', thread: chat.thread_ts ?? '' },
    }),
    unknown,
  };
}
