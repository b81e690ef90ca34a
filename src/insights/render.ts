import { table } from '../lib/terminal.ts';
import { type Flaky, flakyParts } from './flaky.ts';
import { chainOf, type Lever, leversOf } from './path.ts';
import type { InsightDeployment } from './read.ts';

/** Findings of an environment. */
export interface EnvironmentInsights {
  readonly environment: string;
  readonly deployments: number;
  readonly succeeded: number;
  /** Of the deployments that succeeded, all together: from the push to the finish, and of it what no stage ran in. */
  readonly totalSeconds: number;
  readonly waitingSeconds: number;
  /** Waiting between the push and the start, of it. */
  readonly queuedSeconds: number;
  /** Health checks that failed before those were healthy that succeeded, on average; absent: none was checked. */
  readonly failedChecks?: number;
  readonly levers: readonly Lever[];
  readonly flaky: readonly Flaky[];
}

/** Findings by environment. */
export type Insights = readonly EnvironmentInsights[];

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

/** Findings in deployments, by environment. */
export function insightsOf(deployments: readonly InsightDeployment[]): Insights {
  return [...new Set(deployments.map(({ environment }) => environment))].sort().map((environment) => {
    const own = deployments.filter((one) => one.environment === environment);
    const good = own.filter(({ outcome }) => outcome === 'success');
    const links = good.flatMap(chainOf);
    const checked = good.flatMap(({ healthChecks }) => healthChecks ?? []);
    return {
      environment,
      deployments: own.length,
      succeeded: good.length,
      totalSeconds: sum(links.map(({ seconds }) => seconds)),
      waitingSeconds: sum(links.filter(({ name }) => name === undefined).map(({ seconds }) => seconds)),
      queuedSeconds: sum(good.map(({ started, triggered }) => Math.max(0, started - triggered))),
      ...(checked.length > 0 && {
        failedChecks: sum(checked.map(({ made, passed }) => made - passed)) / checked.length,
      }),
      levers: leversOf(own),
      flaky: flakyParts(own),
    };
  });
}

const minutes = (seconds: number): string => `${(seconds / 60).toFixed(1)} min`;
const percent = (share: number): string => `${(share * 100).toFixed(0)} %`;

function environmentText(one: EnvironmentInsights, levers: number): string {
  const { environment, deployments, succeeded, totalSeconds, waitingSeconds, queuedSeconds, flaky } = one;
  const lines = [`${environment}: ${deployments} deployments, ${succeeded} of them succeeded.`];
  if (succeeded > 0) {
    lines.push(
      `From push to finish they took ${minutes(totalSeconds / succeeded)} on average; ${percent(waitingSeconds / totalSeconds)} of it nothing ran, ${percent(queuedSeconds / totalSeconds)} before the start.`,
      '',
      'Halving these would have saved most:',
      table([
        ['stage', 'saved together', 'a deployment', 'made the length of'],
        ...one.levers
          .slice(0, levers)
          .map((lever) => [
            lever.name,
            minutes(lever.savedSeconds),
            minutes(lever.savedSeconds / succeeded),
            `${lever.deployments} of ${succeeded}`,
          ]),
      ]),
    );
  }
  if (one.failedChecks !== undefined)
    lines.push('', `Those that were checked had ${one.failedChecks.toFixed(1)} failed health checks each.`);
  lines.push('');
  if (flaky.length === 0) lines.push('Nothing failed and passed later at the same commit.');
  else
    lines.push(
      'Failed, and passed later at the same commit:',
      table([
        ['', 'deployments', 'of all', 'lost'],
        ...flaky.map(({ name, failures, deployments, lostSeconds }) => [
          name,
          String(failures),
          percent(failures / deployments),
          minutes(lostSeconds),
        ]),
      ]),
    );
  return lines.join('\n');
}

/** Findings in words. @param levers how many stages are named */
export const insightsText = (insights: Insights, levers = 3): string =>
  insights.length === 0
    ? 'No deployment finished in this time.'
    : insights.map((one) => environmentText(one, levers)).join('\n\n');
