import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Prometheus } from '../../src/lib/prometheus.ts';
import { inProject } from '../../src/lib/root.ts';
import { outcomes } from '../../src/metrics/codes.ts';
import type { Generation } from '../../src/servers/find.ts';
import { prometheusConfig, type RunningPrometheus, startPrometheus } from '../../src/servers/start.ts';
import { recordingRules } from '../../src/simulator/backfill.ts';
import { simulate } from '../../src/simulator/history.ts';
import { injectLedger } from '../../src/simulator/past.ts';
import { remoteWrite } from '../../src/simulator/remote-write.ts';
import { usualMix } from '../../src/simulator/scenarios.ts';
import { byNight } from '../nightly.ts';
import { differences } from '../oracle/compare.ts';
import { type Facts, totalCost } from '../oracle/facts.ts';
import { truthAt } from '../oracle/truth.ts';
import type { RollingWindow } from '../oracle/windows.ts';

const day = 86_400;
const step = 3600;
const end = Date.UTC(2026, 4, 17, 14) / 1000;
// More of what is hard than usual.
const mix = { ...usualMix, late_rollback: 6, late_bill: 6, retried_rollback: 3, abandoned: 4 };
const history = simulate({ seed: 21, end, days: 31, perDay: 5, mix });
const rulesOf = (name: string) =>
  recordingRules(readFileSync(inProject('generated', 'prometheus', 'rules', name), 'utf8'));

describe.each(byNight<Generation>('2.42', 'current'))('a past for Prometheus (%s)', (generation) => {
  let server: RunningPrometheus;
  let prometheus: Prometheus;
  beforeAll(async () => {
    server = await startPrometheus({
      generation,
      config: prometheusConfig({ outOfOrderWindow: '40d' }),
      acceptsBackfill: true,
    });
    prometheus = new Prometheus(server.url);
    await injectLedger(prometheus, server.url, history, rulesOf('ledger.yml'), {
      start: end - 31 * day,
      end,
      step,
    });
  });
  afterAll(() => server?.stop());

  /** The latest value of a fact of each deployment. */
  const ledger = (fact: string) => prometheus.query(`last_over_time(${fact}[32d])`, end);
  const truth = truthAt(history, end);
  const expected = (value: (facts: Facts) => number | undefined) =>
    truth.facts.flatMap((f) => {
      const one = f.finished === undefined ? undefined : value(f);
      return one === undefined
        ? []
        : [{ labels: { environment: f.environment, deployment_id: f.id }, value: one }];
    });

  test.each<[string, (facts: Facts) => number | undefined]>([
    ['deployment:outcome:code', (f) => outcomes[f.outcome]],
    ['deployment:error_budget_spent:sum', (f) => f.budgetSpent],
    ['deployment:finished_timestamp_seconds:max', (f) => f.finished],
    ['deployment:triggered_timestamp_seconds:min', (f) => f.triggered],
    ['deployment:started_timestamp_seconds:min', (f) => f.started],
    ['deployment:duration_seconds:last', (f) => f.duration],
    ['deployment:stages:count', (f) => f.stages.length || undefined],
    ['deployment:cost_usd:sum', (f) => totalCost(f) || undefined],
  ])('holds every deployment with its %s', async (fact, value) => {
    expect(differences(await ledger(fact), expected(value))).toEqual([]);
  });

  test('gives the indicators of every window', async () => {
    const rules = rulesOf('indicators.yml').filter(
      ({ record }) => record === 'environment:deployment_success:ratio',
    );
    expect(rules.map(({ labels }) => labels.window)).toEqual(['1h', '1d', '7d', '30d']);
    for (const { expr, labels } of rules) {
      const { successRate } = truth.rolling(labels.window as RollingWindow);
      expect(differences(await prometheus.query(expr, end), successRate), labels.window).toEqual([]);
    }
  });
});

describe('a remote write', () => {
  test('says why it was refused', async () => {
    const server = await startPrometheus();
    const one = [{ labels: { __name__: 'a' }, points: [[end, 1]] as [number, number][] }];
    await expect(remoteWrite(server.url, one)).rejects.toThrow('remote write receiver needs to be enabled');
    await server.stop();
    await expect(remoteWrite(server.url, one)).rejects.toThrow('cannot be reached');
  });

  test('does not wait for ever, and is tried twice', async () => {
    let asked = 0;
    const silent = createServer(() => {
      asked += 1;
    });
    await new Promise<void>((done) => silent.listen(0, '127.0.0.1', done));
    const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    const one = [{ labels: { __name__: 'a' }, points: [[end, 1]] as [number, number][] }];
    await expect(remoteWrite(url, one, 200)).rejects.toThrow('cannot be reached: no answer within 0.2 s');
    expect(asked).toBe(2);
    silent.closeAllConnections();
    await new Promise((done) => silent.close(done));
  });
});
