import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inProject } from '../lib/root.ts';
import { startPushgateway } from '../servers/index.ts';
import type { Benchmark, BenchOptions, Line } from './line.ts';
import { bareNode, fastest, type Program, peakMemory, plainEnvironment, run } from './stopwatch.ts';

/** Where events are recorded. */
export interface Gateway {
  readonly url: string;
  /** Folder of the recorder's own notes. */
  readonly folder: string;
  /** Asked by a start for what may be removed from the gateway. */
  readonly prometheus?: string;
}

/** The recorder as a pipeline runs it: a process of its own for one event. */
export const recorder = ({ url, folder, prometheus }: Gateway, ...argv: string[]): Program => ({
  command: process.execPath,
  args: [inProject('generated', 'record.mjs'), ...argv, '--strict'],
  env: {
    ...plainEnvironment(),
    PUSHGATEWAY_URL: url,
    ...(prometheus && { PROMETHEUS_URL: prometheus }),
    RUNNER_TEMP: folder,
    DEPLOYMENT_ID: 'bench',
  },
});

/** An event of the middle of a deployment, and the first, which sweeps where there is a Prometheus to ask. */
const event = (gateway: Gateway): Program =>
  recorder(gateway, 'stage-finish', '--service', 'api', '--stage', 'build', '--status', 'success');
const first = (gateway: Gateway): Program => recorder(gateway, 'start');

/** Fills the gateway with groups of deployments that are not to be swept yet. */
async function fill({ url }: Gateway, groups: number): Promise<void> {
  const name = 'deployment_started_timestamp_seconds';
  const body = `# TYPE ${name} gauge\n${name} ${Date.now() / 1000}\n`;
  for (let i = 0; i < groups; i++) {
    const path = `/metrics/job/deployment-pipeline/environment/production/deployment_id/full-${i}`;
    const response = await fetch(url + path, { method: 'PUT', body });
    if (!response.ok)
      throw new Error(`The Pushgateway answered ${response.status}: ${await response.text()}`);
  }
}

/** The floor: one push through Node's own client from one file of ES modules, without any code of ours. */
function leastPush({ url, folder }: Gateway): Program {
  const file = join(folder, 'least-push.mjs');
  const body = '# TYPE bench_least gauge\\nbench_least 1\\n';
  writeFileSync(
    file,
    `import { request } from 'node:http';
const options = { method: 'PUT', agent: false };
request('${url}/metrics/job/bench/deployment_id/least', options, (response) => {
  response.resume();
  response.on('end', () => process.exit(response.statusCode === 200 ? 0 : 1));
}).end('${body}');
`,
  );
  return { command: process.execPath, args: [file] };
}

/** The same in Python: the least that pushes one gauge with prometheus_client. Undefined where it is not installed. */
async function pythonPush({ url, folder }: Gateway): Promise<Program | undefined> {
  const file = join(folder, 'push.py');
  writeFileSync(
    file,
    `from prometheus_client import CollectorRegistry, Gauge, pushadd_to_gateway
registry = CollectorRegistry()
Gauge('bench_python', 'One gauge', registry=registry).set(1)
pushadd_to_gateway('${url}', job='bench', grouping_key={'deployment_id': 'python'}, registry=registry)
`,
  );
  for (const command of ['python3', '/usr/bin/python3']) {
    const program = { command, args: [file] };
    const works = await run(program).then(
      () => true,
      () => false,
    );
    if (works) return program;
  }
  return undefined;
}

async function measure(gateway: Gateway, { quick, say }: BenchOptions): Promise<Line[]> {
  const rounds = quick ? 10 : 25;
  const lines: Line[] = [];
  const python = await pythonPush(gateway);
  if (!python) say('python3 with prometheus_client is not here: an event is not compared with its push');
  let groups = 0;
  for (const size of [10, 100, 1_000]) {
    say(`events beside ${size} groups on the gateway`);
    await fill(gateway, size - groups);
    groups = size;
    const programs = [
      bareNode,
      leastPush(gateway),
      event(gateway),
      first(gateway),
      ...(python ? [python] : []),
    ];
    const [bare = 0, least = 0, one = 0, start = 0, snake] = await fastest(programs, rounds);
    const scale = `${size} groups`;
    const note = `${Math.round(one)} ms; node -e 0 takes ${Math.round(bare)} ms`;
    lines.push({ what: 'one event', scale, value: one / bare, unit: 'x', note });
    if (snake !== undefined)
      lines.push({
        what: 'one event, in pushes of prometheus_client',
        scale,
        value: one / snake,
        unit: 'x',
        budget: { atMost: 1 },
        note: `the least Python push takes ${Math.round(snake)} ms`,
      });
    lines.push({
      what: 'a bare push of node:http in an ES module',
      scale,
      value: least / bare,
      unit: 'x',
      note: `${Math.round(least)} ms: what an event cannot go below`,
    });
    lines.push({
      what: 'start, without a Prometheus to ask',
      scale,
      value: start / bare,
      unit: 'x',
      note: `${Math.round(start)} ms`,
    });
  }
  say('memory of an event');
  const bare = await peakMemory(bareNode, 5);
  lines.push({
    what: 'memory of one event',
    value: await peakMemory(event(gateway), 5),
    unit: 'MB',
    budget: { atMost: 50 },
    note: `node -e 0 holds ${Math.round(bare)} MB`,
  });
  return lines;
}

/** Cost of recording to a pipeline. */
export const recorderBenchmark: Benchmark = {
  id: 'recorder',
  summary:
    'One event of the recorder against a real Pushgateway, beside a bare "node -e 0" and a push in Python.',
  async run(options): Promise<Line[]> {
    const server = await startPushgateway();
    const folder = mkdtempSync(join(tmpdir(), 'bench-'));
    const gateway = { url: server.url, folder };
    try {
      // Said here once, so that a recorder that fails is named and not measured.
      await run(first(gateway));
      return await measure(gateway, options);
    } finally {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};
