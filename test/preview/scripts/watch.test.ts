import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { debounce, oneAtATime, watchFolders } from '../../../src/preview/watch.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'watch-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
const until = async (condition: () => boolean): Promise<void> => {
  while (!condition()) await pause(20);
};

it('calls back once for many calls', async () => {
  let calls = 0;
  const call = debounce(() => {
    calls += 1;
  }, 30);
  for (let i = 0; i < 5; i += 1) call();
  await until(() => calls > 0);
  await pause(60);
  expect(calls).toBe(1);
});

it('sees files that are written, replaced and removed, also in folders inside', async () => {
  mkdirSync(join(folder, 'inside'));
  let calls = 0;
  const stop = watchFolders([folder, join(folder, 'not there')], () => {
    calls += 1;
  });
  const change = async (work: () => void): Promise<void> => {
    const before = calls;
    work();
    await until(() => calls > before);
  };
  await change(() => writeFileSync(join(folder, 'a.json'), '1'));
  await change(() => writeFileSync(join(folder, 'a.json'), '2'));
  await change(() => writeFileSync(join(folder, 'inside', 'b.json'), '1'));
  await change(() => rmSync(join(folder, 'a.json')));
  stop();
});

it('runs a command once at a time, and once more when it was asked for meanwhile', async () => {
  const file = join(folder, 'runs');
  const script = `require('node:fs').appendFileSync(${JSON.stringify(file)}, 'x'); setTimeout(() => process.exit(3), 100)`;
  const codes: (number | null)[] = [];
  const run = oneAtATime(['-e', script], (code) => codes.push(code));
  for (let i = 0; i < 4; i += 1) run();
  await until(() => codes.length === 2);
  await pause(100);
  expect(codes).toEqual([3, 3]);
  expect(readFileSync(file, 'utf8')).toBe('xx');
});
