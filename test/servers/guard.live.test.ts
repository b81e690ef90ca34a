import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { inProject } from '../../src/lib/root.ts';
import { obtainPrograms } from '../../src/servers/find.ts';
import { bundle, isAlive } from './machine.ts';

/** A program that starts two servers, stops one, says which is left, and then does what is asked of it. */
const parent = (ending: string): string => `
  import { startPushgateway } from ${JSON.stringify(inProject('src/servers/start.ts'))};
  const stopped = await startPushgateway();
  await stopped.stop();
  const { pid, dataDir } = await startPushgateway();
  console.log(JSON.stringify({ pid, dataDir }));
  ${ending}
`;

interface Started {
  readonly process: ChildProcess;
  readonly pid: number;
  readonly dataDir: string;
}

async function start(ending: string): Promise<Started> {
  const outfile = await bundle(parent(ending));
  const child = spawn(process.execPath, [outfile], { stdio: ['ignore', 'pipe', 'pipe'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const line = await new Promise<string>((done, fail) => {
    child.stdout.once('data', (data: Buffer) => done(data.toString()));
    child.once('exit', () => fail(new Error(`it ended: ${child.stderr.read()}`)));
  });
  return { process: child, ...(JSON.parse(line) as { pid: number; dataDir: string }) };
}

describe('servers end with the process that started them', () => {
  beforeAll(async () => void (await obtainPrograms(['pushgateway'])));

  test.each(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGKILL'] as const)('by %s', async (signal) => {
    const { process: child, pid, dataDir } = await start('setInterval(() => {}, 1000);');
    expect(isAlive(pid)).toBe(true);
    expect(existsSync(dataDir)).toBe(true);
    child.kill(signal);
    await expect.poll(() => isAlive(pid), { timeout: 5_000 }).toBe(false);
    await expect.poll(() => existsSync(join(dataDir, '..', '..')), { timeout: 5_000 }).toBe(false);
  });

  test.each([
    ['by process.exit', 'process.exit(0);'],
    ['by an uncaught error', "setTimeout(() => { throw new Error('x'); });"],
    ['by having nothing more to do', ''],
  ])('%s', async (_, ending) => {
    const { pid, dataDir } = await start(ending);
    await expect.poll(() => isAlive(pid), { timeout: 5_000 }).toBe(false);
    await expect.poll(() => existsSync(join(dataDir, '..', '..')), { timeout: 5_000 }).toBe(false);
  });
});
