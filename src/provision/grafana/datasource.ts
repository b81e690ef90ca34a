import type { HttpClient } from '../../lib/http.ts';
import { fields, isLabels, isRecord, isText, listOf, maybe } from '../../lib/shapes.ts';
import type { Flags, PlannedChange } from '../model.ts';
import { bundleMetric } from '../names.ts';
import type { GrafanaServer, ListedDatasource } from './connect.ts';
import { parseAnswer, type Wanted } from './parse-answer.ts';
import { purposes } from './purposes.ts';
import { refusal } from './refusal.ts';

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

type Listed = Pick<ListedDatasource, 'uid' | 'name' | 'type'> & {
  readonly isDefault?: unknown;
  readonly url?: string | null | undefined;
};
const list: Wanted<readonly Listed[]> = {
  what: 'a list of data sources',
  shape: listOf(fields<Listed>({ uid: isText, name: isText, type: isText, url: maybe(isText) })),
};

/** All data sources: the complete list for administrators, those that may be queried for other users. */
async function listed({ client, datasources }: GrafanaServer): Promise<readonly ListedDatasource[]> {
  const answer = await client.read('api/datasources');
  if (answer.status === 403) return datasources;
  const all = parseAnswer(client, answer, purposes.readDatasource, 'GET /api/datasources', list);
  return all.map(({ uid, name, type, isDefault, url }) => ({
    uid,
    name,
    type,
    isDefault: isDefault === true,
    ...(typeof url === 'string' && { url }),
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
  const { status, message } = isRecord(answer.json) ? answer.json : {};
  if (answer.status < 300 && isText(status) && status.toUpperCase() === 'OK') return undefined;
  return `it is not healthy: ${client.redact(isText(message) ? message : `status ${answer.status}`)}`;
}

interface QueryAnswer {
  readonly data: { readonly result: readonly { readonly metric: Readonly<Record<string, string>> }[] };
}
const queryAnswer: Wanted<QueryAnswer> = {
  what: "Prometheus' answer to a query",
  shape: fields({ data: fields({ result: listOf(fields({ metric: isLabels })) }) }),
};

/** Bundle versions that the Prometheus behind a data source runs, asked through Grafana. */
async function versionsBehind(client: HttpClient, uid: string): Promise<string[]> {
  const path = `api/datasources/proxy/uid/${encodeURIComponent(uid)}/api/v1/query`;
  const answer = await client.read(path, { query: { query: bundleMetric } });
  const { data } = parseAnswer(client, answer, purposes.queryDatasource, `GET /${path}`, queryAnswer);
  return data.result.flatMap((r) => r.metric.version ?? []);
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

function planMissing(wanted: string | undefined, address: string | undefined, flags: Flags): PlannedChange {
  const id = wanted ?? ownDatasource.uid;
  const change = { target: 'grafana', kind: 'data source', id, title: wanted ?? ownDatasource.name } as const;
  if (wanted !== undefined && wanted !== ownDatasource.uid) {
    const details = [`there is no data source with the uid or name "${wanted}": correct GRAFANA_DATASOURCE`];
    return { ...change, action: 'blocked', details };
  }
  const permitted = flags.createDatasource ? {} : { needs: '--create-datasource' as const };
  const details = ['there is no data source of type prometheus', ...(address ? [`asks ${address}`] : [])];
  return { ...change, action: 'create', details, ...permitted };
}

/** The data source's line of the plan. @param served bundle versions that PROMETHEUS_URL runs; undefined when it was not asked @param address what one that is made will ask */
export function planDatasource(
  state: DatasourceState,
  served: readonly string[] | undefined,
  flags: Flags,
  address?: string,
): PlannedChange {
  const change = { target: 'grafana', kind: 'data source' } as const;
  switch (state.state) {
    case 'missing':
      return planMissing(state.wanted, address, flags);
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

/** Notes about a data source that works, when Prometheus itself was not asked which rules it runs. */
export function datasourceNotes(
  state: DatasourceState,
  served: readonly string[] | undefined,
  version: string,
): string[] {
  if (served !== undefined || state.state !== 'found' || state.trouble !== undefined) return [];
  const missing = withoutRules(state.versions, version);
  return missing ? [`the data source "${state.source.name}" ${missing}`] : [];
}

/** Why dashboards of this version show less than they should; undefined when the rules fit. */
const withoutRules = (behind: readonly string[], version: string): string | undefined => {
  if (behind.includes(version)) return undefined;
  const other = behind.length > 0 ? `runs the rules of version ${behind.join(', ')}` : 'has no rules of ours';
  return `${other}: the dashboards show nothing or something else until version ${version} is delivered to it (--only prometheus)`;
};

/** How often a data source is asked: Grafana may start its plugin first, and rules take a moment to be seen. */
const attempts = 4;

/** Result of a data source's check: nothing, a note for a person, or that it does not work. */
export interface DatasourceCheck {
  readonly note?: string;
  readonly doubt?: string;
}

/**
 * Checks through Grafana that a data source works and sees the rules of a version.
 * @param proven whether the rules were proven to run, so that it must see them
 */
export async function checkDatasource(
  client: HttpClient,
  { uid, name }: Pick<ListedDatasource, 'uid' | 'name'>,
  version: string,
  proven: boolean,
): Promise<DatasourceCheck> {
  for (let attempt = 1; ; attempt++) {
    const trouble = await troubleOf(client, uid);
    const versions = trouble === undefined ? await versionsBehind(client, uid) : [];
    const missing = trouble ?? withoutRules(versions, version);
    if (missing === undefined) return {};
    if (trouble === undefined && !proven) return { note: `it ${missing}` };
    if (attempt === attempts) return { doubt: trouble ?? other(name, versions) };
    await client.clock.sleep(attempt * 1000, client.options.signal);
  }
}

function other(name: string, versions: readonly string[]): string {
  const runs = versions.length > 0 ? `runs version ${versions.join(', ')}` : 'has no rules of ours';
  return `Grafana's data source "${name}" asks a Prometheus that ${runs}: it is another one than PROMETHEUS_URL`;
}
