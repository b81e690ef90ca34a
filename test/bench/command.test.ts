import { execFile } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { inProject } from '../../src/lib/root.ts';

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const bench = (...args: string[]): Promise<Ran> =>
  new Promise((resolve) => {
    execFile(process.execPath, [inProject('scripts', 'run.mjs'), 'bench', ...args], (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
  });

describe('npm run bench', () => {
  it('says what it measures and how it ends', async () => {
    const { code, stdout } = await bench('--help');
    expect(code).toBe(0);
    for (const word of [
      '--only',
      '--per-day',
      '--json',
      'build',
      'recorder',
      'troubleshooting',
      'Exit codes',
    ])
      expect(stdout).toContain(word);
  });

  it('refuses a benchmark that there is not', async () => {
    const { code, stdout, stderr } = await bench('--only', 'build,speed');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('There is no benchmark "speed".');
  });

  it('refuses a history that there is not', async () => {
    const { code, stdout, stderr } = await bench('--only', 'troubleshooting', '--per-day', '42');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('There is no history with "42" deployments a day.');
    expect(stderr).toContain('10, 100, 1000');
  });

  it('refuses a number of dashboards that is none', async () => {
    const { code, stderr } = await bench('--validate-only', 'many');
    expect(code).toBe(1);
    expect(stderr).toContain('--validate-only');
  });

  it('measures one size in a process of its own', async () => {
    const { code, stdout } = await bench('--validate-only', '3');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      expressions: 30,
      ms: expect.any(Number),
      peakMegabytes: expect.any(Number),
    });
  });
});
