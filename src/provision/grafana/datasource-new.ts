import type { Answer, HttpClient } from '../../lib/http.ts';
import { fields, isText, maybe } from '../../lib/shapes.ts';
import type { JsonObject } from '../model.ts';
import type { NewDatasource } from '../settings.ts';
import { ownDatasource } from './datasource.ts';
import { parseAnswer, type Wanted } from './parse-answer.ts';
import { purposes } from './purposes.ts';
import { accepted, GrafanaRefusal } from './refusal.ts';

/** How often Prometheus scrapes: the shortest step for which Grafana asks. The same as in `railway/prometheus`. */
const scrapeInterval = '15s';

function bodyOf({ url, username, password, token, tenant }: NewDatasource): JsonObject {
  const headers = [
    ...(token ? [['Authorization', `Bearer ${token}`] as const] : []),
    ...(tenant ? [['X-Scope-OrgID', tenant] as const] : []),
  ];
  return {
    uid: ownDatasource.uid,
    name: ownDatasource.name,
    type: 'prometheus',
    access: 'proxy',
    url,
    isDefault: false,
    jsonData: {
      httpMethod: 'POST',
      manageAlerts: true,
      timeInterval: scrapeInterval,
      ...Object.fromEntries(headers.map(([name], i) => [`httpHeaderName${i + 1}`, name])),
    },
    ...(username && { basicAuth: true, basicAuthUser: username }),
    secureJsonData: {
      ...(password && { basicAuthPassword: password }),
      ...Object.fromEntries(headers.map(([, value], i) => [`httpHeaderValue${i + 1}`, value])),
    },
  };
}

const datasource: Wanted<{ readonly uid: string; readonly url?: string | null | undefined }> = {
  what: 'a data source',
  shape: fields<{ uid: string; url?: string | null | undefined }>({ uid: isText, url: maybe(isText) }),
};

const bare = (url: string | null | undefined): string => (url ?? '').replace(/\/+$/, '');

/**
 * Whether our data source is there, and asks the wanted address.
 * @throws GrafanaRefusal `conflict` when it is there for another address
 */
async function isThere(client: HttpClient, wanted: NewDatasource): Promise<boolean> {
  const path = `api/datasources/uid/${ownDatasource.uid}`;
  const answer = await client.read(path);
  if (answer.status === 404) return false;
  const { url } = parseAnswer(client, answer, purposes.readDatasource, `GET /${path}`, datasource);
  if (bare(url) === bare(wanted.url)) return true;
  throw new GrafanaRefusal(
    'conflict',
    409,
    `another run has meanwhile made the data source ${ownDatasource.uid} for another address than GRAFANA_DATASOURCE_URL`,
  );
}

/** Classifies a refusal because of a name or uid that exists: another run made it, or the name is taken. */
async function existing(client: HttpClient, wanted: NewDatasource, answer: Answer): Promise<'already'> {
  if (await isThere(client, wanted)) return 'already';
  if (/same name/i.test(answer.text))
    throw new GrafanaRefusal(
      'conflict',
      409,
      `Grafana has another data source called "${ownDatasource.name}": rename it, or set GRAFANA_DATASOURCE to it`,
    );
  accepted(client, answer, purposes.createDatasource);
  return 'already';
}

/** Creates our data source; `already` when another run was quicker. */
export async function createDatasource(
  client: HttpClient,
  wanted: NewDatasource,
): Promise<'done' | 'already'> {
  const json = bodyOf(wanted);
  return await client.write<'done' | 'already'>(
    async () => {
      const answer = await client.once('POST', 'api/datasources', { json });
      if (answer.status === 409) return await existing(client, wanted, answer);
      accepted(client, answer, purposes.createDatasource);
      return 'done';
    },
    async () => ((await isThere(client, wanted)) ? 'done' : undefined),
  );
}
