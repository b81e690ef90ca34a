import { HttpFailure } from '../../lib/http.ts';
import type { DeliverOptions } from './delivery.ts';
import type { Deployment, DeploymentStatus, RailwayApi, Service } from './railway-api.ts';

/** How a deployment ended. `id` differs from the one that was started if another of the same commit took its place. */
export interface Ended {
  readonly id: string;
  readonly ok: boolean;
  /** One sentence. */
  readonly text: string;
}

const limitMs = 20 * 60_000;

/** What a status means for whoever waits. */
const meaning: Readonly<Record<DeploymentStatus, 'good' | 'bad' | 'replaced' | 'wait'>> = {
  QUEUED: 'wait',
  WAITING: 'wait',
  NEEDS_APPROVAL: 'wait',
  INITIALIZING: 'wait',
  BUILDING: 'wait',
  DEPLOYING: 'wait',
  SUCCESS: 'good',
  // Deployed, and asleep until somebody asks it something.
  SLEEPING: 'good',
  FAILED: 'bad',
  CRASHED: 'bad',
  REMOVED: 'replaced',
  REMOVING: 'replaced',
  SKIPPED: 'replaced',
};

const words: Partial<Record<DeploymentStatus, string>> = {
  NEEDS_APPROVAL: 'waits for an approval in Railway',
  WAITING: 'waits for its turn',
  QUEUED: 'is queued',
  BUILDING: 'builds',
  DEPLOYING: 'starts',
};

/** A newer deployment of the same commit: another run's, which replaced this one. */
async function successor(
  api: RailwayApi,
  service: Service,
  gone: Deployment,
  commit: string,
): Promise<string | undefined> {
  const all = await api.deployments(service);
  const newer = all.filter((d) => Date.parse(d.createdAt) >= Date.parse(gone.createdAt) && d.id !== gone.id);
  return newer.find((d) => d.meta?.commitHash === commit && meaning[d.status] !== 'replaced')?.id;
}

/** Follows a deployment by its id to its end. Asks less and less often, because requests per hour are limited. */
export async function follow(
  api: RailwayApi,
  service: Service,
  id: string,
  commit: string,
  { say, signal }: DeliverOptions,
): Promise<Ended> {
  const { clock } = api.client;
  const start = clock.now();
  let last: DeploymentStatus | undefined;
  let pause = 2000;
  for (let current = id; ; ) {
    if (signal?.aborted)
      return {
        id: current,
        ok: false,
        text: `Interrupted; deployment ${current} goes on in Railway, and nothing was rolled back. The next run follows or proves it.`,
      };
    const now = await look(api, current);
    if (now && now.status !== last)
      say(`deployment ${current} ${words[now.status] ?? now.status.toLowerCase()}`);
    last = now?.status ?? last;
    const verdict = now ? meaning[now.status] : 'wait';
    if (verdict === 'good') return { id: current, ok: true, text: '' };
    if (verdict === 'bad')
      return { id: current, ok: false, text: `Deployment ${current} of Prometheus ended as ${now?.status}.` };
    if (now && verdict === 'replaced') {
      const next = await successor(api, service, now, commit);
      if (next === undefined)
        return {
          id: current,
          ok: false,
          text: `Deployment ${current} of Prometheus was ${now.status.toLowerCase()} by somebody else.`,
        };
      say(`deployment ${next} of the same commit took its place`);
      current = next;
      continue;
    }
    if (clock.now() - start > limitMs)
      return {
        id: current,
        ok: false,
        text: `Deployment ${current} of Prometheus did not end within ${limitMs / 60_000} minutes (${last ?? 'no status'}).`,
      };
    await clock.sleep(pause, signal);
    pause = Math.min(pause * 1.4, 15_000);
  }
}

/** One look; undefined when the API is in passing trouble, which says nothing about the deployment. */
async function look(api: RailwayApi, id: string): Promise<Deployment | undefined> {
  try {
    return await api.deployment(id);
  } catch (error) {
    if (error instanceof HttpFailure && error.passing) return undefined;
    throw error;
  }
}
