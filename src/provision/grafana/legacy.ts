import type { HttpClient } from '../../lib/http.ts';
import { fields, isNumber, isRecord, isText, listOf, maybe } from '../../lib/shapes.ts';
import type { JsonObject } from '../model.ts';
import { mapLimited, width } from '../pool.ts';
import type { ActualDashboard, ActualFolder, DesiredDashboard, GrafanaApi } from './api.ts';
import { folderManager } from './managers.ts';
import { appliedHash } from './ownership.ts';
import { parseAnswer, type Wanted } from './parse-answer.ts';
import { purposes } from './purposes.ts';
import { accepted, GrafanaRefusal, type Purpose } from './refusal.ts';
import { orUnreadable, taggedUids } from './search.ts';

type Maybe<T> = T | null | undefined;
interface LegacyMeta {
  readonly folderUid?: Maybe<string>;
  readonly provisioned?: unknown;
  readonly version?: Maybe<number>;
  readonly updatedBy?: Maybe<string>;
}
interface LegacyDashboard {
  readonly dashboard: Readonly<Record<string, unknown>>;
  readonly meta: LegacyMeta;
}
interface LegacyFolder {
  readonly uid: string;
  readonly title: string;
  readonly parentUid?: Maybe<string>;
  readonly version?: Maybe<number>;
  readonly managedBy?: Maybe<string>;
}
interface Saved {
  readonly uid: string;
  readonly version: number;
}

const isFolder = fields<LegacyFolder>({
  uid: isText,
  title: isText,
  parentUid: maybe(isText),
  version: maybe(isNumber),
  managedBy: maybe(isText),
});
const aFolder: Wanted<LegacyFolder> = { what: 'a folder', shape: isFolder };
const folders: Wanted<readonly LegacyFolder[]> = { what: 'a list of folders', shape: listOf(isFolder) };
const aDashboard: Wanted<LegacyDashboard> = {
  what: 'a dashboard',
  shape: fields<LegacyDashboard>({
    dashboard: isRecord,
    meta: fields<LegacyMeta>({
      folderUid: maybe(isText),
      version: maybe(isNumber),
      updatedBy: maybe(isText),
    }),
  }),
};
const savedDashboard: Wanted<Saved> = {
  what: 'what was saved',
  shape: fields<Saved>({ uid: isText, version: isNumber }),
};

const toFolder = (folder: LegacyFolder): ActualFolder => ({
  uid: folder.uid,
  title: folder.title,
  seen: String(folder.version ?? ''),
  ...folderManager(folder.managedBy ?? undefined),
});

/** The API of Grafana 11 and before: `/api/dashboards/db` and `/api/folders`. */
export class LegacyApi implements GrafanaApi {
  readonly label = 'older API';
  readonly #client: HttpClient;
  constructor(client: HttpClient) {
    this.#client = client;
  }

  async findFolders(uid: string, title: string, parent: string): Promise<ActualFolder[]> {
    const path = `api/folders/${encodeURIComponent(uid)}`;
    const own = await this.#client.read(path);
    if (own.status !== 404)
      return [toFolder(parseAnswer(this.#client, own, purposes.readFolder, `GET /${path}`, aFolder))];
    const all: LegacyFolder[] = [];
    for (let page = 1; ; page++) {
      const query = { limit: '1000', page: String(page), ...(parent && { parentUid: parent }) };
      const answer = await this.#client.read('api/folders', { query });
      const some = parseAnswer(this.#client, answer, purposes.readFolder, 'GET /api/folders', folders);
      all.push(...some);
      if (some.length < 1000) break;
    }
    return all.filter((f) => f.title === title && (f.parentUid || parent) === parent).map(toFolder);
  }

  async createFolder(uid: string, title: string, parent: string): Promise<ActualFolder> {
    const body = { uid, title, ...(parent && { parentUid: parent }) };
    return toFolder(await this.#send('POST', 'api/folders', body, purposes.createFolder, aFolder));
  }

  async renameFolder(folder: ActualFolder, title: string): Promise<ActualFolder> {
    const body = { title, version: Number(folder.seen), overwrite: false };
    const path = `api/folders/${encodeURIComponent(folder.uid)}`;
    return toFolder(await this.#send('PUT', path, body, purposes.renameFolder, aFolder));
  }

  async dashboards(uids: readonly string[]): Promise<ActualDashboard[]> {
    const all = [...new Set([...uids, ...(await taggedUids(this.#client))])];
    const found = await mapLimited(all, width, (uid) => orUnreadable(uid, () => this.dashboard(uid)));
    return found.filter((d) => d !== undefined);
  }

  async dashboard(uid: string): Promise<ActualDashboard | undefined> {
    const path = `api/dashboards/uid/${encodeURIComponent(uid)}`;
    const answer = await this.#client.read(path);
    if (answer.status === 404) return undefined;
    const found = parseAnswer(this.#client, answer, purposes.readDashboard, `GET /${path}`, aDashboard);
    const { meta } = found;
    const dashboard = found.dashboard as JsonObject;
    return {
      uid,
      title: typeof dashboard.title === 'string' ? dashboard.title : uid,
      folder: meta.folderUid ?? '',
      spec: dashboard,
      seen: String(dashboard.version ?? meta.version ?? ''),
      ...(meta.provisioned === true && { managedBy: 'provisioning from files' }),
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
    // This API deletes without a precondition.
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
      throw new GrafanaRefusal('conflict', 412, 'it was deleted since the plan was made');
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
    const answer = await this.#client.once('POST', 'api/dashboards/db', { json: body });
    if (answer.status === 412 && isRecord(answer.json) && answer.json.status === 'name-exists')
      throw new GrafanaRefusal(
        'invalid',
        412,
        `another dashboard in the folder has the title "${title}", and Grafana before 11.4 takes each title once in a folder: rename that one, or set GRAFANA_FOLDER to another folder`,
      );
    const saved = parseAnswer(this.#client, answer, purpose, 'POST /api/dashboards/db', savedDashboard);
    return await this.#readBack(uid, spec, saved);
  }

  /** The saved dashboard, as the server now shows it. @throws GrafanaRefusal when that is not what was sent */
  async #readBack(uid: string, spec: JsonObject, saved: Saved): Promise<ActualDashboard> {
    const now = await this.dashboard(uid);
    if (saved.uid !== uid || now === undefined)
      throw new GrafanaRefusal('invalid', 200, 'Grafana said that it was saved, and does not have it');
    // A newer version is a person's, who was quick; what it shows, the next plan tells.
    const isOurs = now.seen === String(saved.version);
    if (isOurs && appliedHash(uid, now.spec) !== appliedHash(uid, spec))
      throw new GrafanaRefusal('invalid', 200, 'Grafana said that it was saved, and shows something else');
    return now;
  }

  async #send<T>(
    method: string,
    path: string,
    json: JsonObject,
    purpose: Purpose,
    wanted: Wanted<T>,
  ): Promise<T> {
    const answer = await this.#client.once(method, path, { json });
    return parseAnswer(this.#client, answer, purpose, `${method} /${path}`, wanted);
  }
}

const changed = (): GrafanaRefusal =>
  new GrafanaRefusal('conflict', 412, 'it was changed since the plan was made');
