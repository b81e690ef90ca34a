import { describe, expect, it } from 'vitest';
import { legendText, seriesLegend, toFrames } from '../../../src/panels/frames.ts';
import type { QueryResult } from '../../../src/panels/query.ts';

const instant: QueryResult = {
  kind: 'instant',
  samples: [
    { labels: { __name__: 'm', service: 'api', stage: 'build' }, value: 1 },
    { labels: { __name__: 'm', service: 'web' }, value: Number.NaN },
  ],
};
const range: QueryResult = {
  kind: 'range',
  start: 100,
  step: 10,
  series: [{ labels: { service: 'api' }, values: [1, null, 3] }],
};
const context = { time: 5_000, stepMs: 10_000, severalTargets: false };

describe('series', () => {
  it('become a frame each, with a time for each value and nothing for gaps', () => {
    const [frame] = toFrames(range, { refId: 'A', expr: 'm' }, context);
    expect(frame).toMatchObject({ refId: 'A', name: '{service="api"}' });
    expect(frame?.fields[0]).toMatchObject({
      name: 'Time',
      type: 'time',
      values: [100_000, 120_000],
      config: { interval: 10_000 },
    });
    expect(frame?.fields[1]).toMatchObject({ name: 'Value', values: [1, 3], labels: { service: 'api' } });
  });

  it.each([
    ['{{service}} of {{ stage }}', 'api of build'],
    ['{{missing}}', ''],
    ['', 'm{service="api", stage="build"}'],
    ['__auto', 'm{service="api", stage="build"}'],
  ])('are named by the legend %j', (legendFormat, name) => {
    expect(toFrames(instant, { refId: 'A', expr: 'm', legendFormat }, context)[0]?.name).toBe(name);
  });

  it('are named by their only label, or by the expression when they have none', () => {
    expect(toFrames(range, { refId: 'A', expr: 'm', legendFormat: '__auto' }, context)[0]?.name).toBe('api');
    const bare: QueryResult = { kind: 'instant', samples: [{ labels: {}, value: 1 }] };
    expect(toFrames(bare, { refId: 'A', expr: 'sum(m)' }, context)[0]?.name).toBe('sum(m)');
  });
});

describe('tables', () => {
  const target = { refId: 'B', expr: 'm', format: 'table', instant: true } as const;

  it('have a column for each label, in alphabetical order, and empty cells for missing ones', () => {
    const [frame] = toFrames(instant, target, context);
    expect(frame?.fields.map((f) => f.name)).toEqual(['Time', '__name__', 'service', 'stage', 'Value']);
    expect(frame?.fields[3]?.values).toEqual(['build', '']);
    expect(frame?.fields[0]?.values).toEqual([5_000, 5_000]);
    expect(frame?.fields[4]?.values).toEqual([1, Number.NaN]);
  });

  it('name their value after the query when there are several', () => {
    const [frame] = toFrames(instant, target, { ...context, severalTargets: true });
    expect(frame?.fields.at(-1)?.name).toBe('Value #B');
  });

  it('of a range have a row for each point', () => {
    const [frame] = toFrames(range, target, context);
    expect(frame?.fields.map((f) => f.values)).toEqual([
      [100_000, 120_000],
      ['api', 'api'],
      [1, 3],
    ]);
  });

  it('keep bounds of buckets as numbers', () => {
    const buckets: QueryResult = {
      kind: 'instant',
      samples: [
        { labels: { le: '+Inf' }, value: 2 },
        { labels: { le: '0.5' }, value: 1 },
      ],
    };
    const [, le] = toFrames(buckets, target, context)[0]?.fields ?? [];
    expect(le).toMatchObject({ type: 'number', values: [Number.NaN, 0.5] });
  });

  it('of nothing are no frame', () => {
    expect(toFrames({ kind: 'instant', samples: [] }, target, context)).toEqual([]);
  });
});

describe('heatmaps', () => {
  const target = { refId: 'A', expr: 'b', format: 'heatmap' } as const;
  const bucket = (le: string, ...values: (number | null)[]) => ({ labels: { le }, values });

  it('turn cumulative buckets into their own counts, lowest bound first', () => {
    const result: QueryResult = {
      kind: 'range',
      start: 0,
      step: 60,
      series: [bucket('+Inf', 10, 10), bucket('1', 2, 3), bucket('5', 6, 3)],
    };
    const [frame] = toFrames(result, target, context);
    expect(frame?.type).toBe('heatmap-rows');
    expect(frame?.fields.map((f) => f.name)).toEqual(['Time', '1', '5', '+Inf']);
    expect(frame?.fields.slice(1).map((f) => f.values)).toEqual([
      [2, 3],
      [4, 0],
      [4, 7],
    ]);
  });

  it('never show less than nothing, and leave gaps as gaps', () => {
    const result: QueryResult = {
      kind: 'range',
      start: 0,
      step: 60,
      series: [bucket('1', 5, null), bucket('2', 3, null), bucket('3', 3, 9)],
    };
    const [frame] = toFrames(result, target, context);
    expect(frame?.fields.slice(1).map((f) => f.values)).toEqual([
      [5, null],
      [0, null],
      [0, 9],
    ]);
  });
});

it('replaces labels in legends', () => {
  expect(legendText('{{a}}/{{ b }}/{{c}}', { a: '1', b: '2' })).toBe('1/2/c');
  expect(seriesLegend('{{a}}/{{ b }}/{{c}}', { a: '1', b: '2' })).toBe('1/2/');
});
