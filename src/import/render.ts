import { table } from '../lib/terminal.ts';
import type { Deployment } from '../simulator/index.ts';
import type { ImportedHistory } from './history.ts';

/** Facts that the CI's history lacks; only the recorder in the workflow knows them. */
export const notKnown: readonly string[] = [
  'health checks one by one, and their latency: a step that checks is one stage',
  'how many migrations a step applied',
  'an error message in full: the first line of an annotation is all there is',
  'retries inside a step, and a failure that a step was told to ignore (continue-on-error)',
  'why a stage failed, but for its kind and whether it ran out of time',
  'the share of failing requests after a deployment, and the verdicts of the gate',
  'what a deployment cost at the host, or on a runner without a price in the pipeline file',
  'rollbacks that no step of the workflow made',
];

const counted = (deployments: readonly Deployment[]): Map<string, number> => {
  const counts = new Map<string, number>();
  for (const { environment, reported = 'unknown' } of deployments) {
    const key = `${environment}\n${reported}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
};

/** Summary of what was read, and what was not. */
export function historyText({ deployments, skipped, mapping, runs, requests }: ImportedHistory): string {
  const stages = new Map<string, number>();
  for (const { stages: own, migrations, smokeTests } of deployments)
    for (const name of [
      ...own.map(({ service, stage }) => `${service} ${stage}`),
      ...migrations.map(({ name }) => `migration ${name}`),
      ...smokeTests.map(({ name }) => `smoke test ${name}`),
    ])
      stages.set(name, (stages.get(name) ?? 0) + 1);
  const rows = [...counted(deployments)].map(([key, count]) => [...key.split('\n'), String(count)]);
  const why = new Map<string, number>();
  for (const { why: reason } of skipped) why.set(reason, (why.get(reason) ?? 0) + 1);
  const listing = (title: string, list: ReadonlyMap<string, number>): string[] =>
    list.size === 0
      ? []
      : ['', title, ...[...list].sort((a, b) => b[1] - a[1]).map(([name, count]) => `  ${count} × ${name}`)];
  return [
    `${runs} runs, ${deployments.length} deployments, ${requests} requests.`,
    '',
    table([['environment', 'outcome', 'deployments'], ...rows]),
    ...listing('Stages:', stages),
    ...listing('Steps that are not understood, and left out:', mapping.unknown),
    ...listing('Runs of which no deployment was made:', why),
  ].join('\n');
}
