import { type FakeRequest, type FakeResponse, type Handler, json, text } from '../wire/types.ts';
import { annotations } from './annotations.ts';
import { apis } from './apis.ts';
import { authenticate, namespaceOf } from './auth.ts';
import { datasources } from './datasources.ts';
import { legacy } from './legacy.ts';
import { toNewer } from './newer.ts';
import { type FakeGrafanaOptions, GrafanaState, type Spec, type Token } from './state.ts';

export type { FakeGrafanaOptions, Profile, Stored } from './state.ts';

const versions = { '11': '11.6.4', '12': '12.3.1', '13': '13.1.0' } as const;

/**
 * A Grafana in memory. It refuses what the real one refuses: unknown tokens, missing permissions, stale versions,
 * names that exist, folders that do not, titles and tags that are too long, JSON that its schema does not allow.
 */
export class FakeGrafana {
  readonly state: GrafanaState;
  readonly handler: Handler = (request) => this.#handle(request);

  constructor(options: Partial<FakeGrafanaOptions> = {}) {
    this.state = new GrafanaState(options);
  }

  /** Makes a token known; returns it. */
  token(token: string, facts: Partial<Token> = {}): string {
    this.state.tokens.set(token, { role: 'Editor', org: 1, state: 'valid', ...facts });
    return token;
  }

  /** A data source of type prometheus. @param running versions of our bundle behind it; undefined when it is down */
  prometheus(
    uid: string,
    name: string,
    running: (() => readonly string[]) | undefined,
    isDefault = true,
  ): void {
    this.state.datasources.push({
      id: this.state.nextId(),
      uid,
      name,
      type: 'prometheus',
      url: 'http://prometheus:9090',
      isDefault,
      readOnly: false,
      versions: running,
      user: '',
      jsonData: {},
      secure: {},
    });
  }

  /** Makes or changes a dashboard as a person in the browser does. */
  edit(uid: string, change: (spec: Spec) => Spec, folder?: string, by = 'user:maria'): void {
    const old = this.state.get('dashboards', uid);
    this.state.store('dashboards', uid, {
      spec: change(structuredClone(old?.spec ?? {})),
      folder: folder ?? old?.folder ?? '',
      labels: old?.labels ?? {},
      annotations: old?.annotations ?? {},
      by,
    });
  }

  /** The same in the editor of Grafana 13, which saves in the newer format. @param reshape what only that format can say */
  editNewer(
    uid: string,
    change: (spec: Spec) => Spec,
    reshape: (newer: Spec) => Spec = (newer) => newer,
    unconvertible = false,
  ): void {
    this.edit(uid, change);
    const stored = this.state.get('dashboards', uid);
    if (!stored) throw new Error(`there is no ${uid}`);
    stored.storedVersion = 'v2';
    stored.newer = reshape(toNewer(stored.spec));
    stored.unconvertible = unconvertible;
  }

  #handle(request: FakeRequest): FakeResponse {
    const { prefix } = this.state.options;
    if (!request.path.startsWith(prefix)) return text(404, '<html>not found</html>', 'text/html');
    const path = request.path.slice(prefix.length);
    const local = { ...request, path };
    if (path === '/api/health') return this.#health();
    if (path === '/healthz') return text(200, 'Ok');
    if (!path.startsWith('/api/') && !path.startsWith('/apis/'))
      return { status: 302, headers: { location: `${prefix}/login` }, body: '' };
    const token = authenticate(this.state, request);
    if ('status' in token) return token;
    if (path.startsWith('/apis/')) return apis(this.state, token, local);
    return (
      this.#identity(path, token) ??
      annotations(this.state, token, local) ??
      datasources(this.state, token, local) ??
      legacy(this.state, token, local) ??
      json(404, { message: 'Not found' })
    );
  }

  #health(): FakeResponse {
    const { profile, release, hideVersion } = this.state.options;
    const version = release ?? versions[profile];
    return json(200, { database: 'ok', ...(!hideVersion && { version, commit: 'abc' }) });
  }

  #identity(path: string, token: Token): FakeResponse | undefined {
    if (path === '/api/org') return json(200, { id: token.org, name: 'Main Org.' });
    if (path !== '/api/frontend/settings') return undefined;
    if (this.state.options.hideSettings) return text(404, 'blocked');
    const visible = this.state.datasources.map((d) => [
      d.name,
      { uid: d.uid, type: d.type, isDefault: d.isDefault },
    ]);
    return json(200, {
      namespace: namespaceOf(token),
      buildInfo: { version: this.state.options.release ?? versions[this.state.options.profile] },
      datasources: Object.fromEntries(visible),
    });
  }
}
