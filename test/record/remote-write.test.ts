import { cpSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readsOf } from '../../src/metrics/reads.ts';
import { carry } from '../../src/record/pipeline.ts';
import { pipeline } from '../relay.ts';
import { jobEnv, record, temporaryFolder, waiting } from './helpers.ts';

const hour = 3_600_000;
let server: Server;
/** Answers in turn, then 204; a cut takes the write and breaks the connection. */
let answers: (readonly [status: number | 'cut', text: string, headers?: Record<string, string>])[];
let bodies: Buffer[];
/** By how much the server's clock is ahead of this machine's, milliseconds. */
let ahead: number;
const env = () =>
  jobEnv({
    REMOTE_WRITE_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v1/write`,
    PUSHGATEWAY_URL: undefined,
    DEPLOYMENT_ID: '1',
  });
const event = ['cost', '--resource', 'vercel_build', '--usd', '1'];
/** The time of the first sample of a request, milliseconds: behind the tag of its field, in groups of seven bits. */
function timeOf(body: Buffer): number {
  let at = body.indexOf(Buffer.from([0x12, 0x10, 0x09])) + 12;
  let time = 0;
  for (let factor = 1; ; factor *= 128) {
    const byte = body[at++]!;
    time += (byte & 127) * factor;
    if (byte < 128) return time;
  }
}

beforeEach(async () => {
  answers = [];
  bodies = [];
  ahead = 0;
  server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', (): void => {
      bodies.push(Buffer.concat(parts));
      const [status, text, headers] = answers.shift() ?? [204, ''];
      if (status === 'cut') return void request.socket.destroy();
      const date = new Date(Date.now() + ahead).toUTCString();
      response.writeHead(status, { date, ...headers }).end(text);
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  carry({ ...pipeline, transport: 'remote-write' });
});
afterEach(() => {
  carry(pipeline);
  server.close();
});

it('writes an event as of now', async () => {
  expect((await record(event, env())).warnings).toEqual([]);
  expect(bodies).toHaveLength(1);
  expect(Math.abs(timeOf(bodies[0]!) - Date.now())).toBeLessThan(60_000);
});

describe('a clock that is wrong', () => {
  const offset = (body: Buffer): number => timeOf(body) - Date.now();
  const near = (expected: number) => (actual: number) => Math.abs(actual - expected) < 60_000;

  it.each([
    ['behind', hour],
    ['ahead of', -hour],
  ])('writes what is refused by the clock of the server: %s it', async (side, by) => {
    ahead = by;
    answers = [[400, 'out of bounds']];
    const { warnings } = await record(event, env());
    expect(bodies.map(offset)).toEqual([expect.toSatisfy(near(0)), expect.toSatisfy(near(ahead))]);
    expect(warnings).toEqual([
      expect.stringMatching(new RegExp(`clock of this machine is 3(599|600|601) s ${side} that of 127`)),
    ]);
  });

  it.each([600_000, -600_000])(
    'writes what was taken again by the clock of the server (%s ms), and it counts as taken',
    async (by) => {
      ahead = by;
      // A server that takes nothing out of order refuses the second where the first was ahead.
      answers = [
        [204, ''],
        [400, 'out of order sample'],
      ];
      const job = env();
      const done = await record([...event, '--strict'], job);
      expect(done.code).toBe(0);
      expect(bodies.map(offset)).toEqual([expect.toSatisfy(near(0)), expect.toSatisfy(near(by))]);
      expect(done.warnings).toEqual([expect.stringContaining('synchronise it (NTP)')]);
      expect(waiting(job)).toEqual([]);
    },
  );

  it('is said where a gateway stamps what is pushed, which is pushed once', async () => {
    carry(pipeline);
    ahead = hour;
    const { REMOTE_WRITE_URL, ...job } = env();
    const done = await record([...event, '--strict'], { ...job, PUSHGATEWAY_URL: REMOTE_WRITE_URL });
    expect(done.warnings).toEqual([expect.stringContaining('synchronise it (NTP)')]);
    expect([done.code, bodies.length]).toEqual([0, 1]);
  });

  it('says nothing of one that is right, nor writes twice', async () => {
    ahead = 4_000;
    expect((await record(event, env())).warnings).toEqual([]);
    expect(bodies).toHaveLength(1);
  });
});

it('writes again what another recorder wrote in the same moment', async () => {
  answers = [
    [400, 'duplicate sample for timestamp'],
    [400, 'out of order sample'],
  ];
  expect((await record(event, env())).warnings).toEqual([]);
  const times = bodies.map(timeOf);
  expect(times).toEqual([...times].sort((a, b) => a - b));
  expect(new Set(times).size).toBe(3);
});

it('gives up what stays out of order, says why and holds up nothing', async () => {
  answers = Array.from({ length: 4 }, () => [400, 'out of order sample'] as const);
  const job = env();
  const { warnings } = await record(event, job);
  expect(warnings).toEqual([
    expect.stringMatching(/refused it \(400\): out of order sample\..*out_of_order_time_window/),
  ]);
  expect(waiting(job)).toEqual([]);
  // It writes instead that it was refused.
  const names = bodies.map((body) => /push_failure_time_seconds/.test(body.toString('latin1')));
  expect(names).toEqual([false, false, false, false, true]);
});

it.each<[string, (typeof answers)[number]]>([
  ['is busy and says for how long', [429, 'slow down', { 'retry-after': '1' }]],
  ['fails', [500, 'not now']],
  ['is not there for a moment', [503, '']],
  ['takes the write and breaks the connection', ['cut', '']],
])('writes again to a server that %s', async (_, answer) => {
  answers = [answer];
  const job = env();
  const begun = Date.now();
  expect((await record(event, job)).warnings).toEqual([]);
  expect(bodies).toHaveLength(2);
  expect(timeOf(bodies[1]!)).toBeGreaterThan(timeOf(bodies[0]!));
  if (answer[0] === 429) expect(Date.now() - begun).toBeGreaterThan(950);
  expect(waiting(job)).toEqual([]);
});

it('keeps what would have to wait for longer than an event may take', async () => {
  answers = [[429, 'slow down', { 'retry-after': '60' }]];
  const job = env();
  expect((await record(event, job)).warnings[0]).toContain('The next event of this job sends it.');
  expect(waiting(job)).toHaveLength(1);
  expect((await record(event, job)).warnings).toEqual([]);
  expect(bodies).toHaveLength(3);
});

it('keeps what a server cannot take now', async () => {
  answers = Array.from({ length: 20 }, () => [404, 'remote write receiver needs to be enabled'] as const);
  const job = env();
  const { warnings } = await record(event, job);
  expect(warnings[0]).toContain('REMOTE_WRITE_URL may lack its path');
  expect(waiting(job)).toHaveLength(1);
});

it('sends what another machine kept, and nothing else that is in its folder', async () => {
  answers = [[404, 'not here']];
  const gone = env();
  await record(event, gone);
  const brought = join(temporaryFolder(), 'events');
  cpSync(join(gone.RUNNER_TEMP!, 'deployment-recorder', 'spool'), brought, { recursive: true });
  const add = (name: string, body: string): void =>
    writeFileSync(
      join(brought, name),
      JSON.stringify({ method: 'POST', path: '', body, what: name, since: Date.now() }),
    );
  add('000000007.json', JSON.stringify([{ labels: { __name__: 'up', job: 'theirs' }, value: 0 }]));
  add('000000008.json', 'no series');
  add('000000009.json', JSON.stringify([{ labels: { job: 'deployment-pipeline' }, value: 'never' }]));
  bodies = [];
  const { warnings } = await record(['send', '--spool', brought], env());
  expect(bodies).toHaveLength(1);
  expect(bodies[0]!.toString('latin1')).toContain('deployment_infrastructure_cost');
  expect(warnings).toHaveLength(3);
  for (const warning of warnings) expect(warning).toContain('It is no event of this transport.');
  expect(readdirSync(brought).filter((name) => name.endsWith('.json'))).toEqual([]);
});

it('reads the last value of what is pushed, and nothing else otherwise', () => {
  const reads = readsOf({ transport: 'remote-write', metrics: {} });
  expect(reads('max by (stage) (deployment_total{stage="a}b"}) unless deployment:outcome:code')).toBe(
    'max by (stage) (last_over_time(deployment_total{stage="a}b"}[130m])) unless deployment:outcome:code',
  );
  const ranges = 'count_over_time(deployment_total[5m]) + on () x{of="deployment_total"}';
  expect(reads(ranges)).toBe(ranges);
  expect(readsOf({ transport: 'pushgateway', metrics: {} })('deployment_total')).toBe('deployment_total');
});
