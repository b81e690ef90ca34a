import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Prometheus } from '../../scripts/lib/prometheus.ts';
import { inProject } from '../../scripts/lib/root.ts';
import { prometheusConfig, type RunningPrometheus, startPrometheus } from '../../scripts/servers/start.ts';
import { recordingRules } from '../../scripts/simulator/backfill.ts';
import { simulate } from '../../scripts/simulator/history.ts';
import { injectLedger } from '../../scripts/simulator/past.ts';
import { differences } from '../truth/compare.ts';
import { truthAt } from '../truth/truth.ts';

const day = 86_400;
const step = 3600;
const end = Math.floor(Date.now() / 1000 / step) * step;
const history = simulate({ seed: 21, end, days: 31, perDay: 8 });
const rulesOf = (name: string) =>
  recordingRules(readFileSync(inProject('generated', 'prometheus', 'rules', name), 'utf8'));

describe.each([['current'], ['2.42']] as const)('a past for Prometheus (%s)', (generation) => {
  let server: RunningPrometheus;
  let prometheus: Prometheus;
  beforeAll(async () => {
    server = await startPrometheus({
      generation,
      config: prometheusConfig({ outOfOrderWindow: '40d' }),
      extraArgs: ['--web.enable-remote-write-receiver'],
    });
    prometheus = new Prometheus(server.url);
    console.time(generation);
    await injectLedger(prometheus, server.url, history, rulesOf('ledger.yml'), {
      start: end - 31 * day,
      end,
      step,
    });
    console.timeEnd(generation);
  });
  afterAll(() => server?.stop());

  test('holds every deployment with its outcome', async () => {
    const truth = truthAt(history, end);
    const finished = truth.facts.filter((f) => f.finished !== undefined);
    const codes = { running: 0, success: 1, failure: 2, rolled_back: 3, abandoned: 4, cancelled: 5 };
    const expected = finished.map((f) => ({
      labels: { environment: f.environment, deployment_id: f.id },
      value: codes[f.outcome],
    }));
    const actual = await prometheus.query('last_over_time(deployment:outcome:code[32d])', end);
    expect(differences(actual, expected)).toEqual([]);
    const spent = await prometheus.query('last_over_time(deployment:error_budget_spent:sum[32d])', end);
    expect(
      differences(
        spent,
        finished.map((f, i) => ({ labels: expected[i]!.labels, value: f.budgetSpent })),
      ),
    ).toEqual([]);
  });
});
