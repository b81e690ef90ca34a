import type { HttpClient } from '../../lib/http.ts';
import type { Change, Flags } from '../model.ts';
import { bundleMetric } from '../names.ts';
import type { GrafanaServer, ListedDatasource } from './connect.ts';
import { purposes } from './purposes.ts';
import { accepted, refusal } from './refusal.ts';

/** Uid and name of the data source that `--create-datasource` makes. */
export const ownDatasource = { uid: 'deployment-observability', name: 'Deployments (Prometheus)' } as const;

/** Which data source the dashboards use, and what it answered. */
export type DatasourceState =
  | { readonly state: 'missing'; readonly wanted: string | undefined }
  | { readonly state: 'ambiguous'; readonly names: readonly string[] }
  | { readonly state: 'wrong type'; readonly source: ListedDatasource }
  | {
      readonly state: 'found';
      readonly source: ListedDatasource;
      /** Why it does not work; undefined when it does. */
      readonly trouble: string | undefined;
      /** Bundle versions that the Prometheus behind it runs. */
      readonly versions: readonly string[];
    };

/** All data sources: the complete list for administrators, those that may be queried for everybody else. */
async function listed({ client, datasources }: GrafanaServer): Promise<readonly ListedDatasource[]> {
  const answer = await client.read('api/datasources');
  if (answer.status === 403) return datasources;
  const all = accepted(client, answer, purposes.readDatasource).json as ListedDatasource[];
  return all.map(({ uid, name, type, isDefault, url }) => ({
    uid,
    name,
    type,
    isDefault,
    ...(url !== undefined && { url }),
  }));
}

function choose(
  all: readonly ListedDatasource[],
  wanted: string | undefined,
): DatasourceState | ListedDatasource {
  if (wanted !== undefined) {
    const source = all.find((d) => d.uid === wanted) ?? all.find((d) => d.name === wanted);
    if (source === undefined) return { state: 'missing', wanted };
    return source.type === 'prometheus' ? source : { state: 'wrong type', source };
  }
  const candidates = all.filter((d) => d.type === 'prometheus');
  const [only, ...others] = candidates;
  const best =
    candidates.find((d) => d.uid === ownDatasource.uid) ??
    candidates.find((d) => d.isDefault) ??
    (others.length === 0 ? only : undefined);
  if (best) return best;
  if (only === undefined) return { state: 'missing', wanted };
  return { state: 'ambiguous', names: candidates.map((d) => d.name) };
}

/** Asks the data source itself, through Grafana, whether it is healthy. Undefined when it is. */
async function troubleOf(client: HttpClient, uid: string): Promise<string | undefined> {
  const answer = await client.read(`api/datasources/uid/${encodeURIComponent(uid)}/health`);
  if (answer.status === 401 || answer.status === 403) throw refusal(client, answer, purposes.queryDatasource);
  const body = (answer.json ?? {}) as { status?: string; message?: string };
  if (answer.status < 300 && body.status?.toUpperCase() === 'OK') return undefined;
  return `it is not healthy: ${client.redact(body.message ?? `status ${answer.status}`)}`;
}

/** Bundle versions that the Prometheus behind a data source runs, asked through Grafana. */
export async function versionsBehind(client: HttpClient, uid: string): Promise<string[]> {
  const path = `api/datasources/proxy/uid/${encodeURIComponent(uid)}/api/v1/query`;
  const answer = await client.read(path, { query: { query: bundleMetric } });
  const body = accepted(client, answer, purposes.queryDatasource).json as {
    data?: { result?: { metric: Record<string, string> }[] };
  };
  return (body.data?.result ?? []).flatMap((r) => r.metric.version ?? []);
}

/** Looks at the data source of the dashboards. @param wanted GRAFANA_DATASOURCE: a uid or a name */
export async function readDatasource(
  server: GrafanaServer,
  wanted: string | undefined,
): Promise<DatasourceState> {
  const chosen = choose(await listed(server), wanted);
  if ('state' in chosen) return chosen;
  const trouble = await troubleOf(server.client, chosen.uid);
  const versions = trouble === undefined ? await versionsBehind(server.client, chosen.uid) : [];
  return { state: 'found', source: chosen, trouble, versions };
}

function planMissing(wanted: string | undefined, flags: Flags): Change {
  const id = wanted ?? ownDatasource.uid;
  const change = { target: 'grafana', kind: 'data source', id, title: wanted ?? ownDatasource.name } as const;
  if (wanted !== undefined && wanted !== ownDatasource.uid) {
    const details = [`there is no data source with the uid or name "${wanted}": correct GRAFANA_DATASOURCE`];
    return { ...change, action: 'blocked', details };
  }
  const permitted = flags.createDatasource ? {} : { needs: '--create-datasource' as const };
  const details = ['there is no data source of type prometheus'];
  return { ...change, action: 'create', details, ...permitted };
}

/** The data source's line of the plan. @param served bundle versions that PROMETHEUS_URL runs; undefined when it was not asked */
export function planDatasource(
  state: DatasourceState,
  served: readonly string[] | undefined,
  flags: Flags,
): Change {
  const change = { target: 'grafana', kind: 'data source' } as const;
  switch (state.state) {
    case 'missing':
      return planMissing(state.wanted, flags);
    case 'ambiguous': {
      const details = [`set GRAFANA_DATASOURCE to one of: ${state.names.join(', ')}`];
      return { ...change, id: '-', title: 'one of several', action: 'blocked', details };
    }
    case 'wrong type': {
      const { uid, name, type } = state.source;
      return {
        ...change,
        id: uid,
        title: name,
        action: 'blocked',
        details: [`is of type ${type}, not prometheus`],
      };
    }
    case 'found': {
      const { uid, name } = state.source;
      const wrong = state.trouble ?? elsewhere(state.versions, served);
      const action = wrong === undefined ? 'unchanged' : 'unhealthy';
      return { ...change, id: uid, title: name, action, details: wrong === undefined ? [] : [wrong] };
    }
  }
}

/** Why the data source seems to ask another Prometheus than the one that gets our rules. */
function elsewhere(behind: readonly string[], served: readonly string[] | undefined): string | undefined {
  if (served === undefined || served.length === 0 || behind.some((v) => served.includes(v))) return undefined;
  const other =
    behind.length === 0 ? 'which has no rules of ours' : `which runs version ${behind.join(', ')}`;
  return `it asks another Prometheus than PROMETHEUS_URL, ${other}`;
}

/** What a new data source needs to know. The credentials are handed to Grafana, which keeps them. */
export interface NewDatasource {
  readonly url: string;
  readonly username?: string;
  readonly password?: string;
  readonly token?: string;
}

/** Creates our data source; found already there after a lost answer is as good. */
export async function createDatasource(
  client: HttpClient,
  { url, username, password, token }: NewDatasource,
) {
  const { uid, name } = ownDatasource;
  const json = {
    uid,
    name,
    type: 'prometheus',
    access: 'proxy',
    url,
    isDefault: false,
    jsonData: { httpMethod: 'POST', manageAlerts: true, ...(token && { httpHeaderName1: 'Authorization' }) },
    ...(username && { basicAuth: true, basicAuthUser: username }),
    secureJsonData: {
      ...(password && { basicAuthPassword: password }),
      ...(token && { httpHeaderValue1: `Bearer ${token}` }),
    },
  };
  await client.write<true>(
    async () => {
      accepted(client, await client.once('POST', 'api/datasources', { json }), purposes.createDatasource);
      return true;
    },
    async () => {
      const answer = await client.read(`api/datasources/uid/${uid}`);
      if (answer.status === 404) return undefined;
      accepted(client, answer, purposes.readDatasource);
      return true;
    },
  );
}
