import { EnvironmentFailure } from '../../lib/errors.ts';
import { HttpFailure, OutcomeUnknown, Superseded } from '../../lib/http.ts';
import type { World } from '../context.ts';
import { type Change, type Outcome, type Plan, toApply } from '../model.ts';
import { mapLimited, width } from '../pool.ts';
import type { GrafanaSettings } from '../settings.ts';
import { annotate } from './annotation.ts';
import { createDatasource, versionsBehind } from './datasource.ts';
import type { GrafanaHalf } from './read.ts';
import { GrafanaRefusal } from './refusal.ts';
import { isAsWanted, SafeWrites } from './safe.ts';

/** What making a change came to: done, or found done already. */
type Made = 'done' | 'already';

/** Applies the Grafana half of a plan, object by object; one that fails does not stop the others unless none can succeed. */
export class GrafanaApply {
  readonly #half: GrafanaHalf;
  readonly #settings: GrafanaSettings;
  readonly #world: World;
  readonly #version: string;
  readonly #safe: SafeWrites;
  /** Why nothing further is tried. */
  #stopped: string | undefined;

  constructor(half: GrafanaHalf, settings: GrafanaSettings, version: string, world: World) {
    this.#half = half;
    this.#settings = settings;
    this.#version = version;
    this.#world = world;
    this.#safe = new SafeWrites(half.server.client, half.server.api);
  }

  /** Folder and data source, then dashboards, then what goes, and last the annotation that says it is all there. */
  async run(plan: Plan): Promise<Outcome[]> {
    const changes = toApply(plan).filter((c) => c.target === 'grafana');
    const kinds = (...names: Change['kind'][]): Change[] => changes.filter((c) => names.includes(c.kind));
    const outcomes: Outcome[] = [];
    if (plan.changes.some((c) => c.kind === 'folder' && c.action === 'blocked'))
      this.#stopped = 'which folder they belong to is not clear';
    for (const change of kinds('folder', 'data source')) {
      outcomes.push(await this.#one(change));
      const last = outcomes.at(-1);
      if (change.action === 'create' && last?.state !== 'done' && last?.state !== 'already')
        this.#stopped ??= `the ${change.kind} is missing`;
    }
    const written = kinds('dashboard').filter((c) => c.action !== 'delete');
    outcomes.push(...(await mapLimited(written, width, (c) => this.#one(c))));
    const gone = kinds('dashboard').filter((c) => c.action === 'delete');
    outcomes.push(...(await mapLimited(gone, width, (c) => this.#one(c))));
    const incomplete = outcomes.some((o) => o.state !== 'done' && o.state !== 'already');
    if (incomplete) this.#stopped ??= 'not everything was applied';
    for (const change of kinds('annotation')) outcomes.push(await this.#one(change));
    return outcomes;
  }

  /** After the rules are proven: the dashboards' data source must see them too. Undefined when it does. */
  async datasourceDoubt(): Promise<string | undefined> {
    const { datasource, server } = this.#half;
    if (datasource.state !== 'found' || datasource.trouble !== undefined) return undefined;
    for (let attempt = 1; ; attempt++) {
      const versions = await versionsBehind(server.client, datasource.source.uid);
      if (versions.includes(this.#version)) return undefined;
      if (attempt === 4) {
        const other = versions.length > 0 ? `runs version ${versions.join(', ')}` : 'has no rules of ours';
        return `Grafana's data source "${datasource.source.name}" asks a Prometheus that ${other}: it is another one than PROMETHEUS_URL. Set GRAFANA_DATASOURCE to the right one.`;
      }
      await this.#world.clock.sleep(attempt * 1000, this.#world.signal);
    }
  }

  async #one(change: Change): Promise<Outcome> {
    if (this.#world.signal?.aborted) return { state: 'not done', change, reason: 'interrupted' };
    if (this.#stopped !== undefined) return { state: 'not done', change, reason: this.#stopped };
    try {
      return { state: await this.#make(change), change };
    } catch (error) {
      if (!(error instanceof EnvironmentFailure)) throw error;
      return await this.#judge(change, error);
    }
  }

  async #make(change: Change): Promise<Made> {
    const { client } = this.#half.server;
    switch (change.kind) {
      case 'folder':
        return await this.#folder(change);
      case 'data source':
        await createDatasource(client, { url: '', ...this.#settings.newDatasource });
        return 'done';
      case 'annotation':
        return await annotate(
          client,
          this.#version,
          `Deployment observability: version ${this.#version} applied`,
        );
      default:
        return await this.#dashboard(change);
    }
  }

  async #folder(change: Change): Promise<Made> {
    const now = this.#half.folders.find((f) => f.uid === change.id);
    if (now) await this.#safe.renameFolder(now, change.title);
    else await this.#safe.createFolder(change.id, change.title);
    return 'done';
  }

  async #dashboard(change: Change): Promise<Made> {
    const { seen = '' } = change;
    if (change.action === 'delete') {
      await this.#safe.remove(change.id, seen);
      return 'done';
    }
    const wanted = this.#half.dashboards.find((d) => d.uid === change.id);
    if (wanted === undefined) throw new Error(`The plan names a dashboard that is not defined: ${change.id}`);
    const message = `deployment observability ${this.#version}`;
    if (change.action === 'create') await this.#safe.create(wanted, message);
    else await this.#safe.replace(wanted, seen, message);
    return 'done';
  }

  async #judge(change: Change, error: EnvironmentFailure): Promise<Outcome> {
    const reason = error.message;
    if (error instanceof Superseded || (error instanceof GrafanaRefusal && error.kind === 'conflict'))
      return (await this.#isThere(change))
        ? { state: 'already', change }
        : { state: 'conflict', change, reason };
    if (error instanceof HttpFailure && error.kind === 'interrupted')
      return { state: 'not done', change, reason: 'interrupted' };
    const cause = error instanceof OutcomeUnknown ? error.cause : error;
    if (cause instanceof GrafanaRefusal && cause.kind === 'credentials') this.#stopped ??= cause.message;
    // Every further request would be as patient, and as fruitless.
    if (cause instanceof HttpFailure) this.#stopped ??= cause.message;
    return { state: error instanceof OutcomeUnknown ? 'unknown' : 'failed', change, reason };
  }

  /** Whether somebody else's run has just made the very same change. */
  async #isThere(change: Change): Promise<boolean> {
    const { api } = this.#half.server;
    try {
      if (change.kind === 'folder')
        return (await api.findFolders(change.id, change.title)).some(
          (f) => f.uid === change.id && f.title === change.title,
        );
      if (change.kind !== 'dashboard') return false;
      const now = await api.dashboard(change.id);
      if (change.action === 'delete') return now === undefined;
      const wanted = this.#half.dashboards.find((d) => d.uid === change.id);
      return now !== undefined && wanted !== undefined && isAsWanted(now, wanted);
    } catch {
      return false;
    }
  }
}
