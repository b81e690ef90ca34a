import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadBundle } from '../../definitions.ts';
import { uids } from '../../src/dashboards/links.ts';
import type { WrittenSeries } from '../../src/lib/remote-write.ts';
import { panelQueries } from '../../src/panels/dashboard-queries.ts';
import type { Generation } from '../../src/servers/find.ts';
import { deployment, history as historyOf, rollback, stage } from '../../src/simulator/builders.ts';
import { byNight } from '../nightly.ts';
import { dashboards, pipeline, ruleFiles } from '../relay.ts';
import { type PastSystem, startPast } from './past.ts';
import { dashboard, open, type View } from './view.ts';

/**
 * An application whose requests are known: ten a second, of which a known share fails and that take a known time,
 * both different in each part of the story.
 */
const end = Date.UTC(2025, 9, 16, 12, 0, 0) / 1000;
const week = 7 * 86_400;
const step = 15;
const before = deployment({ id: '1', started: end - 5_400, finished: end - 5_100 });
const chosen = deployment({
  id: '2',
  started: end - 3_000,
  finished: end - 2_400,
  stages: [stage('api', 'build', end - 2_990, end - 2_700)],
  rollbacks: [rollback(end - 2_100, end - 1_800, { reason: 'error_rate' })],
});
const over = end - 1_800;

/** The dashboard of a pipeline whose application counts slow queries and failed calls. */
const { application } = pipeline;
const counting = loadBundle({
  ...pipeline,
  application: {
    ...application!,
    external: { ...application!.external!, errors: 'external_api_errors_total' },
    database: { ...application!.database, slow: 'database_slow_queries_total' },
  },
}).dashboards.find(({ definition }) => definition.uid === uids.troubleshooting)!;
const history = historyOf(end, [before, chosen]);

interface Part {
  readonly until: number;
  /** Share of requests that fail. */
  readonly share: number;
  /** Seconds that every request takes. */
  readonly takes: number;
}
const parts: readonly Part[] = [
  { until: end - week + 600, share: 0.004, takes: 0.2 },
  { until: chosen.started, share: 0.01, takes: 0.2 },
  { until: over, share: 0.25, takes: 2 },
  { until: end, share: 0.02, takes: 0.4 },
];
const partAt = (time: number): Part => parts.find(({ until }) => time <= until) ?? parts.at(-1)!;

const rate = 10;
const bounds = [0.1, 0.25, 0.5, 1, 2.5, Number.POSITIVE_INFINITY];
/** Where in a bucket the 95th percentile is seen: 95 % of the way from its lower to its upper bound. */
const quantileOf = (takes: number, q = 0.95): number => {
  const upper = bounds.findIndex((bound) => takes <= bound);
  const lower = bounds[upper - 1] ?? 0;
  return lower + (bounds[upper]! - lower) * q;
};

/** Counters of the application over two spans of time, a week apart. */
function scraped(): WrittenSeries[] {
  const endpoint = { job: 'relay-production', method: 'GET', endpoint: '/api/v1/knowledge' };
  const counters = new Map<string, { labels: Record<string, string>; points: [number, number][] }>();
  const count = (labels: Record<string, string>, time: number, by: number): void => {
    const key = JSON.stringify(labels);
    const own = counters.get(key) ?? { labels, points: [] as [number, number][] };
    own.points.push([time, (own.points.at(-1)?.[1] ?? 1_000) + by]);
    counters.set(key, own);
  };
  const tick = (time: number): void => {
    const { share, takes } = partAt(time);
    const made = rate * step;
    count({ ...endpoint, __name__: 'http_requests_total', status_code: '200' }, time, made * (1 - share));
    count({ ...endpoint, __name__: 'http_requests_total', status_code: '503' }, time, made * share);
    for (const bound of bounds) {
      const le = Number.isFinite(bound) ? String(bound) : '+Inf';
      const name = 'http_request_duration_seconds_bucket';
      count({ ...endpoint, __name__: name, status_code: '200', le }, time, takes <= bound ? made : 0);
    }
    for (const service of ['supabase', 'embeddings']) {
      const call = { job: 'relay-production', service, operation: 'query' };
      count({ ...call, __name__: 'external_api_calls_total' }, time, service === 'supabase' ? 30 : 15);
      for (const le of ['0.5', '1', '+Inf'])
        count({ ...call, __name__: 'external_api_duration_seconds_bucket', le }, time, le === '0.5' ? 0 : 30);
    }
    for (const le of ['50', '100', '+Inf'])
      count(
        {
          job: 'relay-production',
          stage: 'search',
          status: 'ok',
          __name__: 'memory_query_latency_ms_bucket',
          le,
        },
        time,
        le === '50' ? 0 : 3,
      );
  };
  for (let time = over - week - 3_900; time <= over - week + 600; time += step) tick(time);
  for (let time = end - 9_000; time <= end; time += step) tick(time);
  const pool = Array.from({ length: 100 }, (_, i): [number, number] => [end - i * step, 40]).reverse();
  const gauge = { __name__: 'database_pool_utilization_percent', job: 'relay-production', pool: 'main' };
  return [...counters.values(), { labels: gauge, points: pool }];
}

/** An application whose first failures came ten minutes before the deployment, and that counts what Relay's does not yet. */
const late = { job: 'late', share: 0.1, failsFor: 600 };
function scrapedLate(): WrittenSeries[] {
  const counter = (name: string, from: number, aSecond: number, more: Record<string, string> = {}) => ({
    labels: { __name__: name, job: late.job, ...more },
    points: Array.from({ length: Math.floor((end - from) / step) + 1 }, (_, i): [number, number] => [
      from + i * step,
      i * step * aSecond,
    ]),
  });
  const request = { method: 'GET', endpoint: '/' };
  const [since, firstFailure] = [end - 9_000, chosen.started - late.failsFor];
  return [
    counter('http_requests_total', since, rate * (1 - late.share), { ...request, status_code: '200' }),
    counter('http_requests_total', firstFailure, rate * late.share, { ...request, status_code: '500' }),
    counter('database_slow_queries_total', since, 0.2),
    counter('external_api_errors_total', since, 0.5, { service: 'supabase', operation: 'query' }),
  ];
}

describe.each(byNight<Generation>('2.42', 'current'))(
  'what the application says, Prometheus %s',
  (generation) => {
    let past: PastSystem;
    let view: View;

    beforeAll(async () => {
      past = await startPast(history, { from: end - 9_000, to: end, step }, generation);
      await past.write([...scraped(), ...scrapedLate()]);
      const groups = [
        ...ruleFiles.ledger!,
        ...ruleFiles.indicators!,
        ...ruleFiles.recent!,
        ...ruleFiles.history!,
      ];
      await past.evaluate(groups.filter(({ name }) => /ledger|recent|choices|timeline/.test(name)));
      const application = groups.filter(({ name }) => name === 'deployment-application');
      await past.evaluate(application, end - 9_000);
      // The week before lies outside of the past that was scraped of the gateway.
      const weekAgo = { from: over - week - 3_900, to: over - week + 600 };
      for (const rule of application.flatMap(({ rules }) => rules)) {
        if (rule.kind !== 'record') continue;
        const found = await past.prometheus.queryRange(rule.expr.text, weekAgo.from, weekAgo.to, step);
        await past.write(
          found.map(({ labels, points }) => ({ labels: { ...labels, __name__: rule.record }, points })),
        );
      }
      view = await open(past.prometheus, history, chosen, { from: chosen.triggered - 60, to: end - 900 });
    }, 300_000);
    afterAll(() => past?.stop());

    const ask = async (
      panel: string,
      refId: string,
      job = 'relay-production',
    ): Promise<number | undefined> => {
      const state = { ...view.state, variables: { ...view.state.variables, job } };
      const query = panelQueries(dashboard, state).find((q) => q.panel === panel && q.refId === refId)!;
      return (await past.prometheus.query(query.expr, query.to))[0]?.value;
    };

    it('takes the moments of the deployment from what was recorded', () => {
      expect(view.state.variables).toMatchObject({
        job: 'relay-production',
        started_at: String(chosen.started),
        ended_at: String(over),
        lasted: String(over - chosen.started),
        until: String(over + 7_200),
        compared: '1',
        compared_ended_at: String(before.finished),
      });
    });

    it.each([
      ['Error rate: the first 5 minutes', 'After', 0.02],
      ['Error rate: the first 5 minutes', 'Before', 0.01],
      ['Error rate: the first 5 minutes', 'WeekAgo', 0.004],
      ['Error rate before, during and after', 'Before', 0.01],
      ['Error rate before, during and after', 'During', 0.25],
      ['Error rate before, during and after', 'After', 0.02],
    ])('%s, %s', async (panel, refId, share) => {
      expect(await ask(panel, refId)).toBeCloseTo(share, 6);
    });

    it.each([
      ['Before', 0.2],
      ['During', 2],
      ['After', 0.4],
    ])('API p95 %s', async (refId, takes) => {
      expect(await ask('API p95 before, during and after', refId)).toBeCloseTo(1_000 * quantileOf(takes), 3);
    });

    it('compares the five minutes after both deployments', async () => {
      const values = async (panel: string, refId: string, name: string) => {
        const query = panelQueries(dashboard, view.state).find(
          (q) => q.panel === panel && q.refId === refId,
        )!;
        const samples = await past.prometheus.query(query.expr, query.to);
        return samples.find(({ labels }) => labels.name === name)?.value;
      };
      const [latency, after] = ['API p95 compared', '5 min after'];
      expect(await values(latency, 'This', after)).toBeCloseTo(1_000 * quantileOf(0.4), 3);
      expect(await values(latency, 'Before', after)).toBeCloseTo(1_000 * quantileOf(0.2), 3);
      expect(await values(latency, 'Difference1', after)).toBeCloseTo(
        1_000 * (quantileOf(0.4) - quantileOf(0.2)),
        3,
      );
      const failures = 'requests in the 5 min after';
      expect(await values('Failures compared', 'This', failures)).toBeCloseTo(0.02, 6);
      expect(await values('Failures compared', 'Before', failures)).toBeCloseTo(0.01, 6);
      expect(await values('Failures compared', 'Difference3', failures)).toBeCloseTo(0.01, 6);
    });

    it.each([
      ['API latency', 'A', 1_000 * quantileOf(0.4, 0.5)],
      ['API latency', 'B', 1_000 * quantileOf(0.4)],
      ['API latency', 'C', 1_000 * quantileOf(0.4, 0.99)],
      ['Request rate', 'A', rate],
      ['Memory queries, p95', 'Memory', 50 + 50 * 0.95],
      ['Database connections in use', 'A', 40],
      ['External calls, p95', 'A', 1_000 * (0.5 + 0.5 * 0.95)],
    ])('%s %s at the end of the time span', async (panel, refId, value) => {
      expect(await ask(panel, refId)).toBeCloseTo(value, 6);
    });

    it.each([
      ['Error rate: the first 5 minutes', 'Before'],
      ['Error rate before, during and after', 'Before'],
    ])('%s: divides failures of the last minutes by the requests of the whole hour', async (panel, refId) => {
      const share = (late.share * late.failsFor) / 3_600;
      expect(await ask(panel, refId, late.job)).toBeGreaterThan(share * 0.8);
      expect(await ask(panel, refId, late.job)).toBeLessThan(share * 1.2);
    });

    it.each([
      ['Slow database queries', 'Slow', 0.2],
      ['External calls that failed', 'A', 0.5],
    ])('%s are shown where the pipeline file has their metric', async (panel, refId, value) => {
      const of = ({ panels }: typeof counting) => panels.some(({ panel: { title } }) => title === panel);
      const relay = dashboards().find(({ definition }) => definition.uid === uids.troubleshooting)!;
      expect([relay, counting].map(of)).toEqual([false, true]);
      const state = { ...view.state, variables: { ...view.state.variables, job: late.job } };
      const query = panelQueries(counting.json, state).find((q) => q.panel === panel && q.refId === refId)!;
      const [sample] = await past.prometheus.query(query.expr, query.to);
      expect(sample?.value).toBeCloseTo(value, 6);
    });

    it('counts external calls by the service that is called', async () => {
      const query = panelQueries(dashboard, view.state).find((q) => q.panel === 'External calls')!;
      const samples = await past.prometheus.query(query.expr, query.to);
      const rates = samples.map(({ labels, value }) => [labels.service, Math.round(value * 1e6) / 1e6]);
      expect(Object.fromEntries(rates)).toEqual({ supabase: 2, embeddings: 1 });
    });
  },
);
