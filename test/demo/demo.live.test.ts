import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Prometheus } from '../../src/lib/prometheus.ts';
import { inProject } from '../../src/lib/root.ts';
import { pipeline } from '../relay.ts';

const seconds = (count: number): Promise<void> => new Promise((done) => setTimeout(done, count * 1000));

/** Asks until there is an answer. */
async function until<T>(ask: () => Promise<T | undefined>, limit = 90): Promise<T> {
  const end = Date.now() + limit * 1000;
  for (;;) {
    const found = await ask();
    if (found !== undefined) return found;
    if (Date.now() > end) throw new Error('waited in vain');
    await seconds(0.5);
  }
}

describe('npm run demo', () => {
  let folder: string;
  let demo: ChildProcess;
  let stdout = '';
  let stderr = '';
  let ended: Promise<number | null>;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'demo-'));
    const args = ['demo', '--json', '--days', '2', '--per-day', '20', '--every', '5', '--speed', '30'];
    demo = spawn(process.execPath, [inProject('scripts', 'run.mjs'), ...args], {
      env: { ...process.env, TMPDIR: folder, NO_COLOR: '1' },
    });
    demo.stdout?.on('data', (chunk) => {
      stdout += chunk;
    });
    demo.stderr?.on('data', (chunk) => {
      stderr += chunk;
    });
    ended = new Promise((done) => demo.once('exit', done));
  });
  afterAll(() => {
    demo.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
  });

  test('runs everything, with a past and a present, and leaves nothing behind', async () => {
    const line = await until(async () => (stdout.includes('\n') ? stdout : undefined)).catch(() => {
      throw new Error(stderr);
    });
    const urls = JSON.parse(line) as Record<string, string>;
    expect(Object.keys(urls)).toEqual(['prometheus', 'pushgateway', 'alertmanager']);
    const prometheus = new Prometheus(urls.prometheus!);
    /** Waits until it is so: what has just begun is still small. */
    const exceeds = (limit: number, expr: string) =>
      until(async () => (await prometheus.query(`${expr} > ${limit}`))[0]?.value).catch(() => {
        throw new Error(`${expr} did not exceed ${limit}.\n${stderr}`);
      });
    await exceeds(15, 'count(count_over_time(deployment:outcome:code[2d]))');
    // Every five minutes of the last two days.
    const trend =
      'count_over_time(environment:deployment_success:ratio{window="1d",environment="production"}[2d])';
    await exceeds(300, trend);
    await exceeds(15, 'sum(environment:deployments:count{window="30d"})');
    await exceeds(0, 'sum(environment:deployments_active:count)');
    await exceeds(1, `sum(rate(http_requests_total{job="${pipeline.application?.job}"}[1m]))`);
    await until(async () => (/: finished, \w+, \d+ s after the push/.test(stderr) ? true : undefined));
    demo.kill('SIGINT');
    expect(await ended, stderr).toBe(0);
    expect(stderr).not.toContain('::warning');
    for (const url of Object.values(urls)) await expect(fetch(url)).rejects.toThrow();
    expect(readdirSync(folder)).toEqual([]);
  }, 180_000);
});

test('can be ended while it begins', async () => {
  const demo = spawn(process.execPath, [inProject('scripts', 'run.mjs'), 'demo', '--json'], {
    env: { ...process.env, NO_COLOR: '1' },
  });
  let stderr = '';
  let stdout = '';
  demo.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  demo.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const exit = new Promise((done) => demo.once('exit', done));
  await until(async () => (stderr.includes('Started the servers') ? true : undefined));
  demo.kill('SIGINT');
  expect(await exit, stderr).toBe(0);
  expect(stdout).toBe('');
  expect(stderr).toContain('Stopped the servers');
}, 120_000);

test('names every wrong option', async () => {
  const demo = spawn(process.execPath, [
    inProject('scripts', 'run.mjs'),
    'demo',
    '--days',
    'x',
    '--speed',
    '0',
  ]);
  let stderr = '';
  demo.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  expect(await new Promise((done) => demo.once('exit', done))).toBe(1);
  expect(stderr).toContain('--days "x"');
  expect(stderr).toContain('--speed "0"');
});
