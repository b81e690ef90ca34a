import { type FakeRequest, type FakeResponse, json, text } from '../wire/types.ts';
import { may, namespaceOf, status } from './auth.ts';
import { type Group, groups, versionsOf } from './discovery.ts';
import { toNewer } from './newer.ts';
import { rewriteDashboard } from './rewrite.ts';
import type { GrafanaState, Spec, Stored, Token } from './state.ts';
import { dashboardFault, folderFault, folderRefusal, parentFault, schemaFaults } from './validate.ts';

interface Body {
  apiVersion?: string;
  kind?: string;
  metadata?: {
    name?: string;
    generateName?: string;
    namespace?: string;
    uid?: string;
    resourceVersion?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
  };
  spec?: Spec;
}

const folderKey = 'grafana.app/folder';
const serverKeys = [
  'grafana.app/createdBy',
  'grafana.app/updatedBy',
  'grafana.app/updatedTimestamp',
  folderKey,
];
const knownManagers = ['repo', 'terraform', 'kubectl', 'plugin', 'grafana', 'classic-file-provisioning'];
/** Every request below `/apis`. */
export function apis(state: GrafanaState, token: Token, request: FakeRequest): FakeResponse {
  state.apisRequests++;
  const [, groupName = '', version, , namespace, resource, name, ...more] = request.path
    .replace(/^\//, '')
    .split('/')
    .map(decodeURIComponent);
  if (state.options.profile === '11' || state.apisRequests <= state.options.startingFor)
    return text(404, '404 page not found');
  if (!(groupName in groups)) return text(404, '404 page not found');
  const group = groupName as Group;
  if (!version)
    return json(200, {
      kind: 'APIGroup',
      apiVersion: 'v1',
      name: group,
      versions: versionsOf(state, group).map((v) => ({ groupVersion: `${group}/${v}`, version: v })),
    });
  if (!versionsOf(state, group).includes(version) || resource !== groups[group] || more.length > 0)
    return text(404, '404 page not found');
  if (namespace !== namespaceOf(token))
    return status(403, 'Forbidden', `${resource}.${group} is forbidden: invalid namespace`);
  if (name !== undefined && !/^[a-zA-Z0-9:._-]{1,253}$/.test(name))
    return status(400, 'BadRequest', `invalid resource name "${name}"`);
  return new Resources(state, token, group, version, request).answer(name);
}

/** One request to one kind of object. */
class Resources {
  readonly #state: GrafanaState;
  readonly #token: Token;
  readonly #group: Group;
  readonly #version: string;
  readonly #request: FakeRequest;
  constructor(state: GrafanaState, token: Token, group: Group, version: string, request: FakeRequest) {
    this.#state = state;
    this.#token = token;
    this.#group = group;
    this.#version = version;
    this.#request = request;
  }

  get #kind(): Stored['kind'] {
    return groups[this.#group];
  }

  answer(name: string | undefined): FakeResponse {
    const { method } = this.#request;
    if (method === 'GET') return name === undefined ? this.#list() : this.#get(name);
    if (!['POST', 'PUT', 'DELETE'].includes(method) || (method === 'POST') !== (name === undefined))
      return status(
        405,
        'MethodNotAllowed',
        'the server does not allow this method on the requested resource',
      );
    const denied = this.#denied(name);
    if (denied) return denied;
    if (!may(this.#token, 'Editor'))
      return status(
        403,
        'Forbidden',
        `${this.#qualified(name ?? '')} is forbidden: user cannot ${method} resource`,
      );
    if (method === 'DELETE') return this.#delete(name as string);
    if (!this.#request.headers['content-type']?.startsWith('application/json'))
      return status(415, 'UnsupportedMediaType', 'the body of the request was in an unknown format');
    if (this.#request.body.length > 16 * 1024 * 1024)
      return status(413, 'RequestEntityTooLarge', 'Request entity too large: limit is 16777216');
    let body: Body;
    try {
      body = JSON.parse(this.#request.body) as Body;
    } catch {
      return status(400, 'BadRequest', 'error decoding json');
    }
    return (
      this.#shape(body, name) ??
      (method === 'POST' ? this.#create(body) : this.#replace(body, name as string))
    );
  }

  /** Objects that a token of one folder may see: that folder, and its content. */
  #inScope(o: Stored): boolean {
    const { folder } = this.#token;
    return folder === undefined || (this.#kind === 'folders' ? o.name === folder : o.folder === folder);
  }

  #forbidden(name: string): FakeResponse {
    return status(403, 'Forbidden', `${this.#qualified(name)} is forbidden: no permission in its folder`);
  }

  /** The refusal of a write that leaves the folder of the token; undefined when it is permitted. */
  #denied(name: string | undefined): FakeResponse | undefined {
    const { folder } = this.#token;
    if (folder === undefined) return undefined;
    const old = name === undefined ? undefined : this.#state.get(this.#kind, name);
    const body = this.#request.body ? (JSON.parse(this.#request.body) as Body) : {};
    const target = body.metadata?.annotations?.[folderKey];
    const leaves = this.#request.method !== 'DELETE' && target !== folder;
    return this.#kind === 'folders' || leaves || (old && !this.#inScope(old))
      ? this.#forbidden(name ?? body.metadata?.name ?? '')
      : undefined;
  }

  #qualified(name: string): string {
    return `${this.#kind}.${this.#group} "${name}"`;
  }

  #shape(body: Body, name: string | undefined): FakeResponse | undefined {
    const kind = this.#kind === 'dashboards' ? 'Dashboard' : 'Folder';
    if (body.apiVersion !== `${this.#group}/${this.#version}` || body.kind !== kind)
      return status(400, 'BadRequest', `the object provided is unrecognized (must be of type ${kind})`);
    const meta = body.metadata ?? {};
    if (meta.namespace && meta.namespace !== namespaceOf(this.#token))
      return status(
        400,
        'BadRequest',
        'the namespace of the provided object does not match the namespace sent on the request',
      );
    if (name !== undefined && meta.name !== name)
      return status(
        400,
        'BadRequest',
        `the name of the object (${meta.name}) does not match the name on the URL (${name})`,
      );
    if (!body.spec) return status(422, 'Invalid', `${kind} is invalid: spec: Required value`);
    return undefined;
  }

  #get(name: string): FakeResponse {
    const found = this.#state.get(this.#kind, name);
    if (found && !this.#inScope(found)) return this.#forbidden(name);
    return found
      ? json(200, this.#show(found))
      : status(404, 'NotFound', `${this.#qualified(name)} not found`);
  }

  #list(): FakeResponse {
    const { query } = this.#request;
    const limit = Number(query.get('limit') ?? 0) || 500;
    const selector = query.get('labelSelector');
    if (selector && !this.#state.unified)
      return status(500, 'InternalError', 'Internal error occurred: labels not yet supported');
    const [label, value] = selector?.split('=') ?? [];
    const all = this.#state
      .all(this.#kind)
      .filter((o) => label === undefined || o.labels[label] === value)
      .filter((o) => this.#inScope(o))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    const token = query.get('continue');
    const start = token ? Number(Buffer.from(token, 'base64url').toString() || Number.NaN) : 0;
    if (Number.isNaN(start)) return status(410, 'Expired', 'the provided continue parameter is too old');
    const items = all.slice(start, start + limit);
    const next =
      start + limit < all.length ? Buffer.from(String(start + limit)).toString('base64url') : undefined;
    return json(200, {
      kind: `${this.#kind === 'dashboards' ? 'Dashboard' : 'Folder'}List`,
      apiVersion: `${this.#group}/${this.#version}`,
      metadata: { resourceVersion: '1', ...(next && { continue: next }) },
      items: items.map((o) => this.#show(o)),
    });
  }

  #show(o: Stored): unknown {
    const root = this.#state.unified ? { [folderKey]: 'general' } : {};
    return {
      apiVersion: `${this.#group}/${this.#version}`,
      kind: this.#kind === 'dashboards' ? 'Dashboard' : 'Folder',
      metadata: {
        name: o.name,
        namespace: namespaceOf(this.#token),
        uid: o.uid,
        resourceVersion: o.resourceVersion,
        generation: o.generation,
        creationTimestamp: '2026-01-01T00:00:00Z',
        labels: { 'grafana.app/deprecatedInternalID': String(o.id), ...o.labels },
        annotations: {
          ...(o.folder ? { [folderKey]: o.folder } : root),
          'grafana.app/createdBy': o.createdBy,
          'grafana.app/updatedBy': o.updatedBy,
          'grafana.app/updatedTimestamp': o.updatedAt,
          ...o.annotations,
        },
      },
      spec: this.#specOf(o),
      status:
        o.storedVersion === 'v2' && this.#version !== 'v2'
          ? { conversion: { storedVersion: 'v2', failed: o.unconvertible === true } }
          : {},
    };
  }

  /** In the version that was asked for, as far as the server can convert it. */
  #specOf(o: Stored): Spec {
    if (this.#version === 'v2' && this.#kind === 'dashboards') return o.newer ?? toNewer(o.spec);
    return o.storedVersion === 'v2' && o.unconvertible ? {} : o.spec;
  }

  #create(body: Body): FakeResponse {
    const name = body.metadata?.name ?? '';
    if (body.metadata?.resourceVersion)
      return status(500, '', 'resourceVersion should not be set on objects to be created');
    if (this.#state.get(this.#kind, name))
      return status(409, 'AlreadyExists', `${this.#qualified(name)} already exists`);
    if (this.#kind === 'dashboards' && this.#state.isFull)
      return status(403, 'Forbidden', 'Dashboard quota reached');
    return this.#write(body, name, undefined);
  }

  #replace(body: Body, name: string): FakeResponse {
    const { uid, resourceVersion } = body.metadata ?? {};
    const old = this.#state.get(this.#kind, name);
    const conflict = (why: string): FakeResponse =>
      status(409, 'Conflict', `Operation cannot be fulfilled on ${this.#qualified(name)}: ${why}`);
    if (!old && resourceVersion) return conflict('the object was deleted');
    if (old && uid && uid !== old.uid) return conflict('Precondition failed: UID in precondition');
    if (old && resourceVersion && resourceVersion !== old.resourceVersion)
      return conflict(
        'the object has been modified; please apply your changes to the latest version and try again',
      );
    return this.#managed(old, body) ?? this.#write(body, name, old);
  }

  #managed(old: Stored | undefined, body: Body): FakeResponse | undefined {
    const kind = old?.annotations['grafana.app/managedBy'];
    if (!old || kind === undefined || !knownManagers.includes(kind)) return undefined;
    if (kind === 'repo')
      return status(403, 'Forbidden', `${this.#qualified(old.name)} is forbidden: managed by a repository`);
    if (body.metadata?.annotations?.['grafana.app/managedBy'] !== kind)
      return status(403, 'Forbidden', 'Can not remove resource manager from resource');
    return undefined;
  }

  #write(body: Body, name: string, old: Stored | undefined): FakeResponse {
    const { annotations = {}, labels = {} } = body.metadata ?? {};
    const dry = this.#request.query.get('dryRun') === 'All';
    const folder = annotations[folderKey] === 'general' ? '' : (annotations[folderKey] ?? '');
    const refused = this.#refused(name, body.spec ?? {}, annotations['grafana.app/message'] ?? '');
    if (refused) return refused;
    const place = folderRefusal(this.#state, folder, annotations['grafana.app/managedBy']);
    if (!dry && place) return status(...place);
    const nested = this.#kind === 'folders' ? parentFault(this.#state, name, folder) : undefined;
    if (nested) return status(400, 'BadRequest', nested);
    const spec = this.#stored(body.spec ?? {});
    const kept = Object.entries(annotations).filter(([key]) => !serverKeys.includes(key));
    const custom = Object.entries(labels).filter(([key]) => key !== 'grafana.app/deprecatedInternalID');
    const change = {
      spec,
      folder,
      labels: Object.fromEntries(custom),
      annotations: Object.fromEntries(kept),
      by: 'service-account:1',
    };
    if (dry) return json(200, { ...body, spec });
    const { stored } = this.#state.store(this.#kind, name, change);
    return json(old ? 200 : 201, this.#show(stored));
  }

  #refused(name: string, spec: Spec, message: string): FakeResponse | undefined {
    if (this.#kind === 'folders') {
      const fault = folderFault(name, spec.title);
      return fault ? status(400, 'BadRequest', fault) : undefined;
    }
    const fault = dashboardFault(this.#state, name, spec, message);
    if (fault) return status(400, 'BadRequest', fault);
    const mode = this.#request.query.get('fieldValidation') ?? 'Strict';
    const causes =
      mode === 'Strict' && this.#version !== 'v0alpha1'
        ? schemaFaults(spec, this.#state.unified ? 42 : 41)
        : [];
    if (causes.length === 0) return undefined;
    const withReason = causes.map((c) => ({ reason: 'FieldValueInvalid', ...c }));
    return status(422, 'Invalid', `Dashboard.dashboard.grafana.app "${name}" is invalid`, {
      causes: withReason,
    });
  }

  #stored(spec: Spec): Spec {
    if (this.#kind === 'folders')
      return { title: spec.title, ...(spec.description ? { description: spec.description } : {}) };
    if (this.#version === 'v1') return rewriteDashboard(spec, this.#state.options.futureDefaults);
    const { uid: _uid, id: _id, version: _version, ...rest } = spec;
    return rest;
  }

  #delete(name: string): FakeResponse {
    const old = this.#state.get(this.#kind, name);
    if (!old) return status(404, 'NotFound', `${this.#qualified(name)} not found`);
    const options = (this.#request.body ? JSON.parse(this.#request.body) : {}) as {
      preconditions?: { resourceVersion?: string };
    };
    const wanted = options.preconditions?.resourceVersion;
    if (wanted && wanted !== old.resourceVersion)
      return status(
        409,
        'Conflict',
        `Operation cannot be fulfilled on ${this.#qualified(name)}: Precondition failed`,
      );
    if (old.fromFiles) return status(400, 'BadRequest', 'provisioned dashboard cannot be deleted');
    if (this.#kind === 'folders')
      for (const inside of this.#state.all('dashboards').filter((d) => d.folder === name))
        this.#state.remove('dashboards', inside.name);
    this.#state.remove(this.#kind, name);
    return json(200, {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Success',
      details: { name },
    });
  }
}
