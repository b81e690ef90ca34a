import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inProject } from '../../../src/lib/root.ts';
import type { PreviewState } from '../../../src/panels/state.ts';
import { ensureInstalled } from '../../../src/preview/install.ts';
import { record } from '../../../src/preview/record.ts';
import { writeRecording } from '../../../src/preview/recording.ts';
import { setupTimeout, testTimeout } from '../support/browser.ts';
import { everything } from '../support/dashboards.ts';
import { fakeSource } from '../support/fakeSource.ts';

const folder = mkdtempSync(join(tmpdir(), 'preview-commands-'));
const dashboards = join(folder, 'dashboards');
const recording = join(folder, 'recording.json');
const broken = join(folder, 'broken');
afterAll(() => rmSync(folder, { recursive: true }));

beforeAll(async () => {
  for (const path of [dashboards, broken]) mkdirSync(path);
  writeFileSync(join(dashboards, 'everything.json'), JSON.stringify(everything));
  writeFileSync(join(broken, 'a.json'), '{"uid": "a"}');
  writeFileSync(join(broken, 'b.json'), 'no JSON');
  const made = await record(fakeSource, [everything], []);
  writeFileSync(recording, writeRecording(made.recording));
  await ensureInstalled();
}, setupTimeout);

const start = (...args: string[]): ChildProcess =>
  spawn(process.execPath, [inProject('scripts', 'run.mjs'), ...args], { stdio: ['ignore', 'pipe', 'pipe'] });

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function run(...args: string[]): Promise<Ended> {
  const child = start(...args);
  let [stdout, stderr] = ['', ''];
  child.stdout?.on('data', (part) => {
    stdout += part;
  });
  child.stderr?.on('data', (part) => {
    stderr += part;
  });
  return new Promise((done) => child.on('close', (code) => done({ code, stdout, stderr })));
}

describe('mistakes are sentences, and end with 1', { timeout: testTimeout }, () => {
  it.each([
    ['preview --dashboards DASHBOARDS --recording FOLDER/none.json', 'There is no recording at'],
    ['preview --dashboards FOLDER/none', 'There are no dashboards in'],
    ['preview --port 99999', '--port 99999 is no port'],
    ['preview some-view', 'belong to --record'],
    ['preview --record simulation --at 5', '--at goes with a real Prometheus'],
    ['preview --record http://127.0.0.1:1 --dashboards DASHBOARDS', 'is not ready'],
    ['preview --prometheus nonsense --dashboards DASHBOARDS', '--prometheus is not a URL'],
    ['screenshots --theme pink --width 1', '--theme pink is neither light nor dark'],
    ['screenshots --base no-such-branch', 'git does not know the commit "no-such-branch"'],
    ['screenshots --prometheus http://127.0.0.1:1 --base HEAD', '--base needs --at'],
    [
      'screenshots --check --out FOLDER/none --dashboards DASHBOARDS --recording RECORDING',
      'no pictures were taken yet',
    ],
  ])('%s', async (line, sentence) => {
    const places = { DASHBOARDS: dashboards, RECORDING: recording, FOLDER: folder };
    const args = line
      .split(' ')
      .map((arg) =>
        arg.replace(/^(DASHBOARDS|RECORDING|FOLDER)/, (name) => places[name as keyof typeof places]),
      );
    const { code, stdout, stderr } = await run(...args);
    expect(stderr).toContain(sentence);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect([code, stdout]).toEqual([1, '']);
  });

  it('all at once when several dashboards are broken', async () => {
    const { stderr } = await run('preview', '--dashboards', broken, '--recording', recording);
    expect(stderr).toContain('it has no list of panels');
    expect(stderr).toContain('b.json is no dashboard');
  });
});

it(
  'explains itself',
  async () => {
    for (const command of ['preview', 'screenshots']) {
      const { code, stdout } = await run(command, '--help');
      expect([code, stdout.includes(`npm run ${command}`)]).toEqual([0, true]);
    }
  },
  testTimeout,
);

it(
  'shows a recording until it is told to stop',
  async () => {
    const child = start('preview', '--dashboards', dashboards, '--recording', recording, '--port', '0');
    const url = await new Promise<string>((found) =>
      child.stdout?.once('data', (data) => found(String(data).trim())),
    );
    const state = (await (await fetch(`${url}/api/state`)).json()) as PreviewState;
    expect(state.dashboards.map((d) => d.uid)).toEqual(['everything']);
    expect(state.source.kind).toBe('recording');
    writeFileSync(join(dashboards, 'everything.json'), JSON.stringify({ ...everything, title: 'Edited' }));
    const title = async () =>
      ((await (await fetch(`${url}/api/state`)).json()) as PreviewState).dashboards[0]?.title;
    while ((await title()) !== 'Edited') await new Promise((done) => setTimeout(done, 50));
    child.kill('SIGINT');
    expect(await new Promise((done) => child.on('exit', done))).toBe(0);
  },
  testTimeout,
);
