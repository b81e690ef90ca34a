import type { Answer, HttpClient } from '../../lib/http.ts';
import type { JsonObject } from '../model.ts';
import { mapLimited, width } from '../pool.ts';
import type { ActualDashboard, ActualFolder, DesiredDashboard, GrafanaApi } from './api.ts';
import { folderManager } from './managers.ts';
import { purposes } from './purposes.ts';
import { accepted, GrafanaRefusal, type Purpose } from './refusal.ts';
import { taggedUids } from './search.ts';

interface LegacyDashboard {
  dashboard: JsonObject & { version?: number };
  meta: { folderUid?: string; provisioned?: boolean; version?: number; updatedBy?: string };
}
interface LegacyFolder {
  uid: string;
  title: string;
  parentUid?: string;
  version?: number;
  managedBy?: string;
}

const toFolder = (folder: LegacyFolder): ActualFolder => ({
  uid: folder.uid,
  title: folder.title,
  seen: String(folder.version ?? ''),
  ...folderManager(folder.managedBy),
});

/** The API of Grafana 11 and before: `/api/dashboards/db` and `/api/folders`. */
export class LegacyApi implements GrafanaApi {
  readonly label = 'older API';
  readonly #client: HttpClient;
  constructor(client: HttpClient) {
    this.#client = client;
  }

  async findFolders(uid: string, title: string): Promise<ActualFolder[]> {
    const own = await this.#client.read(`api/folders/${encodeURIComponent(uid)}`);
    if (own.status !== 404)
      return [toFolder(accepted(this.#client, own, purposes.readFolder).json as LegacyFolder)];
    const all: LegacyFolder[] = [];
    for (let page = 1; ; page++) {
      const query = { limit: '1000', page: String(page) };
      const answer = await this.#client.read('api/folders', { query });
      const some = accepted(this.#client, answer, purposes.readFolder).json as LegacyFolder[];
      all.push(...some);
      if (some.length < 1000) break;
    }
    return all.filter((f) => f.title === title && !f.parentUid).map(toFolder);
  }

  async createFolder(uid: string, title: string): Promise<ActualFolder> {
    const answer = await this.#send('POST', 'api/folders', { uid, title }, purposes.createFolder);
    return toFolder(answer.json as LegacyFolder);
  }

  async renameFolder(folder: ActualFolder, title: string): Promise<ActualFolder> {
    const body = { title, version: Number(folder.seen), overwrite: false };
    const path = `api/folders/${encodeURIComponent(folder.uid)}`;
    return toFolder((await this.#send('PUT', path, body, purposes.renameFolder)).json as LegacyFolder);
  }

  async dashboards(uids: readonly string[]): Promise<ActualDashboard[]> {
    const all = [...new Set([...uids, ...(await taggedUids(this.#client))])];
    const found = await mapLimited(all, width, (uid) => this.dashboard(uid));
    return found.filter((d) => d !== undefined);
  }

  async dashboard(uid: string): Promise<ActualDashboard | undefined> {
    const answer = await this.#client.read(`api/dashboards/uid/${encodeURIComponent(uid)}`);
    if (answer.status === 404) return undefined;
    // Stored in the newer format by a newer Grafana's editor, and not to be had as classic JSON.
    if (answer.status === 406) return { uid, title: uid, folder: '', spec: {}, seen: '', newerFormat: true };
    const { dashboard, meta } = accepted(this.#client, answer, purposes.readDashboard)
      .json as LegacyDashboard;
    return {
      uid,
      title: typeof dashboard.title === 'string' ? dashboard.title : uid,
      folder: meta.folderUid ?? '',
      spec: dashboard,
      seen: String(dashboard.version ?? meta.version ?? ''),
      ...(meta.provisioned && { managedBy: 'provisioning from files' }),
      ...(meta.updatedBy && { savedBy: meta.updatedBy }),
    };
  }

  async create(dashboard: DesiredDashboard, message: string): Promise<ActualDashboard> {
    return await this.#save(dashboard, message, {}, purposes.createDashboard);
  }

  async replace(dashboard: DesiredDashboard, seen: string, message: string): Promise<ActualDashboard> {
    // This API makes anew what is gone, so the state is looked at immediately before.
    await this.#unchanged(dashboard.uid, seen);
    return await this.#save(dashboard, message, { version: Number(seen) }, purposes.writeDashboard);
  }

  async remove(uid: string, seen: string): Promise<void> {
    // This API deletes whatever is there.
    const now = await this.dashboard(uid);
    if (now === undefined) return;
    if (now.seen !== seen) throw changed();
    const answer = await this.#client.once('DELETE', `api/dashboards/uid/${encodeURIComponent(uid)}`);
    if (answer.status !== 404) accepted(this.#client, answer, purposes.deleteDashboard);
  }

  /** @throws GrafanaRefusal `conflict` when the server has another state of the dashboard, or none */
  async #unchanged(uid: string, seen: string): Promise<void> {
    const now = await this.dashboard(uid);
    if (now === undefined)
      throw new GrafanaRefusal('conflict', 412, 'it was deleted by somebody since the plan was made');
    if (now.seen !== seen) throw changed();
  }

  async #save(
    { uid, spec, folder, title }: DesiredDashboard,
    message: string,
    version: JsonObject,
    purpose: Purpose,
  ): Promise<ActualDashboard> {
    // Never `overwrite`: without it the server itself compares versions.
    const dashboard = { ...spec, uid, id: null, ...version };
    const body = { dashboard, folderUid: folder, message: message.slice(0, 500), overwrite: false };
    const answer = await this.#send('POST', 'api/dashboards/db', body, purpose);
    const saved = answer.json as { version?: number };
    return { uid, title, folder, spec, seen: String(saved.version ?? '') };
  }

  async #send(method: string, path: string, json: JsonObject, purpose: Purpose): Promise<Answer> {
    return accepted(this.#client, await this.#client.once(method, path, { json }), purpose);
  }
}

const changed = (): GrafanaRefusal =>
  new GrafanaRefusal('conflict', 412, 'it was changed by somebody since the plan was made');
