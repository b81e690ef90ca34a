import { expect, test } from 'vitest';
import { deployment } from '../../scripts/simulator/builders.ts';
import type { Deployment } from '../../scripts/simulator/types.ts';
import { truthAt } from './truth.ts';

const end = Date.UTC(2025, 9, 15, 12, 0, 0) / 1000;
let id = 0;
const ended = (
  hoursAgo: number,
  reported: Deployment['reported'] = 'success',
  rest: Partial<Deployment> = {},
) => {
  const finished = end - hoursAgo * 3600;
  id += 1;
  return deployment({
    id: String(id),
    started: finished - 290,
    finished,
    ...(reported && { reported }),
    ...rest,
  });
};
const keys = (deployments: Deployment[], environment = 'production') =>
  truthAt({ seed: 0, end, deployments }, end).fourKeys(environment, '7d');

test('seven successes a week are one a day', () => {
  expect(keys([1, 20, 40, 60, 80, 100, 120].map((h) => ended(h))).deploymentsPerDay).toBeCloseTo(1, 9);
});

test('failed, rolled back and abandoned changes are the bad ones; cancelled ones are not counted', () => {
  const { reported, finished, ...silent } = ended(30);
  const given = [ended(1), ended(2, 'failure'), ended(3, 'rolled_back'), ended(4, 'cancelled'), silent];
  expect(keys(given).changeFailureRate).toBe(0.75);
});

test('lead time is the median from push to finish of successes', () => {
  const given = [100, 200, 900].map((seconds) => {
    const d = ended(seconds / 100);
    return { ...d, triggered: d.finished! - seconds };
  });
  expect(keys([...given, ended(1, 'failure')]).leadTime).toBe(200);
});

test('each failure is restored by the next success of its own environment', () => {
  const given = [
    ended(50, 'failure'),
    ended(49, 'failure'),
    ended(48.5, 'success', { environment: 'staging' }),
    ended(48),
    ended(10, 'rolled_back'),
    ended(9.5),
    ended(1, 'failure'),
  ];
  // 2 h, 1 h and half an hour; the last one is not restored yet.
  expect(keys(given).timeToRestore).toBe(3600);
  expect(keys(given, 'staging')).toMatchObject({ timeToRestore: undefined, changeFailureRate: 0 });
});

test('nothing to measure is undefined', () => {
  expect(keys([])).toEqual({
    deploymentsPerDay: 0,
    leadTime: undefined,
    changeFailureRate: undefined,
    timeToRestore: undefined,
  });
});
