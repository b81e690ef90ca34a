import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeHeaders, writeRequest } from '../lib/remote-write.ts';
import { exposition, groupPath, type Push, written } from '../record/index.ts';
import { prometheusConfig, type RunningServer, startPrometheus, startPushgateway } from '../servers/index.ts';
import { pushesOf, simulate } from '../simulator/index.ts';
import type { Benchmark, BenchOptions, Line } from './line.ts';
import { recorder } from './recorder.ts';
import { bareNode, fastest } from './stopwatch.ts';

/** Hundredths of a second, as Linux counts them. */
const ticksPerSecond = 100;

/** Seconds of the processor that a server has used; what else runs on the machine does not count. Linux only. */
function processorSeconds({ pid }: RunningServer): number {
  const [, fields = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ');
  const [user, system] = fields.split(' ').slice(11, 13).map(Number);
  return (user! + system!) / ticksPerSecond;
}

/** Megabytes that a server holds. Linux only. */
const memoryOf = ({ pid }: RunningServer): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1024;

type Send = (
  method: string,
  path: string,
  body: string | Buffer,
  headers?: Record<string, string>,
) => Promise<void>;

/** Requests on connections that are kept. */
function sender(url: string): Send {
  const agent = new Agent({ keepAlive: true, maxSockets: 4 });
  return (method, path, body, headers = {}) =>
    new Promise((resolve, reject) => {
      const sent = request(`${url}/${path}`, { method, agent, headers }, (response) => {
        response.resume();
        response.on('end', () =>
          response.statusCode! < 300 ? resolve() : reject(new Error(`${path}: ${response.statusCode}`)),
        );
      });
      sent.on('error', reject);
      sent.end(body);
    });
}

/** The pushes of a usual deployment, under another id. */
const as = (push: Pick<Push, 'method' | 'group' | 'samples'>, id: string) => ({
  ...push,
  group: { ...push.group, deployment_id: id },
});

type Pushes = Awaited<ReturnType<typeof pushesOf>>;
const rounds = 20;

/** A part of the deployments after the other, four at once. */
async function inFour(count: number, each: (id: string) => Promise<void>): Promise<void> {
  for (let i = 0; i < count; i += 4)
    await Promise.all([0, 1, 2, 3].map((j) => (i + j < count ? each(String(i + j)) : undefined)));
}

/** Cost of a start beside the groups that are there, in multiples of an empty process, and the share of sweeping. */
async function startLines(gateway: RunningServer, scale: string, say: BenchOptions['say']): Promise<Line[]> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  const config = prometheusConfig({ pushgatewayUrl: gateway.url, scrapeInterval: '15s' });
  const prometheus = await startPrometheus({ config });
  try {
    say(`${scale}: waiting for a scrape`);
    const scraped = async (): Promise<boolean> =>
      /"value"/.test(await (await fetch(`${prometheus.url}/api/v1/query?query=push_time_seconds`)).text());
    while (!(await scraped())) await new Promise((resolve) => setTimeout(resolve, 500));
    const where = { url: gateway.url, folder, prometheus: prometheus.url };
    const [bare = 0, plain = 0, sweeping = 0] = await fastest(
      [bareNode, recorder(where, 'start', '--no-sweep'), recorder(where, 'start')],
      25,
    );
    const note = `${Math.round(sweeping)} ms; node -e 0 takes ${Math.round(bare)} ms`;
    return [
      { what: 'start, which sweeps', scale, value: sweeping / bare, unit: 'x', note },
      {
        what: 'sweeping, of a start',
        scale,
        value: sweeping - plain,
        unit: 'ms',
        budget: { atMost: 200 },
      },
    ];
  } finally {
    await prometheus.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function gatewayLines(
  pushes: Pushes,
  deployments: number,
  say: BenchOptions['say'],
): Promise<readonly [push: Line, start: Line, ...others: Line[]]> {
  const server = await startPushgateway({ checked: false });
  try {
    const send = sender(server.url);
    const deploy = async (id: string): Promise<void> => {
      for (const { push } of pushes) {
        const own = as(push, id);
        await send(own.method, groupPath(own.group), exposition(own));
      }
    };
    say(`${deployments} deployments to a gateway`);
    await inFour(deployments, deploy);
    const before = processorSeconds(server);
    for (let i = 0; i < rounds; i++) await deploy(String(i));
    const pushed = processorSeconds(server);
    for (let i = 0; i < 4; i++) await (await fetch(`${server.url}/metrics`)).text();
    const scraped = processorSeconds(server);
    const scale = `beside ${deployments} deployments`;
    const note = 'of a processor of the gateway';
    const [start, ...ofStart] = await startLines(server, scale, say);
    return [
      {
        what: 'one push',
        scale,
        value: (1000 * (pushed - before)) / (rounds * pushes.length),
        unit: 'ms',
        note,
      },
      start!,
      ...ofStart,
      { what: 'one scrape', scale, value: (1000 * (scraped - pushed)) / 4, unit: 'ms', note },
      { what: 'memory of the gateway', scale, value: memoryOf(server), unit: 'MB' },
    ];
  } finally {
    await server.stop();
  }
}

async function remoteWriteLines(
  pushes: Pushes,
  deployments: number,
  say: BenchOptions['say'],
): Promise<Line[]> {
  const server = await startPrometheus({ extraArgs: ['--web.enable-remote-write-receiver'] });
  try {
    const send = sender(server.url);
    say(`${deployments} deployments by remote write`);
    let bytes = 0;
    const before = processorSeconds(server);
    await inFour(deployments, async (id) => {
      for (const { push } of pushes) {
        const body = writeRequest(written(as(push, id), Date.now() / 1000));
        bytes += body.length;
        await send('POST', 'api/v1/write', body, writeHeaders);
      }
    });
    const count = deployments * pushes.length;
    const value = (1000 * (processorSeconds(server) - before)) / count;
    return [
      {
        what: 'one event by remote write',
        scale: `${deployments} deployments`,
        value,
        unit: 'ms',
        note: `of a processor of Prometheus, which then holds ${Math.round(memoryOf(server))} MB; ${Math.round(bytes / count)} bytes`,
      },
    ];
  } finally {
    await server.stop();
  }
}

/** Deployments of two hours at 1,000 a day, at 10,000, and at 10,000 in hours that have three times their share. */
const few = 84;
const many = 832;
const peak = 2_500;

/** Cost of an event to the server that takes it. */
export const transportBenchmark: Benchmark = {
  id: 'transport',
  summary: 'What one event costs the Pushgateway, beside few and many deployments, and by remote write.',
  async run({ quick, say }): Promise<Line[]> {
    const { deployments } = simulate({ seed: 7, end: 1_700_000_000, days: 2, perDay: 4 });
    const usual = deployments.find(({ scenario }) => scenario === 'success')!;
    const pushes = await pushesOf(usual);
    const beside = [await gatewayLines(pushes, few, say), await gatewayLines(pushes, many, say)] as const;
    const growth = (what: string, line: 0 | 1, atMost: number): Line => ({
      what: `${what} beside ${many} deployments by one beside ${few}`,
      value: beside[1][line].value / beside[0][line].value,
      unit: 'x',
      budget: { atMost },
    });
    return [
      ...beside.flat(),
      ...(quick ? [] : await gatewayLines(pushes, peak, say)),
      growth('a push', 0, 2),
      growth('a start', 1, 1.5),
      ...(await remoteWriteLines(pushes, few, say)),
      ...(quick ? [] : await remoteWriteLines(pushes, peak, say)),
    ];
  },
};
