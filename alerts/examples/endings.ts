import type { Example } from '../../src/alerts/index.ts';
import { type Deployment, deployment, rollback } from '../../src/simulator/index.ts';

/** When an alert is over whose reason ends then: it is kept for five minutes, and it takes two steps to see it. */
const overAfter = (end: number): number => Math.ceil((end + 300) / 60 + 2) * 60;

/** A bad deployment is no longer live when the next one succeeds. */
export const superseded = (bad: Deployment, from: number): Example => ({
  title: 'A later deployment succeeds.',
  deployments: [bad, deployment({ id: '2001', started: from, finished: from + 60 })],
  at: overAfter(from + 60),
});

/** A bad deployment is no longer live when it is rolled back, or when the next one succeeds. */
export const overtaken = (bad: Deployment, from: number): Example[] => [
  {
    title: 'It is rolled back.',
    deployments: [{ ...bad, rollbacks: [rollback(from, from + 60)] }],
    at: overAfter(from + 60),
  },
  superseded(bad, from),
];
