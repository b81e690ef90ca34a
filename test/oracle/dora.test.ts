import { expect, test } from 'vitest';
import { deployment, rollback } from '../../src/simulator/builders.ts';
import type { Deployment } from '../../src/simulator/types.ts';
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

const at = (d: Deployment, seconds: number) => d.finished! - seconds;
const deployed = (d: Deployment, status: 'success' | 'failure' = 'success'): Deployment => ({
  ...d,
  stages: [{ service: 'api', stage: 'deploy_railway', started: at(d, 100), finished: at(d, 60), status }],
});

test('bad changes are those that users got and that failed, were abandoned or rolled back', () => {
  const { reported, finished, ...silent } = deployed(ended(30));
  const given = [deployed(ended(1)), deployed(ended(2, 'failure')), ended(3, 'rolled_back'), silent];
  expect(keys(given).changeFailureRate).toBe(0.75);
});

test('what never reached users is neither a deployment nor a bad change', () => {
  const given = [deployed(ended(1)), ended(2, 'failure'), deployed(ended(3, 'failure'), 'failure')];
  expect(keys([...given, ended(4, 'cancelled')])).toMatchObject({
    deploymentsPerDay: 1 / 7,
    changeFailureRate: 0,
  });
});

test('lead time is the median from commit to finish of successes that know their commit', () => {
  const given = [100, 200, 900].map((seconds) => {
    const d = ended(seconds / 100);
    return { ...d, committed: at(d, seconds) };
  });
  expect(keys([...given, ended(1, 'failure'), ended(2)]).leadTime).toBe(200);
});

test('a rollback restores what it takes back', () => {
  const d = deployed(ended(5, 'rolled_back'));
  const rollbacks = [rollback(at(d, 40), at(d, 20), { reason: 'manual' })];
  expect(keys([{ ...d, rollbacks }, ended(1)]).timeToRestore).toBe(40);
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
