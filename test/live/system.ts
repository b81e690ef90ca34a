import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Bundle, renderArtefacts, ruleFileText } from '../../src/compile/index.ts';
import { Prometheus } from '../../src/lib/prometheus.ts';
import { inProject } from '../../src/lib/root.ts';
import type { Generation } from '../../src/servers/find.ts';
import {
  prometheusConfig,
  type Rules,
  type RunningPrometheus,
  type RunningServer,
  startPrometheus,
  startPushgateway,
} from '../../src/servers/start.ts';

/** Seconds between two evaluations of every rule group of a live system. */
const tick = 2;

/** To the letter but for a faster clock: two minutes are too long to wait for thirty days. */
const faster = (text: string): string => text.replaceAll(/^( +interval: ).*$/gm, `$1${tick}s`);

/** The generated rules, with a faster clock. */
export function generatedRules(): Rules[] {
  const folder = inProject('generated', 'prometheus', 'rules');
  return readdirSync(folder)
    .filter((name) => name.endsWith('.yml'))
    .map((name) => ({ name, text: faster(readFileSync(join(folder, name), 'utf8')) }));
}

/** The rules that are built for another pipeline, with a faster clock. */
export async function rulesOf(bundle: Bundle): Promise<Rules[]> {
  const folder = 'prometheus/rules/';
  return [...(await renderArtefacts(bundle, { examples: false }))]
    .filter(([path]) => path.startsWith(folder))
    .map(([path, text]) => ({ name: path.slice(folder.length), text: faster(text) }));
}

/** A real Pushgateway and a real Prometheus that scrapes it every second and evaluates the generated rules. */
export interface LiveSystem {
  readonly gateway: RunningServer;
  readonly server: RunningPrometheus;
  readonly prometheus: Prometheus;
  /** Waits until everything that was pushed before the call has gone through all rules. Returns the moment. */
  settle(): Promise<number>;
  stop(): Promise<void>;
}

interface RuleGroups {
  readonly groups: readonly {
    readonly name: string;
    readonly lastEvaluation: string;
    readonly rules: readonly {
      readonly name: string;
      readonly health: string;
      readonly lastError?: string;
    }[];
  }[];
}

const seconds = (): number => Date.now() / 1000;
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function until(condition: () => Promise<boolean>, what: string, limit = 120): Promise<void> {
  const end = seconds() + limit;
  while (!(await condition())) {
    if (seconds() > end) throw new Error(`waited ${limit} s in vain for ${what}`);
    await pause(200);
  }
}

/** Evaluations in a row that a value may need: ledger, thirty days, last ten, objectives, alerts. */
const depth = 5;

const up = 'up{job="pushgateway"}';

/** Waits for a scrape that sees everything that was pushed before. */
async function scrapedNow(prometheus: Prometheus): Promise<void> {
  const pushed = seconds();
  await until(async () => {
    const [sample] = await prometheus.query(`timestamp(${up}) and ${up} == 1`);
    return (sample?.value ?? 0) > pushed;
  }, 'a scrape of the Pushgateway');
}

/** Waits until all rules have seen what there is, with every scrape a good one meanwhile. Returns the moment. */
async function settled(prometheus: Prometheus): Promise<number> {
  const begun = seconds();
  await until(async () => {
    const { groups } = await prometheus.get<RuleGroups>('api/v1/rules');
    const broken = groups.flatMap((g) => g.rules).filter((r) => r.health === 'err');
    if (broken.length > 0) throw new Error(broken.map((r) => `${r.name}: ${r.lastError}`).join('\n'));
    if (!groups.every((g) => Date.parse(g.lastEvaluation) / 1000 > begun + depth * tick)) return false;
    // On a busy machine a scrape may take longer than its second; for what the rules see then, the gateway is gone.
    const failed = await prometheus.query(`min_over_time(${up}[${2 * tick}s]) == 0`);
    return failed.length === 0;
  }, 'the rules');
  return seconds();
}

export interface LiveOptions {
  readonly generation?: Generation;
  /** A gateway that runs already and outlives this system; default one of its own. */
  readonly gateway?: RunningServer;
  /** Default those of `generated/`. */
  readonly rules?: readonly Rules[];
}

/** Starts the servers on free ports with data of their own. */
export async function startLiveSystem(options: LiveOptions = {}): Promise<LiveSystem> {
  const { generation = 'current' } = options;
  const gateway = options.gateway ?? (await startPushgateway({ generation }));
  const config = prometheusConfig({
    pushgatewayUrl: gateway.url,
    scrapeInterval: '1s',
    evaluationInterval: `${tick}s`,
  });
  const server = await startPrometheus({ generation, config, rules: options.rules ?? generatedRules() });
  const prometheus = new Prometheus(server.url);
  return {
    gateway,
    server,
    prometheus,
    settle: async () => {
      await scrapedNow(prometheus);
      return await settled(prometheus);
    },
    stop: async () => {
      await Promise.all([server.stop(), options.gateway ? undefined : gateway.stop()]);
    },
  };
}

/** A real Prometheus that is written to remotely, with the rules for that; it scrapes nothing. */
export async function startWrittenSystem(
  generation: Generation,
  ruleFiles: Bundle['ruleFiles'],
): Promise<Omit<LiveSystem, 'gateway'>> {
  const server = await startPrometheus({
    generation,
    config: prometheusConfig({ evaluationInterval: `${tick}s` }),
    rules: Object.entries(ruleFiles).map(([name, groups]) => ({
      name: `${name}.yml`,
      text: ruleFileText(groups.map((group) => ({ ...group, interval: tick }))),
    })),
    extraArgs: ['--web.enable-remote-write-receiver'],
  });
  const prometheus = new Prometheus(server.url);
  return { server, prometheus, settle: () => settled(prometheus), stop: () => server.stop() };
}
