import { expect, it } from 'vitest';
import { marksOf } from '../../../src/panels/annotations.ts';
import type { QueryResult } from '../../../src/panels/query.ts';

const result = (...values: (number | null)[]): QueryResult => ({
  kind: 'range',
  start: 100,
  step: 10,
  series: [{ labels: { id: '7', outcome: 'failure', empty: '' }, values }],
});

it('makes one event of neighbouring samples, and none of zeros and gaps', () => {
  const marks = marksOf({ name: 'Deployments' }, result(null, 1, 1, 0, 1, null, Number.NaN));
  expect(marks.map(({ start, end }) => [start, end])).toEqual([
    [110_000, 120_000],
    [140_000, 140_000],
  ]);
});

it('says what it is in the annotation’s words', () => {
  const annotation = {
    name: 'Deployments',
    titleFormat: 'Deployment {{id}}',
    textFormat: '{{outcome}}',
    tagKeys: 'outcome, empty, missing',
    iconColor: 'red',
  };
  expect(marksOf(annotation, result(1))[0]).toMatchObject({
    title: 'Deployment 7',
    text: 'failure',
    tags: ['failure'],
    color: 'red',
  });
});

it('takes values as times, each once, when asked to', () => {
  const marks = marksOf({ name: 'x', useValueForTime: true }, result(1_500, 1_500, 900, null, 0));
  expect(marks.map((m) => m.start)).toEqual([900, 1_500]);
});

it('makes nothing of an instant result', () => {
  expect(marksOf({ name: 'x' }, { kind: 'instant', samples: [{ labels: {}, value: 1 }] })).toEqual([]);
});
