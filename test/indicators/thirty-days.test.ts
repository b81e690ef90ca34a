import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Prometheus } from '../../scripts/lib/prometheus.ts';
import { inProject } from '../../scripts/lib/root.ts';
import { prometheusConfig, type RunningPrometheus, startPrometheus } from '../../scripts/servers/start.ts';
import { recordingRules } from '../../scripts/simulator/backfill.ts';
import { simulate } from '../../scripts/simulator/history.ts';
import { injectLedger } from '../../scripts/simulator/past.ts';
import { indicatorGroups } from '../../slo/indicators/indicators.ts';
import { differences } from '../truth/compare.ts';
import { truthAt } from '../truth/truth.ts';
import { truthOf } from './indicator-truth.ts';

const hour = 3_600;
const day = 24 * hour;
const end = Math.floor(Date.now() / 1000 / hour) * hour;
const start = end - 34 * day;

/** Hours after the start at which the windows are held against the truth; the last ones look back thirty days. */
const moments = [30, 219, 498, 762, 789, 34 * 24];

/** As the ledger recorded a month of deployments, scraped and evaluated once an hour. */
describe.each(['current', '2.42'] as const)('a month of deployments on Prometheus %s', (generation) => {
  const history = simulate({ seed: 11, end, days: 34, perDay: 4 });
  const rules = indicatorGroups.flatMap((group) => group.rules);
  /** Whatever happened is in the ledger from the next full hour on. */
  const recorded = history.deployments.flatMap((d) => [
    d.finished ?? 0,
    ...d.rollbacks.map((r) => r.finished ?? 0),
  ]);
  let server: RunningPrometheus;
  let prometheus: Prometheus;

  beforeAll(async () => {
    server = await startPrometheus({
      generation,
      config: prometheusConfig({ outOfOrderWindow: '40d' }),
      extraArgs: ['--web.enable-remote-write-receiver'],
    });
    prometheus = new Prometheus(server.url);
    const ledger = recordingRules(
      readFileSync(inProject('generated', 'prometheus', 'rules', 'ledger.yml'), 'utf8'),
    );
    await injectLedger(prometheus, server.url, history, ledger, { start, end, step: hour });
  });
  afterAll(() => server?.stop());

  it.each(moments)('gives the truth for every indicator and window after %s hours', async (hours) => {
    const at = start + hours * hour;
    expect(recorded).not.toContain(at);
    const truth = truthAt(history, at);
    const untrue: string[] = [];
    for (const rule of rules) {
      if (rule.kind !== 'record') continue;
      const actual = await prometheus.query(rule.expr.text, at);
      // The rule adds its own labels when it is recorded; here its bare expression is asked.
      const found = differences(actual, truthOf(rule, truth), { ignore: Object.keys(rule.labels) });
      untrue.push(...found.map((d) => `${rule.record} ${JSON.stringify(rule.labels)}: ${d}`));
    }
    expect(untrue).toEqual([]);
  });
});
