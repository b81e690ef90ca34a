/** JSON object as the fake keeps it. */
export type Spec = Record<string, unknown>;

export type Profile = '11' | '12' | '13';

/** One folder or dashboard. Both APIs show the same objects. */
export interface Stored {
  readonly kind: 'dashboards' | 'folders';
  readonly name: string;
  readonly uid: string;
  readonly id: number;
  spec: Spec;
  /** Uid of the folder; empty at the root. */
  folder: string;
  generation: number;
  resourceVersion: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
  createdBy: string;
  updatedBy: string;
  updatedAt: string;
  /** `v2` when the editor of Grafana 13 saved it in the newer format. */
  storedVersion: 'v1' | 'v2';
  /** The spec that the editor saved in the newer format; with it, `spec` is the server's conversion. */
  newer?: Spec;
  /** The server cannot convert it. */
  unconvertible?: boolean;
  /** Read from files at start-up: neither API may delete or change it. */
  fromFiles: boolean;
  /** Number of searches that still do not see the object's present state. */
  indexLag: number;
}

export interface Datasource {
  readonly id: number;
  readonly uid: string;
  readonly name: string;
  readonly type: string;
  readonly url: string;
  readonly isDefault: boolean;
  readonly readOnly: boolean;
  /** Versions of our bundle in the Prometheus behind it; undefined when it cannot be reached. */
  readonly versions: (() => readonly string[]) | undefined;
  readonly user: string;
  readonly jsonData: Readonly<Record<string, unknown>>;
  /** Secrets that were sent; never shown by the API. */
  readonly secure: Readonly<Record<string, string>>;
}

export interface StoredAnnotation {
  readonly id: number;
  readonly time: number;
  /** The same as `time` for a moment. */
  readonly timeEnd: number;
  readonly text: string;
  readonly tags: readonly string[];
}

export type Role = 'Viewer' | 'Editor' | 'Admin';
export interface Token {
  role: Role;
  org: number;
  state: 'valid' | 'expired' | 'revoked';
  /** Uid of the only folder in which it may read and write dashboards; undefined for all. Such a token makes no folders and annotates nothing. */
  folder?: string;
  /** It has the role "Annotation writer" too, and nothing more. */
  annotates?: boolean;
}

/** How one fake Grafana behaves. */
export interface FakeGrafanaOptions {
  readonly profile: Profile;
  /** Where Grafana 12 keeps dashboards: its old tables, which know no labels, or as 13 does. */
  readonly storage: 'sql' | 'unified';
  /** Release, where it matters within a profile: `11.2.0`. */
  readonly release: string | undefined;
  /** How many dashboards there may be. */
  readonly quota: number;
  /** Path prefix that everything is served under, such as `/grafana`. */
  readonly prefix: string;
  readonly hideVersion: boolean;
  /** A proxy keeps `/api/frontend/settings` back. */
  readonly hideSettings: boolean;
  /** Searches after a write that do not see it yet. */
  readonly searchLag: number;
  /** Fields that a later release might add to every panel; unknown to our comparison. */
  readonly futureDefaults: boolean;
  readonly minRefreshSeconds: number;
  /** Requests to `/apis` that answer 404 while the server starts. */
  readonly startingFor: number;
}

/** Everything that a fake Grafana remembers. */
export class GrafanaState {
  readonly options: FakeGrafanaOptions;
  readonly objects = new Map<string, Stored>();
  readonly datasources: Datasource[] = [];
  readonly annotations: StoredAnnotation[] = [];
  /** Objects that were deleted from the unified storage, by kind and name. */
  readonly trash = new Map<string, Stored>();
  readonly tokens = new Map<string, Token>();
  /** The server behind a data source that is made through the API; undefined when it cannot be reached. */
  behindNew: (made: Omit<Datasource, 'versions'>) => (() => readonly string[]) | undefined = () => () => [];
  /** The server's own clock, milliseconds. */
  now: () => number = () => Date.now();
  /** Requests to `/apis` so far, for a server that starts slowly. */
  apisRequests = 0;
  #ids = 0;
  #clock = 1_767_600_000_000_000;

  constructor(options: Partial<FakeGrafanaOptions> = {}) {
    this.options = {
      profile: '13',
      storage: options.profile === '12' ? 'sql' : 'unified',
      release: undefined,
      quota: Number.POSITIVE_INFINITY,
      prefix: '',
      hideVersion: false,
      hideSettings: false,
      searchLag: 0,
      futureDefaults: false,
      minRefreshSeconds: 5,
      startingFor: 0,
      ...options,
    };
  }

  get unified(): boolean {
    const { profile, storage } = this.options;
    return profile === '13' || (profile === '12' && storage === 'unified');
  }

  nextId(): number {
    return ++this.#ids;
  }

  /** Resource versions: microseconds with the new storage, the version number with the old one. */
  nextVersion(generation: number): string {
    this.#clock += 1_000_003;
    return this.unified ? String(this.#clock) : String(generation);
  }

  key(kind: Stored['kind'], name: string): string {
    return `${kind}/${name}`;
  }

  get(kind: Stored['kind'], name: string): Stored | undefined {
    return this.objects.get(this.key(kind, name));
  }

  all(kind: Stored['kind']): Stored[] {
    return [...this.objects.values()].filter((o) => o.kind === kind);
  }

  /** Deletes an object; the unified storage keeps it in the trash. */
  remove(kind: Stored['kind'], name: string): void {
    const old = this.get(kind, name);
    if (old && this.unified) this.trash.set(this.key(kind, name), old);
    this.objects.delete(this.key(kind, name));
  }

  /** Takes a dashboard out of the trash as a person does: a new object with the old content and notes, counted from 1. */
  restore(name: string): void {
    const old = this.trash.get(this.key('dashboards', name));
    if (!old) throw new Error(`${name} is not in the trash`);
    const { spec, folder, labels, annotations, storedVersion } = old;
    const { stored } = this.store('dashboards', name, {
      spec,
      folder,
      labels,
      annotations,
      by: 'user:maria',
    });
    stored.storedVersion = storedVersion;
  }

  /** Whether one more dashboard is one too many. */
  get isFull(): boolean {
    return this.all('dashboards').length >= this.options.quota;
  }

  /** Whether a folder is one that Git Sync manages: no other tool may put a dashboard into it. */
  isRepository(folder: string): boolean {
    return this.get('folders', folder)?.annotations['grafana.app/managedBy'] === 'repo';
  }

  /** Stores a new object, or a new state of one. The generation counts changes of spec and folder only. */
  store(
    kind: Stored['kind'],
    name: string,
    change: {
      spec: Spec;
      folder: string;
      labels: Record<string, string>;
      annotations: Record<string, string>;
      by: string;
    },
  ): { stored: Stored; created: boolean } {
    const old = this.get(kind, name);
    const changed =
      !old || JSON.stringify(old.spec) !== JSON.stringify(change.spec) || old.folder !== change.folder;
    const generation = (old?.generation ?? 0) + (changed ? 1 : 0);
    const id = old?.id ?? this.nextId();
    const stored: Stored = {
      kind,
      name,
      id,
      uid: old?.uid ?? `opaque-${id}`,
      spec: structuredClone(change.spec),
      folder: change.folder,
      generation,
      resourceVersion: this.nextVersion(generation),
      // The old SQL storage has no columns for them.
      labels: this.unified ? { ...change.labels } : {},
      annotations: this.unified ? { ...change.annotations } : {},
      createdBy: old?.createdBy ?? change.by,
      updatedBy: changed ? change.by : (old?.updatedBy ?? ''),
      updatedAt: new Date(this.#clock / 1000).toISOString(),
      storedVersion: 'v1',
      fromFiles: old?.fromFiles ?? false,
      indexLag: this.options.searchLag,
    };
    this.objects.set(this.key(kind, name), stored);
    return { stored, created: old === undefined };
  }
}
