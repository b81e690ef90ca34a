import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { parse } from 'yaml';
import { bundleRecorder } from '../../src/compile/recorder.ts';
import { inProject } from '../../src/lib/root.ts';
import { outcomes, stageStatuses } from '../../src/metrics/codes.ts';
import { type RunningServer, startPushgateway } from '../../src/servers/start.ts';
import { FakeGitHub } from '../fakes/github/github.ts';
import type { FakeRailway } from '../fakes/railway/railway.ts';
import { type Listening, listen } from '../fakes/wire/listen.ts';
import { pipeline } from '../relay.ts';
import { type Facts, fakePrometheus, oldVersion, twoVersions } from './example-services.ts';
import { seriesOf, temporaryFolder } from './helpers.ts';
import { readWorkflow, runWorkflow, type Workflow } from './workflow.ts';

/** Runs of the example on stub commands: the recorder as a file, a real Pushgateway, fakes of the services. */

/** The workflow that is run. */
export const file = inProject('docs', 'examples', 'deploy-full-stack.yml');

/** Where the runs record. */
export let gateway: RunningServer;
let api: Server;
/** The API of the run: its new version serves, the old one can be gone back to. */
let railway: FakeRailway;
let railwayServer: Listening;
/** The commit of the API that answers. */
export let serving: string;
let broken = false;
/** Prometheus' series of the run. */
let facts: Facts = {};
let prometheus: Listening;
let action: string;
/** Where pull requests and Deployments are; the run deploys the second of two merged pull requests. */
export const github = new FakeGitHub();
github.repository = 'relay/app';
github.pulls.merge(1, 'Remember', github.repository);
const commit = github.pulls.merge(2, 'Forget', github.repository);
let githubServer: Listening;
beforeAll(async () => {
  githubServer = await listen((request) => github.handler(request));
  gateway = await startPushgateway();
  api = createServer((_request, response) => {
    railway.tick();
    response.writeHead(broken && serving !== oldVersion ? 503 : 200).end();
  });
  railwayServer = await listen((request) => railway.handler(request));
  prometheus = await listen(fakePrometheus(() => facts));
  await new Promise<void>((resolve) => void api.listen(0, '127.0.0.1', resolve));
  action = temporaryFolder();
  mkdirSync(join(action, 'generated'));
  for (const [name, content] of Object.entries(await bundleRecorder(pipeline)))
    writeFileSync(join(action, 'generated', name), content);
});
afterAll(async () => {
  api.closeAllConnections();
  api.close();
  await Promise.all([gateway.stop(), railwayServer.stop(), prometheus.stop(), githubServer.stop()]);
});

/** The commands of the example: each does what the run says, or nothing. */
const commands = ['pip', 'alembic', 'docker', 'railway', 'vercel', 'curl', 'gh'] as const;
/** Stub commands as shell scripts. */
export type Behaviour = Partial<Record<(typeof commands)[number], string>>;

function stubs(behaviour: Behaviour): { bin: string; workspace: string } {
  const [bin, workspace] = [temporaryFolder(), temporaryFolder()];
  const write = (path: string, script: string): void => {
    writeFileSync(path, `#!/bin/sh\n${script}\n`);
    chmodSync(path, 0o755);
  };
  const usual: Behaviour = {
    alembic: 'echo "INFO Running upgrade a -> b" >&2; echo "INFO Running upgrade b -> c" >&2',
    gh: 'echo 8888',
  };
  for (const name of commands) write(join(bin, name), behaviour[name] ?? usual[name] ?? 'exit 0');
  return { bin, workspace };
}

/** Runs one half of the action as the runner would. */
function runAction(
  half: 'main' | 'post',
  inputs: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>>,
): Promise<void> {
  const definition = parse(readFileSync(inProject('action.yml'), 'utf8')) as {
    runs: Record<string, string>;
  };
  const all = Object.fromEntries(
    Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]),
  );
  const child = spawn(process.execPath, [join(action, definition.runs[half]!)], {
    env: { ...env, ...all },
    stdio: 'ignore',
  });
  return new Promise((resolve) => child.once('close', () => resolve()));
}

const actionDefaults = (): Record<string, string> => {
  const { inputs } = parse(readFileSync(inProject('action.yml'), 'utf8')) as {
    inputs: Record<string, { default?: string }>;
  };
  return Object.fromEntries(Object.entries(inputs).map(([name, { default: value = '' }]) => [name, value]));
};

/** The example, with health checks and a gate that do not take minutes. */
const hasty = (workflow: Workflow): Workflow =>
  JSON.parse(
    JSON.stringify(workflow)
      .replaceAll(' health --service', ' health --interval 5ms --service')
      .replaceAll(' --wait 6m', ' --wait 1s --interval 100ms')
      .replaceAll(' railway-wait', ' railway-wait --interval 100ms'),
  ) as Workflow;

/** How a run ended. */
export interface Run {
  readonly id: string;
  /** Summaries of all of its jobs. */
  readonly summary: string;
  readonly results: Record<string, string>;
}
/** Variation of a run. */
export interface Circumstances {
  readonly cancelWhen?: string;
  /** Prometheus is there, and knows this; otherwise the team has none that a runner can reach. */
  readonly facts?: Facts;
  readonly hotfix?: boolean;
  /** The new version is not healthy. */
  readonly broken?: boolean;
  /** How the new version ends on Railway; it serves, usually. */
  readonly railwayEnds?: 'FAILED' | 'CRASHED';
  /** Jobs of an earlier attempt that are not run again, each with its outputs. */
  readonly earlier?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Railway keeps the image of the old version; so it does, usually. */
  readonly imageKept?: boolean;
}
/** Environment that the runner and the machine set. */
const runnerEnv = (id: string, bin: string, summary: string): Record<string, string> => ({
  GITHUB_STEP_SUMMARY: summary,
  PATH: `${bin}:${process.env.PATH}`,
  RAILWAY_API_URL: `${railwayServer.url}/graphql/v2`,
  GITHUB_ACTIONS: 'true',
  GITHUB_RUN_ID: id,
  GITHUB_RUN_ATTEMPT: '1',
  GITHUB_REPOSITORY: 'relay/app',
  GITHUB_SERVER_URL: 'https://github.com',
  GITHUB_REF_NAME: 'main',
  GITHUB_API_URL: githubServer.url,
  GITHUB_SHA: commit,
  GITHUB_ACTOR: 'zoe',
  GITHUB_EVENT_NAME: 'push',
});

let runs = 0;
/** Runs the whole example on stub commands. */
export async function run(behaviour: Behaviour, circumstances: Circumstances = {}): Promise<Run> {
  const id = String(9000 + runs++);
  broken = circumstances.broken ?? false;
  facts = circumstances.facts ?? {};
  railway = twoVersions((version) => {
    serving = version;
  }, circumstances);
  const { bin, workspace } = stubs(behaviour);
  const summary = join(temporaryFolder(), 'summary.md');
  writeFileSync(summary, '');
  const done = await runWorkflow(hasty(readWorkflow(file)), {
    folder: temporaryFolder(),
    workspace,
    cancelWhen: circumstances.cancelWhen ?? '/nowhere',
    attempt: circumstances.earlier ? '2' : '1',
    earlier: circumstances.earlier ?? {},
    inputs: circumstances.hotfix === undefined ? {} : { hotfix: circumstances.hotfix },
    actionName: 'relay/deployment-observability@',
    actionInputs: { ...actionDefaults(), 'github-token': github.token },
    action: runAction,
    vars: {
      PUSHGATEWAY_URL: gateway.url,
      API_URL: `http://127.0.0.1:${(api.address() as AddressInfo).port}`,
      WEB_URL: 'http://web.invalid',
      RAILWAY_SERVICE_ID: railway.options.serviceId,
      PROMETHEUS_URL: circumstances.facts ? prometheus.url : '',
    },
    secrets: {
      RAILWAY_TOKEN: railway.options.token,
      VERCEL_TOKEN: 'vercel-secret-token',
      DATABASE_URL: 'postgresql://relay:database-password@db/relay',
    },
    env: { ...runnerEnv(id, bin, summary), GITHUB_RUN_ATTEMPT: circumstances.earlier ? '2' : '1' },
  });
  return {
    id: circumstances.earlier ? `${id}-2` : id,
    summary: readFileSync(summary, 'utf8'),
    results: Object.fromEntries(Object.entries(done).map(([name, { result }]) => [name, result])),
  };
}

const nameOf = (codes: Readonly<Record<string, number>>, value: number): string =>
  Object.entries(codes).find(([, code]) => code === value)![0];

/** Events of a deployment that arrived, in words. */
export async function arrived(id: string) {
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
