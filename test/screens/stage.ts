import { generatedRules, recordedBy } from '../../src/demo/index.ts';
import { Prometheus } from '../../src/lib/prometheus.ts';
import { inProject } from '../../src/lib/root.ts';
import { prometheusConfig, startPrometheus } from '../../src/servers/index.ts';
import { type Backfill, injectLedger, type RecordedRule, remoteWrite } from '../../src/simulator/index.ts';
import { ruleFileNames } from '../../src/slo/index.ts';
import { allDeployments, at } from './deployments.ts';

/** A Prometheus that holds everything that the states show, each at a moment of its own. */
export interface Stage {
  readonly url: string;
  stop(): Promise<void>;
}

/** The ledger writes whatever it holds at every tenth minute; every moment is one. */
const step = 600;

/** The moments that are looked at, Unix seconds. */
export const moments = {
  /** Nothing was ever deployed. */
  nothing: at(-200),
  good: at(12),
  running: at(13),
  failedBuild: at(15),
  rolledBack: at(17),
  spent: at(18),
  longTexts: at(19),
  /** The Pushgateway is not scraped any more. */
  gatewayDown: at(20),
  /** Prometheus came back some minutes ago. */
  restarted: at(21),
  /** No rule has been evaluated for three hours. */
  stale: at(24),
} as const;

const rulesInOrder = (): RecordedRule[] => {
  const place = ({ name }: { name: string }): number =>
    (ruleFileNames.map((n) => `${n}.yml`).indexOf(name) + ruleFileNames.length) % ruleFileNames.length;
  return recordedBy([...generatedRules(inProject('generated'))].sort((a, b) => place(a) - place(b)));
};

/** A job's `up` from one moment to another. */
const up = (job: string, value: number, from: number, to: number) => ({
  labels: { __name__: 'up', job, instance: `${job}:9090` },
  points: Array.from({ length: (to - from) / step + 1 }, (_, i): [number, number] => [
    from + i * step,
    value,
  ]),
});

/** Events after the history: a gateway that is gone, a restart, and silence. */
async function writeOutages(url: string, backfill: Backfill, rules: readonly RecordedRule[]): Promise<void> {
  const { gatewayDown, restarted, stale } = moments;
  const { labels } = up('pushgateway', 0, 0, 0);
  const gateway = { ...labels, instance: 'pushgateway:9091' };
  const points: [number, number][] = [];
  for (let t = moments.longTexts + step; t <= stale; t += step)
    points.push([t, t < gatewayDown - 3 * step || t > gatewayDown ? 1 : 0]);
  await remoteWrite(url, [{ labels: gateway, points }]);
  await remoteWrite(url, [
    {
      labels: { __name__: 'process_start_time_seconds', job: 'prometheus', instance: 'prometheus:9090' },
      points: [[restarted, restarted - 240]],
    },
  ]);
  await backfill.evaluate(rules, { start: moments.longTexts + step, end: restarted, step });
}

/**
 * Starts a Prometheus and writes everything into it that happens up to a moment. Takes some seconds. What runs then is
 * over later, and the dashboard about one deployment looks for its end thirty days ahead.
 */
export async function startStage(until: 'the end' | 'running' = 'the end'): Promise<Stage> {
  const server = await startPrometheus({
    config: prometheusConfig({ outOfOrderWindow: '30d' }),
    acceptsBackfill: true,
  });
  try {
    const prometheus = new Prometheus(server.url);
    const rules = rulesInOrder();
    const { nothing, longTexts } = moments;
    const end = until === 'running' ? moments.running : longTexts;
    const history = { seed: 0, end, deployments: [...allDeployments].sort((a, b) => a.started - b.started) };
    const past = { start: nothing - step, end, step };
    const backfill = await injectLedger(prometheus, server.url, history, rules, past);
    await remoteWrite(server.url, [up('prometheus', 1, past.start, moments.stale)]);
    for (const moment of Object.values(moments).filter((m) => m <= end)) {
      // Some rules read what others recorded a moment before.
      await backfill.evaluate(rules, { start: moment - step, end: moment, step });
    }
    if (until === 'the end') await writeOutages(server.url, backfill, rules);
    return { url: server.url, stop: () => server.stop() };
  } catch (error) {
    await server.stop();
    throw error;
  }
}
