import type { Clock } from '../../lib/clock.ts';
import { isServing, isUnderWay, type RailwayDeployment } from '../../lib/railway.ts';
import type { Io } from '../io.ts';
import { connect, RailwayFailure } from './api.ts';
import { short } from './rollback.ts';
import { whyFailed } from './steps.ts';

/** Options of waiting for a deployment on Railway. */
export interface RailwayWait {
  readonly serviceId: string;
  /** Milliseconds that Railway may take. */
  readonly limitMs: number;
  readonly intervalMs: number;
}

/**
 * Follows the newest deployment of a service to its end: a build that is done is not yet a version that serves.
 * @param say told Railway's status at the end
 * @returns what serves, as a sentence
 * @throws RailwayFailure when it does not come to serve
 */
export async function waitUntilServing(
  asked: RailwayWait,
  env: NodeJS.ProcessEnv,
  io: Io,
  clock: Clock,
  say: (status: string) => void,
): Promise<string> {
  const { api, service } = await connect(env, asked.serviceId, clock);
  let said = '';
  for (const end = clock.now() + asked.limitMs; ; ) {
    const newest = newestAttempt(await api.deployments(service));
    if (newest.status !== said) io.stderr(`Deployment ${short(newest)} is ${newest.status.toLowerCase()}.\n`);
    said = newest.status;
    const over = !isUnderWay(newest);
    if (over || clock.now() >= end) say(newest.status);
    if (isServing(newest)) return `Deployment ${short(newest)} serves.`;
    if (over) {
      const why = (await whyFailed(api, newest.id, io)) ?? 'look at it in Railway.';
      throw new RailwayFailure(`Deployment ${short(newest)} ended as ${newest.status}: ${why}`);
    }
    if (clock.now() >= end)
      throw new RailwayFailure(
        `Deployment ${short(newest)} did not serve within ${Math.round(asked.limitMs / 1000)} s (${newest.status}): look at it in Railway.`,
      );
    await clock.sleep(asked.intervalMs);
  }
}

function newestAttempt(all: readonly RailwayDeployment[]): RailwayDeployment {
  const newest = all.find(({ status }) => status !== 'SKIPPED');
  if (newest) return newest;
  throw new RailwayFailure('Railway knows no deployment of this service.');
}
