import { type HttpClient, Superseded } from '../../lib/http.ts';
import type { ActualDashboard, ActualFolder, DesiredDashboard, GrafanaApi } from './api.ts';
import { appliedHash, isUntouched, ownerOf } from './ownership.ts';

/** Whether the server has exactly what was to be written, made by us. */
export function isAsWanted(actual: ActualDashboard, wanted: DesiredDashboard): boolean {
  return (
    appliedHash(actual.uid, actual.spec) === appliedHash(wanted.uid, wanted.spec) &&
    ownerOf(actual.spec)?.environment === ownerOf(wanted.spec)?.environment &&
    isUntouched(actual.uid, actual)
  );
}

const changedMeanwhile = (): Superseded => new Superseded('it was changed since the plan was made');

/**
 * Writes that may be repeated: after an answer that was lost, the server is asked what it has before anything is sent
 * again. Without that, a create that was carried out fails the second time, and an update overwrites what came between.
 */
export class SafeWrites {
  readonly #client: HttpClient;
  readonly #api: GrafanaApi;
  constructor(client: HttpClient, api: GrafanaApi) {
    this.#client = client;
    this.#api = api;
  }

  async createFolder(uid: string, title: string, parent: string): Promise<ActualFolder> {
    return await this.#client.write(
      () => this.#api.createFolder(uid, title, parent),
      async () => (await this.#api.findFolders(uid, title, parent)).find((f) => f.uid === uid),
    );
  }

  async renameFolder(folder: ActualFolder, title: string): Promise<ActualFolder> {
    return await this.#client.write(
      () => this.#api.renameFolder(folder, title),
      async () => {
        const now = (await this.#api.findFolders(folder.uid, title, '')).find((f) => f.uid === folder.uid);
        return now?.title === title ? now : undefined;
      },
    );
  }

  async create(dashboard: DesiredDashboard, message: string): Promise<ActualDashboard> {
    return await this.#client.write(
      () => this.#api.create(dashboard, message),
      () => this.#landed(dashboard, undefined),
    );
  }

  async replace(dashboard: DesiredDashboard, seen: string, message: string): Promise<ActualDashboard> {
    return await this.#client.write(
      () => this.#api.replace(dashboard, seen, message),
      () => this.#landed(dashboard, seen),
    );
  }

  async remove(uid: string, seen: string): Promise<void> {
    await this.#client.write<true>(
      async () => {
        await this.#api.remove(uid, seen);
        return true;
      },
      async () => {
        const now = await this.#api.dashboard(uid);
        if (now === undefined) return true;
        if (now.seen !== seen) throw changedMeanwhile();
        return undefined;
      },
    );
  }

  /** The server's dashboard, if the lost write arrived; undefined if it did not. */
  async #landed(wanted: DesiredDashboard, seen: string | undefined): Promise<ActualDashboard | undefined> {
    const now = await this.#api.dashboard(wanted.uid);
    if (now?.seen === seen) return undefined;
    if (now !== undefined && isAsWanted(now, wanted)) return now;
    throw changedMeanwhile();
  }
}
