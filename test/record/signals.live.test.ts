import { existsSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type RunningServer, startPushgateway } from '../../src/servers/start.ts';
import { FaultProxy } from './fault-proxy.ts';
import { jobEnv, record, seriesOf, startRecorder, temporaryFolder, waiting } from './helpers.ts';

let gateway: RunningServer;
let proxy: FaultProxy;
beforeEach(async () => {
  gateway = await startPushgateway();
  proxy = await FaultProxy.start(gateway.url);
});
afterEach(async () => {
  await proxy.stop();
  await gateway.stop();
});

const job = (): NodeJS.ProcessEnv => jobEnv({ PUSHGATEWAY_URL: proxy.url });
const arrivals = (count: number): Promise<void> =>
  expect.poll(() => proxy.seen.length, { timeout: 10_000, interval: 20 }).toBeGreaterThanOrEqual(count);
const cost = ['cost', '--resource', 'vercel_build', '--usd', '1'];

describe('a signal while an event is pushed', () => {
  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s: it is put aside, and the next event sends it', async (signal, code) => {
    const env = job();
    proxy.otherwise = 'silent';
    const { child, done } = await startRecorder(cost, env);
    await arrivals(1);
    const at = performance.now();
    child.kill(signal);
    const ended = await done;
    expect(performance.now() - at).toBeLessThan(1_500);
    expect(ended).toMatchObject({
      code,
      warnings: [
        expect.stringMatching(/^Not recorded yet: .* told to stop\. The next event of this job sends it\.$/),
      ],
    });
    expect(waiting(env)).toHaveLength(1);
    proxy.reset();
    await record(['cost', '--resource', 'railway_compute', '--usd', '2'], env);
    expect((await seriesOf(gateway.url)).map((s) => s.value).sort()).toEqual([1, 2]);
  });

  test('also while it waits for the next attempt, and behind others', async () => {
    const env = job();
    const faults = [{ status: 503, headers: { 'retry-after': '2' } }, 'silent'] as const;
    for (const [i, fault] of faults.entries()) {
      proxy.otherwise = fault;
      const seen = proxy.seen.length;
      const { child, done } = await startRecorder(cost, env);
      await arrivals(seen + 1);
      child.kill('SIGINT');
      expect((await done).code).toBe(130);
      expect(waiting(env)).toHaveLength(i + 1);
    }
  });

  test('of the end of a command, whose exit code stays', async () => {
    const env = job();
    proxy.otherwise = 'silent';
    const argv = ['smoke-test', '--test-name', 'x', '--', 'sh', '-c', 'exit 6'];
    const { child, done } = await startRecorder(argv, env);
    await arrivals(1);
    child.kill('SIGTERM');
    expect((await done).code).toBe(6);
    expect(waiting(env)).toHaveLength(1);
  });
});

test('a command that ignores the cancel, and a gateway that hangs: recorded once, within five seconds', async () => {
  const folder = temporaryFolder();
  const env = job();
  proxy.otherwise = 'silent';
  const script = `trap '' INT; touch ${folder}/ready; for i in 1 2 3; do sleep 1; done`;
  const argv = ['stage', '--service', 'api', '--stage', 'deploy', '--', 'sh', '-c', script];
  const { child, done } = await startRecorder(argv, env);
  await expect.poll(() => existsSync(`${folder}/ready`), { timeout: 10_000, interval: 20 }).toBe(true);
  const at = performance.now();
  child.kill('SIGINT');
  const ended = await done;
  expect(performance.now() - at).toBeLessThan(5_000);
  expect(ended.warnings).toEqual([
    expect.stringMatching(/^Not recorded yet: stage deploy of api \(cancelled\)/),
  ]);
  expect(waiting(env)).toHaveLength(1);
  proxy.reset();
  await record(cost, env);
  const status = (await seriesOf(gateway.url)).filter((s) => s.name === 'deployment_stage_status_code');
  expect(status.map((s) => s.value)).toEqual([3]);
});
