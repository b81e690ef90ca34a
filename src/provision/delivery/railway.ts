import { EnvironmentFailure } from '../../lib/errors.ts';
import type { RuleFile, RuleGroup } from '../rule.ts';
import {
  type Delivered,
  type DeliverOptions,
  type Delivery,
  DeliveryConflict,
  type Inspection,
  type Undone,
} from './delivery.ts';
import { type Ended, follow } from './follow.ts';
import {
  type DeployApi,
  type ImageService,
  isServing,
  isUnderWay,
  type RailwayDeployment,
  type Service,
  shortCommit,
} from './railway-api.ts';
import { type Attempt, takeBack } from './take-back.ts';

/** Where Railway's API is; another address is worth showing. */
const standardHost = 'backboard.railway.com';
const logLines = 30;
const cancelLimitMs = 60_000;
const short = (commit: string): string => commit.slice(0, 7);

/** The commit to deploy, or why there is none yet. */
export type Commit = { readonly hash: string } | { readonly problem: string };

/** Files baked into the image of a service: delivered by deploying a commit of it. */
export class RailwayDelivery implements Delivery {
  readonly where: string;
  readonly #asked: DeployApi | undefined;
  readonly #image: ImageService;
  readonly #commit: Commit;
  #service: Service | undefined;

  /**
   * @param api undefined when nothing is to be deployed: then Railway is not asked
   * @param commit full hash of the commit whose image is deployed; it must hold the same `generated/`
   */
  constructor(api: DeployApi | undefined, image: ImageService, commit: Commit) {
    this.#asked = api;
    this.#image = image;
    this.#commit = commit;
    const url = api?.client.options.base;
    this.where = `Railway service ${image.id}${url && url.host !== standardHost ? ` at ${url.host}` : ''}`;
  }

  async groups(files: readonly RuleFile[]): Promise<RuleGroup[]> {
    return files.flatMap((file) => file.groups);
  }

  get #api(): DeployApi {
    if (this.#asked === undefined) throw new Error('Railway is to be asked without a token.');
    return this.#asked;
  }

  async inspect(files: readonly RuleFile[]): Promise<Inspection> {
    const all = this.#asked ? await this.#asked.deployments(await this.#identify()) : [];
    const now = all.find(isServing);
    const hash = 'hash' in this.#commit ? this.#commit.hash : undefined;
    const other = all.find((d) => isUnderWay(d) && d.meta?.commitHash !== hash);
    const problem = 'problem' in this.#commit ? [`it could not be applied now: ${this.#commit.problem}`] : [];
    return {
      units: [
        { id: 'image', groups: files.flatMap((f) => f.groups).map((g) => g.name), state: 'ours', same: true },
      ],
      orphans: [],
      scope: { kind: 'image' },
      how: `deploys ${hash ? `commit ${short(hash)}` : 'a commit'} of the ${this.#image.name} service${this.#asked ? ` (now ${now ? shortCommit(now) : 'nothing runs'})` : ''}`,
      seen: now?.id ?? '',
      notes: [
        ...problem,
        ...(files.length === 0
          ? [`what is delivered is part of the image: remove the ${this.#image.name} service in Railway`]
          : []),
        ...(this.#asked ? [] : ['Railway was not asked what it runs: RAILWAY_TOKEN is not set']),
        ...(other ? [`deployment ${other.id} of commit ${shortCommit(other)} is under way`] : []),
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
      throw new DeliveryConflict(`${this.#image.name} was deployed since the plan was made. Plan again.`);
    const { id, joined } = await this.#start(service, all, commit, options);
    const followed = await follow(this.#api, service, this.#image, id, commit, options);
    const theirs = joined || followed.id !== id;
    const end = followed.how === 'unwatched' ? await this.#giveUp(followed, theirs) : followed;
    const attempt: Attempt = { service, before, failed: end.id, known: [...all.map((d) => d.id), end.id] };
    const rollBack = (): Promise<Undone> =>
      // Ctrl-C does not stop that.
      this.#api.client.uninterrupted(() => takeBack(this.#api, attempt, options.say));
    switch (end.how) {
      case 'good':
        return {
          since: undefined,
          settleMs: 120_000,
          // Another run may have proven what this one could not see.
          undo: async (judged) => (theirs && !judged ? leftToOthers(end.id) : await rollBack()),
          finish: async () => undefined,
        };
      case 'replaced':
        throw new DeliveryConflict(`${end.text} Nothing was rolled back. Plan again.`);
      case 'skipped':
      case 'interrupted':
      case 'unwatched':
        throw new EnvironmentFailure(end.text);
      case 'bad': {
        const log = await this.#log(end.id);
        const undone = await rollBack();
        throw new EnvironmentFailure([end.text, log, undone.text].filter(Boolean).join('\n'));
      }
    }
  }

  async #identify(): Promise<Service> {
    this.#service ??= { ...(await this.#api.identify()), serviceId: this.#image.id };
    return this.#service;
  }

  /** Starts the deployment, or joins the one that another run has started. */
  async #start(
    service: Service,
    all: readonly RailwayDeployment[],
    commit: string,
    { say }: DeliverOptions,
  ): Promise<{ id: string; joined: boolean }> {
    const running = all.find(isUnderWay);
    if (running && running.meta?.commitHash !== commit)
      throw new DeliveryConflict(
        `Deployment ${running.id} of commit ${shortCommit(running)} is under way. Wait for it, then plan again.`,
      );
    if (running) {
      say(`deployment ${running.id} of the same commit is under way already, following it`);
      return { id: running.id, joined: true };
    }
    const known = all.map((d) => d.id);
    const id = await this.#api.deploy(service, commit, known);
    say(`deployment ${id} of commit ${short(commit)} started`);
    await this.#giveWay(service, id, commit, known);
    return { id, joined: false };
  }

  /** Two runs that deploy different commits at the same moment: the later one cancels its own, and touches nothing else. */
  async #giveWay(service: Service, id: string, commit: string, known: readonly string[]): Promise<void> {
    const all = await this.#api.deployments(service).catch((error: unknown): RailwayDeployment[] => {
      // A failure of Railway, or Ctrl-C: following the deployment meets it again, and reports it.
      if (error instanceof EnvironmentFailure) return [];
      throw error;
    });
    const at = (d: RailwayDeployment | undefined): number => Date.parse(d?.createdAt ?? '');
    const start = at(all.find((d) => d.id === id));
    const rival = all.find(
      (d) =>
        !known.includes(d.id) &&
        d.meta?.commitHash !== commit &&
        (isUnderWay(d) || isServing(d)) &&
        (at(d) < start || (at(d) === start && d.id < id)),
    );
    if (rival === undefined) return;
    const text = `Deployment ${id} began at the same time as ${rival.id} of commit ${shortCommit(rival)}.`;
    const end = await this.#giveUp({ id, how: 'unwatched', text }, false);
    if (end.how === 'bad') throw new DeliveryConflict(`${end.text} Wait for the other, then plan again.`);
    if (end.how === 'unwatched') throw new EnvironmentFailure(end.text);
  }

  /** Cancels a deployment that this run cannot watch any longer, if it is its own: it would go live unseen. */
  async #giveUp(followed: Ended, theirs: boolean): Promise<Ended> {
    const { id, text } = followed;
    if (theirs)
      return {
        ...followed,
        text: `${text} Another run or Railway itself started it, so it was not cancelled and may still go live.`,
      };
    const { client } = this.#api;
    return await client.uninterrupted(async (): Promise<Ended> => {
      let refused = '';
      let now: RailwayDeployment | undefined;
      try {
        await this.#api.cancel(id);
      } catch (error) {
        refused = ` (${(error as Error).message})`;
      }
      for (const start = client.clock.now(); client.clock.now() - start < cancelLimitMs; ) {
        now = await this.#api.deployment(id).catch(() => undefined);
        if (refused || (now && !isUnderWay(now))) break;
        await client.clock.sleep(5000);
      }
      if (now && isServing(now)) return { id, how: 'good', text: '' };
      if (now && !isUnderWay(now)) {
        const end = refused ? `ended as ${now.status}` : 'was cancelled';
        return { id, how: 'bad', text: `${text} It ${end}.` };
      }
      return { ...followed, text: `${text} It could not be cancelled${refused} and may still go live.` };
    });
  }

  /** Lines of the serving deployment's log that hold a text; none where Railway is not asked, or does not show them. */
  async saidAtStart(text: string): Promise<string[]> {
    if (this.#asked === undefined) return [];
    const all = await this.#asked.deployments(await this.#identify());
    const now = all.find(isServing);
    if (now === undefined) return [];
    const lines = await this.#asked
      .log('deploymentLogs', now.id, 100, `"${text}"`)
      .catch((error: unknown) => {
        if (error instanceof EnvironmentFailure) return [];
        throw error;
      });
    return lines.filter((line) => line.includes(text));
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
}

const leftToOthers = (id: string): Undone => ({
  conflict: false,
  text: `Deployment ${id} was started by another run or by Railway itself, and whether it works could not be seen from here, so it was not rolled back.`,
});
