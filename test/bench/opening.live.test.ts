import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { madeUpHistory } from '../../src/bench/facts.ts';
import { listSamples } from '../../src/bench/history.ts';
import { refreshes } from '../../src/bench/refresh.ts';
import { offered } from '../../src/ledger/history/choices.ts';
import { Prometheus } from '../../src/lib/prometheus.ts';
import { prometheusConfig, type RunningPrometheus, startPrometheus } from '../../src/servers/start.ts';

describe('the made-up lists of deployments', () => {
  const day = 86_400;
  const end = 40 * day;
  const history = madeUpHistory(100, 31, end);
  const samples = [...listSamples(history, end, { from: end - 300, to: end })];
  const listed = (name: string): number =>
    new Set(
      samples
        .filter(({ series, times }) => series.startsWith(`${name}{`) && times.length > 0)
        .map((s) => s.series),
    ).size;

  it('hold the newest of each environment, as the rules would', () => {
    expect(listed('deployment_choice:outcome:code')).toBe(2 * offered);
    expect(listed('recent_deployment:outcome:code')).toBe(2 * 10);
  });
});

describe('what opening a dashboard costs', () => {
  let server: RunningPrometheus;
  beforeAll(async () => {
    server = await startPrometheus({ config: prometheusConfig({}) });
  });
  afterAll(() => server?.stop());

  it('is the sum of its queries in a usual pass, with the most expensive of them first', async () => {
    const now = Math.floor(Date.now() / 1000);
    const queries = [
      { what: 'cheap', expr: '1', from: now - 60, to: now, step: 0 },
      { what: 'dear', expr: 'sum(timestamp(vector(time())))', from: now - 10_000, to: now, step: 1 },
    ];
    const { seconds, each, passes } = await refreshes(new Prometheus(server.url), queries, 3);
    expect(passes).toBe(3);
    expect(each.map(({ what }) => what)).toEqual(['dear', 'cheap']);
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeGreaterThanOrEqual(each[0]!.seconds / 2);
  });
});
