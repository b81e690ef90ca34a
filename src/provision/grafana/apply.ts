import { EnvironmentFailure, explain } from '../../lib/errors.ts';
import { HttpFailure, OutcomeUnknown, Superseded } from '../../lib/http.ts';
import type { Dependencies } from '../context.ts';
import { type Outcome, type Plan, type PlannedChange, toApply } from '../model.ts';
import { mapLimited, width } from '../pool.ts';
import type { GrafanaSettings } from '../settings.ts';
import { annotate } from './annotation.ts';
import { checkDatasource } from './datasource.ts';
import { createDatasource } from './datasource-new.ts';
import type { GrafanaHalf } from './read.ts';
import { GrafanaRefusal } from './refusal.ts';
import { isAsWanted, SafeWrites } from './safe.ts';

/** Result of making a change: done, or found done already. */
type Made = 'done' | 'already';

type Well = Extract<Outcome, { state: Made }>;

const wellEnded = (outcome: Outcome): outcome is Well =>
  outcome.state === 'done' || outcome.state === 'already';

/** Nothing that exists is changed, so a data source that was made with wrong settings is a person's to fix. */
const fixMade =
  'Correct it in Grafana, or set GRAFANA_DATASOURCE_URL and its credentials, delete it there and run again.';
const fixFound = 'Set GRAFANA_DATASOURCE to the right one, or correct it in Grafana.';

/** Applies the Grafana half of a plan, object by object; one that fails does not stop the others unless none can succeed. */
export class GrafanaApply {
  readonly #half: GrafanaHalf;
  readonly #settings: GrafanaSettings;
  readonly #world: Dependencies;
  readonly #version: string;
  readonly #safe: SafeWrites;
  /** Why nothing further is tried. */
  #stopped: string | undefined;
  #mayNotAnnotate = false;

  constructor(half: GrafanaHalf, settings: GrafanaSettings, version: string, world: Dependencies) {
    this.#half = half;
    this.#settings = settings;
    this.#version = version;
    this.#world = world;
    this.#safe = new SafeWrites(half.server.client, half.server.api);
  }

  /** Folder and data source, then dashboards, then what goes, and last the annotation that says it is all there. */
  async run(plan: Plan): Promise<Outcome[]> {
    const changes = toApply(plan).filter((c) => c.target === 'grafana');
    const kinds = (...names: PlannedChange['kind'][]): PlannedChange[] =>
      changes.filter((c) => names.includes(c.kind));
    const outcomes: Outcome[] = [];
    if (plan.changes.some((c) => c.kind === 'folder' && c.action === 'blocked'))
      this.#stopped = 'they wait for the folder, which is blocked';
    for (const change of kinds('folder', 'data source')) {
      outcomes.push(await this.#one(change));
      const last = outcomes.at(-1);
      if (change.action === 'create' && last && !wellEnded(last))
        this.#stopped ??= `the ${change.kind} is missing`;
    }
    const written = kinds('dashboard').filter((c) => c.action !== 'delete');
    outcomes.push(...(await mapLimited(written, width, (c) => this.#one(c))));
    const gone = kinds('dashboard').filter((c) => c.action === 'delete');
    outcomes.push(...(await mapLimited(gone, width, (c) => this.#one(c))));
    if (!outcomes.every(wellEnded)) this.#stopped ??= 'not everything was applied';
    for (const change of kinds('annotation')) outcomes.push(await this.#annotated(change));
    return outcomes;
  }

  /**
   * At the end: a data source that was made must work, and whichever it is must see the rules once they are proven.
   * Its finding is an outcome too, also when it could not look: by then other changes are done, and must be reported.
   */
  async checkedDatasource(plan: Plan, outcomes: readonly Outcome[], proven: boolean): Promise<Outcome[]> {
    const change = plan.changes.find((c) => c.kind === 'data source');
    const made = outcomes.filter(wellEnded).find((o) => o.change === change);
    const seen = proven && outcomes.every(wellEnded) && change?.action === 'unchanged';
    if (change === undefined || !(made || seen)) return [...outcomes];
    const found = await this.#lookAt(change, made, proven);
    if (found === undefined) return [...outcomes];
    return made ? outcomes.map((o) => (o === made ? found : o)) : [...outcomes, found];
  }

  async #lookAt(
    change: PlannedChange,
    made: Well | undefined,
    proven: boolean,
  ): Promise<Outcome | undefined> {
    const { client } = this.#half.server;
    const source = { uid: change.id, name: change.title };
    try {
      const { doubt, note } = await checkDatasource(client, source, this.#version, proven);
      if (doubt) {
        const fix = made ? fixMade : fixFound;
        return { state: 'failed', change, reason: `${made ? 'it was made, but ' : ''}${doubt}. ${fix}` };
      }
      return made && note ? { ...made, note } : made;
    } catch (error) {
      if (error instanceof HttpFailure && error.kind === 'interrupted')
        return { state: made ? 'unknown' : 'not done', change, reason: 'interrupted before it was checked' };
      const reason = `${made ? 'it was made, but ' : ''}whether it works could not be found out: ${explain(error)}`;
      return { state: 'failed', change, reason };
    }
  }

  async #one(change: PlannedChange): Promise<Outcome> {
    if (this.#world.signal?.aborted) return { state: 'not done', change, reason: 'interrupted' };
    if (this.#stopped !== undefined) return { state: 'not done', change, reason: this.#stopped };
    try {
      const note = this.#kept(change);
      return { state: await this.#make(change), change, ...(note && { note }) };
    } catch (error) {
      if (error instanceof EnvironmentFailure) return await this.#judge(change, error);
      // A bug of ours, with others' changes made already: what became of them is told all the same.
      this.#stopped ??= 'an unforeseen error';
      return { state: 'unknown', change, reason: explain(error) };
    }
  }

  /** A token that may write dashboards need not be permitted to annotate: that is said, and is no failure. */
  async #annotated(change: PlannedChange): Promise<Outcome> {
    const ended = await this.#one(change);
    return ended.state === 'failed' && this.#mayNotAnnotate
      ? { state: 'done', change, note: `left out: ${ended.reason}` }
      : ended;
  }

  /** Before what was made by hand is overwritten or deleted, it is put aside; Grafana keeps it in its history as well. */
  #kept(change: PlannedChange): string | undefined {
    if (change.kind !== 'dashboard' || !['adopt', 'edited', 'delete'].includes(change.action))
      return undefined;
    const there = this.#half.actual.find((d) => d.uid === change.id);
    if (there === undefined || this.#world.keep === undefined) return undefined;
    const at = new Date(this.#world.clock.now()).toISOString().replace(/[:.]/g, '-');
    const text = `${JSON.stringify(there.newer?.spec ?? there.spec, null, 2)}\n`;
    return `what was there is kept in ${this.#world.keep(`${change.id}.${at}.json`, text)}`;
  }

  async #make(change: PlannedChange): Promise<Made> {
    const { client } = this.#half.server;
    switch (change.kind) {
      case 'folder':
        return await this.#folder(change);
      case 'data source':
        return await this.#datasource();
      case 'annotation':
        return await annotate(
          client,
          this.#half.annotation,
          `Deployment observability: version ${this.#version} applied`,
        );
      default:
        return await this.#dashboard(change);
    }
  }

  async #datasource(): Promise<Made> {
    const { newDatasource } = this.#settings;
    if (newDatasource === undefined) throw new Error('The plan makes a data source without its settings.');
    return await createDatasource(this.#half.server.client, newDatasource);
  }

  async #folder(change: PlannedChange): Promise<Made> {
    const now = this.#half.folders.find((f) => f.uid === change.id);
    if (now) await this.#safe.renameFolder(now, change.title);
    else await this.#safe.createFolder(change.id, change.title, this.#half.parents.get(change.id) ?? '');
    return 'done';
  }

  async #dashboard(change: PlannedChange): Promise<Made> {
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

  async #judge(change: PlannedChange, error: EnvironmentFailure): Promise<Outcome> {
    const reason = error.message;
    if (error instanceof Superseded || (error instanceof GrafanaRefusal && error.kind === 'conflict'))
      return (await this.#isThere(change))
        ? { state: 'already', change }
        : { state: 'conflict', change, reason };
    if (error instanceof HttpFailure && error.kind === 'interrupted')
      return { state: 'not done', change, reason: 'interrupted' };
    const cause = error instanceof OutcomeUnknown ? error.cause : error;
    if (cause instanceof GrafanaRefusal && cause.kind === 'forbidden' && change.kind === 'annotation')
      this.#mayNotAnnotate = true;
    if (cause instanceof GrafanaRefusal && (cause.kind === 'credentials' || cause.kind === 'proxy'))
      this.#stopped ??= cause.message;
    // Every further request would be as patient, and as fruitless.
    if (cause instanceof HttpFailure) this.#stopped ??= cause.message;
    return { state: error instanceof OutcomeUnknown ? 'unknown' : 'failed', change, reason };
  }

  /** Whether another run has just made the very same change. */
  async #isThere(change: PlannedChange): Promise<boolean> {
    const { api } = this.#half.server;
    try {
      if (change.kind === 'folder')
        return (await api.findFolders(change.id, change.title, '')).some(
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
