import type { Clock } from '../../lib/clock.ts';
import type { Io } from '../io.ts';
import { VercelApi, VercelFailure } from './api.ts';

/** How patiently to follow Vercel, milliseconds. */
export interface Patience {
  readonly limitMs: number;
  readonly intervalMs: number;
}

const underWay = ['QUEUED', 'INITIALIZING', 'BUILDING'];

/**
 * Follows the newest deployment to production to its end.
 * @param say told Vercel's word for it at the end
 * @returns what is ready, as a sentence
 * @throws VercelFailure when it does not come to be ready
 */
export async function waitUntilReady(
  { limitMs, intervalMs }: Patience,
  env: NodeJS.ProcessEnv,
  io: Pick<Io, 'stderr'>,
  clock: Clock,
  say: (state: string) => void,
): Promise<string> {
  const api = new VercelApi(env, clock);
  let said = '';
  for (const end = clock.now() + limitMs; ; ) {
    const [newest] = await api.deployments();
    if (!newest) throw new VercelFailure('Vercel knows no deployment of this project to production.');
    if (newest.state !== said) io.stderr(`Deployment ${newest.id} is ${newest.state.toLowerCase()}.\n`);
    said = newest.state;
    const late = clock.now() >= end;
    if (late || !underWay.includes(newest.state)) say(newest.state);
    if (newest.state === 'READY') return `Deployment ${newest.id} is ready.`;
    if (!underWay.includes(newest.state))
      throw new VercelFailure(`Deployment ${newest.id} ended as ${newest.state}: look at it in Vercel.`);
    if (late)
      throw new VercelFailure(
        `Deployment ${newest.id} was not ready within ${Math.round(limitMs / 1000)} s (${newest.state}): look at it in Vercel.`,
      );
    await clock.sleep(intervalMs);
  }
}
