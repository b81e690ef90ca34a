import { type FakeRequest, type FakeResponse, json } from '../wire/types.ts';
import { deniedLegacy, may } from './auth.ts';
import type { Datasource, GrafanaState, Token } from './state.ts';

const show = (d: Datasource): unknown => ({
  id: d.id,
  uid: d.uid,
  orgId: 1,
  name: d.name,
  type: d.type,
  access: 'proxy',
  url: d.url,
  isDefault: d.isDefault,
  readOnly: d.readOnly,
  user: d.user,
  basicAuthUser: d.user,
  jsonData: d.jsonData,
  secureJsonFields: Object.fromEntries(Object.keys(d.secure).map((key) => [key, true])),
});

/** `/api/datasources…`; undefined for every other path. */
export function datasources(
  state: GrafanaState,
  token: Token,
  request: FakeRequest,
): FakeResponse | undefined {
  const { method, path } = request;
  if (!path.startsWith('/api/datasources')) return undefined;
  const [, , , ...rest] = path.split('/').map(decodeURIComponent);
  const by = (uid: string | undefined): Datasource | undefined =>
    state.datasources.find((d) => d.uid === uid);
  const missing = json(404, { message: 'Data source not found' });
  if (rest[0] === 'proxy' && rest[1] === 'uid') {
    const found = by(rest[2]);
    return found ? query(found, rest.slice(3).join('/'), request) : missing;
  }
  if (rest[0] === 'uid' && rest[2] === 'health') {
    const found = by(rest[1]);
    if (!found) return missing;
    return found.versions
      ? json(200, { status: 'OK', message: 'Successfully queried the Prometheus API.' })
      : json(400, { status: 'ERROR', message: 'dial tcp: lookup prometheus: no such host' });
  }
  // By number: switched off since 13.
  if (/^\d+$/.test(rest[0] ?? '')) return state.unified ? json(404, { message: 'Not found' }) : missing;
  if (!may(token, 'Admin')) return deniedLegacy(method === 'GET' ? 'datasources:read' : 'datasources:create');
  if (rest.length === 0 && method === 'GET') return json(200, state.datasources.map(show));
  if (rest.length === 0 && method === 'POST') return create(state, request);
  if (rest[0] === 'uid' && method === 'GET') {
    const found = by(rest[1]);
    return found ? json(200, show(found)) : missing;
  }
  return missing;
}

/** Grafana's proxy to the Prometheus behind a data source. */
function query(source: Datasource, path: string, request: FakeRequest): FakeResponse {
  if (!source.versions) return { status: 502, body: '' };
  if (path !== 'api/v1/query') return json(404, { message: 'Not found' });
  if (request.query.get('query') !== 'deployment_observability:bundle:info')
    return json(400, { status: 'error', errorType: 'bad_data', error: 'unexpected query' });
  const result = source.versions().map((version) => ({
    metric: { __name__: 'deployment_observability:bundle:info', version },
    value: [1_767_600_000, '1'],
  }));
  return json(200, { status: 'success', data: { resultType: 'vector', result } });
}

function create(state: GrafanaState, request: FakeRequest): FakeResponse {
  const body = JSON.parse(request.body) as {
    uid?: string;
    name?: string;
    type?: string;
    url?: string;
    access?: string;
    isDefault?: boolean;
    basicAuthUser?: string;
    jsonData?: Record<string, unknown>;
    secureJsonData?: Record<string, string>;
  };
  if (!body.name || !body.type || body.access !== 'proxy') return json(400, { message: 'bad request data' });
  try {
    new URL(body.url ?? '');
  } catch {
    return json(400, { message: 'Validation error, invalid URL' });
  }
  if (state.datasources.some((d) => d.name === body.name))
    return json(409, { message: 'data source with the same name already exists' });
  if (state.datasources.some((d) => d.uid === body.uid))
    return json(409, { message: 'data source with the same uid already exists' });
  const made: Omit<Datasource, 'versions'> = {
    id: state.nextId(),
    uid: body.uid ?? `generated-${state.nextId()}`,
    name: body.name,
    type: body.type,
    url: body.url ?? '',
    isDefault: body.isDefault ?? false,
    readOnly: false,
    user: body.basicAuthUser ?? '',
    jsonData: body.jsonData ?? {},
    secure: body.secureJsonData ?? {},
  };
  const datasource: Datasource = { ...made, versions: state.behindNew(made) };
  state.datasources.push(datasource);
  return json(200, {
    datasource: show(datasource),
    id: datasource.id,
    message: 'Datasource added',
    name: body.name,
  });
}
