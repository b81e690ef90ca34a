import type { Clock } from '../../lib/clock.ts';
import type { Io } from '../io.ts';
import { verify } from '../railway/rollback.ts';
import { type AliasRequest, VercelApi, type VercelDeployment, VercelFailure } from './api.ts';
import type { Patience } from './wait.ts';

/** Target of a rollback. */
export interface VercelRollback extends Patience {
  /** Vercel's id of the deployment (dpl_…); undefined for the last one before the one that serves. */
  readonly to: string | undefined;
  /** Asked afterwards; undefined when its health is unknown. */
  readonly url: URL | undefined;
}

/**
 * Which deployment to go back to. Pure.
 * @param candidates those that production can be pointed at, newest first
 * @param serving the one that it was pointed at last by hand; else it is the newest
 * @throws VercelFailure when there is none, or it may not be
 */
export function choose(
  candidates: readonly VercelDeployment[],
  serving: string | undefined,
  to: string | undefined,
): VercelDeployment {
  if (to !== undefined) {
    const wanted = candidates.find(({ id }) => id === to);
    if (wanted) return wanted;
    throw new VercelFailure(
      `Vercel cannot roll back to ${to}: it is none of the last ${candidates.length} deployments that served production.`,
    );
  }
  const at = Math.max(
    0,
    candidates.findIndex(({ id }) => id === serving),
  );
  const target = candidates[at + 1];
  if (target) return target;
  throw new VercelFailure('There is no earlier deployment that served, so there is nothing to go back to.');
}

/** The deployment that production serves: what it was pointed at by hand, unless a push has taken its place since. Pure. */
export function servedNow(
  candidates: readonly VercelDeployment[],
  last: AliasRequest | undefined,
): string | undefined {
  const [newest] = candidates;
  if (last?.jobStatus !== 'succeeded') return newest?.id;
  const stays = last.type === 'rollback' || !newest || newest.created < last.requestedAt;
  return stays ? last.toDeploymentId : newest.id;
}

/** Rolls production back, follows it to its end, and looks whether it is healthy then. @returns what was done, as a sentence @throws VercelFailure */
export async function rollBack(
  asked: VercelRollback,
  env: NodeJS.ProcessEnv,
  io: Io,
  clock: Clock,
): Promise<string> {
  const api = new VercelApi(env, clock);
  const [candidates, last] = await Promise.all([api.candidates(), api.aliasRequest()]);
  if (last && ['pending', 'in-progress'].includes(last.jobStatus))
    throw new VercelFailure(
      `Vercel is pointing production at ${last.toDeploymentId} just now: wait until that is done.`,
    );
  const target = choose(candidates, servedNow(candidates, last), asked.to);
  io.stderr(`Rolling back to ${target.id}.\n`);
  const requested = async () => (await api.aliasRequest())?.toDeploymentId === target.id;
  await api.rollback(target.id, async () => {
    await clock.sleep(asked.intervalMs);
    return await requested();
  });
  await follow(api, target.id, asked, clock);
  const health = asked.url ? await verify(asked.url, asked, io, clock) : 'its health was not checked';
  return `Rolled back to ${target.id}; ${health}.`;
}

async function follow(
  api: VercelApi,
  id: string,
  { limitMs, intervalMs }: Patience,
  clock: Clock,
): Promise<void> {
  for (const end = clock.now() + limitMs; ; ) {
    const last = await api.aliasRequest();
    const ours = last?.toDeploymentId === id ? last.jobStatus : undefined;
    if (ours === 'succeeded') return;
    if (ours === 'failed' || ours === 'skipped')
      throw new VercelFailure(`The rollback to ${id} ended as ${ours}: look at it in Vercel.`);
    if (clock.now() >= end)
      throw new VercelFailure(
        `The rollback to ${id} did not end within ${Math.round(limitMs / 1000)} s (${ours ?? 'Vercel does not show it'}): look at it in Vercel.`,
      );
    await clock.sleep(intervalMs);
  }
}
