import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { inProject } from '../../src/lib/root.ts';
import type { Row } from '../../src/servers/list.ts';
import { program, temporaryFolder } from './machine.ts';

interface Result {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `npm run servers` with nothing installed but what the environment says. */
function servers(args: readonly string[], env: Record<string, string> = {}): Promise<Result> {
  const folder = temporaryFolder();
  return new Promise((done) => {
    execFile(
      process.execPath,
      [inProject('scripts/run.mjs'), 'servers', ...args],
      { env: { PATH: join(folder, 'bin'), XDG_CACHE_HOME: join(folder, 'cache'), ...env } },
      (error, stdout, stderr) => done({ code: Number(error?.code ?? 0), stdout, stderr }),
    );
  });
}

describe('npm run servers', () => {
  test('lists every program of both generations, and exits 1 while some are missing', async () => {
    const path = program(join(temporaryFolder(), 'pt'), 'promtool', '3.7.1');
    const { code, stdout } = await servers([], { PROMTOOL_BIN: path });
    const lines = stdout.trimEnd().split('\n');
    expect(code).toBe(1);
    expect(lines).toHaveLength(11);
    expect(lines[0]).toMatch(/^program +generation +version +found in +path$/);
    expect(lines[2]).toMatch(new RegExp(`^promtool +current +3\\.7\\.1 +environment +${path}$`));
    expect(lines[6]).toMatch(/^prometheus +2\.42 +- +missing +set PROMETHEUS_2_42_BIN, or: npm run servers/);
  });

  test('prints JSON, and nothing but JSON, on stdout', async () => {
    const { stdout, stderr } = await servers(['--json']);
    const rows = JSON.parse(stdout) as Row[];
    expect(rows[0]).toEqual({
      program: 'prometheus',
      generation: 'current',
      version: null,
      where: null,
      path: null,
      variable: 'PROMETHEUS_BIN',
    });
    expect(stderr).toBe('');
  });

  test('names every variable that points nowhere, at once, and fetches nothing then', async () => {
    const env = { PROMTOOL_BIN: '/no/a', AMTOOL_2_42_BIN: '/no/b' };
    const { code, stdout, stderr } = await servers(['--fetch'], env);
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toContain('PROMTOOL_BIN is /no/a');
    expect(stderr).toContain('AMTOOL_2_42_BIN is /no/b');
    expect(stderr).not.toContain('Fetching');
  });

  test('with --fetch where nothing can be fetched says so for each generation, and still lists', async () => {
    const { code, stdout, stderr } = await servers(['--fetch']);
    expect(code).toBe(1);
    expect(stderr).toContain('(current generation) cannot be fetched');
    expect(stderr).toContain('(2.42 generation) cannot be fetched');
    expect(stdout.trimEnd().split('\n')).toHaveLength(11);
  });

  test('explains itself', async () => {
    const { code, stdout } = await servers(['--help']);
    expect(code).toBe(0);
    expect(stdout).toContain('PROMETHEUS_BIN');
    expect(stdout).toContain('--fetch');
    expect((await servers(['--wrong'])).stderr).toContain('npm run servers -- --help');
  });
});
