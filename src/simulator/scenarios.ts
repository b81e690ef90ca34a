import type { Run } from './run.ts';
import {
  buildAndDeployApi,
  deployBoth,
  deployWeb,
  failing,
  healthyApi,
  migrate,
  pay,
  smoke,
  succeed,
  unhealthyApi,
  watch,
} from './steps.ts';

/** The error rate after a good deployment: nearly nothing. */
const good = (run: Run): number => Math.round(run.rng.between(0, 0.01) * 1e4) / 1e4;

/** The API is deployed and does not get healthy; what comes next is the story's. */
function unhealthy(run: Run): void {
  migrate(run);
  buildAndDeployApi(run);
  unhealthyApi(run);
}

/** A success that is regretted later. */
function succeedAndWait(run: Run, minutes: readonly [number, number]): void {
  succeed(run);
  run.wait(60 * run.rng.between(...minutes));
}

const steps = {
  success: (run: Run) => {
    succeed(run);
    watch(run, good(run));
  },
  slow: (run: Run) => {
    run.pace = run.rng.between(1.5, 2.6);
    succeed(run);
  },
  parallel_jobs: (run: Run) => {
    migrate(run);
    deployBoth(run);
    smoke(run);
    run.finish('success');
    // The bill comes later.
    run.wait(90);
    pay(run);
  },
  retried_stage: (run: Run) => {
    migrate(run);
    run.stage('api', 'build', 95);
    run.stage('api', 'deploy_railway', 40, failing(run, 'api_unreachable'));
    run.wait(20);
    run.stage('api', 'deploy_railway', 70);
    healthyApi(run);
    run.stage('web', 'verification', 3, { status: 'skipped' });
    smoke(run);
    run.finish('success');
  },
  flaky_smoke_test: (run: Run) => {
    migrate(run);
    buildAndDeployApi(run);
    healthyApi(run);
    deployWeb(run);
    smoke(run, 'one');
    run.finish('success');
  },
  build_failure: (run: Run) => {
    migrate(run);
    run.stage('api', 'build', 40, failing(run, run.rng.chance(0.2) ? 'timeout' : 'command_failed'));
    run.finish('failure');
  },
  deploy_failure: (run: Run) => {
    migrate(run);
    run.stage('api', 'build', 95);
    run.stage(
      'api',
      'deploy_railway',
      120,
      failing(run, run.rng.chance(0.3) ? 'timeout' : 'api_unreachable'),
    );
    run.finish('failure');
  },
  web_failure: (run: Run) => {
    migrate(run);
    buildAndDeployApi(run);
    healthyApi(run);
    // The reporter was told nothing better than that it failed.
    run.stage('web', 'build', 50, { status: 'failure' });
    run.finish('failure');
  },
  migration_failure: (run: Run) => {
    migrate(run, false);
    run.finish('failure');
  },
  health_failure: (run: Run) => {
    unhealthy(run);
    run.finish('failure');
  },
  smoke_failure: (run: Run) => {
    migrate(run);
    buildAndDeployApi(run);
    healthyApi(run);
    deployWeb(run);
    smoke(run, 'stops');
    run.finish('failure');
  },
  run_failure: (run: Run) => {
    migrate(run);
    deployBoth(run);
    run.finish('failure');
  },
  lost_stage: (run: Run) => {
    migrate(run);
    run.openStage('api', 'build');
    run.wait(run.rng.between(300, 900));
    run.finish('failure');
  },
  health_rollback: (run: Run) => {
    unhealthy(run);
    run.rollback('api', 'health_check_failed', true);
    run.finish('failure');
  },
  smoke_rollback: (run: Run) => {
    migrate(run);
    buildAndDeployApi(run);
    healthyApi(run);
    deployWeb(run);
    smoke(run, 'stops');
    run.rollback('web', 'test_failed', true);
    run.rollback('api', 'test_failed', true);
    run.finish('rolled_back');
  },
  error_rate_rollback: (run: Run) => {
    succeed(run);
    watch(run, Math.round(run.rng.between(0.06, 0.4) * 1e4) / 1e4);
    run.rollback('api', 'error_rate', true);
  },
  manual_rollback: (run: Run) => {
    succeedAndWait(run, [5, 100]);
    run.rollback('api', 'manual', true);
  },
  late_rollback: (run: Run) => {
    succeedAndWait(run, [130, 400]);
    run.rollback('api', 'manual', true);
  },
  late_bill: (run: Run) => {
    succeedAndWait(run, [130, 400]);
    pay(run);
  },
  failed_rollback: (run: Run) => {
    unhealthy(run);
    run.rollback('api', 'health_check_failed', false);
    run.finish('failure');
  },
  retried_rollback: (run: Run) => {
    unhealthy(run);
    run.rollback('api', 'health_check_failed', false);
    run.finish('failure');
    run.wait(60 * run.rng.between(2, 20));
    run.rollback('api', 'health_check_failed', true);
  },
  cancelled: (run: Run) => {
    if (run.rng.chance(0.7)) {
      migrate(run);
      run.stage('api', 'build', 30, { status: 'cancelled' });
    }
    run.finish('cancelled');
  },
  abandoned: (run: Run) => {
    if (run.rng.chance(0.8)) migrate(run);
    if (run.rng.chance(0.8)) run.openStage('api', 'build');
  },
} as const satisfies Record<string, (run: Run) => void>;

/** Name of a kind of story. */
export type Scenario = keyof typeof steps;
/** How often each kind of story happens, relative to the others. Kinds that are not named do not happen. */
export type Mix = Readonly<Partial<Record<Scenario, number>>>;

/** The names of all kinds of stories. */
export const scenarios = Object.keys(steps) as Scenario[];

/** A team that ships well and has its troubles; every kind of story happens in a month of ten deployments a day. */
export const usualMix: Mix = {
  success: 70,
  slow: 4,
  parallel_jobs: 8,
  retried_stage: 2,
  flaky_smoke_test: 1,
  build_failure: 1.5,
  deploy_failure: 1.2,
  web_failure: 0.8,
  migration_failure: 1,
  health_failure: 0.8,
  smoke_failure: 0.8,
  run_failure: 0.5,
  lost_stage: 0.5,
  health_rollback: 1.2,
  smoke_rollback: 0.8,
  error_rate_rollback: 0.8,
  manual_rollback: 0.8,
  late_rollback: 0.4,
  late_bill: 0.4,
  failed_rollback: 0.5,
  retried_rollback: 0.4,
  cancelled: 1.5,
  abandoned: 0.8,
};

/** Tells one story. */
export const tell = (scenario: Scenario, run: Run): void => steps[scenario](run);
