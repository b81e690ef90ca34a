import type { Undone } from './delivery.ts';
import {
  type DeployApi,
  isServing,
  isUnderWay,
  type RailwayDeployment,
  type Service,
  shortCommit,
} from './railway-api.ts';

/** A deployment that is no good, and what must be known to take it back. */
export interface Attempt {
  readonly service: Service;
  /** The deployment that served when it was started or joined. */
  readonly before: RailwayDeployment | undefined;
  /** The deployment that is no good. */
  readonly failed: string;
  /** Deployments that were there before it, and itself. */
  readonly known: readonly string[];
}

const limitMs = 10 * 60_000;

/** Another deployment that serves, or will: it was decided otherwise meanwhile. */
function inTheWay(
  all: readonly RailwayDeployment[],
  { before, failed, known }: Attempt,
): RailwayDeployment | undefined {
  const start = Date.parse(all.find((d) => d.id === failed)?.createdAt ?? '');
  const isNewer = (d: RailwayDeployment): boolean => !known.includes(d.id) || Date.parse(d.createdAt) > start;
  return all.find(
    (d) =>
      d.id !== failed &&
      ((isNewer(d) && (isServing(d) || isUnderWay(d))) || (isServing(d) && d.id !== before?.id)),
  );
}

/** Decision after one look at Railway: roll back, or the reason not to. */
function judge(
  all: readonly RailwayDeployment[],
  attempt: Attempt,
): Undone | { readonly to: RailwayDeployment } {
  const other = inTheWay(all, attempt);
  if (other)
    return {
      conflict: true,
      text: `Deployment ${other.id} of commit ${shortCommit(other)} ${isServing(other) ? 'serves' : 'is under way'} meanwhile, so nothing was rolled back.`,
    };
  const { before } = attempt;
  if (before === undefined)
    return { conflict: false, text: 'There is no deployment before it to roll back to.' };
  // A deployment that failed early leaves the one before in place.
  if (all.find(isServing)?.id === before.id)
    return {
      conflict: false,
      text: `Nothing to roll back: the deployment before (${shortCommit(before)}) still serves.`,
    };
  return { to: before };
}

/** Brings the deployment before back, unless another deployment took the place of the bad one. */
export async function takeBack(
  api: DeployApi,
  attempt: Attempt,
  say: (text: string) => void,
): Promise<Undone> {
  const failed = (text: string): Undone => ({ conflict: false, text });
  try {
    const verdict = judge(await api.deployments(attempt.service), attempt);
    if (!('to' in verdict)) return verdict;
    const name = `the deployment before (${shortCommit(verdict.to)})`;
    if (!(await api.deployment(verdict.to.id)).canRollback)
      return failed(`Railway cannot roll back to ${name} any more: deploy it by hand.`);
    say(`rolling back to ${name}`);
    await api.rollback(verdict.to.id, async () => (await restored(api, attempt)) !== undefined);
    return (await isBack(api, attempt))
      ? failed(`Rolled back to ${name}.`)
      : failed(`The rollback to ${name} was asked for and has not ended well: look at it in Railway.`);
  } catch (error) {
    return failed(`Rolling back failed: ${(error as Error).message}`);
  }
}

/** The deployment that the rollback made or revived; undefined while there is none. */
async function restored(
  api: DeployApi,
  { service, before, failed, known }: Attempt,
): Promise<RailwayDeployment | undefined> {
  const all = await api.deployments(service);
  const commit = before?.meta?.commitHash;
  const isOfBefore = (d: RailwayDeployment): boolean => (d.meta?.commitHash ?? commit) === commit;
  const made = all.find((d) => !known.includes(d.id) && isOfBefore(d));
  if (made || all.some((d) => d.id === failed && isServing(d))) return made;
  return all.find((d) => d.id === before?.id && !['REMOVED', 'REMOVING'].includes(d.status));
}

async function isBack(api: DeployApi, attempt: Attempt): Promise<boolean> {
  const { clock } = api.client;
  for (const start = clock.now(); clock.now() - start < limitMs; ) {
    const back = await restored(api, attempt);
    if (back && isServing(back)) return true;
    if (back && !isUnderWay(back)) return false;
    await clock.sleep(5000);
  }
  return false;
}
