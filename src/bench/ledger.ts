import { factsOf, madeUpHistory, samplesOf } from './facts.ts';
import type { Line } from './line.ts';

/** Deployments enough that each outcome has its share. */
const deployments = 1_000;

/** Samples that the ledger keeps of a deployment. */
export function ledgerLines(end: number): Line[] {
  const history = madeUpHistory(deployments, 1, end);
  const mean = (size: (d: (typeof history)[number]) => number): number =>
    history.reduce((sum, d) => sum + size(d), 0) / deployments;
  return [
    {
      what: 'samples of a fact',
      value: mean((d) => samplesOf(d).length),
      unit: 'samples',
      budget: { atMost: 60 },
    },
    { what: 'facts of a deployment', value: mean((d) => factsOf(d).length), unit: 'series' },
    {
      what: 'samples of a deployment',
      value: mean((d) => factsOf(d).length * samplesOf(d).length),
      unit: 'samples',
    },
  ];
}
