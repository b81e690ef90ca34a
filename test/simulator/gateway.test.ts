import { describe, expect, test } from 'vitest';
import { exposed, type TimedPush } from '../../src/simulator/gateway.ts';

const group = { environment: 'production', deployment_id: '1' };
const push = (
  time: number,
  method: 'PUT' | 'POST',
  values: Record<string, number>,
  own = group,
): TimedPush => ({
  time,
  push: {
    method,
    group: own,
    samples: Object.entries(values).map(([metric, value]) => ({
      metric: metric as 'deployment_outcome_code',
      labels: {},
      value,
    })),
  },
});
/** Spans of what was pushed itself, as text. */
const pushed = (pushes: TimedPush[], removed = 100): string[] =>
  exposed(pushes, removed)
    .filter(({ labels }) => !labels.__name__!.startsWith('push_'))
    .map(({ labels, value, from, to }) => `${labels.__name__} ${value} ${from}-${to}`);

describe('what a gateway exposes', () => {
  test('a PUT replaces the whole group', () => {
    expect(pushed([push(1, 'PUT', { a: 1, b: 2 }), push(5, 'PUT', { b: 3 })])).toEqual([
      'a 1 1-5',
      'b 2 1-5',
      'b 3 5-100',
    ]);
  });

  test('a POST replaces only the families that it brings', () => {
    expect(pushed([push(1, 'PUT', { a: 1, b: 2 }), push(5, 'POST', { b: 3 })])).toEqual([
      'a 1 1-100',
      'b 2 1-5',
      'b 3 5-100',
    ]);
  });

  test('a family is replaced with all its series', () => {
    const attempt = (n: string) => ({
      metric: 'deployment_health_check_success' as const,
      labels: { attempt: n },
      value: 1,
    });
    const spans = exposed(
      [
        { time: 1, push: { method: 'POST', group, samples: [attempt('1')] } },
        { time: 2, push: { method: 'POST', group, samples: [attempt('2')] } },
      ],
      9,
    ).filter(({ labels }) => labels.attempt);
    expect(spans.map(({ labels, from, to }) => [labels.attempt, from, to])).toEqual([
      ['1', 1, 2],
      ['2', 2, 9],
    ]);
  });

  test('another group is left alone', () => {
    const other = { ...group, deployment_id: '2' };
    expect(pushed([push(1, 'PUT', { a: 1 }), push(5, 'PUT', { a: 2 }, other)])).toEqual([
      'a 1 1-100',
      'a 2 5-100',
    ]);
  });

  test('the same value pushed again is one span', () => {
    expect(pushed([push(1, 'PUT', { a: 1 }), push(5, 'PUT', { a: 1 })])).toEqual(['a 1 1-100']);
  });

  test('every push notes its time, and the job and the group are labels', () => {
    const spans = exposed([push(1, 'PUT', { a: 1 }), push(5, 'POST', {})], 100);
    expect(spans.filter(({ labels }) => labels.__name__ === 'push_time_seconds')).toEqual([
      {
        labels: { __name__: 'push_time_seconds', job: 'deployment-pipeline', ...group },
        value: 1,
        from: 1,
        to: 5,
      },
      {
        labels: { __name__: 'push_time_seconds', job: 'deployment-pipeline', ...group },
        value: 5,
        from: 5,
        to: 100,
      },
    ]);
  });

  test('nothing is there once the groups were removed', () => {
    expect(pushed([push(1, 'PUT', { a: 1 }), push(50, 'PUT', { a: 2 })], 40)).toEqual(['a 1 1-40']);
  });

  test('an empty label is none', () => {
    const [span] = exposed([push(1, 'PUT', { a: 1 }, { ...group, stage: '' } as typeof group)], 100);
    expect(span?.labels).not.toHaveProperty('stage');
  });
});
