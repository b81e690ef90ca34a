import { EnvironmentFailure } from '../../lib/errors.ts';
import { HttpFailure } from '../../lib/http.ts';
import type { DeliverOptions } from './delivery.ts';
import type { DeployApi, DeploymentStatus, ImageService, RailwayDeployment, Service } from './railway-api.ts';

/** How a deployment ended. `id` differs from the one that was started if another of the same commit took its place. */
export interface Ended {
  readonly id: string;
  readonly how:
    | 'good'
    | 'bad'
    /** It was removed, or something else was deployed in its place. */
    | 'replaced'
    /** Railway decided not to deploy it. */
    | 'skipped'
    /** By Ctrl-C; the deployment goes on. */
    | 'interrupted'
    /** It goes on beyond the time limit, or where it cannot be watched. */
    | 'unwatched';
  /** One sentence; empty when it is good. */
  readonly text: string;
}

const limitMs = 20 * 60_000;

/** Meaning of a status while waiting. */
const meaning: Readonly<Record<DeploymentStatus, 'good' | 'bad' | 'replaced' | 'skipped' | 'wait'>> = {
  QUEUED: 'wait',
  WAITING: 'wait',
  NEEDS_APPROVAL: 'wait',
  INITIALIZING: 'wait',
  BUILDING: 'wait',
  DEPLOYING: 'wait',
  SUCCESS: 'good',
  // Deployed, and asleep until the next request.
  SLEEPING: 'good',
  FAILED: 'bad',
  CRASHED: 'bad',
  REMOVED: 'replaced',
  REMOVING: 'replaced',
  SKIPPED: 'skipped',
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
  api: DeployApi,
  service: Service,
  gone: RailwayDeployment,
  commit: string,
): Promise<string | undefined> {
  const all = await api.deployments(service);
  const newer = all.filter((d) => Date.parse(d.createdAt) >= Date.parse(gone.createdAt) && d.id !== gone.id);
  return newer.find((d) => d.meta?.commitHash === commit && meaning[d.status] !== 'replaced')?.id;
}

const replacedText = (name: string, d: RailwayDeployment): string =>
  `Deployment ${d.id} of ${name} was ${d.status.toLowerCase()} from elsewhere.`;
const skippedText = ({ name, folder }: ImageService, id: string): string =>
  `Railway skipped deployment ${id} of ${name}, and what served goes on serving: none of the files that the service watches has changed (Settings › Watch Paths must hold generated/${folder} and railway), or its checks of the commit failed (Wait for CI). Correct that in Railway, then run it again.`;
const interruptedText = (id: string): string =>
  `Interrupted; deployment ${id} goes on in Railway, and nothing was rolled back. The next run follows or proves it.`;

/** Follows a deployment by its id to its end. Asks less and less often, because requests per hour are limited. */
export async function follow(
  api: DeployApi,
  service: Service,
  image: ImageService,
  id: string,
  commit: string,
  { say, signal }: DeliverOptions,
): Promise<Ended> {
  const { clock } = api.client;
  const start = clock.now();
  const ended = (how: Ended['how'], text = ''): Ended => ({ id: current, how, text });
  let current = id;
  let last: DeploymentStatus | undefined;
  for (let pause = 3000; ; pause = Math.min(pause * 1.5, 30_000)) {
    if (signal?.aborted) return ended('interrupted', interruptedText(current));
    const now = await look(api, current);
    if (now instanceof EnvironmentFailure)
      return ended('unwatched', `Deployment ${current} of ${image.name} cannot be watched: ${now.message}`);
    if (now && now.status !== last)
      say(`deployment ${current} ${words[now.status] ?? now.status.toLowerCase()}`);
    last = now?.status ?? last;
    const verdict = now ? meaning[now.status] : 'wait';
    if (verdict === 'good') return ended('good');
    if (verdict === 'bad') return ended('bad', `Deployment ${current} of ${image.name} ended as ${last}.`);
    if (verdict === 'skipped') return ended('skipped', skippedText(image, current));
    const next = now && verdict === 'replaced' ? await successor(api, service, now, commit) : undefined;
    if (now && verdict === 'replaced' && next === undefined)
      return ended('replaced', replacedText(image.name, now));
    if (next !== undefined) {
      say(`deployment ${next} of the same commit took its place`);
      current = next;
    }
    if (clock.now() - start > limitMs) return ended('unwatched', tooLong(image.name, current, last));
    await clock.sleep(pause, signal);
  }
}

const tooLong = (name: string, id: string, last: DeploymentStatus | undefined): string =>
  `Deployment ${id} of ${name} did not end within ${limitMs / 60_000} minutes (${last ?? 'no status'}).`;

/** One look; undefined when the API is in passing trouble, a failure when it will not answer any more. */
async function look(api: DeployApi, id: string): Promise<RailwayDeployment | EnvironmentFailure | undefined> {
  try {
    return await api.deployment(id);
  } catch (error) {
    if (error instanceof HttpFailure && (error.passing || error.kind === 'interrupted')) return undefined;
    if (error instanceof EnvironmentFailure) return error;
    throw error;
  }
}
