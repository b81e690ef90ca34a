import type {
  Deployment,
  HealthCheck,
  History,
  Migration,
  Rollback,
  Service,
  SmokeTest,
  Stage,
  StageName,
  UnixSeconds,
} from './types.ts';

/**
 * A plain deployment to production, a success of 300 s without any details; overrides make it the one that a
 * test is about. `started` moves everything else with it.
 */
export function deployment(overrides: Partial<Deployment> & { readonly started: UnixSeconds }): Deployment {
  const id = overrides.id ?? '1001';
  const [runId = id, attempt] = id.split('-');
  return {
    id,
    runId,
    runAttempt: Number(attempt ?? 1),
    environment: 'production',
    triggered: overrides.started - 10,
    finished: overrides.started + 290,
    reported: 'success',
    branch: 'main',
    commit: '0123456789abcdef0123456789abcdef01234567',
    version: '2.0.0',
    actor: 'ada',
    triggeredBy: 'github_actions',
    stages: [],
    health: [],
    smokeTests: [],
    migrations: [],
    errorRates: [],
    costs: [],
    rollbacks: [],
    clockOffset: 0,
    scenario: 'hand-made',
    ...overrides,
  };
}

/** The same deployment without a word about its end: it runs, or was abandoned. */
export function unfinished(overrides: Partial<Deployment> & { readonly started: UnixSeconds }): Deployment {
  const { finished, reported, ...rest } = deployment(overrides);
  return rest;
}

/** A stage that succeeds, from its start to its end. */
export const stage = (
  service: Service,
  name: StageName,
  started: UnixSeconds,
  finished: UnixSeconds,
  rest: Partial<Stage> = {},
): Stage => ({ service, stage: name, started, finished, status: 'success', ...rest });

/** A stage that fails. */
export const failedStage = (
  service: Service,
  name: StageName,
  started: UnixSeconds,
  finished: UnixSeconds,
  rest: Partial<Stage> = { errorType: 'command_failed', message: 'exit status 1' },
): Stage => ({ service, stage: name, started, finished, status: 'failure', ...rest });

/** Health checks of the API five seconds apart, answered as told; `x` fails, anything else passes. */
export const health = (started: UnixSeconds, answers: string, service: Service = 'api'): HealthCheck[] =>
  [...answers].map((answer, i) => ({
    service,
    attempt: i + 1,
    time: started + 5 * i,
    ok: answer !== 'x',
    latency: answer === 'x' ? 5 : 0.08,
  }));

/** A smoke test of two seconds. */
export const smokeTest = (name: string, started: UnixSeconds, ok = true): SmokeTest => ({
  name,
  started,
  finished: started + 2,
  ok,
  ...(!ok && { message: 'expected status 200, got 500' }),
});

/** A run of migrations that applied one. */
export const migration = (started: UnixSeconds, finished: UnixSeconds, ok = true): Migration => ({
  name: 'alembic_head',
  started,
  finished,
  ok,
  applied: ok ? 1 : 0,
  ...(!ok && { message: 'canceling statement due to lock timeout' }),
});

/** A rollback of the API by hand; overrides say otherwise. */
export const rollback = (
  started: UnixSeconds,
  finished: UnixSeconds,
  rest: Partial<Rollback> = {},
): Rollback => ({
  service: 'api',
  reason: 'manual',
  previousId: '1000',
  started,
  finished,
  ok: true,
  ...rest,
});

/** A history of given deployments. */
export const history = (end: UnixSeconds, deployments: readonly Deployment[]): History => ({
  seed: 0,
  end,
  deployments: [...deployments].sort((a, b) => a.started - b.started),
});
