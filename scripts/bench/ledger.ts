import { factsOf, madeUpHistory, sampleTimes } from './facts.ts';
import type { Line } from './line.ts';

/** Deployments enough that each outcome has its share. */
const deployments = 1_000;

/** What the ledger keeps of a deployment, for as long as samples are kept. */
export function ledgerLines(end: number): Line[] {
  const facts = madeUpHistory(deployments, 1, end).reduce((sum, d) => sum + factsOf(d).length, 0);
  const samples = sampleTimes(end).length;
  return [
    { what: 'samples of a fact', value: samples, unit: 'samples', budget: { atMost: 60 } },
    { what: 'facts of a deployment', value: facts / deployments, unit: 'series' },
    { what: 'samples of a deployment', value: (samples * facts) / deployments, unit: 'samples' },
  ];
}
