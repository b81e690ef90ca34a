import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { writeHeaders, writeRequest } from '../lib/remote-write.ts';
import { exposition, groupPath, type Push, written } from '../record/index.ts';
import { type RunningServer, startPrometheus, startPushgateway } from '../servers/index.ts';
import { pushesOf, simulate } from '../simulator/index.ts';
import type { Benchmark, Line } from './line.ts';

/** Hundredths of a second, as Linux counts them. */
const ticksPerSecond = 100;

/** Seconds of the processor that a server has used; what else runs on the machine does not count. Linux only. */
function processorSeconds({ pid }: RunningServer): number {
  const [, fields = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ');
  const [user, system] = fields.split(' ').slice(11, 13).map(Number);
  return (user! + system!) / ticksPerSecond;
}

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

async function gatewayLines(pushes: Pushes, deployments: number): Promise<Line[]> {
  const server = await startPushgateway({ checked: false });
  try {
    const send = sender(server.url);
    const deploy = async (id: string): Promise<void> => {
      for (const { push } of pushes) {
        const own = as(push, id);
        await send(own.method, groupPath(own.group), exposition(own));
      }
    };
    for (let i = 0; i < deployments; i += 4)
      await Promise.all([0, 1, 2, 3].map((j) => deploy(String(i + j))));
    const before = processorSeconds(server);
    for (let i = 0; i < rounds; i++) await deploy(String(i));
    const pushed = processorSeconds(server);
    for (let i = 0; i < 4; i++) await (await fetch(`${server.url}/metrics`)).text();
    const scraped = processorSeconds(server);
    const scale = `beside ${deployments} deployments`;
    const note = 'of a processor of the gateway';
    return [
      {
        what: 'one push',
        scale,
        value: (1000 * (pushed - before)) / (rounds * pushes.length),
        unit: 'ms',
        note,
      },
      { what: 'one scrape', scale, value: (1000 * (scraped - pushed)) / 4, unit: 'ms', note },
    ];
  } finally {
    await server.stop();
  }
}

async function remoteWriteLines(pushes: Pushes): Promise<Line[]> {
  const server = await startPrometheus({ extraArgs: ['--web.enable-remote-write-receiver'] });
  try {
    const send = sender(server.url);
    let bytes = 0;
    const before = processorSeconds(server);
    for (let i = 0; i < 5 * rounds; i++)
      for (const { push } of pushes) {
        const body = writeRequest(written(as(push, String(i)), Date.now() / 1000));
        bytes += body.length;
        await send('POST', 'api/v1/write', body, writeHeaders);
      }
    const count = 5 * rounds * pushes.length;
    const value = (1000 * (processorSeconds(server) - before)) / count;
    return [
      {
        what: 'one event by remote write',
        scale: `${5 * rounds} deployments`,
        value,
        unit: 'ms',
        note: `of a processor of Prometheus; ${Math.round(bytes / count)} bytes`,
      },
    ];
  } finally {
    await server.stop();
  }
}

/** Cost of an event to the server that takes it. */
export const transportBenchmark: Benchmark = {
  id: 'transport',
  summary: 'What one event costs the Pushgateway, beside few and many deployments, and by remote write.',
  async run(): Promise<Line[]> {
    const { deployments } = simulate({ seed: 7, end: 1_700_000_000, days: 2, perDay: 4 });
    const usual = deployments.find(({ scenario }) => scenario === 'success')!;
    const pushes = await pushesOf(usual);
    const few = await gatewayLines(pushes, 84);
    const many = await gatewayLines(pushes, 832);
    const twice = many[0]!.value / few[0]!.value;
    const growth: Line = {
      what: 'a push beside 832 deployments by one beside 84',
      value: twice,
      unit: 'x',
      budget: { atMost: 2 },
    };
    return [...few, ...many, growth, ...(await remoteWriteLines(pushes))];
  },
};
