import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readsOf } from '../../src/metrics/reads.ts';
import { carry } from '../../src/record/pipeline.ts';
import { pipeline } from '../relay.ts';
import { jobEnv, record, waiting } from './helpers.ts';

const ahead = 3_600_000;
let server: Server;
let answers: (readonly [status: number, text: string])[];
let bodies: Buffer[];
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
  server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      bodies.push(Buffer.concat(parts));
      const [status, text] = answers.shift() ?? [204, ''];
      response.writeHead(status, { date: new Date(Date.now() + ahead).toUTCString() }).end(text);
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

it('goes by the clock of the server when its own is wrong, once', async () => {
  answers = [[400, 'out of bounds']];
  expect((await record(event, env())).warnings).toEqual([]);
  expect(Math.abs(timeOf(bodies[1]!) - Date.now() - ahead)).toBeLessThan(60_000);
  bodies = [];
  answers = Array.from({ length: 9 }, () => [400, 'out of order sample'] as const);
  const job = env();
  const { warnings } = await record(event, job);
  expect(warnings).toEqual([expect.stringContaining('refused it (400): out of order sample')]);
  expect(bodies).toHaveLength(2);
  expect(waiting(job)).toEqual([]);
});

it('keeps what a server cannot take now', async () => {
  answers = Array.from({ length: 20 }, () => [404, 'remote write receiver needs to be enabled'] as const);
  const job = env();
  const { warnings } = await record(event, job);
  expect(warnings[0]).toContain('REMOTE_WRITE_URL may lack its path');
  expect(waiting(job)).toHaveLength(1);
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
