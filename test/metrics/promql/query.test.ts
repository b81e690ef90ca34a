import { describe, expect, it, test } from 'vitest';
import { queryProblems } from '../../../src/promql/query.ts';
import type { Variable } from '../../../src/promql/variables.ts';
import { marked } from './invalid.ts';
import { vocabulary } from './vocabulary.ts';

const variables: readonly Variable[] = [
  { name: 'environment', kind: 'label-value', allValue: '.*', samples: ['production', 'staging'] },
  { name: 'queue', kind: 'label-value', samples: ['mial'] },
  { name: 'method', kind: 'label-value', allValue: '.*' },
  { name: 'window', kind: 'interval' },
];

describe('a query of a dashboard', () => {
  test.each([
    ['variable-undeclared', 'up{job="«$nope»"}'],
    ['variable-undeclared', 'rate(http_requests_total[«$nope»])'],
    ['promql-type', 'rate(«http_requests_total{method=~"$method"}»)'],
    ['promql-type', 'abs(«http_requests_total{method=~"$method"}[$window]»)'],
    ['promql-empty-selector', '«{method=~"$method"}»'],
    ['promql-syntax', 'sum(rate(http_requests_total[$window])«]»)'],
    ['promql-syntax', 'up{job=«$method»}'],
    ['variable-all', 'http_requests_total{«method="$method"»}'],
    ['variable-all', 'http_requests_total{job="a", «method!="$method"»}'],
    ['label-value-unknown', 'queue_depth{queue=«"$queue"»}'],
    ['label-unknown', 'up{«environment»=~"$environment"}'],
    ['rate-of-gauge', 'sum(«rate»(queue_depth{queue=~"mail"}[$window]))'],
    ['promql-not-portable', 'time() - queue_depth > «10m»'],
    ['promql-not-portable', '«sort_by_label»(up, "job")'],
  ])('%s: %s', (id, source) => {
    const { text, found } = marked([id], source);
    const problems = queryProblems(text, variables, vocabulary);
    expect(problems.map((p) => ({ id: p.id, from: p.from, to: p.to }))).toEqual(found);
  });

  it.each([
    'sum(rate(http_requests_total{method=~"$method"}[$__rate_interval]))',
    'deployment:success{environment=~"$environment"}',
    'last_over_time(deployment:success{environment=~"$environment"}[$__range] @ end()) >= 0',
    'up / $__range_s',
    'queue_depth[$window:]',
    'label_replace(up, "host", "$1", "instance", "(.*):.*")',
  ])('has nothing wrong with it: %s', (text) => {
    expect(queryProblems(text, variables, vocabulary)).toEqual([]);
  });

  it('is not judged by a value that only stands in for one', () => {
    const open: Variable[] = [{ name: 'queue', kind: 'label-value' }];
    expect(queryProblems('queue_depth{queue="$queue"}', open, vocabulary)).toEqual([]);
    expect(queryProblems('queue_depth{queue="x"}', open, vocabulary)).toHaveLength(1);
  });

  it('reports everything at once', () => {
    const text = 'rate(up) + sum(http_requests_total{method="$nope"}[5m])';
    expect(queryProblems(text, [], vocabulary).map((p) => p.id)).toEqual([
      ...['promql-type', 'promql-type', 'variable-undeclared'],
    ]);
  });

  it('is judged as PromQL alone when the metrics are not known', () => {
    expect(queryProblems('rate(nobody_knows[5m])', [])).toEqual([]);
  });
});
