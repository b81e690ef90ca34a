import { type FakeRequest, type FakeResponse, json } from '../wire/types.ts';
import { deniedLegacy, may } from './auth.ts';
import type { GrafanaState, Spec, Stored, Token } from './state.ts';
import { dashboardFault, folderFault, parentFault } from './validate.ts';

const message = (status: number, text: string, more: Record<string, unknown> = {}): FakeResponse =>
  json(status, { message: text, ...more });

/** `/api/dashboards…`, `/api/folders…` and `/api/search`; undefined for every other path. */
export function legacy(state: GrafanaState, token: Token, request: FakeRequest): FakeResponse | undefined {
  const { method, path } = request;
  const dashboard = /^\/api\/dashboards\/uid\/([^/]+)$/.exec(path)?.[1];
  const folder = /^\/api\/folders\/([^/]+)$/.exec(path)?.[1];
  if (method === 'GET' && path === '/api/search') return search(state, token, request);
  if (method === 'POST' && path === '/api/dashboards/db')
    return may(token, 'Editor') ? save(state, token, request) : deniedLegacy('dashboards:create');
  if (dashboard !== undefined) return one(state, token, method, decodeURIComponent(dashboard));
  if (path === '/api/folders' && method === 'GET') return listFolders(state, token, request);
  if (path === '/api/folders' && method === 'POST')
    return may(token, 'Editor') && token.folder === undefined
      ? createFolder(state, request)
      : deniedLegacy('folders:create');
  if (folder !== undefined) return oneFolder(state, token, request, decodeURIComponent(folder));
  return undefined;
}

const tagsOf = (o: Stored): string[] => (o.spec.tags ?? []) as string[];

/** The index follows writes after some searches, as that of the newer storage does. */
function search(state: GrafanaState, token: Token, { query }: FakeRequest): FakeResponse {
  const tags = query.getAll('tag');
  const limit = Math.min(Number(query.get('limit') ?? 1000), 5000);
  const page = Number(query.get('page') ?? 1);
  const visible = state.all('dashboards').filter((o) => o.indexLag === 0 || o.indexLag-- === 0);
  const hits = visible
    .filter((o) => tags.every((tag) => tagsOf(o).includes(tag)))
    .filter((o) => inScope(token, o.folder));
  const shown = hits.slice((page - 1) * limit, page * limit);
  return json(
    200,
    shown.map((o) => ({
      id: o.id,
      uid: o.name,
      title: o.spec.title,
      type: 'dash-db',
      tags: tagsOf(o),
      ...(o.folder && { folderUid: o.folder }),
    })),
  );
}

function one(state: GrafanaState, token: Token, method: string, uid: string): FakeResponse {
  const found = state.get('dashboards', uid);
  if (!found) return message(404, 'Dashboard not found', { status: 'not-found' });
  if (!inScope(token, found.folder)) return deniedLegacy('dashboards:read');
  if (method === 'DELETE') {
    if (!may(token, 'Editor')) return deniedLegacy('dashboards:delete');
    if (found.fromFiles) return message(400, 'provisioned dashboard cannot be deleted');
    state.remove('dashboards', uid);
    return json(200, { title: found.spec.title, message: 'Dashboard deleted', uid });
  }
  if (found.storedVersion === 'v2') return message(406, 'dashboard is stored in a newer format');
  return json(200, {
    dashboard: { ...found.spec, id: found.id, uid, version: found.generation },
    meta: {
      type: 'db',
      slug: 'x',
      folderUid: found.folder,
      folderTitle: 'General',
      version: found.generation,
      updatedBy: found.updatedBy,
      provisioned: found.fromFiles,
    },
  });
}

interface SaveBody {
  readonly dashboard?: Spec;
  readonly folderUid?: string;
  readonly message?: string;
  readonly overwrite?: boolean;
}

function save(state: GrafanaState, token: Token, request: FakeRequest): FakeResponse {
  const body = JSON.parse(request.body) as SaveBody;
  const { dashboard = {}, folderUid = '' } = body;
  const given = typeof dashboard.uid === 'string' ? dashboard.uid : '';
  const uid = given || `generated-${state.nextId()}`;
  const old = state.get('dashboards', uid);
  if (!inScope(token, folderUid) || (old && !inScope(token, old.folder)))
    return deniedLegacy('dashboards:write');
  const refused = saveRefused(state, body, uid, old);
  if (refused) return refused;
  const { id: _id, uid: _uid, version: _version, ...spec } = dashboard;
  // Labels and annotations do not survive this endpoint.
  const change = { spec, folder: folderUid, labels: {}, annotations: {}, by: 'service-account:1' };
  const { stored } = state.store('dashboards', uid, change);
  // The old storage counts a version for every save.
  if (!state.unified && old && stored.generation === old.generation) {
    stored.generation++;
    stored.resourceVersion = String(stored.generation);
  }
  return json(200, {
    id: stored.id,
    uid,
    status: 'success',
    version: stored.generation,
    slug: 'x',
    folderUid,
  });
}

function saveRefused(
  state: GrafanaState,
  body: SaveBody,
  uid: string,
  old: Stored | undefined,
): FakeResponse | undefined {
  const { dashboard = {}, folderUid = '', overwrite = false } = body;
  if (typeof dashboard.id === 'number' && dashboard.id > 0 && dashboard.id !== old?.id)
    return state.unified
      ? message(409, `deprecatedInternalID=${dashboard.id} is already in use`)
      : message(404, 'Dashboard not found');
  const fault = dashboardFault(state, uid, dashboard, body.message ?? '');
  if (fault) return message(400, fault);
  if (folderUid && !state.get('folders', folderUid)) return message(400, 'folder not found');
  if (state.isRepository(folderUid))
    return message(403, 'its folder is managed by a repository', { title: 'Access denied' });
  if (old?.fromFiles || old?.annotations['grafana.app/managedBy'])
    return message(400, 'Cannot save provisioned dashboard');
  if (!old && state.isFull) return message(403, 'Quota reached');
  if (titleTaken(state, uid, dashboard, folderUid))
    return message(412, 'A dashboard with the same name in the folder already exists', {
      status: 'name-exists',
    });
  if (!old || overwrite || dashboard.version === old.generation) return undefined;
  return state.unified
    ? message(409, 'Dashboard already exists. Use overwrite flag to update.')
    : message(412, 'The dashboard has been changed by someone else', { status: 'version-mismatch' });
}

/** Until 11.3, a title could be had once in a folder. */
function titleTaken(state: GrafanaState, uid: string, { title }: Spec, folder: string): boolean {
  const [major = 13, minor = 0] = (state.options.release ?? '13').split('.').map(Number);
  if (major > 11 || minor > 3) return false;
  return state.all('dashboards').some((o) => o.name !== uid && o.folder === folder && o.spec.title === title);
}

const inScope = (token: Token, folder: string): boolean =>
  token.folder === undefined || token.folder === folder;

const showFolder = (o: Stored): unknown => ({
  id: o.id,
  uid: o.name,
  orgId: 1,
  title: o.spec.title,
  version: o.generation,
  ...(o.folder && { parentUid: o.folder }),
  ...(o.annotations['grafana.app/managedBy'] && { managedBy: o.annotations['grafana.app/managedBy'] }),
});

function listFolders(state: GrafanaState, token: Token, { query }: FakeRequest): FakeResponse {
  const limit = Number(query.get('limit') ?? 1000);
  const page = Number(query.get('page') ?? 1);
  const parent = query.get('parentUid') ?? '';
  const level = state.all('folders').filter((f) => f.folder === parent && inScope(token, f.name));
  return json(200, level.slice((page - 1) * limit, page * limit).map(showFolder));
}

function createFolder(state: GrafanaState, request: FakeRequest): FakeResponse {
  const {
    uid = '',
    title,
    parentUid = '',
  } = JSON.parse(request.body) as {
    uid?: string;
    title?: string;
    parentUid?: string;
  };
  const fault = folderFault(uid, title);
  if (fault) return message(400, fault);
  if (parentUid && !state.get('folders', parentUid))
    return message(404, 'folder not found', { status: 'not-found' });
  if (parentFault(state, uid, parentUid)) return message(400, 'Maximum nested folder depth reached');
  if (state.get('folders', uid))
    return state.unified
      ? message(412, 'The folder has been changed by someone else', { status: 'version-mismatch' })
      : message(409, 'a folder with the same uid already exists');
  const change = {
    spec: { title },
    folder: parentUid,
    labels: {},
    annotations: {},
    by: 'service-account:1',
  };
  return json(200, showFolder(state.store('folders', uid, change).stored));
}

function oneFolder(state: GrafanaState, token: Token, request: FakeRequest, uid: string): FakeResponse {
  const found = state.get('folders', uid);
  if (!found) return message(404, 'folder not found', { status: 'not-found' });
  if (request.method === 'GET') return json(200, showFolder(found));
  if (!may(token, 'Editor') || token.folder !== undefined) return deniedLegacy('folders:write');
  if (request.method !== 'PUT') return message(404, 'Not found');
  const { title, version, overwrite } = JSON.parse(request.body) as {
    title?: string;
    version?: number;
    overwrite?: boolean;
  };
  if (!overwrite && version !== found.generation)
    return message(412, 'The folder has been changed by someone else', { status: 'version-mismatch' });
  const change = {
    spec: { title },
    folder: found.folder,
    labels: {},
    annotations: {},
    by: 'service-account:1',
  };
  return json(200, showFolder(state.store('folders', uid, change).stored));
}
