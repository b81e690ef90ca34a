import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { bundleRecorder } from '../../src/compile/recorder.ts';
import { inProject } from '../../src/lib/root.ts';
import { type RunningServer, startPushgateway } from '../../src/servers/start.ts';
import { pipeline } from '../relay.ts';
import { FaultProxy } from './fault-proxy.ts';
import { seriesOf, temporaryFolder } from './helpers.ts';
import { runnerFile } from './workflow.ts';

interface ActionFile {
  readonly inputs: Record<string, { description: string; default?: string }>;
  readonly outputs: Record<string, { description: string }>;
  readonly runs: { using: string; main: string; post: string; 'post-if': string };
}
const actionFile = (path: string): ActionFile => parse(readFileSync(inProject(path), 'utf8')) as ActionFile;
const definition = actionFile('action.yml');

let gateway: RunningServer;
let folder: string;
beforeAll(async () => {
  gateway = await startPushgateway();
  // The action as another repository gets it: its folder and the generated one, and nothing else.
  folder = temporaryFolder();
  mkdirSync(join(folder, 'generated'));
  for (const [name, text] of Object.entries(await bundleRecorder(pipeline)))
    writeFileSync(join(folder, 'generated', name), text);
});
afterAll(() => gateway.stop());

/** A job that uses the action: what the runner does with its main and its post step. */
class Job {
  readonly #files = temporaryFolder();
  readonly #env: Record<string, string>;
  readonly #inputs: Record<string, string>;
  #state: Record<string, string> = {};
  status = 'success';

  constructor(inputs: Record<string, string>, env: Record<string, string> = {}) {
    this.#inputs = inputs;
    this.#env = {
      PATH: process.env.PATH!,
      GITHUB_ACTIONS: 'true',
      GITHUB_RUN_ID: '9000',
      GITHUB_RUN_ATTEMPT: '1',
      GITHUB_REPOSITORY: 'relay/app',
      GITHUB_SERVER_URL: 'https://github.com',
      GITHUB_JOB: 'deploy-web',
      PUSHGATEWAY_URL: gateway.url,
      RUNNER_TEMP: temporaryFolder(),
      ...env,
    };
  }

  main = async (
    file = definition.runs.main,
  ): Promise<{
    code: number;
    stdout: string;
    stderr: string;
    outputs: Record<string, string>;
    variables: Record<string, string>;
  }> => {
    const [output, state, variables] = ['output', 'state', 'env'].map((name) => join(this.#files, name)) as [
      string,
      string,
      string,
    ];
    const files = { GITHUB_OUTPUT: output, GITHUB_STATE: state, GITHUB_ENV: variables };
    const done = await this.#run(file, files);
    this.#state = runnerFile(state);
    return { ...done, outputs: runnerFile(output), variables: runnerFile(variables) };
  };

  post = (): Promise<{ code: number; stderr: string; ms: number }> =>
    this.#run(
      definition.runs.post,
      Object.fromEntries(Object.entries(this.#state).map(([name, value]) => [`STATE_${name}`, value])),
    );

  /** Starts one half with the defaults of the inputs filled in as the runner does it, at that moment. */
  #run(
    file: string,
    extra: Record<string, string>,
  ): Promise<{ code: number; stdout: string; stderr: string; ms: number }> {
    const contexts: Record<string, string> = {
      '${{ job.status }}': this.status,
      "${{ format('{0}', job.check_run_id) }}": '555',
    };
    const inputs = Object.entries(definition.inputs).map(([name, spec]) => {
      return [
        `INPUT_${name.toUpperCase()}`,
        this.#inputs[name] ?? contexts[spec.default ?? ''] ?? spec.default ?? '',
      ];
    });
    const begun = performance.now();
    const child = spawn(process.execPath, [join(folder, file)], {
      env: { ...this.#env, ...Object.fromEntries(inputs), ...extra },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      stdout += chunk;
    });
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      stderr += chunk;
    });
    return new Promise((done) =>
      child.once('close', (code) =>
        done({ code: code ?? -1, stdout, stderr, ms: performance.now() - begun }),
      ),
    );
  }
}

const stage = { service: 'web', stage: 'deploy_vercel' };
const ofDeployment = async (id: string) =>
  (await seriesOf(gateway.url)).filter((s) => s.labels.deployment_id === id);
const value = async (id: string, name: string): Promise<number | undefined> =>
  (await ofDeployment(id)).find((s) => s.name === name)?.value;

describe('the action', () => {
  test.each([
    ['success', 1],
    ['cancelled', 3],
    ['failure', 4],
  ])('records the stage that a job is, and its end with status %s', async (status, code) => {
    const id = `job-${status}`;
    const job = new Job({ ...stage, 'deployment-id': id });
    const main = await job.main();
    expect(main.code).toBe(0);
    expect((await ofDeployment(id)).map((s) => s.name).sort()).toEqual([
      'deployment_stage_info',
      'deployment_stage_started_timestamp_seconds',
    ]);
    expect((await ofDeployment(id))[0]?.labels.log_url).toBe(
      'https://github.com/relay/app/actions/runs/9000/job/555',
    );
    job.status = status;
    expect((await job.post()).code).toBe(0);
    expect(await value(id, 'deployment_stage_status_code')).toBe(code);
    expect(await value(id, 'deployment_stage_duration_seconds')).toBeGreaterThan(0);
    const error = (await ofDeployment(id)).find((s) => s.name === 'deployment_error_info');
    if (status === 'failure')
      expect(error?.labels).toMatchObject({
        error_type: 'command_failed',
        message: 'A step of job deploy-web failed; its log says which.',
      });
    else expect(error).toBeUndefined();
  });

  test('gives outputs, and a recorder that works from there', async () => {
    const { outputs, variables } = await new Job(stage, { GITHUB_RUN_ATTEMPT: '2' }).main();
    expect(variables).toEqual({
      DEPLOYMENT_RECORDER: outputs.recorder,
      DEPLOYMENT_ID: '9000-2',
      JOB_CHECK_RUN_ID: '555',
      PUSHGATEWAY_URL: gateway.url,
    });
    expect(outputs).toEqual({
      'deployment-id': '9000-2',
      'run-url': 'https://github.com/relay/app/actions/runs/9000/attempts/2',
      recorder: join(folder, 'generated', 'record.mjs'),
    });
    expect(Object.keys(outputs).sort()).toEqual(Object.keys(definition.outputs).sort());
    expect(existsSync(outputs.recorder!)).toBe(true);
    expect(await value('9000-2', 'deployment_stage_started_timestamp_seconds')).toBeGreaterThan(0);
  });

  test('hands its inputs on to later steps, but no credentials', async () => {
    const { variables } = await new Job(
      {
        'deployment-id': 'inputs',
        environment: 'staging',
        'log-url': 'https://logs.example/7',
        'pushgateway-url': `${gateway.url}/`,
        'pushgateway-username': 'ci',
        'pushgateway-password': 'secret-password',
        'pushgateway-token': '',
      },
      { PUSHGATEWAY_URL: '' },
    ).main();
    expect(variables).toMatchObject({
      DEPLOYMENT_ID: 'inputs',
      DEPLOYMENT_ENVIRONMENT: 'staging',
      DEPLOYMENT_LOG_URL: 'https://logs.example/7',
      PUSHGATEWAY_URL: `${gateway.url}/`,
    });
    expect(JSON.stringify(variables)).not.toMatch(/secret-password|PASSWORD|TOKEN|USERNAME/);
    const withCredentials = new Job({ 'pushgateway-url': 'http://ci:secret-password@127.0.0.1:9' });
    expect((await withCredentials.main()).variables).not.toHaveProperty('PUSHGATEWAY_URL');
  });

  test('begins and ends a deployment', async () => {
    await new Job({
      start: 'true',
      version: 'v7',
      'previous-deployment-id': '8999',
      'deployment-id': 'whole',
    }).main();
    expect(await value('whole', 'deployment_in_progress')).toBe(1);
    const info = (await ofDeployment('whole')).find((s) => s.name === 'deployment_info');
    expect(info?.labels).toMatchObject({ version: 'v7', previous_deployment_id: '8999' });
    const last = new Job({ results: 'success,failure,skipped', 'deployment-id': 'whole' });
    await last.main();
    expect(await value('whole', 'deployment_outcome_code')).toBe(2);
    // A job without a stage has nothing to say at its end.
    const finished = await value('whole', 'deployment_finished_timestamp_seconds');
    expect(await last.post()).toMatchObject({ code: 0, stderr: '' });
    expect(await value('whole', 'deployment_finished_timestamp_seconds')).toBe(finished);
    expect(await value('whole', 'deployment_in_progress')).toBe(0);
  });

  test('sends the beginning that could not be sent before the end', async () => {
    const proxy = await FaultProxy.start(gateway.url);
    const job = new Job({ ...stage, 'deployment-id': 'late' }, { PUSHGATEWAY_URL: proxy.url });
    proxy.otherwise = { status: 401 };
    const main = await job.main();
    expect(main.code).toBe(0);
    expect(main.stderr).toContain('::warning title=Deployment recorder::Not recorded yet');
    proxy.reset();
    expect((await job.post()).stderr).toContain('Sent 1 earlier event');
    await proxy.stop();
    expect(proxy.passed.map((seen) => /service.web/.test(seen.path))).toEqual([true, true]);
    expect(await value('late', 'deployment_stage_status_code')).toBe(1);
  });

  test('sends the last event of a job at its end, also when the job is no stage', async () => {
    const proxy = await FaultProxy.start(gateway.url);
    const job = new Job({ outcome: 'success', 'deployment-id': 'last' }, { PUSHGATEWAY_URL: proxy.url });
    proxy.otherwise = { status: 503 };
    expect((await job.main()).stderr).toContain('Not recorded yet');
    proxy.reset();
    expect(await job.post()).toMatchObject({ code: 0, stderr: 'Sent 1 earlier event that had waited.\n' });
    await proxy.stop();
    expect(await value('last', 'deployment_outcome_code')).toBe(1);
  });

  test('says so when the last event of a job is lost', async () => {
    const proxy = await FaultProxy.start(gateway.url);
    const job = new Job({ outcome: 'success', 'deployment-id': 'lost' }, { PUSHGATEWAY_URL: proxy.url });
    proxy.otherwise = { status: 401 };
    await job.main();
    const post = await job.post();
    await proxy.stop();
    expect(post.code).toBe(0);
    expect(post.stderr).toMatch(
      /^::warning .*::1 earlier event was not recorded, and nothing in this job will send it\. .*\(401\).*\n$/,
    );
  });

  test.each([
    ['at once', 0],
    ['already when the job began', 1],
  ])('ends in time when the gateway hangs %s, because a cancelled job is killed soon', async (_, before) => {
    const proxy = await FaultProxy.start(gateway.url);
    const job = new Job({ ...stage, 'deployment-id': `slow-${before}` }, { PUSHGATEWAY_URL: proxy.url });
    if (before) proxy.otherwise = 'silent';
    await job.main();
    proxy.otherwise = 'silent';
    job.status = 'cancelled';
    const post = await job.post();
    await proxy.stop();
    expect(post.code).toBe(0);
    expect(post.stderr).toContain('nothing in this job will send');
    // The cost of a process that does nothing is the machine's own.
    const idle = await new Job({ 'deployment-id': 'idle' }, { STATE_recorder: '{}' }).post();
    expect(post.ms - idle.ms).toBeLessThan(5_000);
    expect(post.ms - idle.ms).toBeGreaterThan(3_000);
  });

  test('warns of wrong inputs, and fails only when it is strict', async () => {
    const wrong = await new Job({ service: 'web', stage: 'deploi', 'deployment-id': 'wrong' }).main();
    expect(wrong.code).toBe(0);
    expect(wrong.stderr).toContain('Did you mean deploy?');
    const half = await new Job({ service: 'web' }).main();
    expect(half.stderr).toContain('--stage is missing');
    // An unknown stage is recorded under its own name; what is missing is not.
    expect((await new Job({ service: 'web', stage: 'deploi', strict: 'true' }).main()).code).toBe(0);
    expect((await new Job({ service: 'web', strict: 'true' }).main()).code).toBe(1);
  });

  test('is silent where recording is switched off', async () => {
    const job = new Job(stage, { PUSHGATEWAY_URL: 'disabled' });
    expect((await job.main()).stderr).not.toContain('::warning');
    expect((await job.post()).stderr).not.toContain('::warning');
  });

  test('takes secrets with line ends and quotes as inputs', async () => {
    const job = new Job({ start: 'true', version: 'a "b"\nc', 'deployment-id': 'odd/"id"' });
    const { outputs } = await job.main();
    expect(outputs['deployment-id']).toBe('odd/"id"');
    expect((await ofDeployment('odd/"id"')).find((s) => s.name === 'deployment_info')?.labels.version).toBe(
      'a "b"\nc',
    );
  });
});

describe('the definition of the action', () => {
  test('leads to files that are generated, on the Node that runners bring', async () => {
    const generated = Object.keys(await bundleRecorder(pipeline)).map((name) => `generated/${name}`);
    for (const file of [definition.runs.main, definition.runs.post]) expect(generated).toContain(file);
    expect(definition.runs).toMatchObject({ using: 'node24', 'post-if': 'always()' });
  });
  test('describes every input and output in a sentence', () => {
    for (const [name, { description }] of Object.entries({ ...definition.inputs, ...definition.outputs }))
      expect(description, name).toMatch(/\.$/);
  });
  test('sends readers to the pipeline file for names', () => {
    for (const input of ['service', 'stage', 'environment'])
      expect(definition.inputs[input]!.description).toContain('pipeline.config.ts');
  });
  test('uses only contexts that the runner gives to defaults', () => {
    const used = Object.values(definition.inputs).flatMap(
      ({ default: text = '' }) => text.match(/\$\{\{.*\}\}/g) ?? [],
    );
    expect(used).toEqual([
      '${{ github.token }}',
      '${{ job.status }}',
      "${{ format('{0}', job.check_run_id) }}",
    ]);
  });
  test('is small enough to start at once', async () => {
    for (const text of Object.values(await bundleRecorder(pipeline)))
      expect(text.length).toBeLessThan(400_000);
    expect(dirname(definition.runs.main)).toBe('generated');
  });
});

describe('the place where the action was', () => {
  const old = actionFile('record/action.yml');

  test('goes on recording, and says where the action is now', async () => {
    cpSync(inProject('record'), join(folder, 'record'), { recursive: true });
    const done = await new Job({ ...stage, 'deployment-id': 'old-place' }).main(
      join('record', old.runs.main),
    );
    expect(done.code).toBe(0);
    expect(done.stdout).toMatch(/^::warning title=The action has moved::.*remove "\/record" from "uses:"/);
    expect(await value('old-place', 'deployment_stage_started_timestamp_seconds')).toBeGreaterThan(0);
  });

  test('ends a job as the action does', () => {
    expect(resolve('/record', old.runs.post)).toBe(resolve('/', definition.runs.post));
    expect(old.runs).toMatchObject({ using: definition.runs.using, 'post-if': definition.runs['post-if'] });
    for (const [name, { default: value }] of Object.entries(old.inputs))
      expect(value).toBe(definition.inputs[name]!.default);
  });
});
