import type { Answer, HttpClient } from '../../lib/http.ts';
import type { JsonObject } from '../model.ts';
import { mapLimited, width } from '../pool.ts';
import type { ActualDashboard, ActualFolder, DesiredDashboard, GrafanaApi } from './api.ts';
import { folderManager, managerOf } from './managers.ts';
import { generationAnnotation, managedLabel } from './ownership.ts';
import { purposes } from './purposes.ts';
import { accepted, GrafanaRefusal, type Purpose } from './refusal.ts';
import { taggedUids } from './search.ts';

interface Metadata {
  name: string;
  resourceVersion?: string;
  generation?: number;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
}
interface Resource {
  metadata: Metadata;
  spec?: JsonObject;
  status?: { conversion?: { storedVersion?: string } };
}
interface ResourceList {
  metadata?: { continue?: string };
  items?: Resource[];
}

const folderKey = 'grafana.app/folder';
const managerKey = 'grafana.app/managedBy';
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

/** The root is missing, empty or `general`, depending on Grafana's release. */
const rootless = (folder: string | undefined): string =>
  folder === undefined || folder === 'general' ? '' : folder;

function toDashboard({ metadata, spec = {}, status }: Resource): ActualDashboard {
  const notes = metadata.annotations ?? {};
  const manager = managerOf(notes[managerKey]);
  const by = notes['grafana.app/updatedBy'] ?? notes['grafana.app/createdBy'];
  const asWritten = notes[generationAnnotation] === String(metadata.generation);
  return {
    uid: metadata.name,
    title: typeof spec.title === 'string' ? spec.title : metadata.name,
    folder: rootless(notes[folderKey]),
    spec,
    seen: metadata.resourceVersion ?? '',
    ...(manager !== undefined && { managedBy: manager }),
    ...(status?.conversion?.storedVersion?.startsWith('v2') && { newerFormat: true }),
    ...(asWritten && { asWritten }),
    ...(by !== undefined && { savedBy: by }),
  };
}

const toFolder = ({ metadata, spec }: Resource): ActualFolder => ({
  uid: metadata.name,
  title: typeof spec?.title === 'string' ? spec.title : metadata.name,
  seen: metadata.resourceVersion ?? '',
  ...folderManager(metadata.annotations?.[managerKey]),
});

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

  async findFolders(uid: string, title: string): Promise<ActualFolder[]> {
    const own = await this.#get(this.#path('folder', uid), purposes.readFolder);
    if (own) return [toFolder(own)];
    const all = await this.#list('folder', {}, purposes.readFolder, Number.POSITIVE_INFINITY);
    return all
      .filter((f) => rootless(f.metadata.annotations?.[folderKey]) === '' && f.spec?.title === title)
      .map(toFolder);
  }

  async createFolder(uid: string, title: string): Promise<ActualFolder> {
    const body = { ...this.#head('folder', 'Folder'), metadata: { name: uid }, spec: { title } };
    return toFolder(await this.#send('POST', this.#path('folder'), body, purposes.createFolder));
  }

  async renameFolder(folder: ActualFolder, title: string): Promise<ActualFolder> {
    const path = this.#path('folder', folder.uid);
    const now = await this.#get(path, purposes.readFolder);
    if (now?.metadata.resourceVersion !== folder.seen) throw changed();
    const { annotations = {}, labels = {} } = now.metadata;
    const metadata = { name: folder.uid, resourceVersion: folder.seen, annotations, labels };
    const body = { ...this.#head('folder', 'Folder'), metadata, spec: { ...now.spec, title } };
    return toFolder(await this.#send('PUT', path, body, purposes.renameFolder));
  }

  async dashboards(uids: readonly string[]): Promise<ActualDashboard[]> {
    const wanted = new Set(uids);
    const found = new Map<string, Resource>();
    const missing = (): string[] => uids.filter((uid) => !found.has(uid));
    const labelled = { labelSelector: `${managedLabel}=true` };
    for (const item of await this.#list('dashboard', labelled, purposes.readDashboard, 1000))
      found.set(item.metadata.name, item);
    // Grafana 12 may drop labels: then pages of everything are cheaper than single requests, up to a point.
    const pages = Math.floor(missing().length / worthOneList);
    for (const item of pages > 0 ? await this.#list('dashboard', {}, purposes.readDashboard, pages) : [])
      if (wanted.has(item.metadata.name)) found.set(item.metadata.name, item);
    const tagged = (await taggedUids(this.#client)).filter((uid) => !found.has(uid));
    const single = [...new Set([...missing(), ...tagged])];
    const rest = await mapLimited(single, width, (uid) => this.dashboard(uid));
    for (const item of found.values()) this.#metadata.set(item.metadata.name, item.metadata);
    return [...[...found.values()].map(toDashboard), ...rest.filter((d) => d !== undefined)];
  }

  async dashboard(uid: string): Promise<ActualDashboard | undefined> {
    const item = await this.#get(this.#path('dashboard', uid), purposes.readDashboard);
    if (item === undefined) return undefined;
    this.#metadata.set(uid, item.metadata);
    return toDashboard(item);
  }

  async create(dashboard: DesiredDashboard, message: string): Promise<ActualDashboard> {
    const body = this.#body(dashboard, message, { name: dashboard.uid });
    return this.#stored(await this.#send('POST', this.#path('dashboard'), body, purposes.createDashboard));
  }

  async replace(dashboard: DesiredDashboard, seen: string, message: string): Promise<ActualDashboard> {
    const body = this.#body(dashboard, message, this.#known(dashboard.uid, seen));
    const path = this.#path('dashboard', dashboard.uid);
    return this.#stored(await this.#send('PUT', path, body, purposes.writeDashboard));
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

  #body(dashboard: DesiredDashboard, message: string, metadata: Metadata): JsonObject {
    const kept = Object.entries(metadata.annotations ?? {}).filter(
      ([key]) => !serverAnnotations.includes(key),
    );
    const annotations: Record<string, string> = {
      ...Object.fromEntries(kept),
      [folderKey]: dashboard.folder,
      'grafana.app/message': message.slice(0, 500),
      // Every write of ours changes the mark in the tags, so it always counts.
      [generationAnnotation]: String((metadata.generation ?? 0) + 1),
    };
    return {
      ...this.#head('dashboard', 'Dashboard'),
      metadata: {
        name: dashboard.uid,
        ...(metadata.resourceVersion !== undefined && { resourceVersion: metadata.resourceVersion }),
        labels: { ...metadata.labels, [managedLabel]: 'true' },
        annotations,
      },
      spec: dashboard.spec,
    };
  }

  #head(group: 'dashboard' | 'folder', kind: string): JsonObject {
    return { apiVersion: `${group}.grafana.app/${this.#version}`, kind };
  }

  #path(group: 'dashboard' | 'folder', name?: string): string {
    const all = `apis/${group}.grafana.app/${this.#version}/namespaces/${this.#namespace}/${group}s`;
    return name === undefined ? all : `${all}/${encodeURIComponent(name)}`;
  }

  async #get(path: string, purpose: Purpose): Promise<Resource | undefined> {
    const answer = await this.#client.read(path);
    if (answer.status === 404) return undefined;
    return accepted(this.#client, answer, purpose).json as Resource;
  }

  async #send(method: string, path: string, json: JsonObject, purpose: Purpose): Promise<Resource> {
    // The first releases of v1beta1 take no schema version that is newer than they are, when they check strictly.
    const query: Record<string, string> = this.#version === 'v1beta1' ? { fieldValidation: 'Warn' } : {};
    const answer: Answer = await this.#client.once(method, path, { json, query });
    return accepted(this.#client, answer, purpose).json as Resource;
  }

  /** Objects of a kind, at most so many pages. */
  async #list(
    group: 'dashboard' | 'folder',
    query: Record<string, string>,
    purpose: Purpose,
    pages: number,
  ): Promise<Resource[]> {
    const items: Resource[] = [];
    let next = '';
    for (let page = 0; page < pages; page++) {
      const parts = { ...query, limit: String(pageSize), ...(next && { continue: next }) };
      const answer = await this.#client.read(this.#path(group), { query: parts });
      const list = accepted(this.#client, answer, purpose).json as ResourceList;
      items.push(...(list.items ?? []));
      next = list.metadata?.continue ?? '';
      if (!next) break;
    }
    return items;
  }
}

const changed = (): GrafanaRefusal =>
  new GrafanaRefusal('conflict', 409, 'it was changed by somebody since the plan was made');
