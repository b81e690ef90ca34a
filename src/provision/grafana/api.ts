import type { JsonObject } from '../model.ts';

/** A folder as the server has it. */
export interface ActualFolder {
  readonly uid: string;
  readonly title: string;
  readonly seen: string;
  /** Tool that manages it. */
  readonly managedBy?: string;
  /** Whether only that tool may put dashboards into it. */
  readonly closed?: boolean;
}

/** A dashboard as the server has it. */
export interface ActualDashboard {
  readonly uid: string;
  readonly title: string;
  /** Uid of its folder; empty at the root. */
  readonly folder: string;
  readonly spec: JsonObject;
  /** The server's name of this state; a write names it, and is refused when there is a newer one. */
  readonly seen: string;
  /** Tool that manages it and forbids others to write: Git Sync, Terraform, files. */
  readonly managedBy?: string;
  /** Saved by Grafana's own editor in its newer format; `spec` is then Grafana's conversion of it. */
  readonly newer?: {
    /** As it is stored. */
    readonly spec: JsonObject;
    /** Parts that classic JSON cannot express, in words. */
    readonly lost: readonly string[];
    /** Whether Grafana could convert it; if not, `spec` holds title and tags only. */
    readonly converted: boolean;
  };
  /** Why the token may not read it: all that is known is that it exists. */
  readonly unreadable?: string;
  /** True when the server's own count of changes says that our write was the last one. */
  readonly asWritten?: boolean;
  /** Who saved it last, and when, as far as the server says. */
  readonly savedBy?: string;
}

/** A dashboard as it is to be: already marked as ours. */
export interface DesiredDashboard {
  readonly uid: string;
  readonly title: string;
  readonly folder: string;
  readonly spec: JsonObject;
}

/** One of the three APIs that Grafana has had for folders and dashboards, chosen once per run. */
export interface GrafanaApi {
  /** As people read it: `API v1`. */
  readonly label: string;
  /** The folder that has the uid, wherever it is; else those in `parent` (empty for the root) that have the title. */
  findFolders(uid: string, title: string, parent: string): Promise<ActualFolder[]>;
  createFolder(uid: string, title: string, parent: string): Promise<ActualFolder>;
  renameFolder(folder: ActualFolder, title: string): Promise<ActualFolder>;
  /** The dashboards with these uids that exist, and all that carry our tag. */
  dashboards(uids: readonly string[]): Promise<ActualDashboard[]>;
  dashboard(uid: string): Promise<ActualDashboard | undefined>;
  /** @throws GrafanaRefusal `conflict` when the uid exists */
  create(dashboard: DesiredDashboard, message: string): Promise<ActualDashboard>;
  /** @throws GrafanaRefusal `conflict` when the server has a newer state than `seen` */
  replace(dashboard: DesiredDashboard, seen: string, message: string): Promise<ActualDashboard>;
  /** @throws GrafanaRefusal `conflict` when the server has a newer state than `seen` */
  remove(uid: string, seen: string): Promise<void>;
}
