import { EnvironmentFailure } from '../../lib/errors.ts';
import {
  type Delivered,
  type DeliverOptions,
  type Delivery,
  DeliveryConflict,
  type Inspection,
} from './delivery.ts';
import { follow } from './follow.ts';
import type { RuleFile, RuleGroup } from './model.ts';
import type { Deployment, DeploymentStatus, RailwayApi, Service } from './railway-api.ts';

const serving: readonly DeploymentStatus[] = ['SUCCESS', 'SLEEPING'];
const underWay: readonly DeploymentStatus[] = [
  'QUEUED',
  'WAITING',
  'NEEDS_APPROVAL',
  'INITIALIZING',
  'BUILDING',
  'DEPLOYING',
];
const logLines = 30;
const rollbackLimitMs = 10 * 60_000;
const short = (commit: string | undefined): string => commit?.slice(0, 7) ?? 'an unknown commit';
const isServing = (d: Deployment): boolean => serving.includes(d.status) && !d.deploymentStopped;

/** The commit to deploy, or why there is none yet. */
export type Commit = { readonly hash: string } | { readonly problem: string };

/** What a rollback must know of the delivery that it takes back. */
interface Attempt {
  readonly service: Service;
  readonly before: Deployment | undefined;
  /** Whether another run started the deployment. */
  readonly theirs: boolean;
  /** The deployment that is no good. */
  readonly failed: string;
  /** Deployments that are not the rollback's own. */
  readonly known: readonly string[];
}

/** Rules baked into the image of the Prometheus service: delivered by deploying a commit of it. */
export class RailwayDelivery implements Delivery {
  readonly where: string;
  readonly #api: RailwayApi;
  readonly #serviceId: string;
  readonly #commit: Commit;
  #service: Service | undefined;

  /** @param commit full hash of the commit whose image is deployed; it must hold the same `generated/` */
  constructor(api: RailwayApi, serviceId: string, commit: Commit) {
    this.#api = api;
    this.#serviceId = serviceId;
    this.#commit = commit;
    this.where = `Railway service ${serviceId}`;
  }

  groups(files: readonly RuleFile[]): RuleGroup[] {
    return files.flatMap((file) => file.groups);
  }

  async inspect(files: readonly RuleFile[]): Promise<Inspection> {
    const all = await this.#api.deployments(await this.#identify());
    const now = all.find(isServing);
    const hash = 'hash' in this.#commit ? this.#commit.hash : undefined;
    const other = all.find((d) => underWay.includes(d.status) && d.meta?.commitHash !== hash);
    const problem = 'problem' in this.#commit ? [`it could not be applied now: ${this.#commit.problem}`] : [];
    return {
      units: [{ id: 'image', groups: this.groups(files).map((g) => g.name), state: 'ours', same: true }],
      orphans: [],
      scope: { kind: 'directory' },
      how: `deploys ${hash ? `commit ${short(hash)}` : 'a commit'} of the Prometheus service (now ${now ? short(now.meta?.commitHash) : 'nothing runs'})`,
      seen: now?.id ?? '',
      notes: [
        ...problem,
        ...(other ? [`deployment ${other.id} of commit ${short(other.meta?.commitHash)} is under way`] : []),
      ],
    };
  }

  async deliver(
    _files: readonly RuleFile[],
    inspection: Inspection,
    options: DeliverOptions,
  ): Promise<Delivered> {
    if ('problem' in this.#commit) throw new EnvironmentFailure(this.#commit.problem);
    const commit = this.#commit.hash;
    const service = await this.#identify();
    const all = await this.#api.deployments(service);
    const before = all.find(isServing);
    if ((before?.id ?? '') !== inspection.seen)
      throw new DeliveryConflict('Prometheus was deployed by somebody since the plan was made. Plan again.');
    const known = all.map((d) => d.id);
    const { id, joined } = await this.#start(service, all, commit, options);
    const end = await follow(this.#api, service, id, commit, options);
    // Whoever started a deployment decides about it; to another run it may have been proven meanwhile.
    const theirs = joined || end.id !== id;
    const attempt: Attempt = { service, before, theirs, failed: end.id, known: [...known, end.id] };
    if (end.ok)
      return {
        since: undefined,
        settleMs: 120_000,
        undo: () => this.#rollBack(attempt, options),
        finish: async () => undefined,
      };
    if (options.signal?.aborted) throw new EnvironmentFailure(end.text);
    const log = await this.#log(end.id);
    // A deployment that failed early leaves the one before in place.
    const kept = before && isServing(await this.#api.deployment(before.id));
    const undone = kept
      ? `Nothing to roll back: the deployment before (${short(before.meta?.commitHash)}) still serves.`
      : await this.#rollBack(attempt, options);
    throw new EnvironmentFailure([end.text, log, undone].filter(Boolean).join('\n'));
  }

  async #identify(): Promise<Service> {
    this.#service ??= { ...(await this.#api.identify()), serviceId: this.#serviceId };
    return this.#service;
  }

  /** Starts the deployment, or joins the one that another run has started. */
  async #start(
    service: Service,
    all: readonly Deployment[],
    commit: string,
    { say }: DeliverOptions,
  ): Promise<{ id: string; joined: boolean }> {
    const running = all.find((d) => underWay.includes(d.status));
    if (running && running.meta?.commitHash !== commit)
      throw new DeliveryConflict(
        `Deployment ${running.id} of commit ${short(running.meta?.commitHash)} is under way. Wait for it, then plan again.`,
      );
    if (running) {
      say(`deployment ${running.id} of the same commit is under way already, following it`);
      return { id: running.id, joined: true };
    }
    const known = all.map((d) => d.id);
    const id = await this.#api.deploy(service, commit, known);
    say(`deployment ${id} of commit ${short(commit)} started`);
    return { id, joined: false };
  }

  async #log(id: string): Promise<string> {
    const read = async (kind: 'buildLogs' | 'deploymentLogs'): Promise<string[]> => {
      try {
        return await this.#api.log(kind, id, logLines);
      } catch (error) {
        return [`(the log cannot be read: ${(error as Error).message})`];
      }
    };
    const show = (title: string, lines: readonly string[]): string =>
      lines.length === 0 ? '' : `  ${title}:\n${lines.map((line) => `    ${line}`).join('\n')}`;
    const parts = [show('Build log', await read('buildLogs')), show('Log', await read('deploymentLogs'))];
    return parts.filter(Boolean).join('\n');
  }

  /** Takes the deployment back; Ctrl-C does not stop that. */
  #rollBack(attempt: Attempt, options: DeliverOptions): Promise<string> {
    return this.#api.client.uninterrupted(() => this.#takeBack(attempt, options));
  }

  async #takeBack(attempt: Attempt, options: DeliverOptions): Promise<string> {
    const { before, theirs, failed } = attempt;
    if (theirs) return `Deployment ${failed} was started by another run, so it was not rolled back.`;
    if (before === undefined) return 'There is no deployment before it to roll back to.';
    const name = `the deployment before (${short(before.meta?.commitHash)})`;
    try {
      if (!(await this.#api.deployment(before.id)).canRollback)
        return `Railway cannot roll back to ${name} any more: deploy it by hand.`;
      options.say(`rolling back to ${name}`);
      await this.#api.rollback(before.id, async () => (await this.#restored(attempt)) !== undefined);
      return (await this.#waitFor(attempt))
        ? `Rolled back to ${name}.`
        : `The rollback to ${name} was asked for and has not ended well: look at it in Railway.`;
    } catch (error) {
      return `Rolling back to ${name} failed: ${(error as Error).message}`;
    }
  }

  /** The deployment that the rollback made or revived; undefined while there is none. */
  async #restored({ service, before, failed, known }: Attempt): Promise<Deployment | undefined> {
    const all = await this.#api.deployments(service);
    const made = all.find((d) => !known.includes(d.id));
    if (made || all.some((d) => d.id === failed && isServing(d))) return made;
    return all.find((d) => d.id === before?.id && !['REMOVED', 'REMOVING'].includes(d.status));
  }

  async #waitFor(attempt: Attempt): Promise<boolean> {
    const { clock } = this.#api.client;
    for (const start = clock.now(); clock.now() - start < rollbackLimitMs; ) {
      const back = await this.#restored(attempt);
      if (back && isServing(back)) return true;
      if (back && !underWay.includes(back.status)) return false;
      await clock.sleep(5000);
    }
    return false;
  }
}
