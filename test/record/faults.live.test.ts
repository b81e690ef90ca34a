import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventBudgetMs } from '../../src/record/recorder.ts';
import { freePort, type RunningServer, startPushgateway } from '../../src/servers/start.ts';
import { type Fault, FaultProxy } from './fault-proxy.ts';
import { jobEnv, record, runRecorder, seriesOf, waiting } from './helpers.ts';

let gateway: RunningServer;
const proxies: FaultProxy[] = [];
beforeAll(async () => {
  gateway = await startPushgateway();
  idle = (await runRecorder(['--version'], jobEnv())).ms;
});
afterAll(async () => {
  await Promise.all(proxies.map((proxy) => proxy.stop()));
  await gateway.stop();
});

/** The most that an event may cost a deployment, in milliseconds. */
const limit = 5_000;
/** Cost of a process on this machine that does nothing. */
let idle = 0;
let counter = 0;
/** A machine of its own whose way to the gateway leads through a proxy of its own, so that tests can run side by side. */
async function faultyJob(
  extra: Record<string, string> = {},
): Promise<{ job: NodeJS.ProcessEnv; proxy: FaultProxy }> {
  const proxy = await FaultProxy.start(gateway.url);
  proxies.push(proxy);
  return {
    proxy,
    job: jobEnv({ PUSHGATEWAY_URL: proxy.url, DEPLOYMENT_ID: `fault-${++counter}`, ...extra }),
  };
}
const cost = ['cost', '--resource', 'vercel_build', '--usd'];
const arrived = async (job: NodeJS.ProcessEnv): Promise<number[]> =>
  (await seriesOf(gateway.url))
    .filter((s) => s.labels.deployment_id === job.DEPLOYMENT_ID)
    .map((s) => s.value);

describe.concurrent('faults that pass within seconds', () => {
  const passing: readonly (readonly [string, Fault[]])[] = [
    ['a broken connection', ['reset']],
    ['a connection that breaks after the push was taken', ['reset-after-write']],
    ['an answer that breaks off in its head', ['cut-head']],
    ['an answer that breaks off in its body', ['cut-body']],
    ['500', [{ status: 500, body: 'write queue full' }]],
    [
      '502 with a page of a proxy',
      [{ status: 502, headers: { 'content-type': 'text/html' }, body: '<html>bad</html>' }],
    ],
    ['503 twice', [{ status: 503 }, { status: 503 }]],
    ['429 that asks for a second', [{ status: 429, headers: { 'retry-after': '1' } }]],
    ['a slow answer', [{ slowMs: 1_500 }]],
    ['no answer to the first attempt', ['silent']],
  ];
  test.each(passing)('%s: it is recorded, without a warning', async (_name, faults) => {
    const { job, proxy } = await faultyJob();
    proxy.next = [...faults];
    const done = await record([...cost, '1'], job);
    expect(done).toMatchObject({ code: 0, warnings: [] });
    expect(proxy.seen.at(-1)!.atMs - proxy.seen[0]!.atMs).toBeLessThan(eventBudgetMs);
    expect(await arrived(job)).toEqual([1]);
    expect(waiting(job)).toEqual([]);
  });

  test('429 is not asked again before the time that it asks for', async () => {
    const { job, proxy } = await faultyJob();
    proxy.next = [{ status: 429, headers: { 'retry-after': '1' } }];
    await record([...cost, '1'], job);
    expect(proxy.seen[1]!.atMs - proxy.seen[0]!.atMs).toBeGreaterThanOrEqual(990);
  });
});

describe.concurrent('faults that stay', () => {
  const html = { 'content-type': 'text/html' };
  const staying: readonly (readonly [string, Fault, RegExp, number])[] = [
    ['never answers', 'silent', /did not answer in time/, 2],
    ['breaks every connection', 'reset', /broke the connection/, 3],
    ['401', { status: 401, body: 'Unauthorized' }, /refused the credentials \(401\).*PUSHGATEWAY_TOKEN/, 1],
    ['403', { status: 403 }, /refused the credentials \(403\)/, 1],
    ['404', { status: 404, body: '404 page not found' }, /path prefix/, 1],
    ['429 that asks for a minute', { status: 429, headers: { 'retry-after': '60' } }, /is busy \(429\)/, 1],
    ['500', { status: 500, body: 'disk full' }, /failed \(500\): disk full/, 3],
    [
      'a log-in page with 200',
      { status: 200, headers: html, body: '<html>log in</html>' },
      /web page.*not the Pushgateway/,
      1,
    ],
    [
      'a greeting with 200',
      { status: 200, body: '{"message":"Welcome to the API"}' },
      /200 with a text, which a Pushgateway does not do/,
      1,
    ],
    [
      'a page with 400',
      { status: 400, headers: html, body: '<html>no</html>' },
      /400, which is not an answer/,
      1,
    ],
    [
      'a redirect',
      { status: 301, headers: { location: 'https://user:pass@gateway.example/path?token=x' } },
      /redirects to https:\/\/gateway\.example; set PUSHGATEWAY_URL/,
      1,
    ],
  ];
  test.each(staying)(
    '%s: one warning, kept, sent by the next event',
    async (_name, fault, reason, attempts) => {
      const { job, proxy } = await faultyJob();
      proxy.otherwise = fault;
      const done = await record([...cost, '1'], job);
      expect(done.code).toBe(0);
      expect(done.warnings).toEqual([
        expect.stringMatching(/^Not recorded yet: .* The next event of this job sends it\.$/),
      ]);
      expect(done.warnings[0]).toMatch(reason);
      expect(done.stderr).not.toContain('pass@');
      expect(done.ms).toBeLessThan(limit);
      expect(proxy.seen.length).toBeGreaterThanOrEqual(attempts);
      if (attempts === 1) expect(proxy.seen).toHaveLength(1);
      expect(await arrived(job)).toEqual([]);
      proxy.reset();
      const next = await record(['cost', '--resource', 'railway_compute', '--usd', '2'], job);
      expect(next.warnings).toEqual([]);
      expect(next.stderr).toContain('Sent 1 earlier event that had waited.');
      expect((await arrived(job)).sort()).toEqual([1, 2]);
      expect(proxy.passed.map((seen) => /resource\/(\w+)/.exec(seen.path)![1])).toEqual([
        'vercel_build',
        'railway_compute',
      ]);
      expect(waiting(job)).toEqual([]);
    },
  );

  test('a gateway that is down', async () => {
    const { job } = await faultyJob({ PUSHGATEWAY_URL: `http://127.0.0.1:${await freePort()}` });
    const done = await runRecorder([...cost, '1'], job);
    expect(done.code).toBe(0);
    expect(done.warnings).toHaveLength(1);
    expect(done.warnings[0]).toMatch(/nothing listens there \(ECONNREFUSED\)/);
    expect(done.ms - idle).toBeLessThan(limit);
    expect(waiting(job)).toHaveLength(1);
    const next = await runRecorder([...cost, '1', '--strict'], job);
    expect(next.code).toBe(1);
    expect(waiting(job)).toHaveLength(2);
  });

  test('a gateway that was out of order for the last event is not waited for as long again', async () => {
    const { job, proxy } = await faultyJob();
    proxy.otherwise = 'reset';
    await record([...cost, '1'], job);
    const first = proxy.seen.length;
    await record([...cost, '1'], job);
    expect(proxy.seen.length - first).toBeLessThan(first);
    expect(waiting(job)).toHaveLength(2);
  });

  test('a name that does not exist', async () => {
    const { job } = await faultyJob({ PUSHGATEWAY_URL: 'http://gateway.invalid:9091' });
    const done = await runRecorder([...cost, '1'], job);
    expect(done).toMatchObject({ code: 0, warnings: [expect.stringMatching(/ENOTFOUND|EAI_AGAIN|in time/)] });
    expect(done.ms).toBeLessThan(limit);
  });

  test('400 with a reason is told, and not sent again', async () => {
    const { job, proxy } = await faultyJob();
    proxy.otherwise = { status: 400, body: 'pushed metrics are invalid or inconsistent\n' };
    const done = await record([...cost, '1'], job);
    expect(done.code).toBe(0);
    expect(done.warnings).toEqual([
      'Not recorded: a cost of 1 USD on vercel_build. The Pushgateway refused it (400): pushed metrics are invalid or inconsistent.',
    ]);
    expect(proxy.seen).toHaveLength(1);
    expect(waiting(job)).toEqual([]);
    expect((await record([...cost, '1', '--strict'], job)).code).toBe(1);
  });

  test('400 of the real gateway, because the type of a metric differs', async () => {
    const clash = '# TYPE smoke_test_success counter\nsmoke_test_success{x="y"} 1\n';
    const { job } = await faultyJob();
    expect(
      (await fetch(`${gateway.url}/metrics/job/someone-else`, { method: 'PUT', body: clash })).status,
    ).toBe(200);
    const done = await record(['smoke-test', '--test-name', 'a', '--status', 'success'], job);
    expect(done.warnings).toEqual([
      expect.stringMatching(/refused it \(400\): pushed metrics are invalid or inconsistent/),
    ]);
    expect(waiting(job)).toEqual([]);
  });
});

test('a wrapped command is neither delayed nor changed by a gateway that never answers', async () => {
  const { job, proxy } = await faultyJob();
  proxy.otherwise = 'silent';
  const stage = ['stage', '--service', 'api', '--stage', 'build', '--', 'sh', '-c', 'date +%s%3N; exit 3'];
  const done = await runRecorder(stage, job);
  expect(done.code).toBe(3);
  // The beginning is pushed beside the command, and not before it.
  expect(Number(done.stdout) - proxy.seen[0]!.atMs).toBeLessThan(1_000);
  expect(done.ms - idle).toBeLessThan(limit);
  expect(done.warnings).toEqual([expect.stringMatching(/^Not recorded yet: stage build of api \(failure\)/)]);
  proxy.reset();
  await record([...cost, '1'], job);
  const status = (await seriesOf(gateway.url)).filter(
    (s) => s.name === 'deployment_stage_status_code' && s.labels.deployment_id === job.DEPLOYMENT_ID,
  );
  expect(status.map((s) => s.value)).toEqual([4]);
});

describe('credentials', () => {
  test('basic, bearer, or none, and only to the gateway', async () => {
    const seen = async (extra: Record<string, string>): Promise<string | undefined> => {
      const { job, proxy } = await faultyJob(extra);
      await record([...cost, '1'], job);
      return proxy.seen[0]?.authorization;
    };
    expect(await seen({})).toBeUndefined();
    expect(await seen({ PUSHGATEWAY_TOKEN: 'abc\n' })).toBe('Bearer abc');
    const basic = { PUSHGATEWAY_USERNAME: 'ci', PUSHGATEWAY_PASSWORD: 'pä:ss' };
    expect(await seen(basic)).toBe(`Basic ${Buffer.from('ci:pä:ss').toString('base64')}`);
    // An unset secret of a workflow expands to this.
    expect(
      await seen({ PUSHGATEWAY_TOKEN: '', PUSHGATEWAY_USERNAME: '', PUSHGATEWAY_PASSWORD: '' }),
    ).toBeUndefined();
  });

  test('are neither kept on the disk nor printed', async () => {
    const { job, proxy } = await faultyJob({ PUSHGATEWAY_TOKEN: 'very-secret-token' });
    proxy.otherwise = { status: 401 };
    const done = await record([...cost, '1'], job);
    expect(done.stderr + done.stdout).not.toContain('very-secret-token');
    const kept = execFileSync('grep', ['-r', '-c', '', job.RUNNER_TEMP!], { encoding: 'utf8' });
    expect(kept).toContain('.json');
    expect(() => execFileSync('grep', ['-r', 'very-secret-token', job.RUNNER_TEMP!])).toThrow();
  });
});
