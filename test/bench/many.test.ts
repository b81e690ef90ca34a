import { describe, expect, it } from 'vitest';
import { manyDashboards } from '../../src/bench/many.ts';
import { rawQuestions } from '../../src/bench/raw.ts';
import { validateMany } from '../../src/bench/validation.ts';
import { findingsOf } from '../../src/compile/checks/index.ts';
import { vocabularyOf } from '../../src/compile/checks/vocabulary.ts';
import { catalogue } from '../../src/metrics/catalogue.ts';
import { queryProblems } from '../../src/promql/query.ts';
import { bundle as relayBundle } from '../relay.ts';

describe('many dashboards', () => {
  const bundle = manyDashboards(relayBundle, 5);

  it('have ten expressions each, which were not read before', () => {
    const texts = bundle.dashboards.flatMap((d) =>
      d.panels.flatMap(({ panel }) => (panel.targets ?? []).map((t) => (t as { expr?: string }).expr)),
    );
    expect(texts).toHaveLength(50);
    // One of the ten is the same everywhere, as in real dashboards.
    expect(new Set(texts).size).toBe(46);
  });

  it('are right: what is wrong would be faster or slower to validate', () => {
    const found = findingsOf(bundle).filter(({ place }) => place[0]?.startsWith('many-'));
    expect(found).toEqual([]);
  });

  it('are measured as a whole', () => {
    const { expressions, ms, peakMegabytes } = validateMany(relayBundle, 2);
    expect(expressions).toBe(20);
    expect(ms).toBeGreaterThan(0);
    expect(peakMegabytes).toBeGreaterThan(10);
  });
});

describe('questions of the pushed series', () => {
  it('are such that Prometheus has an answer to', () => {
    const vocabulary = vocabularyOf(catalogue);
    for (const { expr } of rawQuestions(100))
      expect(queryProblems(expr.text, [], vocabulary), expr.text).toEqual([]);
  });

  it('are asked once for a number and at every point for a line', () => {
    const points = rawQuestions(100).map((question) => question.points);
    expect(points.filter((count) => count === 100)).toHaveLength(2);
    expect(points.filter((count) => count === 1).length).toBeGreaterThan(10);
  });
});
