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
  truthAt({ seed: 0, end, deployments }, end).doraMetrics(environment, '7d');

test('as many as days since the first one are one a day', () => {
  expect(keys([1, 20, 40, 60, 80, 96, 120].map((h) => ended(h))).deploymentsPerDay).toBeCloseTo(7 / 5, 9);
});

const at = (d: Deployment, seconds: number) => d.finished! - seconds;
const deployed = (d: Deployment, status: 'success' | 'failure' = 'success'): Deployment => ({
  ...d,
  stages: [{ service: 'api', stage: 'deploy_railway', started: at(d, 100), finished: at(d, 60), status }],
});

test('failed changes are those that users got and that were taken back or fixed by another one', () => {
  const broken = deployed(ended(6));
  const given = [
    broken,
    deployed(ended(1)),
    deployed(ended(2, 'failure')),
    ended(3, 'rolled_back'),
    deployed(ended(4, 'success', { reworkOf: broken.id })),
  ];
  expect(keys(given)).toMatchObject({ changeFailRate: 2 / 5, reworkRate: 1 / 5 });
});

test('a hotfix that names nothing fixes the last one that users had', () => {
  const given = [
    deployed(ended(9)),
    deployed(ended(8)),
    ended(7, 'failure'),
    deployed(ended(6, 'success', { hotfix: true })),
  ];
  expect(keys(given)).toMatchObject({ changeFailRate: 1 / 3, reworkRate: 1 / 3, recoveryTime: 7_200 });
});

test('what never reached users is neither a deployment nor a bad change', () => {
  const given = [deployed(ended(1)), ended(2, 'failure'), deployed(ended(3, 'failure'), 'failure')];
  expect(keys([...given, ended(4, 'cancelled')])).toMatchObject({
    deploymentsPerDay: 1,
    changeFailRate: 0,
  });
});

test('lead time is the median from commit to finish of successes that know their commit', () => {
  const given = [100, 200, 900].map((seconds) => {
    const d = ended(seconds / 100);
    return { ...d, committed: at(d, seconds) };
  });
  expect(keys([...given, ended(1, 'failure'), ended(2)]).leadTime).toBe(200);
});

test('a rollback recovers what it takes back', () => {
  const d = deployed(ended(5, 'rolled_back'));
  const rollbacks = [rollback(at(d, 40), at(d, 20), { reason: 'manual' })];
  expect(keys([{ ...d, rollbacks }, ended(1)]).recoveryTime).toBe(40);
});

test('nothing to measure is undefined', () => {
  expect(keys([])).toEqual({
    deploymentsPerDay: 0,
    leadTime: undefined,
    changeFailRate: undefined,
    reworkRate: undefined,
    recoveryTime: undefined,
    counted: [],
  });
});
