import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Listening, listen } from '../fakes/wire/listen.ts';
import { type FakeRequest, type FakeResponse, json } from '../fakes/wire/types.ts';
import { jobEnv, record, runRecorder, temporaryFolder } from './helpers.ts';

/** Callers act on the exit code, and 0 is an answer: a call that could not be asked, understood or run must not give it. */

let server: Listening;
let answer: (request: FakeRequest) => FakeResponse;
beforeAll(async () => {
  server = await listen((request) => answer(request));
});
afterAll(() => server.stop());

const noGroups = json(200, { status: 'success', data: [] });
const noSeries = json(200, { status: 'success', data: { resultType: 'vector', result: [] } });
const noRules = json(200, { status: 'success', data: { groups: [] } });
/** Answers as both servers would, but for one path. */
const but =
  (path: string, odd: FakeResponse) =>
  (request: FakeRequest): FakeResponse =>
    request.path.startsWith(path)
      ? odd
      : request.path === '/api/v1/metrics'
        ? noGroups
        : request.path === '/api/v1/rules'
          ? noRules
          : noSeries;
const env = (extra: Record<string, string> = {}): NodeJS.ProcessEnv =>
  jobEnv({ PUSHGATEWAY_URL: server.url, PROMETHEUS_URL: server.url, ...extra });

describe('the gate as a process, when a server answers 200 and nonsense', () => {
  const nonsense: readonly (readonly [string, string, unknown])[] = [
    ['a gateway', '/api/v1/metrics', {}],
    ['a gateway', '/api/v1/metrics', null],
    ['a gateway', '/api/v1/metrics', { data: [{}] }],
    ['a gateway', '/api/v1/metrics', { data: { groups: [] } }],
    ['Prometheus', '/api/v1/query', { status: 'success' }],
    ['Prometheus', '/api/v1/query', { status: 'success', data: { result: {} } }],
    ['Prometheus', '/api/v1/query', { status: 'success', data: { result: [{ metric: {} }] } }],
  ];
  test.each(nonsense)('%s at %s answering %j is an error, for both questions', async (_, path, body) => {
    answer = but(path, json(200, body));
    for (const may of ['stay', 'deploy']) {
      const done = await runRecorder(['gate', '--may', may], env());
      expect(done.code).toBe(3);
      expect(done.stdout).toMatch(/no list of groups|something else than the result of a query/);
      expect(done.stdout + done.stderr).not.toContain('TypeError');
    }
  });

  test.each([
    { status: 'success', data: {} },
    { status: 'success', data: { groups: [{}] } },
  ])('rules answering %j', async (body) => {
    answer = but('/api/v1/rules', json(200, body));
    const done = await runRecorder(['gate', '--may', 'deploy'], env());
    expect(done).toMatchObject({
      code: 3,
      stdout: expect.stringContaining('something else than a list of rules'),
    });
  });

  test('a mistake within the gate is an error too', async () => {
    // Families that are no families are not looked for before they are read.
    const odd = { labels: { job: 'deployment-pipeline', environment: 'production', deployment_id: '4711' } };
    answer = but(
      '/api/v1/metrics',
      json(200, { data: [{ ...odd, deployment_started_timestamp_seconds: { metrics: 7 } }] }),
    );
    const done = await runRecorder(['gate', '--may', 'deploy'], env());
    expect(done.code).toBe(3);
    expect(done.warnings).toEqual([expect.stringContaining('a mistake in the recorder')]);
  });
});

describe('a misspelt verb', () => {
  const cases: readonly (readonly [number, string[]])[] = [
    [3, ['gaet']],
    [3, ['GATE', '--may', 'deploy']],
    [3, ['gaet', '--', 'true']],
    [1, ['helth', '--service', 'api', '--url', 'http://127.0.0.1:9']],
    [1, ['rolback', '--railway']],
    [1, ['stagee', '--service', 'api', '--stage', 'build', 'npm', 'run', 'build']],
    [1, ['stagee', '--service', 'api', '--stage', 'build']],
    [1, ['smoke-tests', '--test-name', 'a']],
    [1, ['npm', 'run', 'build']],
    [1, ['./deploy.sh']],
    [0, ['smoke-tests', '--test-name', 'a', '--status', 'success']],
    [0, ['strat']],
    [0, ['finsh', '--outcome', 'success']],
    [0, ['rolback', '--reason', 'manual', '--', 'true']],
    [4, ['rolback', '--reason', 'manual', '--', 'sh', '-c', 'exit 4']],
  ];
  test.each(cases)('%d: %j', async (code, argv) => {
    const done = await record(argv, env({ PUSHGATEWAY_URL: 'disabled' }));
    expect(done).toMatchObject({ code, warnings: [expect.stringContaining(`no verb "${argv[0]}"`)] });
  });

  test('no verb at all, and the command is run', async () => {
    const file = join(temporaryFolder(), 'ran');
    const done = await record(['--', 'touch', file], env());
    expect(done).toMatchObject({ code: 0, warnings: [expect.stringContaining('the verb is missing')] });
    expect(existsSync(file)).toBe(true);
  });
});

describe('a call that ran nothing', () => {
  const cases: readonly (readonly [string, string[]])[] = [
    ['a stage without " -- "', ['stage', '--service', 'api', '--stage', 'build', 'false']],
    ['a stage without a command', ['stage', '--service', 'api', '--stage', 'build']],
    ['a stage whose command is empty', ['stage', '--service', 'api', '--stage', 'build', '--']],
    ['a smoke test without " -- "', ['smoke-test', '--test-name', 'a', 'false']],
    ['a smoke test without anything', ['smoke-test', '--test-name', 'a']],
    ['a migration without " -- "', ['migration', 'alembic', 'upgrade', 'head']],
    ['a migration without anything', ['migration']],
    ['a rollback without " -- "', ['rollback', '--reason', 'manual', './rollback.sh']],
  ];
  test.each(cases)('%s is no success', async (_, argv) => {
    const done = await record(argv, env({ PUSHGATEWAY_URL: 'disabled' }));
    expect(done.code).toBe(1);
    expect(done.warnings.join()).toMatch(/needs a command|no command after|is not expected here/);
  });

  test('and what only reports is only not recorded', async () => {
    const done = await record(['smoke-test', '--test-name', 'a', '--status', 'sucess'], env());
    expect(done).toMatchObject({ code: 0, warnings: [expect.stringContaining('Did you mean success?')] });
  });
});

test('options may stand before the verb', async () => {
  answer = but('/api/v1/metrics', json(200, { data: 0 }));
  expect((await record(['--strict', 'gate'], env())).code).toBe(3);
  const gone = env({ PUSHGATEWAY_URL: 'http://127.0.0.1:9' });
  const cost = ['cost', '--resource', 'vercel_build', '--usd', '1'];
  expect(
    (await record(['--deployment-id', 'gate', '--strict', ...cost, '--dry-run'], gone)).stdout,
  ).toContain('/deployment_id/gate/resource/vercel_build');
});

describe('what others echo', () => {
  const secrets = { PUSHGATEWAY_USERNAME: 'ci', PUSHGATEWAY_PASSWORD: 'swordfish99' };
  const basic = Buffer.from('ci:swordfish99').toString('base64');
  const cost = ['cost', '--resource', 'vercel_build', '--usd', '1'];
  const shown = async (body: string, extra: Record<string, string>, argv = cost): Promise<string> => {
    answer = () => ({ status: 500, headers: {}, body });
    const { stdout, stderr } = await record(argv, env(extra));
    return stdout + stderr;
  };

  test('is shown without our credentials', async () => {
    expect(await shown(`got ${basic} and more`, secrets)).toContain('got *** and more');
    expect(
      await shown('{"authorization":"Bearer swordfish99"}', { PUSHGATEWAY_TOKEN: 'swordfish99' }),
    ).toContain('{"authorization":***');
    expect(await shown('sent swordfish99 there', { PUSHGATEWAY_TOKEN: 'swordfish99' })).toContain(
      'sent *** there',
    );
  });

  test('is cut only afterwards, because half a secret is not recognised', async () => {
    const text = await shown(`${'x'.repeat(295)}swordfish99`, secrets);
    expect(text).toContain('xxx');
    expect(text).not.toContain('sword');
  });

  test('by Prometheus too', async () => {
    answer = but('/api/v1/query', json(400, { status: 'error', error: `not for ${basic}` }));
    const extra = { PROMETHEUS_USERNAME: 'ci', PROMETHEUS_PASSWORD: 'swordfish99' };
    const done = await record(['gate', '--wait', '200ms', '--interval', '100ms'], env(extra));
    expect(done.stdout + done.stderr).toContain('not for ***');
    expect(done.stdout + done.stderr).not.toContain(basic);
  });
});
