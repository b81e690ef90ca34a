import { describe, expect, it } from 'vitest';
import { findingsOf } from '../../../src/compile/checks/index.ts';
import { anyOf, metric, Vector } from '../../../src/metrics/index.ts';
import { parsePromql } from '../../../src/promql/parse.ts';
import { bundleWith } from '../../compile/good.ts';

const problemOf = (text: string) => {
  const parsed = parsePromql(text);
  return parsed.ok ? parsed.notPortable[0] : parsed.problems[0];
};

describe('what people type', () => {
  it.each([
    ['sum by a (x)', 'The labels of by stand in parentheses.', 'Write by (a).'],
    ['sum(x) without job', 'The labels of without stand in parentheses.', 'Write without (job).'],
    ['a + on job b', 'The labels of on stand in parentheses.', 'Write on (job).'],
    ['rate(x[5 m])', 'A duration has no space in it.', 'Write 5m.'],
    ['x offset 1 h', 'A duration has no space in it.', 'Write 1h.'],
    [
      'histogram_quantile(rate(x_bucket[5m]), 0.95)',
      'The arguments of histogram_quantile() are the wrong way round.',
      'Write first the quantile and then the buckets: (0.95, …).',
    ],
  ])('%s is told how to write it', (text, message, fix) => {
    const parsed = parsePromql(text);
    expect(parsed.ok ? [] : parsed.problems.map((p) => [p.message, p.fix])).toEqual([[message, fix]]);
  });

  it.each([
    ['min_of(a, b)', '3.13'],
    ['integral(x[5m])', '3.16'],
  ])('%s is of a later version', (text, version) => {
    expect(problemOf(text)?.message).toContain(`exists only since Prometheus ${version}`);
  });

  it.each([
    ['first_over_time(x[5m])', '3.7', '3.14'],
    ['rate(x[5m * 2])', '3.4', '3.14'],
    ['rate(x[5m] anchored)', '3.7', '3.16'],
    ['rate(x[5m] smoothed)', '3.7', '3.16'],
    ['a </ b', '3.9', '3.11'],
    ['a >/ b', '3.9', '3.11'],
  ])('%s was behind a flag for a while', (text, since, stable) => {
    expect(problemOf(text)).toMatchObject({ since, stable, experimental: true });
    expect(problemOf(text)?.message).toContain(`without a feature flag since ${stable}`);
  });

  it('never is wrong without a problem, however deep it is', () => {
    for (const depth of [100, 1_450, 5_000]) {
      const parsed = parsePromql(`${'('.repeat(depth)}up${')'.repeat(depth)}`);
      expect(parsed.ok || parsed.problems.length > 0, String(depth)).toBe(true);
    }
  });
});

describe('one of several values', () => {
  it('is no regular expression where it is one', () => {
    expect(metric('deployment_total', { status: anyOf('success') }).text).toBe(
      'deployment_total{status="success"}',
    );
    expect(metric('deployment_total', { status: anyOf('success', 'failure') }).text).toBe(
      'deployment_total{status=~"success|failure"}',
    );
  });
});

describe('the oldest Prometheus', () => {
  const withOldest = (prometheus: string) =>
    findingsOf(
      bundleWith({
        expr: new Vector('first_over_time(up[5m])'),
        built: (bundle) => ({ ...bundle, pipeline: { ...bundle.pipeline, prometheus } }),
      }),
    ).map(({ id }) => id);

  it('is what the pipeline file says, and decides what is too new', () => {
    expect(withOldest('2.42')).toEqual(['promql-not-portable']);
    expect(withOldest('3.9')).toEqual(['promql-not-portable']);
    expect(withOldest('3.14')).toEqual([]);
  });
});
