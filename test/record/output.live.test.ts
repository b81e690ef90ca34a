import { spawn, spawnSync } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { jobEnv, recorderFile, temporaryFolder } from './helpers.ts';

const stage = async (...command: string[]): Promise<string[]> => [
  await recorderFile(),
  'stage',
  '--service=api',
  '--stage=build',
  '--',
  ...command,
];
const alternating = `for (let i = 0; i < 400; i++) require('fs').writeSync(i % 2 + 1, 'line ' + i + '\\n')`;
const env = (): NodeJS.ProcessEnv => jobEnv({ PUSHGATEWAY_URL: 'disabled' });

describe('output of a wrapped command', () => {
  test('keeps the order of both streams where they are one', async () => {
    const file = join(temporaryFolder(), 'out');
    const fd = openSync(file, 'w');
    spawnSync(process.execPath, await stage(process.execPath, '-e', alternating), {
      env: env(),
      stdio: ['ignore', fd, fd],
    });
    closeSync(fd);
    const lines = readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('line '));
    expect(lines).toEqual(Array.from({ length: 400 }, (_, i) => `line ${i}`));
  });

  test('keeps both streams apart where they are two', async () => {
    const { stdout, stderr } = spawnSync(process.execPath, await stage(process.execPath, '-e', alternating), {
      env: env(),
      encoding: 'utf8',
    });
    expect(stdout).toBe(Array.from({ length: 200 }, (_, i) => `line ${i * 2}\n`).join(''));
    expect(stderr).toContain(Array.from({ length: 200 }, (_, i) => `line ${i * 2 + 1}\n`).join(''));
  });

  test('lets it open /dev/stderr and /dev/stdout', async () => {
    const { stdout, stderr, status } = spawnSync(
      process.execPath,
      await stage('sh', '-c', 'echo one > /dev/stdout; echo two > /dev/stderr'),
      { env: env(), encoding: 'utf8' },
    );
    expect({ stdout, status }).toEqual({ stdout: 'one\n', status: 0 });
    expect(stderr).toContain('two\n');
  });

  test('may be 100 MB, and costs no memory', async () => {
    const write = `const b = Buffer.alloc(1e6, 'x'.repeat(99) + '\\n'); for (let i = 0; i < 100; i++) require('fs').writeSync(2, b)`;
    const report = `process.on('exit', () => require('fs').writeFileSync(process.env.REPORT, String(process.resourceUsage().maxRSS)))`;
    const folder = temporaryFolder();
    const preload = join(folder, 'report.cjs');
    const { writeFileSync } = await import('node:fs');
    writeFileSync(preload, report);
    const child = spawn(
      process.execPath,
      ['--require', preload, ...(await stage(process.execPath, '-e', write))],
      { env: { ...env(), REPORT: join(folder, 'rss') }, stdio: ['ignore', 'ignore', 'pipe'] },
    );
    let bytes = 0;
    child.stderr.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
    });
    const code = await new Promise((resolve) => child.once('close', resolve));
    expect(code).toBe(0);
    expect(bytes).toBeGreaterThanOrEqual(100e6);
    expect(Number(readFileSync(join(folder, 'rss'), 'utf8')) / 1024).toBeLessThan(64);
  });

  test('slows the command down when its reader is slow, instead of filling the memory', async () => {
    const write = `const fs = require('fs'); const b = Buffer.alloc(65536, 'x'); let n = 0; for (;;) { fs.writeSync(1, b); fs.writeFileSync(process.env.COUNT, String(++n)) }`;
    const count = join(temporaryFolder(), 'count');
    const child = spawn(process.execPath, await stage(process.execPath, '-e', write), {
      env: { ...env(), COUNT: count },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    const before = readFileSync(count, 'utf8');
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(Number(before)).toBeLessThan(100);
    expect(readFileSync(count, 'utf8')).toBe(before);
    child.stdout.destroy();
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('exit', resolve));
  });
});
