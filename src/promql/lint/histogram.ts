import { outputLabels } from '../labels.ts';
import type { LintCheck } from '../lint-check.ts';
import { findAll, metricOf, selectors } from '../nodes.ts';
import { knownMetric, labelsIn, parentOf } from '../vocabulary.ts';

const notAHistogram: LintCheck = {
  id: 'not-a-histogram',
  summary: 'The buckets, count or sum of a metric that is no histogram.',
  check: (ast, vocabulary) =>
    selectors(ast).flatMap((selector) => {
      const name = metricOf(selector);
      if (name === undefined || knownMetric(vocabulary, name)) return [];
      const parent = parentOf(vocabulary, name);
      if (!parent) return [];
      const { type } = parent.metric;
      const message = `There is no ${name}: ${parent.name} is a ${type}, which has no series ${parent.suffix}.`;
      const fix = `Use ${parent.name} itself: quantile() or avg() of it, or quantile_over_time().`;
      const to = selector.name === undefined ? selector.to : selector.from + name.length;
      return [{ id: 'not-a-histogram', message, fix, from: selector.from, to }];
    }),
};

const bareHistogram: LintCheck = {
  id: 'bare-histogram',
  summary: 'A histogram by its own name, which is the name of none of its series.',
  check: (ast, vocabulary) =>
    selectors(ast).flatMap(({ name, from }) => {
      if (name === undefined || vocabulary.metric(name)?.type !== 'histogram') return [];
      const message = `No series is called ${name}: it is a histogram.`;
      const fix = `Use ${name}_bucket, ${name}_count or ${name}_sum.`;
      return [{ id: 'bare-histogram', message, fix, from, to: from + name.length }];
    }),
};

const quantileWithoutLe: LintCheck = {
  id: 'quantile-without-le',
  summary: 'histogram_quantile() of something without buckets.',
  check: (ast, vocabulary) =>
    findAll(ast, 'call').flatMap(({ func, args }) => {
      const buckets = func === 'histogram_quantile' ? args[1] : undefined;
      const labels = buckets && outputLabels(buckets, labelsIn(vocabulary));
      if (!buckets || !labels || labels.has('le')) return [];
      const message = 'histogram_quantile() finds no buckets: what it is given has no label le.';
      const fix = 'Keep le in the aggregation, sum by (le) (…), or use quantile() on plain values.';
      return [{ id: 'quantile-without-le', message, fix, from: buckets.from, to: buckets.to }];
    }),
};

export const histogramChecks: readonly LintCheck[] = [notAHistogram, bareHistogram, quantileWithoutLe];
