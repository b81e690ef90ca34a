import { EnvironmentFailure } from '../../lib/errors.ts';
import type { HttpClient } from '../../lib/http.ts';
import type { JsonObject } from '../model.ts';
import { mapLimited, width } from '../pool.ts';
import type { ActualDashboard, ActualFolder, DesiredDashboard, GrafanaApi } from './api.ts';
import { identityIn, lostIn } from './newer.ts';
import { generationAnnotation } from './ownership.ts';
import { parseAnswer } from './parse-answer.ts';
import { purposes } from './purposes.ts';
import { accepted, GrafanaRefusal, type Purpose } from './refusal.ts';
import {
  folderKey,
  type Metadata,
  many,
  noteOf,
  noteOfNew,
  one,
  type Resource,
  rootless,
  toDashboard,
  toFolder,
} from './resource.ts';
import { orUnreadable, taggedUids } from './search.ts';

/** Set by the server on every write; sending them back says nothing. */
const serverAnnotations = [
  'grafana.app/createdBy',
  'grafana.app/updatedBy',
  'grafana.app/updatedTimestamp',
  'grafana.app/message',
];
const pageSize = 100;
/** One request for a list is worth this many requests for single dashboards. */
const worthOneList = 20;

/** The API of Grafana 12 (`v1beta1`) and 13 (`v1`): objects with metadata, one path for every kind. */
export class ResourceApi implements GrafanaApi {
  readonly label: string;
  readonly #client: HttpClient;
  readonly #version: string;
  readonly #namespace: string;
  /** Metadata as last read: a write replaces all of it, and what others put there must stay. */
  readonly #metadata = new Map<string, Metadata>();

  constructor(client: HttpClient, version: 'v1' | 'v1beta1', namespace: string) {
    this.#client = client;
    this.#version = version;
    this.#namespace = namespace;
    this.label = `API ${version}`;
  }

  async findFolders(uid: string, title: string, parent: string): Promise<ActualFolder[]> {
    const own = await this.#get('folder', uid, purposes.readFolder);
    if (own) return [toFolder(own)];
    const all = await this.#list('folder', purposes.readFolder, Number.POSITIVE_INFINITY);
    return all
      .filter((f) => rootless(f.metadata.annotations?.[folderKey]) === parent && f.spec?.title === title)
      .map(toFolder);
  }

  async createFolder(uid: string, title: string, parent: string): Promise<ActualFolder> {
    const metadata = { name: uid, ...(parent && { annotations: { [folderKey]: parent } }) };
    const body = { ...this.#head('folder', 'Folder'), metadata, spec: { title } };
    return toFolder(await this.#send('POST', 'folder', undefined, body, purposes.createFolder));
  }

  async renameFolder(folder: ActualFolder, title: string): Promise<ActualFolder> {
    const now = await this.#get('folder', folder.uid, purposes.readFolder);
    if (now?.metadata.resourceVersion !== folder.seen) throw changed();
    const { annotations, labels } = now.metadata;
    const kept = { annotations: annotations ?? {}, labels: labels ?? {} };
    const metadata = { name: folder.uid, resourceVersion: folder.seen, ...kept };
    const body = { ...this.#head('folder', 'Folder'), metadata, spec: { ...now.spec, title } };
    return toFolder(await this.#send('PUT', 'folder', folder.uid, body, purposes.renameFolder));
  }

  async dashboards(uids: readonly string[]): Promise<ActualDashboard[]> {
    const found = new Map<string, Resource>();
    // No selector by label: Grafana 12 with its old storage answers any with 500.
    const tagged = await taggedUids(this.#client);
    const wanted = new Set([...uids, ...tagged]);
    // Pages of everything are cheaper than single requests, up to a point.
    const pages = Math.floor(wanted.size / worthOneList);
    for (const item of pages > 0 ? await this.#list('dashboard', purposes.readDashboard, pages) : [])
      if (wanted.has(item.metadata.name)) found.set(item.metadata.name, item);
    const single = [...wanted].filter((uid) => !found.has(uid));
    const rest = await mapLimited(single, width, (uid) => orUnreadable(uid, () => this.dashboard(uid)));
    for (const item of found.values()) this.#metadata.set(item.metadata.name, item.metadata);
    const listed = await mapLimited([...found.values()], width, (item) => this.#whole(item));
    return [...listed, ...rest.filter((d) => d !== undefined)];
  }

  async dashboard(uid: string): Promise<ActualDashboard | undefined> {
    const item = await this.#get('dashboard', uid, purposes.readDashboard);
    if (item === undefined) return undefined;
    this.#metadata.set(uid, item.metadata);
    return await this.#whole(item);
  }

  /** A dashboard with what is stored of it in the newer format, where Grafana's editor saved it in that. */
  async #whole(item: Resource): Promise<ActualDashboard> {
    const shown = toDashboard(item);
    const { storedVersion, failed } = item.status?.conversion ?? {};
    if (!storedVersion?.startsWith('v2')) return shown;
    const path = this.#path('dashboard', item.metadata.name, storedVersion);
    const answer = await this.#client.read(path);
    const stored = parseAnswer(
      this.#client,
      answer,
      purposes.readDashboard,
      `GET /${path}`,
      one('dashboard'),
    );
    const spec = stored.spec ?? {};
    const newer = { spec, lost: lostIn(spec), converted: failed !== true };
    if (newer.converted) return { ...shown, newer };
    const identity = identityIn(spec);
    const title = typeof identity.title === 'string' ? identity.title : shown.title;
    return { ...shown, title, spec: identity, newer };
  }

  async create(dashboard: DesiredDashboard, message: string): Promise<ActualDashboard> {
    const body = this.#body(dashboard, message, { name: dashboard.uid }, noteOfNew);
    const made = await this.#send('POST', 'dashboard', undefined, body, purposes.createDashboard);
    return await this.#noted(made, dashboard, message);
  }

  /** Notes the id that the server gave a new object, where the storage keeps notes. Content stays, so it is no generation. */
  async #noted(made: Resource, dashboard: DesiredDashboard, message: string): Promise<ActualDashboard> {
    const { metadata } = made;
    const created = this.#stored(made);
    if (metadata.annotations?.[generationAnnotation] !== noteOfNew) return created;
    const body = this.#body(dashboard, message, metadata, noteOf(metadata, 0));
    try {
      return this.#stored(
        await this.#send('PUT', 'dashboard', dashboard.uid, body, purposes.createDashboard),
      );
    } catch (error) {
      // It is made, and until it is changed, the first note says so too. The next write notes it.
      if (error instanceof EnvironmentFailure) return created;
      throw error;
    }
  }

  async replace(dashboard: DesiredDashboard, seen: string, message: string): Promise<ActualDashboard> {
    const known = this.#known(dashboard.uid, seen);
    // Every write of ours changes the mark in the tags, so it always counts.
    const body = this.#body(dashboard, message, known, noteOf(known, 1));
    return this.#stored(await this.#send('PUT', 'dashboard', dashboard.uid, body, purposes.writeDashboard));
  }

  async remove(uid: string, seen: string): Promise<void> {
    const json = { kind: 'DeleteOptions', apiVersion: 'v1', preconditions: { resourceVersion: seen } };
    const answer = await this.#client.once('DELETE', this.#path('dashboard', uid), { json });
    if (answer.status !== 404) accepted(this.#client, answer, purposes.deleteDashboard);
  }

  #stored(item: Resource): ActualDashboard {
    this.#metadata.set(item.metadata.name, item.metadata);
    return toDashboard(item);
  }

  /** Metadata of the state that the plan saw. @throws GrafanaRefusal when a newer one has been read since */
  #known(uid: string, seen: string): Metadata {
    const metadata = this.#metadata.get(uid);
    if (metadata === undefined || metadata.resourceVersion !== seen) throw changed();
    return metadata;
  }

  #body(dashboard: DesiredDashboard, message: string, metadata: Metadata, note: string): JsonObject {
    const kept = Object.entries(metadata.annotations ?? {}).filter(
      ([key]) => !serverAnnotations.includes(key),
    );
    const annotations: Record<string, string> = {
      ...Object.fromEntries(kept),
      [folderKey]: dashboard.folder,
      'grafana.app/message': message.slice(0, 500),
      [generationAnnotation]: note,
    };
    return {
      ...this.#head('dashboard', 'Dashboard'),
      metadata: {
        name: dashboard.uid,
        ...(typeof metadata.resourceVersion === 'string' && { resourceVersion: metadata.resourceVersion }),
        labels: { ...metadata.labels },
        annotations,
      },
      spec: dashboard.spec,
    };
  }

  #head(group: 'dashboard' | 'folder', kind: string): JsonObject {
    return { apiVersion: `${group}.grafana.app/${this.#version}`, kind };
  }

  #path(group: 'dashboard' | 'folder', name?: string, version: string = this.#version): string {
    const all = `apis/${group}.grafana.app/${version}/namespaces/${this.#namespace}/${group}s`;
    return name === undefined ? all : `${all}/${encodeURIComponent(name)}`;
  }

  async #get(kind: 'dashboard' | 'folder', name: string, purpose: Purpose): Promise<Resource | undefined> {
    const path = this.#path(kind, name);
    const answer = await this.#client.read(path);
    if (answer.status === 404) return undefined;
    return parseAnswer(this.#client, answer, purpose, `GET /${path}`, one(kind));
  }

  async #send(
    method: 'POST' | 'PUT',
    kind: 'dashboard' | 'folder',
    name: string | undefined,
    json: JsonObject,
    purpose: Purpose,
  ): Promise<Resource> {
    const path = this.#path(kind, name);
    // The first releases of v1beta1 take no schema version that is newer than they are, when they check strictly.
    const query: Record<string, string> = this.#version === 'v1beta1' ? { fieldValidation: 'Warn' } : {};
    const answer = await this.#client.once(method, path, { json, query });
    return parseAnswer(this.#client, answer, purpose, `${method} /${path}`, one(kind));
  }

  /** Objects of a kind, at most so many pages. */
  async #list(group: 'dashboard' | 'folder', purpose: Purpose, pages: number): Promise<Resource[]> {
    const items: Resource[] = [];
    let next = '';
    for (let page = 0; page < pages; page++) {
      const parts = { limit: String(pageSize), ...(next && { continue: next }) };
      const path = this.#path(group);
      const answer = await this.#client.read(path, { query: parts });
      const list = parseAnswer(this.#client, answer, purpose, `GET /${path}`, many(group));
      items.push(...(list.items ?? []));
      next = list.metadata?.continue ?? '';
      if (!next) break;
    }
    return items;
  }
}

const changed = (): GrafanaRefusal =>
  new GrafanaRefusal('conflict', 409, 'it was changed since the plan was made');
