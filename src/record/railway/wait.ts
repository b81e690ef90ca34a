import type { Clock } from '../../lib/clock.ts';
import { isServing, isUnderWay, type RailwayDeployment, type RailwayStep } from '../../lib/railway.ts';
import type { Io } from '../io.ts';
import { connect, RailwayFailure } from './api.ts';
import { short } from './rollback.ts';
import { stepsOf, whyFailed } from './steps.ts';

/** Options of waiting for a deployment on Railway. */
export interface RailwayWait {
  readonly serviceId: string;
  /** Milliseconds that Railway may take. */
  readonly limitMs: number;
  readonly intervalMs: number;
  /** True to ask for the steps also of a deployment that serves. */
  readonly steps: boolean;
}

/** How a deployment ended. */
export interface RailwayEnd {
  /** Railway's word for it. */
  readonly status: string;
  readonly serves: boolean;
  /** Its steps; undefined where the token may not ask, or where they are of no use. */
  readonly steps: readonly RailwayStep[] | undefined;
}

/**
 * Follows the newest deployment of a service to its end: a build that is done is not yet a version that serves.
 * @param ended told how it ended
 * @returns what serves, as a sentence
 * @throws RailwayFailure when it does not come to serve
 */
export async function waitUntilServing(
  asked: RailwayWait,
  env: NodeJS.ProcessEnv,
  io: Io,
  clock: Clock,
  ended: (end: RailwayEnd) => void | Promise<void>,
): Promise<string> {
  const { api, service } = await connect(env, asked.serviceId, clock);
  let said = '';
  for (const end = clock.now() + asked.limitMs; ; ) {
    const newest = newestAttempt(await api.deployments(service));
    if (newest.status !== said) io.stderr(`Deployment ${short(newest)} is ${newest.status.toLowerCase()}.\n`);
    said = newest.status;
    const over = !isUnderWay(newest);
    const serves = isServing(newest);
    if (over || clock.now() >= end) {
      const steps = serves && !asked.steps ? undefined : await stepsOf(api, newest.id, io);
      await ended({ status: newest.status, serves, steps });
      if (serves) return `Deployment ${short(newest)} serves.`;
      const why = (over && (await whyFailed(api, newest.id, steps, io))) || 'look at it in Railway.';
      const how = over
        ? `ended as ${newest.status}`
        : `did not serve within ${Math.round(asked.limitMs / 1000)} s (${newest.status})`;
      throw new RailwayFailure(`Deployment ${short(newest)} ${how}: ${why}`);
    }
    await clock.sleep(asked.intervalMs);
  }
}

function newestAttempt(all: readonly RailwayDeployment[]): RailwayDeployment {
  const newest = all.find(({ status }) => status !== 'SKIPPED');
  if (newest) return newest;
  throw new RailwayFailure('Railway knows no deployment of this service.');
}
