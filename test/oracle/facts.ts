import type { ErrorType, Outcome, RollbackReason } from '../../src/metrics/codes.ts';
import type { Deployment, Environment, History, Stage, UnixSeconds } from '../../src/simulator/types.ts';
import { known } from './known.ts';
import { sum } from './statistics.ts';

/** After this many seconds of silence a deployment that never finished is given up. */
const silence = 2 * 3600;

/** Truth of one deployment at some moment. */
export interface Facts {
  readonly id: string;
  readonly environment: Environment;
  readonly outcome: Outcome;
  readonly triggered: UnixSeconds;
  readonly started: UnixSeconds;
  /** Absent while it runs; for an abandoned deployment the moment at which it was given up. */
  readonly finished?: UnixSeconds;
  /** From the push to the finish, whatever the outcome. */
  readonly duration?: number;
  readonly rollbackReason: RollbackReason;
  /** When the last of its rollbacks ended; its finish, if nothing but its outcome tells of one. */
  readonly rolledBack?: UnixSeconds;
  /** All stages that were seen, rollbacks not counted, migrations counted. */
  readonly stages: readonly StageFacts[];
  readonly health: { readonly passed: number; readonly made: number };
  readonly smokeTests: readonly { readonly name: string; readonly ok: boolean }[];
  readonly migrations: readonly { readonly ok: boolean; readonly duration: number }[];
  readonly costs: Readonly<Record<string, number>>;
  readonly errorRates: Readonly<Record<string, number>>;
  readonly budgetSpent: number;
  readonly deployment: Deployment;
}

export interface StageFacts {
  readonly service: string;
  readonly stage: string;
  readonly status: 'running' | 'success' | 'failure' | 'skipped' | 'cancelled';
  readonly duration?: number;
  readonly errorType: ErrorType;
}

/** The facts of every deployment that has started by `t`. */
export const factsAt = (history: History, t: UnixSeconds): Facts[] =>
  history.deployments.flatMap((deployment) => factsOf(deployment, t) ?? []);

/** The facts of one deployment as they are at `t`; undefined before it has started. */
export function factsOf(whole: Deployment, t: UnixSeconds): Facts | undefined {
  const now = known(whole, t);
  if (now === undefined) return undefined;
  const d = now.deployment;
  const givenUp =
    d.finished === undefined && t - now.lastWord >= silence ? now.lastWord + silence : undefined;
  const finished = d.finished === undefined ? givenUp : d.finished + d.clockOffset;
  const triggered = d.triggered + d.clockOffset;
  const outcome = finished === undefined ? 'running' : outcomeOf(d);
  const rollbackReason = reasonOf(d, outcome);
  return {
    id: d.id,
    environment: d.environment,
    outcome,
    triggered,
    started: d.started + d.clockOffset,
    ...(finished !== undefined && { finished, duration: Math.max(0, finished - triggered) }),
    rollbackReason,
    ...(outcome === 'rolled_back' && { rolledBack: rolledBackAt(d, finished!) }),
    stages: allStages(d).map(stageFacts),
    health: { passed: d.health.filter(({ ok }) => ok).length, made: d.health.length },
    smokeTests: d.smokeTests,
    migrations: d.migrations.flatMap(({ started, finished: end, ok }) =>
      end === undefined ? [] : [{ ok: ok === true, duration: end - started }],
    ),
    costs: Object.fromEntries(d.costs.map(({ resource, usd }) => [resource, usd])),
    errorRates: errorRates(d),
    budgetSpent: budgetSpent(d, outcome, rollbackReason),
    deployment: d,
  };
}

/** Stages as a person counts them: a migration is one. */
const allStages = (d: Deployment): Stage[] => [
  ...d.migrations.map(
    ({ started, finished, ok, message }): Stage => ({
      service: 'database',
      stage: 'migration',
      started,
      ...(finished !== undefined && { finished, status: ok ? 'success' : 'failure' }),
      ...(ok === false && { errorType: 'migration_failed', ...(message && { message }) }),
    }),
  ),
  ...d.stages,
];

function stageFacts({ service, stage, started, finished, status, errorType }: Stage): StageFacts {
  const failed = status === 'failure';
  return {
    service,
    stage,
    status: status ?? 'running',
    ...(finished !== undefined && { duration: Math.max(0, finished - started) }),
    errorType: failed ? (errorType ?? unnamedError(stage)) : 'none',
  };
}

/** Error type that is not reported: by the stage's name. */
function unnamedError(stage: string): ErrorType {
  if (stage === 'health_check') return 'health_check_failed';
  return ['smoke_test', 'smoke_tests', 'verification'].includes(stage) ? 'test_failed' : 'command_failed';
}

/** By service: as measured, else the share of health checks that failed in the five minutes from the first one. */
function errorRates({ health, errorRates: measured }: Deployment): Record<string, number> {
  const rates: Record<string, number> = {};
  for (const { service } of health) {
    const own = health.filter((check) => check.service === service);
    const early = own.filter(({ time }) => time - own[0]!.time <= 300);
    rates[service] = early.filter(({ ok }) => !ok).length / early.length;
  }
  for (const { service, value } of measured) rates[service] = value;
  return rates;
}

/** Exactly one outcome for a deployment that has ended, one way or the other. */
function outcomeOf(d: Deployment): Outcome {
  if (d.rollbacks.some(({ ok }) => ok === false)) return 'failure';
  if (d.rollbacks.some(({ ok }) => ok === true)) return 'rolled_back';
  if (allStages(d).some(({ status }) => status === 'failure')) return 'failure';
  return d.finished === undefined ? 'abandoned' : (d.reported ?? 'abandoned');
}

/** Why it was rolled back, if it was. */
function reasonOf(d: Deployment, outcome: Outcome): RollbackReason {
  if (outcome !== 'rolled_back') return 'none';
  return d.rollbacks.find(({ ok }) => ok === true)?.reason ?? 'other';
}

function rolledBackAt({ rollbacks, clockOffset }: Deployment, finished: UnixSeconds): UnixSeconds {
  const ends = rollbacks.flatMap(({ finished: end }) => (end === undefined ? [] : [end + clockOffset]));
  return ends.length > 0 ? Math.max(...ends) : finished;
}

/** Error budget that one deployment spends. */
function budgetSpent(d: Deployment, outcome: Outcome, reason: RollbackReason): number {
  switch (outcome) {
    case 'running':
    case 'cancelled':
      return 0;
    case 'rolled_back':
      return reason === 'health_check_failed' ? 0.5 : 1;
    case 'failure':
    case 'abandoned':
      return 1;
    case 'success':
      return d.smokeTests.some(({ ok }) => !ok) || d.migrations.some(({ ok }) => ok === false) ? 1 : 0;
  }
}

/** Finished, and not called off by a person: only these count in indicators. */
export const counts = (facts: Facts): boolean =>
  facts.finished !== undefined && facts.outcome !== 'cancelled';

/** Cost of all resources together. */
export const totalCost = (facts: Facts): number => sum(Object.values(facts.costs));
