import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RunningServer, startPushgateway } from '../../src/servers/start.ts';
import { groupsOf, jobEnv, record, runRecorder, seriesOf, valuesOf } from './helpers.ts';

/** Everything a deployment records, against real gateways of both ages. */
describe.each(['current', '2.42'] as const)('a Pushgateway of generation %s', (generation) => {
  let gateway: RunningServer;
  beforeAll(async () => {
    gateway = await startPushgateway({ generation });
  });
  afterAll(() => gateway.stop());
  const env = (id: string, extra: Record<string, string> = {}): NodeJS.ProcessEnv =>
    jobEnv({ PUSHGATEWAY_URL: gateway.url, DEPLOYMENT_ID: id, ...extra });
  const ofDeployment = async (id: string) => {
    const found = (await seriesOf(gateway.url)).filter((series) => series.labels.deployment_id === id);
    return found.map(({ name, labels: { environment: _e, deployment_id: _d, ...labels }, value }) => ({
      name,
      labels,
      value,
    }));
  };

  test('start and finish', async () => {
    const github = {
      GITHUB_REPOSITORY: 'relay/app',
      GITHUB_RUN_ID: '99',
      GITHUB_RUN_ATTEMPT: '1',
      GITHUB_SHA: 'abcdef0123456789',
      GITHUB_REF_NAME: 'feature/größe "x"',
      GITHUB_ACTOR: 'zoë',
      GITHUB_EVENT_NAME: 'push',
    };
    const job = env('start-finish', github);
    expect(
      (await record(['start', '--triggered-at', '1700000000.5', '--started-at', '1700000010'], job)).code,
    ).toBe(0);
    const branch = { branch: 'feature/größe "x"', triggered_by: 'github_actions' };
    expect(await ofDeployment('start-finish')).toEqual(
      expect.arrayContaining([
        { name: 'deployment_triggered_timestamp_seconds', labels: {}, value: 1700000000.5 },
        { name: 'deployment_started_timestamp_seconds', labels: {}, value: 1700000010 },
        { name: 'deployment_in_progress', labels: branch, value: 1 },
        {
          name: 'deployment_info',
          labels: {
            branch: branch.branch,
            commit: 'abcdef0123456789',
            version: 'abcdef012345',
            actor: 'zoë',
            previous_deployment_id: '',
            run_url: 'https://github.com/relay/app/actions/runs/99/attempts/1',
            repository_url: 'https://github.com/relay/app',
            preview: '',
          },
          value: 1,
        },
      ]),
    );
    // Another machine, which knows another branch: the 1 must not stay.
    const other = env('start-finish', { ...github, GITHUB_REF_NAME: 'other' });
    await record(['finish', '--outcome', 'failure', '--at', '2023-11-14T22:30:00Z'], other);
    const after = await ofDeployment('start-finish');
    expect(after.filter((s) => s.name === 'deployment_in_progress').map((s) => s.value)).toEqual([0]);
    expect(after).toContainEqual({ name: 'deployment_outcome_code', labels: {}, value: 2 });
    expect(after).toContainEqual({
      name: 'deployment_finished_timestamp_seconds',
      labels: {},
      value: 1700001000,
    });
    expect(after).toContainEqual({
      name: 'deployment_triggered_timestamp_seconds',
      labels: {},
      value: 1700000000.5,
    });
  });

  test('a stage that runs a command and succeeds', async () => {
    const before = Date.now() / 1000;
    const { code, stdout } = await runRecorder(
      [
        'stage',
        '--service',
        'api',
        '--stage',
        'build',
        '--log-url',
        'https://x/1',
        '--',
        'sh',
        '-c',
        'sleep 0.3; echo built',
      ],
      env('stage-ok'),
    );
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'built\n' });
    const series = await ofDeployment('stage-ok');
    const value = (name: string): number => series.find((s) => s.name === name)!.value;
    expect(value('deployment_stage_status_code')).toBe(1);
    expect(value('deployment_total')).toBe(1);
    expect(value('deployment_stage_duration_seconds')).toBeGreaterThanOrEqual(0.3);
    expect(value('deployment_stage_started_timestamp_seconds')).toBeGreaterThanOrEqual(before);
    expect(value('deployment_stage_finished_timestamp_seconds')).toBeCloseTo(
      value('deployment_stage_started_timestamp_seconds') + value('deployment_stage_duration_seconds'),
      2,
    );
    expect(series.find((s) => s.name === 'deployment_stage_info')?.labels.log_url).toBe('https://x/1');
    expect(series.some((s) => s.name.startsWith('deployment_error'))).toBe(false);
  });

  test('a stage that fails, is seen to run meanwhile, and succeeds the second time', async () => {
    const job = env('stage-retry');
    const script = 'echo first; echo "token=abcdefghij boom" >&2; exit 7';
    const failed = await runRecorder(
      ['stage', '--service', 'web', '--stage', 'deploy', '--', 'sh', '-c', script],
      job,
    );
    expect(failed.code).toBe(7);
    expect(await ofDeployment('stage-retry')).toContainEqual({
      name: 'deployment_error_info',
      labels: { service: 'web', stage: 'deploy', error_type: 'command_failed', message: 'token=*** boom' },
      value: 1,
    });
    const again = runRecorder(['stage', '--service', 'web', '--stage', 'deploy', '--', 'sleep', '1.5'], job);
    await expect
      .poll(async () => (await ofDeployment('stage-retry')).map((s) => s.name).sort(), {
        timeout: 5_000,
        interval: 50,
      })
      .toEqual(['deployment_stage_info', 'deployment_stage_started_timestamp_seconds']);
    expect((await again).code).toBe(0);
    const names = (await ofDeployment('stage-retry')).map((s) => s.name);
    expect(names).toContain('deployment_stage_status_code');
    expect(names.filter((name) => name.includes('error'))).toEqual([]);
  });

  test('a stage between two steps, on one machine and on two', async () => {
    const job = env('steps');
    const which = ['--service', 'database', '--stage', 'install'];
    await record(['stage-start', ...which, '--at', '1700000000'], job);
    await record(
      ['stage-finish', ...which, '--status', 'failure', '--error-type', 'timeout', '--at', '1700000012.5'],
      job,
    );
    const [duration] = (await ofDeployment('steps')).filter(
      (s) => s.name === 'deployment_stage_duration_seconds',
    );
    expect(duration).toEqual({
      name: 'deployment_stage_duration_seconds',
      labels: { service: 'database', stage: 'install', status: 'failure' },
      value: 12.5,
    });
    await record(['stage-start', ...which, '--stage', 'push', '--at', '1700000000'], job);
    await record(['stage-finish', ...which, '--stage', 'push', '--status', 'skipped'], env('steps'));
    const push = (await ofDeployment('steps')).filter((s) => s.labels.stage === 'push');
    expect(push.map((s) => s.name)).not.toContain('deployment_stage_duration_seconds');
    expect(push).toContainEqual({
      name: 'deployment_stage_started_timestamp_seconds',
      labels: { service: 'database', stage: 'push' },
      value: 1700000000,
    });
  });

  test('smoke tests, by name', async () => {
    const job = env('smoke');
    expect((await record(['smoke-test', '--test-name', 'api_health', '--', 'true'], job)).code).toBe(0);
    expect(
      (await record(['smoke-test', '--test-name', 'web/beta', '--', 'sh', '-c', 'echo no >&2; exit 22'], job))
        .code,
    ).toBe(22);
    await record(
      ['smoke-test', '--test-name', 'late', '--status', 'success', '--duration', '2.5', '--at', '1700000000'],
      job,
    );
    const series = await ofDeployment('smoke');
    expect(series.filter((s) => s.name === 'smoke_test_total').map((s) => s.labels)).toEqual(
      expect.arrayContaining([
        { test_name: 'api_health', status: 'success' },
        { test_name: 'web/beta', status: 'failure' },
        { test_name: 'late', status: 'success' },
      ]),
    );
    expect(series).toContainEqual({
      name: 'smoke_test_error_info',
      labels: { test_name: 'web/beta', message: 'no' },
      value: 1,
    });
    expect(series).toContainEqual({
      name: 'smoke_test_duration_seconds',
      labels: { test_name: 'late' },
      value: 2.5,
    });
    expect(series).toContainEqual({
      name: 'smoke_test_finished_timestamp_seconds',
      labels: { test_name: 'late' },
      value: 1700000000,
    });
  });

  test('migrations, counted in both streams', async () => {
    const script = 'echo "INFO Running upgrade -> a"; echo "INFO Running upgrade a -> b" >&2; echo done >&2';
    const done = await runRecorder(['migration', '--', 'sh', '-c', script], env('migration'));
    expect(done).toMatchObject({ code: 0, stdout: 'INFO Running upgrade -> a\n' });
    const series = await ofDeployment('migration');
    const where = { service: 'database', stage: 'migration', migration_name: 'alembic_head' };
    expect(series).toContainEqual({ name: 'migrations_applied', labels: where, value: 2 });
    expect(series).toContainEqual({
      name: 'migration_total',
      labels: { ...where, status: 'success' },
      value: 1,
    });
    expect(series).toContainEqual({ name: 'deployment_stage_status_code', labels: where, value: 1 });
    const failed = await runRecorder(
      ['migration', '--', 'sh', '-c', 'echo lock timeout >&2; exit 1'],
      env('migration'),
    );
    expect(failed.code).toBe(1);
    const after = await ofDeployment('migration');
    expect(after).toContainEqual({ name: 'migration_success', labels: where, value: 0 });
    expect(after).toContainEqual({
      name: 'deployment_error_info',
      labels: { ...where, error_type: 'migration_failed', message: 'lock timeout' },
      value: 1,
    });
  });

  test('a rollback by a command, and one that happened', async () => {
    const job = env('rollback');
    const why = ['--reason', 'health_check_failed', '--previous-deployment-id', 'org/41'];
    expect((await record(['rollback', ...why, '--', 'true'], job)).code).toBe(0);
    const where = { service: 'api', stage: 'rollback' };
    const series = await ofDeployment('rollback');
    expect(series).toContainEqual({
      name: 'deployment_rollback_total',
      labels: { ...where, reason: 'health_check_failed', status: 'success' },
      value: 1,
    });
    expect(series).toContainEqual({
      name: 'deployment_rollback_info',
      labels: { ...where, reason: 'health_check_failed', previous_deployment_id: 'org/41' },
      value: 1,
    });
    await record(
      [
        'rollback',
        '--service',
        'web',
        '--reason',
        'manual',
        '--status',
        'failure',
        '--started-at',
        '1700000000',
        '--at',
        '1700000060',
      ],
      job,
    );
    const web = (await ofDeployment('rollback')).filter((s) => s.labels.service === 'web');
    expect(web).toContainEqual({
      name: 'deployment_rollback_finished_timestamp_seconds',
      labels: { service: 'web', stage: 'rollback' },
      value: 1700000060,
    });
    expect(web.find((s) => s.name === 'deployment_stage_duration_seconds')?.value).toBe(60);
    expect(await ofDeployment('rollback')).toContainEqual(
      series.find((s) => s.name === 'deployment_rollback_info'),
    );
  });

  test('cost by resource and the error rate', async () => {
    const job = env('cost');
    await record(['cost', '--resource', 'railway_compute', '--usd', '0.15'], job);
    await record(['cost', '--resource', 'vercel_build', '--usd', '0.02'], job);
    await record(['error-rate', '--service', 'api', '--value', '0.0125'], job);
    expect(await ofDeployment('cost')).toEqual(
      expect.arrayContaining([
        { name: 'deployment_infrastructure_cost', labels: { resource: 'railway_compute' }, value: 0.15 },
        { name: 'deployment_infrastructure_cost', labels: { resource: 'vercel_build' }, value: 0.02 },
        { name: 'post_deployment_error_rate', labels: { service: 'api' }, value: 0.0125 },
      ]),
    );
  });

  test('health checks that were made already', async () => {
    const checks = ['1700000000,healthy,0.1', '1700000005,unhealthy,5', '1700000010,degraded,2.25'];
    await record(['health', '--service', 'api', ...checks.flatMap((c) => ['--check', c])], env('checks'));
    const series = await ofDeployment('checks');
    const at = (attempt: string) => ({ service: 'api', attempt });
    expect(series).toContainEqual({ name: 'deployment_health_check_success', labels: at('2'), value: 0 });
    expect(series).toContainEqual({ name: 'deployment_health_check_success', labels: at('3'), value: 1 });
    expect(series).toContainEqual({
      name: 'deployment_health_check_timestamp_seconds',
      labels: at('3'),
      value: 1700000010,
    });
    expect(series).toContainEqual({
      name: 'deployment_health_check_latency_seconds',
      labels: at('3'),
      value: 2.25,
    });
    expect(series).toContainEqual({
      name: 'api_health_check_latency_ms',
      labels: { service: 'api', status: 'degraded' },
      value: 2250,
    });
    expect(series.find((s) => s.name === 'post_deployment_error_rate')?.value).toBeCloseTo(1 / 3);
  });

  test('the same event twice is one event, and no event removes another', async () => {
    const job = env('idempotent');
    const events = [
      ['start', '--at', '1700000000', '--no-sweep'],
      ['stage-start', '--service', 'api', '--stage', 'build', '--at', '1700000001'],
      [
        'stage-finish',
        '--service',
        'api',
        '--stage',
        'build',
        '--status',
        'success',
        '--at',
        '1700000003',
        '--started-at',
        '1700000001',
      ],
      [
        'migration',
        '--status',
        'success',
        '--count',
        '1',
        '--started-at',
        '1700000001',
        '--at',
        '1700000002',
      ],
      ['smoke-test', '--test-name', 'a', '--status', 'success', '--at', '1700000002'],
      ['smoke-test', '--test-name', 'b', '--status', 'failure', '--at', '1700000002'],
      ['cost', '--resource', 'vercel_build', '--usd', '1'],
      ['health', '--service', 'api', '--check', '1700000004,healthy,0.1'],
      ['rollback', '--reason', 'manual', '--at', '1700000005'],
      ['finish', '--outcome', 'rolled_back', '--at', '1700000006'],
    ];
    for (const event of events) await record(event, job);
    const once = await ofDeployment('idempotent');
    const sorted = (series: typeof once): string[] => series.map((s) => JSON.stringify(s)).sort();
    for (const event of [...events, ...events.toReversed()]) await record(event, job);
    // Whether it is in progress is told by the last of start and finish, and not by the time of the finish.
    const told = (series: typeof once): typeof once =>
      series.filter((s) => s.name !== 'deployment_in_progress');
    expect(sorted(told(await ofDeployment('idempotent')))).toEqual(sorted(told(once)));
    const shapes = (await groupsOf(gateway.url)).filter((g) => g.labels.deployment_id === 'idempotent');
    expect(shapes).toHaveLength(8);
  });

  test('what waited and arrives late removes nothing that came after it', async () => {
    const job = env('late');
    const which = ['--service', 'api', '--stage', 'build'];
    await record(['stage-finish', ...which, '--status', 'failure', '--at', '1700000009'], job);
    await record(['finish', '--outcome', 'failure', '--at', '1700000010'], job);
    await record(['start', '--at', '1700000000', '--no-sweep'], job);
    await record(['stage-start', ...which, '--at', '1700000001'], job);
    const value = async (name: string) => (await ofDeployment('late')).find((s) => s.name === name)?.value;
    expect(await value('deployment_finished_timestamp_seconds')).toBe(1700000010);
    expect(await value('deployment_outcome_code')).toBe(2);
    expect(await value('deployment_started_timestamp_seconds')).toBe(1700000000);
    expect(await value('deployment_stage_status_code')).toBe(4);
    expect(await value('deployment_stage_started_timestamp_seconds')).toBe(1700000001);
  });

  test('a stage that fails, is begun again and succeeds has no error left', async () => {
    const job = env('begun-again');
    const which = ['--service', 'api', '--stage', 'build'];
    for (const status of ['failure', 'success']) {
      await record(['stage-start', ...which], job);
      await record(['stage-finish', ...which, '--status', status], job);
    }
    const series = await ofDeployment('begun-again');
    expect(series.filter((s) => s.name.includes('error'))).toEqual([]);
    expect(series.find((s) => s.name === 'deployment_stage_status_code')?.value).toBe(1);
  });

  test('four machines of one run, at the same time', async () => {
    const machines = Array.from({ length: 4 }, () => env('parallel'));
    const verbs = machines.flatMap((job, i) => [
      [
        job,
        ['stage', '--service', 'api', '--stage', ['build', 'push', 'install', 'deploy'][i]!, '--', 'true'],
      ],
      [job, ['smoke-test', '--test-name', `test-${i}`, '--', 'true']],
      [
        job,
        ['health', '--service', ['api', 'web', 'database', 'api'][i]!, '--check', '1700000000,healthy,0.1'],
      ],
    ]) as [NodeJS.ProcessEnv, string[]][];
    const done = await Promise.all(verbs.map(([job, argv]) => runRecorder(argv, job)));
    expect(done.flatMap((d) => d.warnings)).toEqual([]);
    const series = await ofDeployment('parallel');
    expect(new Set(series.filter((s) => s.name === 'deployment_total').map((s) => s.labels.stage)).size).toBe(
      4,
    );
    expect(series.filter((s) => s.name === 'smoke_test_success')).toHaveLength(4);
    expect(series.filter((s) => s.name === 'deployment_health_check_success')).toHaveLength(3);
  });

  test('no consistency complaint of the gateway about any of this', async () => {
    expect(await valuesOf(gateway.url, 'deployment_total')).not.toHaveLength(0);
    const failed = (await groupsOf(gateway.url)).filter((group) => group.last_push_successful !== true);
    expect(failed.map((group) => group.labels)).toEqual([]);
    expect((await fetch(`${gateway.url}/metrics`)).status).toBe(200);
  });
});
