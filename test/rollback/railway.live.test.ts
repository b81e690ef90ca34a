import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, test } from 'vitest';
import { systemClock } from '../../src/lib/clock.ts';
import type { RailwayDeployment, RailwayStatus } from '../../src/lib/railway.ts';
import { choose } from '../../src/record/railway/rollback.ts';
import { type RunningServer, startPushgateway } from '../../src/servers/start.ts';
import { FakeRailway } from '../fakes/railway/railway.ts';
import { type Listening, listen } from '../fakes/wire/listen.ts';
import type { FakeResponse, Handler } from '../fakes/wire/types.ts';
import { jobEnv, type Outcome, record, runRecorder, seriesOf, temporaryFolder } from '../record/helpers.ts';
import { runnerFile } from '../record/workflow.ts';

/** A minute of Railway passes in a second. */
const begun = Date.now();
const fastClock = { ...systemClock, now: () => begun + (Date.now() - begun) * 60 };

const deployment = (
  id: string,
  status: RailwayStatus,
  over: Partial<RailwayDeployment> = {},
): RailwayDeployment => ({
  id,
  status,
  createdAt: '',
  canRollback: true,
  deploymentStopped: status === 'REMOVED',
  meta: { commitHash: 'abcdef0123' },
  ...over,
});

describe('what it goes back to', () => {
  const now = deployment('now', 'SUCCESS');
  const before = deployment('before', 'REMOVED');
  test.each<[string, RailwayDeployment[], string | undefined, string]>([
    ['the one before', [now, before, deployment('older', 'REMOVED')], undefined, 'before'],
    [
      'the last that served, past failures',
      [now, deployment('broken', 'FAILED'), before],
      undefined,
      'before',
    ],
    ['the one before a crash', [deployment('crashed', 'CRASHED'), before], undefined, 'before'],
    [
      'a failure that never served leaves what serves',
      [deployment('broken', 'FAILED'), now, before],
      undefined,
      'now',
    ],
    [
      'past an attempt that was skipped',
      [deployment('skipped', 'SKIPPED'), now, before],
      undefined,
      'before',
    ],
    [
      'before a crash, past a failure that never served',
      [deployment('broken', 'FAILED'), deployment('crashed', 'CRASHED'), before],
      undefined,
      'before',
    ],
    [
      'the one that is named, past a failure that never served',
      [deployment('broken', 'FAILED'), now, before],
      'before',
      'before',
    ],
    [
      'the last whose image is kept',
      [now, { ...before, canRollback: false }, deployment('older', 'REMOVED')],
      undefined,
      'older',
    ],
    ['the one that is named', [now, before, deployment('older', 'REMOVED')], 'older', 'older'],
  ])('%s', (_, all, to, expected) => {
    expect(choose(all, to).id).toBe(expected);
  });

  test.each<[string, RailwayDeployment[], string | undefined, string]>([
    ['nothing before', [now], undefined, 'There is no earlier deployment'],
    ['nothing at all', [], undefined, 'There is no earlier deployment'],
    ['no image', [now, { ...before, canRollback: false }], undefined, 'its image is no longer kept'],
    [
      'another is under way',
      [deployment('next', 'BUILDING'), now, before],
      undefined,
      'next (commit abcdef0) is under way',
    ],
    ['an unknown one', [now, before], 'elsewhere', 'Railway knows no deployment elsewhere'],
  ])('refuses: %s', (_, all, to, words) => {
    expect(() => choose(all, to)).toThrow(words);
  });
});

describe('against Railway', () => {
  let railway: FakeRailway;
  let server: Listening;
  let application: Server;
  let applicationUrl: string;
  /** The application's answer, by the commit that serves. */
  let healthy: (commit: string) => boolean;
  let commit: string;
  /** Takes the place of an answer of the fake. */
  let fault: ((request: string, answer: FakeResponse) => FakeResponse) | undefined;
  /** Answers in place of the fake, which then never sees the request. */
  let door: ((request: string) => FakeResponse | undefined) | undefined;
  let gateway: RunningServer;

  beforeAll(async () => {
    gateway = await startPushgateway();
    const handler: Handler = (request) => {
      const turnedAway = door?.(request.body);
      if (turnedAway) return turnedAway;
      const answer = railway.handler(request);
      return fault?.(request.body, answer) ?? answer;
    };
    server = await listen(handler);
    application = createServer((_, response) => {
      railway.tick();
      response.writeHead(healthy(commit) ? 200 : 503).end();
    });
    await new Promise<void>((resolve) => application.listen(0, '127.0.0.1', resolve));
    applicationUrl = `http://127.0.0.1:${(application.address() as AddressInfo).port}/health`;
  });
  afterAll(async () => {
    application.close();
    await Promise.all([server.stop(), gateway.stop()]);
  });
  afterEach(() => {
    fault = undefined;
    door = undefined;
  });

  /** A service on which a good version was followed by a bad one. */
  function twoVersions(): void {
    railway = new FakeRailway(fastClock, { serviceId: 'api-1' });
    railway.onServe = (hash) => {
      commit = hash;
    };
    healthy = (hash) => hash === 'good000000';
    railway.serving('good000000');
    railway.serving('bad0000000');
  }

  const env = (over: Record<string, string> = {}): NodeJS.ProcessEnv =>
    jobEnv({
      PUSHGATEWAY_URL: gateway.url,
      RAILWAY_API_URL: `${server.url}/graphql/v2`,
      RAILWAY_TOKEN: railway.options.token,
      RAILWAY_SERVICE_ID: 'api-1',
      ...over,
    });
  const rollBack = (over: Record<string, string> = {}, ...argv: string[]): Promise<Outcome> =>
    record(['railway-rollback', '--interval', '100ms', ...argv], env(over));

  it('goes back, follows it to the end, and sees that it is healthy', async () => {
    twoVersions();
    const { code, stdout, stderr } = await rollBack({}, '--url', applicationUrl);
    expect(stderr).toMatch(
      /Rolling back to deployment-1 \(commit good000\)\.\n(?:.* is deploying\.\n)?.* is success\.\n/,
    );
    expect(stdout).toMatch(
      /^Rolled back to deployment-1 \(commit good000\); 127\.0\.0\.1:\d+ is healthy\.\n$/,
    );
    expect(code).toBe(0);
    expect(commit).toBe('good000000');
    expect(railway.deployments).toHaveLength(3);
  });

  it('goes back too where a rollback answers with the deployment instead of true', async () => {
    twoVersions();
    railway.rollbackMakesDeployment = true;
    expect(await rollBack()).toMatchObject({ code: 0 });
    expect(commit).toBe('good000000');
    expect(railway.deployments).toHaveLength(3);
  });

  it('fails when the old version is no better', async () => {
    twoVersions();
    healthy = () => false;
    const { code, stderr } = await rollBack({}, '--url', applicationUrl, '--timeout', '1s');
    expect(code).toBe(1);
    expect(stderr).toContain('is not healthy all the same (status 503)');
  });

  it('takes an account token with project and environment, and tells tokens apart', async () => {
    twoVersions();
    const account = { RAILWAY_TOKEN: '', RAILWAY_API_TOKEN: railway.options.accountToken };
    expect((await rollBack(account)).stderr).toContain(
      'RAILWAY_PROJECT_ID and RAILWAY_ENVIRONMENT_ID are needed',
    );
    const place = { RAILWAY_PROJECT_ID: 'project-1', RAILWAY_ENVIRONMENT_ID: 'environment-1' };
    expect(await rollBack({ ...account, ...place })).toMatchObject({ code: 0 });
    const swapped = await rollBack({ RAILWAY_TOKEN: railway.options.accountToken });
    expect(swapped.code).toBe(1);
    expect(swapped.stderr).toContain('account and workspace tokens go into RAILWAY_API_TOKEN');
    expect(swapped.stderr).not.toContain(railway.options.accountToken);
    const both = await rollBack({ RAILWAY_API_TOKEN: 'x' });
    expect(both.stderr).toContain('both set');
    expect((await rollBack({ RAILWAY_TOKEN: '' })).stderr).toContain('RAILWAY_TOKEN is not set');
  });

  it('says why Railway refuses, though it does so with status 200', async () => {
    twoVersions();
    fault = (body, answer) =>
      body.includes('deploymentRollback')
        ? {
            ...answer,
            status: 200,
            body: JSON.stringify({
              data: null,
              errors: [{ message: 'Deployment cannot be rolled back to' }],
            }),
          }
        : answer;
    const { code, stderr } = await rollBack();
    expect(code).toBe(1);
    expect(stderr).toContain('Railway refused: Deployment cannot be rolled back to.');
  });

  it('asks again after a rate limit and a failure that pass', async () => {
    twoVersions();
    let troubles = 2;
    fault = (_, answer) => {
      if (troubles === 0) return answer;
      troubles--;
      return troubles === 1
        ? { status: 429, headers: { 'retry-after': '1' }, body: '{}' }
        : { status: 502, headers: { 'content-type': 'text/html' }, body: '<html>' };
    };
    expect(await rollBack()).toMatchObject({ code: 0 });
    expect(troubles).toBe(0);
  });

  it('does not roll back twice when only the answer was lost', async () => {
    twoVersions();
    let lost = 0;
    fault = (body, answer) => {
      if (!body.includes('deploymentRollback') || lost > 0) return answer;
      lost++;
      return { status: 504, headers: {}, body: '' };
    };
    expect(await rollBack()).toMatchObject({ code: 0 });
    expect(lost).toBe(1);
    expect(railway.deployments).toHaveLength(3);
  });

  it('asks again for a rollback that was turned away, and gives up when that would take too long', async () => {
    twoVersions();
    const turnedAway = (seconds: number, times: number): void => {
      let left = times;
      door = (body) =>
        body.includes('deployments(input') || body.includes('projectToken') || left-- <= 0
          ? undefined
          : { status: 429, headers: { 'retry-after': String(seconds) }, body: '{}' };
    };
    turnedAway(1, 1);
    expect(await rollBack()).toMatchObject({ code: 0 });
    expect(railway.deployments).toHaveLength(3);
    twoVersions();
    turnedAway(3_600, 9);
    expect((await rollBack()).stderr).toContain('too many requests and asks to wait 3600 s');
  });

  it('leaves what serves when the newest deployment failed and never served', async () => {
    twoVersions();
    railway.ends('broken0000', 'FAILED');
    const done = await rollBack({}, '--url', applicationUrl, '--timeout', '1s');
    expect(done).toMatchObject({ code: 1, stderr: expect.stringContaining('is not healthy all the same') });
    healthy = () => true;
    const { code, stdout } = await rollBack({}, '--url', applicationUrl);
    expect(stdout).toMatch(
      /^Nothing to roll back: the newest deployment failed and never served\. Deployment deployment-2 \(commit bad0000\) serves; .* is healthy\.\n$/,
    );
    expect(code).toBe(0);
    expect(railway.deployments).toHaveLength(3);
    expect(commit).toBe('bad0000000');
  });

  it('asks the URL of the one that is named, although it serves already', async () => {
    twoVersions();
    healthy = () => false;
    const to = ['--railway-to', 'deployment-2', '--url', applicationUrl, '--timeout', '1s'];
    expect(await rollBack({}, ...to)).toMatchObject({ code: 1 });
    healthy = () => true;
    expect(await rollBack({}, ...to)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('it serves already'),
    });
  });

  it('takes nothing for an answer that is none', async () => {
    twoVersions();
    const bodies = [{ data: {} }, { data: { projectToken: {} } }, { data: 7 }, [], 'hello'];
    for (const body of bodies) {
      fault = () => ({ status: 200, headers: {}, body: JSON.stringify(body) });
      const { code, stderr } = await rollBack();
      expect(code).toBe(1);
      expect(stderr).toMatch(/something else than was asked for|Railway refused/);
    }
    for (const deployments of [undefined, {}, { edges: [{}] }, { edges: [{ node: { id: 'x' } }] }]) {
      fault = (request, answer) =>
        request.includes('projectToken')
          ? answer
          : { status: 200, headers: {}, body: JSON.stringify({ data: { deployments } }) };
      expect(await rollBack()).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('something else than was asked for'),
      });
    }
  });

  it('sends the token nowhere over plain http, but to this machine', async () => {
    twoVersions();
    const { code, stderr } = await rollBack({ RAILWAY_API_URL: 'http://railway.example/graphql/v2' });
    expect(code).toBe(1);
    expect(stderr).toContain('RAILWAY_API_URL must start with https://');
  });

  it('is refused without a service', async () => {
    twoVersions();
    expect(await rollBack({ RAILWAY_SERVICE_ID: '' })).toMatchObject({ code: 1 });
    expect((await rollBack({ RAILWAY_SERVICE_ID: 'another' })).code).toBe(1);
  });

  describe('railway-wait', () => {
    const wait = async (...argv: string[]): Promise<Outcome & { status: string | undefined }> => {
      const GITHUB_OUTPUT = join(temporaryFolder(), 'output');
      const done = await record(['railway-wait', '--interval', '100ms', ...argv], env({ GITHUB_OUTPUT }));
      return { ...done, status: runnerFile(GITHUB_OUTPUT).status };
    };

    it('ends when the newest deployment serves, and not when it is built', async () => {
      twoVersions();
      railway.deploys('new0000000');
      const done = await wait();
      expect(done.stderr).toMatch(
        /deployment-3 .* is (queued|initializing|building)\.\n(.*\n)*.* is success\.\n$/,
      );
      expect(done).toMatchObject({ code: 0, stdout: 'Deployment deployment-3 (commit new0000) serves.\n' });
      expect(done.status).toBe('SUCCESS');
      expect(commit).toBe('new0000000');
    });

    it('says which step failed, where the token may ask', async () => {
      const failing = async (steps: FakeRailway['steps']): Promise<string> => {
        twoVersions();
        railway.steps = steps;
        railway.course = () => [[0, 'FAILED']];
        railway.deploys('new0000000');
        return (await wait()).stderr;
      };
      expect(
        await failing([
          { step: 'BUILD_IMAGE', payload: { durationMs: 40_000 } },
          { step: 'PRE_DEPLOY_COMMAND', payload: { skipped: true, error: 'not this one' } },
          { step: 'HEALTHCHECK', payload: { error: 'service unavailable', attempt: 3, maxAttempts: 3 } },
          { step: 'DRAIN_INSTANCES', payload: null },
        ]),
      ).toContain('ended as FAILED: HEALTHCHECK, attempt 3 of 3: service unavailable\n');
      expect(await failing([])).toContain('ended as FAILED: look at it in Railway.');
      const refused = await failing(undefined);
      expect(refused).toContain(
        'Which step failed is not known: Railway does not accept RAILWAY_TOKEN ("Not Authorized")',
      );
      expect(refused).toContain('ended as FAILED: look at it in Railway.');
    });

    it.each([
      ['a text', 'The process listens on 3000 and not on PORT.'],
      ['an object', { summary: 'The process listens on 3000 and not on PORT.' }],
    ])('quotes the diagnosis, where it is %s', async (_, diagnosis) => {
      twoVersions();
      railway.steps = [{ step: 'HEALTHCHECK', payload: { error: 'service unavailable' } }];
      railway.diagnosis = diagnosis;
      railway.course = () => [[0, 'FAILED']];
      railway.deploys('new0000000');
      expect((await wait()).stderr).toContain(
        'HEALTHCHECK: service unavailable. Railway says: The process listens on 3000 and not on PORT.\n',
      );
    });

    describe('with --service', () => {
      const time = (seconds: number): string => new Date(1_750_000_000_000 + seconds * 1_000).toISOString();
      const steps: FakeRailway['steps'] = [
        { step: 'BUILD_IMAGE', createdAt: time(0), completedAt: time(40), payload: { durationMs: 40_000 } },
        { step: 'PRE_DEPLOY_COMMAND', createdAt: time(41), payload: { skipped: true } },
        {
          step: 'HEALTHCHECK',
          createdAt: time(50),
          completedAt: time(60),
          payload: { error: 'no answer', attempt: 1, maxAttempts: 2 },
        },
        {
          step: 'HEALTHCHECK',
          createdAt: time(60),
          completedAt: time(75.5),
          payload: { error: 'no answer', attempt: 2, maxAttempts: 2 },
        },
      ];
      const stages = async (id: string) =>
        (await seriesOf(gateway.url)).filter(({ labels }) => labels.deployment_id === id && labels.stage);
      const recordedOf = async (id: string, name: string): Promise<Record<string, number>> =>
        Object.fromEntries(
          (await stages(id)).filter((s) => s.name === name).map(({ labels, value }) => [labels.stage, value]),
        );

      it("records Railway's steps as stages, with their error", async () => {
        twoVersions();
        railway.steps = steps;
        railway.course = () => [[0, 'FAILED']];
        railway.deploys('new0000000');
        const argv = ['railway-wait', '--interval', '100ms', '--service', 'api'];
        expect((await record(argv, env({ DEPLOYMENT_ID: 'stepped' }))).code).toBe(1);
        expect(await recordedOf('stepped', 'deployment_stage_status_code')).toEqual({
          railway_build_image: 1,
          railway_pre_deploy_command: 2,
          railway_healthcheck: 4,
        });
        expect(await recordedOf('stepped', 'deployment_stage_started_timestamp_seconds')).toMatchObject({
          railway_build_image: 1_750_000_000,
          railway_healthcheck: 1_750_000_050,
        });
        expect(await recordedOf('stepped', 'deployment_stage_duration_seconds')).toMatchObject({
          railway_build_image: 40,
          railway_healthcheck: 25.5,
        });
        const error = (await stages('stepped')).find(({ name }) => name === 'deployment_error_info');
        expect(error?.labels).toMatchObject({
          error_type: 'health_check_failed',
          message: 'HEALTHCHECK, attempt 2 of 2: no answer',
        });
      });

      it('takes no step of a deployment that serves for failed', async () => {
        twoVersions();
        railway.steps = steps;
        railway.deploys('new0000000');
        await record(
          ['railway-wait', '--interval', '100ms', '--service', 'api'],
          env({ DEPLOYMENT_ID: 'serves' }),
        );
        expect(await recordedOf('serves', 'deployment_stage_status_code')).toMatchObject({
          railway_healthcheck: 1,
        });
      });

      it('goes on where the token may not ask, or no deployment is known', async () => {
        twoVersions();
        railway.steps = undefined;
        railway.deploys('new0000000');
        const argv = ['railway-wait', '--interval', '100ms', '--service', 'api'];
        const refused = await record(argv, env({ DEPLOYMENT_ID: 'refused' }));
        expect(refused).toMatchObject({
          code: 0,
          stderr: expect.stringContaining('is not known: Railway does not accept'),
        });
        expect(await stages('refused')).toEqual([]);
        const nobody = await record(argv, env({ DEPLOYMENT_ID: '', GITHUB_RUN_ID: '' }));
        expect(nobody).toMatchObject({
          code: 0,
          stderr: expect.stringContaining('are not recorded: give --deployment-id'),
        });
      });
    });

    it.each(['FAILED', 'CRASHED'] as const)('fails when it ends as %s', async (status) => {
      twoVersions();
      railway.course = () => [
        [0, 'DEPLOYING'],
        [5, status],
      ];
      railway.deploys('new0000000');
      expect(await wait()).toMatchObject({
        code: 1,
        stderr: expect.stringContaining(`ended as ${status}`),
        status,
      });
    });

    it('gives up after its time', async () => {
      twoVersions();
      railway.course = () => [[0, 'WAITING']];
      railway.deploys('new0000000');
      expect(await wait('--timeout', '300ms')).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('did not serve within'),
        status: 'WAITING',
      });
      expect((await record(['railway-wait'], env({ RAILWAY_SERVICE_ID: '' }))).code).toBe(1);
    });
  });

  describe('requests that Railway counted, which the gate judges where Prometheus scrapes nothing', () => {
    const seconds = (): number => Date.now() / 1_000;
    /** Of one deployment whose checks began some minutes ago; Prometheus is not there. */
    const judged = async (id: string, over: Record<string, string> = {}) => {
      const checks = Array.from({ length: 30 }, (_, i) => [
        '--check',
        `${(seconds() - 400 + i * 5).toFixed(3)},healthy,0.1`,
      ]).flat();
      const job = env({ DEPLOYMENT_ID: id, DEPLOYMENT_ENVIRONMENT: 'staging', ...over });
      await record(['start', '--at', String(seconds() - 500), '--no-sweep'], job);
      await record(['health', '--service', 'api', ...checks], job);
      const { stdout } = await record(['gate', '--json'], job);
      const report = JSON.parse(stdout) as { checks: { name: string; verdict: string; found: string }[] };
      return report.checks.find(({ name }) => name === 'live-traffic');
    };
    /** An hour with one failure in a hundred, and then this. */
    const then = (after: Readonly<Record<number, number>>) => (from: number, to: number) =>
      to - from > 3_000 ? { 200: 3_560, 404: 4, 500: 36 } : after;

    it('pass what goes on as before, and fail three times as many errors', async () => {
      twoVersions();
      railway.requests = then({ 200: 290, 404: 7, 500: 3 });
      expect(await judged('as-before')).toMatchObject({
        verdict: 'pass',
        found: expect.stringMatching(/^1 % errors, 1 %/),
      });
      railway.requests = then({ 200: 270, 500: 20, 503: 10 });
      expect(await judged('worse')).toMatchObject({
        verdict: 'fail',
        found: expect.stringMatching(/^10 % errors, 1 %/),
      });
    });

    it('are skipped where there are none, or where the token may not ask, with a sentence', async () => {
      twoVersions();
      expect(await judged('quiet')).toMatchObject({
        verdict: 'skipped',
        found: 'Railway has no requests of the application',
      });
      railway.requests = undefined;
      expect(await judged('refused')).toMatchObject({
        verdict: 'skipped',
        found: expect.stringContaining('Railway does not accept RAILWAY_TOKEN ("Not Authorized")'),
      });
      expect(await judged('no-token', { RAILWAY_TOKEN: '' })).toBeUndefined();
    });

    it('are missing when there were some before and are none since', async () => {
      twoVersions();
      railway.requests = then({});
      expect(await judged('gone')).toMatchObject({
        verdict: 'inconclusive',
        found: 'Railway had requests of the application before, and has none since',
      });
    });
  });

  describe('recorded by rollback --railway, as a process', () => {
    const recorded = async (id: string): Promise<Record<string, number>> =>
      Object.fromEntries(
        (await seriesOf(gateway.url))
          .filter(({ labels }) => labels.deployment_id === id)
          .map(({ name, labels, value }) => [
            `${name} ${labels.status ?? labels.error_type ?? ''}`.trim(),
            value,
          ]),
      );
    const argv = ['rollback', '--reason', 'health_check_failed', '--railway'];

    it('a success', async () => {
      twoVersions();
      const { code } = await runRecorder(
        [...argv, '--url', applicationUrl],
        env({ DEPLOYMENT_ID: 'rolled' }),
      );
      expect(code).toBe(0);
      expect(await recorded('rolled')).toMatchObject({
        'deployment_rollback_total success': 1,
        deployment_stage_status_code: 1,
      });
      expect(commit).toBe('good000000');
    });

    it('a failure, with why', async () => {
      twoVersions();
      const [old] = railway.deployments;
      old!.canRollback = false;
      const outcome = await runRecorder(argv, env({ DEPLOYMENT_ID: 'stuck' }));
      expect(outcome.code).toBe(1);
      const series = await seriesOf(gateway.url);
      const error = series.find(
        ({ name, labels }) => name === 'deployment_error_info' && labels.deployment_id === 'stuck',
      );
      expect(error?.labels.message).toContain('its image is no longer kept');
      expect(await recorded('stuck')).toMatchObject({ 'deployment_rollback_total failure': 1 });
    });

    it('an answer that is none: a failure', async () => {
      twoVersions();
      fault = () => ({ status: 200, headers: {}, body: '{"data":{}}' });
      const { code } = await runRecorder(argv, env({ DEPLOYMENT_ID: 'nonsense' }));
      expect(code).toBe(1);
      expect(await recorded('nonsense')).toMatchObject({ 'deployment_rollback_total failure': 1 });
    });

    it('rolls back although nothing can be recorded', async () => {
      twoVersions();
      const wrong = env({ DEPLOYMENT_ENVIRONMENT: 'prod' });
      expect(await runRecorder(argv, wrong)).toMatchObject({ code: 0 });
      expect(commit).toBe('good000000');
    });

    it('does nothing in a dry run', async () => {
      twoVersions();
      const { code, stdout } = await runRecorder([...argv, '--dry-run'], env());
      expect(code).toBe(0);
      expect(stdout).toContain('deployment_rollback_total{reason="health_check_failed",status="success"} 1');
      expect(railway.deployments).toHaveLength(2);
    });
  });
});
