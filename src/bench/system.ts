import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Bundle, ruleFileText } from '../compile/index.ts';
import { Prometheus } from '../lib/prometheus.ts';
import type { RuleGroup } from '../metrics/index.ts';
import { prometheusConfig, type Rules, startPrometheus } from '../servers/index.ts';
import { applicationSamples } from './application.ts';
import { writeBlocks } from './blocks.ts';
import { madeUpHistory } from './facts.ts';
import { expositionAt, serveExposition } from './gateway.ts';
import { historyDays, indicatorSamples, ledgerSamples, listSamples } from './history.ts';
import type { BenchOptions } from './line.ts';
import { rawSamples, rawStretches } from './raw.ts';

/** A real Prometheus with a month of history, that scrapes a gateway and evaluates the rules of this project. */
export interface LoadedSystem {
  readonly prometheus: Prometheus;
  readonly perDay: number;
  /** The end of the history, Unix seconds. */
  readonly end: number;
  readonly groups: readonly RuleGroup[];
  readonly say: BenchOptions['say'];
  readonly bundle: Bundle;
  /** Seconds that the server itself needed for the latest evaluation of each group, by name. */
  evaluationTimes(): Promise<ReadonlyMap<string, number>>;
  /** Ends the evaluation of rules; what they wrote can be asked of the moment before, which is returned. */
  pauseRules(): Promise<number>;
  stop(): Promise<void>;
}

/** A server with a history, and its scale. */
export interface Load {
  readonly perDay: number;
  /** Also what was scraped of the pushed series; a hundred times as much, so only for few deployments. */
  readonly raw: boolean;
  /** The most seconds between two evaluations of a group: two minutes are too long to wait for thirty days. */
  readonly slowest: number;
  readonly say: BenchOptions['say'];
  readonly bundle: Bundle;
}

/** Every rule group of the bundle, at its own pace if that is not slower than this. */
function rulesEvery({ ruleFiles }: Bundle, slowest: number): Rules[] {
  return Object.entries(ruleFiles).map(([name, groups]) => ({
    name: `${name}.yml`,
    text: ruleFileText(groups.map((group) => ({ ...group, interval: Math.min(slowest, group.interval) }))),
  }));
}

async function writeHistory(dataDir: string, end: number, { bundle, perDay, raw, say }: Load): Promise<void> {
  const history = madeUpHistory(perDay, historyDays, end);
  say(`${perDay} a day: ${history.length} deployments of ${historyDays} days as blocks`);
  const stretches = raw ? await rawStretches(perDay, end) : [];
  await writeBlocks(dataDir, { from: end - historyDays * 86_400, to: end }, function* (span) {
    yield* ledgerSamples(history, span);
    yield* listSamples(history, end, span);
    yield* indicatorSamples(bundle.dashboards, end, span);
    yield* applicationSamples(end, span);
    yield* rawSamples(stretches, span);
  });
}

interface GroupState {
  readonly name: string;
  /** Seconds. */
  readonly evaluationTime: number;
  readonly lastEvaluation: string;
  readonly rules: readonly { readonly health: string; readonly name: string; readonly lastError?: string }[];
}

/** How the server's rule groups are. @throws Error naming a rule that cannot be evaluated */
async function groupStates(prometheus: Prometheus): Promise<readonly GroupState[]> {
  const { groups } = await prometheus.get<{ groups: GroupState[] }>('api/v1/rules');
  for (const { name, rules } of groups) {
    const broken = rules.find((rule) => rule.health === 'err');
    if (broken) throw new Error(`${name}: ${broken.name}: ${broken.lastError}`);
  }
  return groups;
}

/** Waits until every group has been evaluated so often: rules read what others wrote before. */
async function evaluated(prometheus: Prometheus, times: number): Promise<void> {
  const seen = new Map<string, Set<string>>();
  do {
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    for (const { name, evaluationTime, lastEvaluation } of await groupStates(prometheus))
      if (evaluationTime > 0) seen.set(name, (seen.get(name) ?? new Set()).add(lastEvaluation));
      else seen.set(name, seen.get(name) ?? new Set());
  } while (![...seen.values()].every((own) => own.size >= times));
}

/** Compaction would take the processor away from what is measured. */
const noCompaction = ['--storage.tsdb.min-block-duration=2h', '--storage.tsdb.max-block-duration=2h'];
/** A busy machine must not break what is only slow on it. */
const patience = ['--query.timeout=5m'];

/** Loads a month of history into a Prometheus and starts it. */
export async function startLoadedSystem(load: Load): Promise<LoadedSystem> {
  const { perDay, slowest, say } = load;
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  const dataDir = join(folder, 'data');
  const stops: (() => Promise<void>)[] = [
    async () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }),
  ];
  const stop = async (): Promise<void> => {
    for (const one of stops.reverse()) await one();
  };
  try {
    // Later samples must be younger than every block.
    const end = Math.floor(Date.now() / 15_000) * 15 - 60;
    await writeHistory(dataDir, end, load);
    const gateway = await serveExposition(await expositionAt(perDay, Math.floor(Date.now() / 1000)));
    stops.push(() => gateway.stop());
    const config = prometheusConfig({ pushgatewayUrl: gateway.url, scrapeInterval: '15s' });
    const server = await startPrometheus({
      dataDir,
      config,
      rules: rulesEvery(load.bundle, slowest),
      extraArgs: [...noCompaction, ...patience],
    });
    stops.push(() => server.stop());
    const prometheus = new Prometheus(server.url, {}, 300_000);
    say(`${perDay} a day: first evaluations of all rules`);
    await evaluated(prometheus, 2);
    const groups = Object.values(load.bundle.ruleFiles).flat();
    const evaluationTimes = async (): Promise<ReadonlyMap<string, number>> =>
      new Map((await groupStates(prometheus)).map((group) => [group.name, group.evaluationTime]));
    const pauseRules = async (): Promise<number> => {
      const at = Date.now() / 1000 - 1;
      await server.reload({ rules: [] });
      return at;
    };
    return { bundle: load.bundle, prometheus, perDay, end, groups, say, evaluationTimes, pauseRules, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
