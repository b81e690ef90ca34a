import type { Run, StageEnd } from './run.ts';
import type { ReportedError } from './types.ts';

/** Last words of commands that failed. Some hold what breaks careless writers: quotes, backslashes, umlauts. */
const messages: Readonly<Record<ReportedError, readonly [string, ...string[]]>> = {
  command_failed: [
    'npm ERR! code ELIFECYCLE',
    'error TS2345: Argument of type "string" is not assignable to parameter of type "number"',
    'failed to solve: process "/bin/sh -c pip install -r requirements.txt" exited with code 1',
  ],
  timeout: [
    'the command was still running after 900 s and was ended',
    'deadline exceeded while waiting for the build',
  ],
  health_check_failed: ['unhealthy: 3 of 5 health checks passed', 'health check: connect ECONNREFUSED'],
  migration_failed: [
    'column "größe" of relation "notes" already exists',
    'canceling statement due to lock timeout',
  ],
  test_failed: [
    'expected status 200, got 500',
    'path C:\\web\\beta was not found',
    'knowledge_api: body is empty',
  ],
  rollback_triggered: ['the deployment was rolled back'],
  dependency: ["ModuleNotFoundError: No module named 'relay'"],
  network: ['curl: (6) Could not resolve host: registry.example'],
  out_of_memory: ['FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory'],
  infrastructure: ['write /var/lib/docker/tmp/layer.tar: no space left on device'],
  api_unreachable: ['getaddrinfo ENOTFOUND api', 'upstream answered 502 for 120 s'],
  database_connection_error: [
    'remaining connection slots are reserved',
    'SSL connection has been closed unexpectedly',
  ],
};

/** A stage that fails for this reason. */
export const failing = (run: Run, errorType: ReportedError): StageEnd => ({
  status: 'failure',
  errorType,
  message: run.rng.pick(messages[errorType]),
});

/** Job migrate-db. */
export function migrate(run: Run, ok = true): void {
  const median = run.rng.chance(0.06) ? 160 : 24;
  run.migration(median, ok ? undefined : run.rng.pick(messages.migration_failed));
}

/** Job deploy-api up to the new version's first breath. */
export function buildAndDeployApi(run: Run): void {
  run.stage('api', 'build', 95);
  run.stage('api', 'deploy_railway', 70);
}

/** Nine good health checks decide that the new version is healthy; one bad one in between is forgiven. */
export function healthyApi(run: Run): void {
  run.stageAround('api', 'health_check', () => {
    const good = Array<boolean>(9).fill(true);
    if (run.rng.chance(0.04)) good.splice(run.rng.integer(0, 4), 0, false);
    run.health('api', good);
    return { status: 'success' };
  });
}

/** The second bad health check of ten decides that it is not. */
export function unhealthyApi(run: Run): void {
  run.stageAround('api', 'health_check', () => {
    const before = run.rng.integer(0, 4);
    const between = run.rng.integer(0, 3);
    const passing = (count: number): boolean[] => Array<boolean>(count).fill(true);
    run.health('api', [...passing(before), false, ...passing(between), false]);
    return failing(run, 'health_check_failed');
  });
}

/** Job deploy-web. */
export function deployWeb(run: Run): void {
  run.stage('web', 'build', 60);
  run.stage('web', 'deploy_vercel', 35);
}

/** Job deploy-web on its own machine, while deploy-api runs: the later of the two ends the step. */
export function deployBoth(run: Run): void {
  const started = run.now;
  deployWeb(run);
  const webDone = run.now;
  run.now = started;
  buildAndDeployApi(run);
  healthyApi(run);
  run.now = Math.max(run.now, webDone);
}

const smokeTests = ['api_health', 'knowledge_api', 'web_beta'] as const;

/** Job smoke-tests. `stops`: a failed test fails the job; else it is only recorded. */
export function smoke(run: Run, failures: 'none' | 'one' | 'stops' = 'none'): void {
  const broken = failures === 'none' ? undefined : run.rng.pick(smokeTests);
  const message = run.rng.pick(messages.test_failed);
  run.stageAround('api', 'smoke_tests', () => {
    for (const name of smokeTests) run.smokeTest(name, name !== broken, message);
    return failures === 'stops' ? failing(run, 'test_failed') : { status: 'success' };
  });
}

/** Cost, as the providers bill it. */
export function pay(run: Run): void {
  run.cost('railway_compute', Math.round(run.rng.skewed(15, 0.3)) / 100);
  run.cost('vercel_build', Math.round(run.rng.skewed(2, 0.3)) / 100);
  if (run.rng.chance(0.3)) run.cost('database_migration', 0.01);
}

/** Everything goes well, and the run says so. */
export function succeed(run: Run): void {
  migrate(run);
  buildAndDeployApi(run);
  healthyApi(run);
  deployWeb(run);
  smoke(run);
  pay(run);
  run.finish('success');
}

/** The error rate of the first five minutes is known five minutes later. */
export function watch(run: Run, rate: number): void {
  run.wait(300);
  run.errorRate('api', rate);
}
