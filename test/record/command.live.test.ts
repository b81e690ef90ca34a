import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freePort, type RunningServer, startPushgateway } from '../../src/servers/start.ts';
import { jobEnv, recorderFile, runRecorder, seriesOf, startRecorder, temporaryFolder } from './helpers.ts';

let gateway: RunningServer;
beforeAll(async () => {
  gateway = await startPushgateway();
});
afterAll(() => gateway.stop());

let counter = 0;
const nextJob = (extra: Record<string, string> = {}): NodeJS.ProcessEnv =>
  jobEnv({ PUSHGATEWAY_URL: gateway.url, DEPLOYMENT_ID: `command-${++counter}`, ...extra });
const stage = (...command: string[]): string[] => [
  'stage',
  '--service',
  'api',
  '--stage',
  'deploy',
  '--',
  ...command,
];
const sh = (script: string): string[] => stage('sh', '-c', script);
/** Series of a job's stage on the gateway. */
async function recorded(
  job: NodeJS.ProcessEnv,
): Promise<{ status?: number; type?: string; message?: string }> {
  const series = (await seriesOf(gateway.url)).filter((s) => s.labels.deployment_id === job.DEPLOYMENT_ID);
  const status = series.find((s) => s.name === 'deployment_stage_status_code')?.value;
  const error = series.find((s) => s.name === 'deployment_error_info')?.labels;
  return {
    ...(status !== undefined && { status }),
    ...(error && { type: error.error_type!, message: error.message! }),
  };
}

describe('output', () => {
  test('passes through byte for byte, also what is no text', async () => {
    const folder = temporaryFolder();
    const bytes = randomBytes(300_000);
    writeFileSync(join(folder, 'bytes'), bytes);
    const script = `"$0" "$@" > ${folder}/out 2> ${folder}/err`;
    const command = sh(`cat ${folder}/bytes; cat ${folder}/bytes >&2; exit 5`);
    const argv = ['-c', script, process.execPath, await recorderFile(), ...command];
    const run = (): unknown => execFileSync('sh', argv, { env: nextJob() });
    expect(run).toThrow(expect.objectContaining({ status: 5 }));
    expect(readFileSync(join(folder, 'out')).equals(bytes)).toBe(true);
    const err = readFileSync(join(folder, 'err'));
    expect(err.subarray(0, bytes.length).equals(bytes)).toBe(true);
    expect(err.subarray(bytes.length).toString()).toMatch(/^Recorded: stage deploy of api: failure/);
  });

  test('comes while the command runs', async () => {
    const { child, done } = await startRecorder(sh('echo one; echo two >&2; exec sleep 30'), nextJob());
    const seen = await new Promise<string>((resolve) => {
      let text = '';
      for (const stream of [child.stdout!, child.stderr!])
        stream.on('data', (chunk: string) => {
          text += chunk;
          if (text.includes('one\n') && text.includes('two\n')) resolve(text);
        });
    });
    expect(seen).toBeTruthy();
    child.kill('SIGTERM');
    expect((await done).code).toBe(143);
  });

  test('of a background process does not hold up the end', async () => {
    const done = await runRecorder(sh('sleep 20 >/dev/null & echo done'), nextJob());
    expect(done).toMatchObject({ code: 0, stdout: 'done\n' });
    expect(done.ms).toBeLessThan(15_000);
  });

  test('reads what the recorder is given on its stdin', async () => {
    const out = execFileSync(process.execPath, [await recorderFile(), ...stage('cat')], {
      env: nextJob(),
      input: 'from stdin',
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    expect(out.toString()).toBe('from stdin');
  });
});

describe('how a command ends', () => {
  const endings: readonly (readonly [string, string[], number, object])[] = [
    ['with success', sh('echo fine >&2'), 0, { status: 1 }],
    [
      'with a failure',
      sh('echo oh; echo "  why\t " >&2; echo >&2; exit 9'),
      9,
      { status: 4, type: 'command_failed', message: 'why' },
    ],
    [
      'with a failure without a word',
      sh('exit 255'),
      255,
      { status: 4, type: 'command_failed', message: 'exit code 255' },
    ],
    ['out of time', sh('echo slow >&2; exit 124'), 124, { status: 4, type: 'timeout', message: 'slow' }],
    ['killed', sh('kill -KILL $$'), 137, { status: 4, type: 'timeout', message: 'exit code 137' }],
    [
      'with 137 as its own code',
      sh('exit 137'),
      137,
      { status: 4, type: 'timeout', message: 'exit code 137' },
    ],
    [
      'by another signal',
      sh('kill -TERM $$'),
      143,
      { status: 4, type: 'command_failed', message: 'exit code 143' },
    ],
    [
      'before it began, because it does not exist',
      stage('no-such-command-anywhere'),
      127,
      {
        status: 4,
        type: 'command_failed',
        message: 'no-such-command-anywhere could not be started: there is no such command.',
      },
    ],
  ];
  test.each(endings)('%s', async (_name, argv, code, expected) => {
    const job = nextJob();
    const done = await runRecorder(argv, job);
    expect(done).toMatchObject({ code, warnings: [] });
    expect(await recorded(job)).toEqual(expected);
  });

  test('before it began, because it may not be executed', async () => {
    const file = join(temporaryFolder(), 'script');
    writeFileSync(file, '#!/bin/sh\n');
    chmodSync(file, 0o644);
    const job = nextJob();
    expect((await runRecorder(stage(file), job)).code).toBe(126);
    expect(await recorded(job)).toMatchObject({
      status: 4,
      message: `${file} could not be started: it may not be executed.`,
    });
  });

  test('with an error type and a message that were given', async () => {
    const job = nextJob();
    const argv = [
      'stage',
      '--service',
      'api',
      '--stage',
      'deploy',
      '--error-type',
      'api_unreachable',
      '--error-message',
      'gone',
    ];
    await runRecorder([...argv, '--', 'false'], job);
    expect(await recorded(job)).toEqual({ status: 4, type: 'api_unreachable', message: 'gone' });
  });

  test('with an error type by the name of its stage', async () => {
    const job = nextJob();
    await runRecorder(['stage', '--service', 'web', '--stage', 'smoke_tests', '--', 'false'], job);
    expect(await recorded(job)).toMatchObject({ type: 'test_failed' });
  });

  test('with secrets in its last line', async () => {
    const job = nextJob({
      RAILWAY_TOKEN: '0b1f8a2c-3c4d',
      DATABASE_URL: 'postgres://relay:correct-horse@db/relay',
    });
    await runRecorder(
      sh('echo "deploy of $RAILWAY_TOKEN to $DATABASE_URL with correct-horse failed" >&2; exit 1'),
      job,
    );
    const { message } = await recorded(job);
    expect(message).toBe('deploy of *** to postgres://***@db/relay with *** failed');
  });
});

describe('signals', () => {
  const waitFor = (file: string): Promise<void> =>
    expect.poll(() => existsSync(file), { timeout: 10_000, interval: 20 }).toBe(true);

  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    '%s goes to the command, and the stage is cancelled',
    async (signal) => {
      const folder = temporaryFolder();
      const job = nextJob();
      const script = `trap 'echo got it; exit 42' ${signal.slice(3)}; touch ${folder}/ready; while :; do sleep 0.05; done`;
      const { child, done } = await startRecorder(sh(script), job);
      await waitFor(`${folder}/ready`);
      child.kill(signal);
      expect(await done).toMatchObject({ code: 42, stdout: 'got it\n', warnings: [] });
      expect(await recorded(job)).toEqual({ status: 3 });
    },
  );

  test('a command that does not stop: the cancel is recorded before everything is killed', async () => {
    const folder = temporaryFolder();
    const job = nextJob();
    const script = `trap '' INT; touch ${folder}/ready; for i in 1 2 3 4 5 6 7 8 9 10; do sleep 1; done`;
    const { child, done } = await startRecorder(sh(script), job);
    const killed = done.catch((error: Error) => error.message);
    await waitFor(`${folder}/ready`);
    child.kill('SIGINT');
    await expect.poll(() => recorded(job), { timeout: 6_000, interval: 100 }).toEqual({ status: 3 });
    child.kill('SIGKILL');
    expect(await killed).toContain('SIGKILL');
  });

  test('a smoke test that is cancelled neither passed nor failed', async () => {
    const folder = temporaryFolder();
    const job = nextJob();
    const { child, done } = await startRecorder(
      ['smoke-test', '--test-name', 'x', '--', 'sh', '-c', `touch ${folder}/ready; exec sleep 30`],
      job,
    );
    await waitFor(`${folder}/ready`);
    child.kill('SIGTERM');
    expect((await done).code).toBe(143);
    const names = (await seriesOf(gateway.url)).filter((s) => s.labels.deployment_id === job.DEPLOYMENT_ID);
    expect(names).toEqual([]);
  });
});

describe('a command is run all the same', () => {
  const touches = (): { file: string; command: string[] } => {
    const file = join(temporaryFolder(), 'ran');
    return { file, command: ['--', 'sh', '-c', `touch ${file}; exit 4`] };
  };
  const cases: readonly (readonly [string, string[], Record<string, string | undefined>])[] = [
    ['when the service is unknown', ['stage', '--service', 'apo', '--stage', 'build'], {}],
    ['when the verb is unknown', ['stagee', '--service', 'api', '--stage', 'build'], {}],
    ['when the verb takes no command', ['finish', '--outcome', 'success'], {}],
    [
      'when the deployment id is missing',
      ['stage', '--service', 'api', '--stage', 'build'],
      { DEPLOYMENT_ID: undefined },
    ],
    [
      'when recording is switched off',
      ['stage', '--service', 'api', '--stage', 'build'],
      { PUSHGATEWAY_URL: 'disabled' },
    ],
    ['when there is no gateway', ['smoke-test', '--test-name', 'x'], { PUSHGATEWAY_URL: '' }],
    ['when the gateway is no URL', ['migration'], { PUSHGATEWAY_URL: 'gateway:9091' }],
  ];
  test.each(cases)('%s', async (_name, argv, extra) => {
    const { file, command } = touches();
    const done = await runRecorder([...argv, ...command], { ...nextJob(), ...extra });
    expect(done.code).toBe(4);
    expect(existsSync(file)).toBe(true);
  });

  test('but not by a strict call that is wrong, nor by a dry run', async () => {
    const { file, command } = touches();
    const strict = await runRecorder(['stage', '--service', 'api', '--strict', ...command], nextJob());
    const dry = await runRecorder(
      ['stage', '--service', 'api', '--stage', 'build', '--dry-run', ...command],
      nextJob(),
    );
    expect([strict.code, dry.code]).toEqual([1, 0]);
    expect(existsSync(file)).toBe(false);
  });

  test('and its failure is not hidden by --strict', async () => {
    const job = nextJob({ PUSHGATEWAY_URL: `http://127.0.0.1:${await freePort()}` });
    const argv = (command: string): string[] => ['smoke-test', '--test-name', 'x', '--strict', '--', command];
    expect((await runRecorder(argv('false'), job)).code).toBe(1);
    expect((await runRecorder(argv('true'), job)).code).toBe(1);
  });
});
