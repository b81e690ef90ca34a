import type { Clock } from '../../lib/clock.ts';
import { isServing, isUnderWay, type RailwayDeployment } from '../../lib/railway.ts';
import { checkOnce, passed } from '../health-check.ts';
import type { Io } from '../io.ts';
import { connect, RailwayFailure } from './api.ts';

/** Options of a rollback on Railway. */
export interface RailwayRollback {
  readonly serviceId: string;
  /** Railway's id of the deployment to go back to; undefined for the last one that served before. */
  readonly to: string | undefined;
  /** Asked afterwards; undefined when its health is not checked. */
  readonly url: URL | undefined;
  /** Milliseconds that Railway may take, and that the service may take to become healthy. */
  readonly limitMs: number;
  readonly intervalMs: number;
}

/** Served until another one took its place. */
const served = ['SUCCESS', 'SLEEPING', 'REMOVED', 'REMOVING'];
/** Good answers in a row that count as healthy: one may still come from the version before. */
const inARow = 3;

/** A deployment as a person finds it again. */
export const short = ({ id, meta }: RailwayDeployment): string =>
  meta?.commitHash ? `${id} (commit ${meta.commitHash.slice(0, 7)})` : id;

/**
 * Which deployment to go back to; the one that serves, when the newest attempt failed before it could take its place.
 * Pure. @throws RailwayFailure when there is none, or it may not be
 */
export function choose(all: readonly RailwayDeployment[], to: string | undefined): RailwayDeployment {
  const pending = all.find(isUnderWay);
  if (pending)
    throw new RailwayFailure(
      `Deployment ${short(pending)} is under way and would replace the version that is rolled back to: cancel it or wait for it.`,
    );
  const target = to === undefined ? lastGood(all) : all.find(({ id }) => id === to);
  if (!target)
    throw new RailwayFailure(
      to === undefined
        ? 'There is no earlier deployment that served, so there is nothing to go back to.'
        : `Railway knows no deployment ${to} among the last ${all.length} of this service.`,
    );
  if (!isServing(target) && !target.canRollback)
    throw new RailwayFailure(
      `Railway cannot roll back to ${short(target)}: its image is no longer kept. Deploy that commit instead.`,
    );
  return target;
}

/** True when the newest attempt never served. (One that was skipped was none.) */
const neverServed = (all: readonly RailwayDeployment[]): boolean =>
  all.find(({ status }) => status !== 'SKIPPED')?.status === 'FAILED';

/** The last one that served before the one that is no good: the one that serves, or that crashed after it had. */
function lastGood(all: readonly RailwayDeployment[]): RailwayDeployment | undefined {
  const still = neverServed(all) ? all.find(isServing) : undefined;
  if (still) return still;
  const bad = all.findIndex((d) => isServing(d) || d.status === 'CRASHED');
  const before = all.slice(bad + 1).filter(({ status }) => served.includes(status));
  return bad === -1 ? undefined : (before.find(({ canRollback }) => canRollback) ?? before[0]);
}

/** Rolls back, follows it to its end, and looks whether the service is healthy then. @returns what was done, as a sentence @throws RailwayFailure */
export async function rollBack(
  asked: RailwayRollback,
  env: NodeJS.ProcessEnv,
  io: Io,
  clock: Clock,
): Promise<string> {
  const { api, service } = await connect(env, asked.serviceId, clock);
  const all = await api.deployments(service);
  const target = choose(all, asked.to);
  const checked = async (): Promise<string> =>
    asked.url ? await verify(asked.url, asked, io, clock) : 'its health was not checked';
  if (isServing(target)) {
    const why =
      asked.to === undefined ? 'the newest deployment failed and never served' : 'it serves already';
    return `Nothing to roll back: ${why}. Deployment ${short(target)} serves; ${await checked()}.`;
  }
  const known = all.map(({ id }) => id);
  const restored = async (): Promise<RailwayDeployment | undefined> => {
    const now = await api.deployments(service);
    // Railway makes a new deployment of the old image; one that comes back under its old id would do as well.
    return (
      now.find(({ id }) => !known.includes(id)) ??
      now.find((d) => d.id === target.id && !['REMOVED', 'REMOVING'].includes(d.status))
    );
  };
  io.stderr(`Rolling back to ${short(target)}.\n`);
  await api.rollback(target.id, async () => {
    // A deployment that was just made may not be listed yet.
    await clock.sleep(asked.intervalMs);
    return (await restored()) !== undefined;
  });
  await follow(restored, asked, io, clock);
  return `Rolled back to ${short(target)}; ${await checked()}.`;
}

async function follow(
  restored: () => Promise<RailwayDeployment | undefined>,
  { limitMs, intervalMs }: RailwayRollback,
  io: Io,
  clock: Clock,
): Promise<void> {
  let said = '';
  for (const end = clock.now() + limitMs; ; ) {
    const now = await restored();
    if (now && now.status !== said) io.stderr(`Deployment ${short(now)} is ${now.status.toLowerCase()}.\n`);
    said = now?.status ?? said;
    if (now && isServing(now)) return;
    if (now && !isUnderWay(now))
      throw new RailwayFailure(
        `The rollback ended as ${now.status}: look at deployment ${now.id} in Railway.`,
      );
    if (clock.now() >= end)
      throw new RailwayFailure(
        `The rollback did not end within ${Math.round(limitMs / 1000)} s (${said || 'Railway shows no deployment'}): look at it in Railway.`,
      );
    await clock.sleep(intervalMs);
  }
}

/** Asks until three good answers in a row, or the time is up. @returns that it is healthy, as a part of a sentence */
export async function verify(
  url: URL,
  { limitMs, intervalMs }: Pick<RailwayRollback, 'limitMs' | 'intervalMs'>,
  io: Io,
  clock: Clock,
): Promise<string> {
  let good = 0;
  let last = '';
  for (const end = clock.now() + limitMs; ; ) {
    const check = await checkOnce({ url, timeoutMs: 5_000, degradedAboveMs: undefined }, 1, io);
    good = passed(check) ? good + 1 : 0;
    last = check.said;
    if (good === inARow) return `${url.host} is healthy`;
    if (clock.now() >= end)
      throw new RailwayFailure(
        `The old version serves, and ${url.host} is not healthy all the same (${last}).`,
      );
    await clock.sleep(intervalMs);
  }
}
