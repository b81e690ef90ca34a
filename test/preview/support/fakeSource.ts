import type { Labels, QueryRequest, QueryResult } from '../../../src/panels/query.ts';
import type { Source } from '../../../src/preview/source.ts';

/** The moment at which everything in these tests happens: 2026-01-15 12:00 UTC. */
export const now = Date.UTC(2026, 0, 15, 12);

/** A series as a function of time (Unix seconds); null where it has no value. */
type Curve = readonly [labels: Labels, value: (time: number) => number | null];

const wave =
  (low: number, high: number, period: number, shift = 0) =>
  (time: number) =>
    low + ((high - low) * (1 + Math.sin((2 * Math.PI * time) / period + shift))) / 2;
const constant = (value: number) => () => value;
const noon = now / 1_000;
const between = (from: number, to: number, value: number) => (time: number) =>
  time >= noon - from && time < noon - to ? value : null;

const outcomes = ['success', 'failure', 'rolled_back'];
const deployments = ['20260115.6', '20260115.5', '20260115.4', '20260114.9', '20260114.8'];
const stages = ['build', 'deploy', 'migration', 'health_check', 'smoke_tests'];
const bounds = ['60', '120', '300', '600', '+Inf'];

/** Answers of the fake Prometheus, by expression. */
const data: Readonly<Record<string, readonly Curve[]>> = {
  success_ratio: [[{ environment: 'production' }, wave(0.9, 1, 86_400)]],
  success_ratio_two: [
    [{ environment: 'production' }, wave(0.9, 1, 86_400)],
    [{ environment: 'staging' }, wave(0.7, 0.95, 50_000, 1)],
  ],
  duration_p95: [
    [{ service: 'api' }, wave(240, 700, 30_000)],
    [{ service: 'web' }, (t) => (t > noon - 9_000 && t < noon - 5_400 ? null : wave(120, 300, 20_000, 2)(t))],
  ],
  rollbacks: [
    [{ reason: 'health_check_failed' }, (t) => Math.floor(wave(0, 3.9, 40_000)(t))],
    [{ reason: 'error_rate' }, (t) => Math.floor(wave(0, 2.9, 25_000, 1)(t))],
    [{ reason: 'manual' }, (t) => Math.floor(wave(0, 1.9, 60_000, 3)(t))],
  ],
  stage_seconds: stages.map((stage, i) => [{ stage }, constant([184, 96, 23.5, 61, 240][i] ?? 0)] as const),
  stage_results: stages.flatMap((stage, i) =>
    outcomes.map((status, k) => [{ stage, status }, constant([40 + i, 3 * (i % 3), k][k] ?? 0)] as const),
  ),
  deployment_seconds: deployments.map(
    (id, i) =>
      [
        { deployment_id: id, branch: 'main', run_url: `https://ci.example/runs/${i}` },
        constant(300 + i * 77),
      ] as const,
  ),
  deployment_outcome: deployments.map(
    (id, i) => [{ deployment_id: id }, constant([1, 2, 1, 3, 1][i] ?? 0)] as const,
  ),
  deployment_finished_ms: deployments.map(
    (id, i) => [{ deployment_id: id }, constant(now - i * 5_400_000)] as const,
  ),
  stage_state: [
    [{ stage: 'build', log_url: 'https://ci.example/log/build' }, between(3_000, 2_400, 1)],
    [{ stage: 'deploy', log_url: 'https://ci.example/log/deploy' }, between(2_400, 1_600, 2)],
    [{ stage: 'migration', log_url: 'https://ci.example/log/migration' }, between(1_600, 1_500, 1)],
    [{ stage: 'smoke_tests', log_url: 'https://ci.example/log/smoke' }, between(1_500, 400, 3)],
  ],
  health: ['api', 'web'].map(
    (service, i) => [{ service }, (t: number) => (Math.floor(t / 900) % (5 + i) === 0 ? 0 : 1)] as const,
  ),
  buckets: bounds.map(
    (le, i) => [{ le }, (t: number) => Math.floor(wave(1, 6, 30_000, i)(t)) + i * 7] as const,
  ),
  deploy_marks: [
    [
      { deployment_id: '20260115.6', outcome: 'success' },
      (t) => (Math.abs(t - (noon - 7_200)) < 60 ? 1 : null),
    ],
  ],
  frozen: [[{}, between(7_000, 5_000, 1)]],
};

/** Values of labels, by label. */
const labelValues: Readonly<Record<string, readonly string[]>> = {
  environment: ['production', 'staging'],
  deployment_id: deployments,
};

function answer(request: QueryRequest): QueryResult {
  if (request.kind === 'labelValues')
    return { kind: 'labelValues', values: labelValues[request.label] ?? [] };
  const name = /[a-z_0-9]+/.exec(request.expr)?.[0] ?? '';
  if (name === 'broken') throw new Error('Prometheus refused: 1:3: parse error: unexpected end of input');
  const curves = data[name] ?? [];
  if (request.kind === 'instant') {
    const samples = curves.flatMap(([labels, value]) => {
      const found = value(request.time);
      return found === null ? [] : [{ labels, value: found }];
    });
    return { kind: 'instant', samples };
  }
  const { start, end, step } = request;
  const times = Array.from({ length: Math.floor((end - start) / step) + 1 }, (_, i) => start + i * step);
  const series = curves.map(([labels, value]) => ({ labels, values: times.map(value) }));
  return { kind: 'range', start, step, series: series.filter((s) => s.values.some((v) => v !== null)) };
}

/** A Prometheus of a few curves that answers the expressions of the test dashboards. */
export const fakeSource: Source = {
  kind: 'live',
  label: 'http://prometheus.example',
  now: () => now,
  frozen: true,
  ask: async (request) => {
    try {
      return { ok: true, result: answer(request) };
    } catch (error) {
      return { ok: false, error: (error as Error).message };
    }
  },
};
