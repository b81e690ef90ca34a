import { EnvironmentFailure } from '../../lib/errors.ts';
import type { HttpClient } from '../../lib/http.ts';
import type { GrafanaApi } from './api.ts';
import { LegacyApi } from './legacy.ts';
import { purposes } from './purposes.ts';
import { accepted, refusal } from './refusal.ts';
import { ResourceApi } from './resources.ts';

/** A data source in the settings that every signed-in caller may read. */
export interface ListedDatasource {
  readonly uid: string;
  readonly name: string;
  readonly type: string;
  readonly isDefault: boolean;
  /** Where Grafana asks it; only administrators see it. */
  readonly url?: string;
}

/** A Grafana that answered, and the one API through which this run speaks to it. */
export interface GrafanaServer {
  readonly client: HttpClient;
  readonly api: GrafanaApi;
  /** As people read it: `Grafana 13.1.0, API v1`. */
  readonly label: string;
  readonly datasources: readonly ListedDatasource[];
}

interface FrontendSettings {
  namespace?: string;
  buildInfo?: { version?: string };
  datasources?: Record<string, { uid?: string; type?: string; isDefault?: boolean }>;
}

/** How often a server that is new enough is asked again while it still starts. */
const startupAttempts = 4;

/** Whether somebody answers at GRAFANA_URL, and with which version (undefined when it hides it). */
async function health(client: HttpClient): Promise<string | undefined> {
  const answer = await client.read('api/health');
  const body = answer.json as { version?: string; database?: string } | undefined;
  if (answer.status >= 300 || body?.database === undefined)
    throw new EnvironmentFailure(
      `${client.options.base.href} is no Grafana: /api/health answered ${answer.status}. Check GRAFANA_URL and its path prefix.`,
    );
  return body.version;
}

/** Versions of the dashboard API that the server offers; none for Grafana 11. */
async function offered(client: HttpClient, version: string | undefined): Promise<string[]> {
  const major = Number(version?.split('.')[0] ?? Number.NaN);
  for (let attempt = 1; ; attempt++) {
    const answer = await client.read('apis/dashboard.grafana.app/', { expect: 'anything' });
    if (answer.status === 401 || answer.status === 403) throw refusal(client, answer, purposes.readDashboard);
    const group = answer.json as { versions?: { version: string }[] } | undefined;
    if (answer.status < 300 && group?.versions) return group.versions.map((v) => v.version);
    if (!(major >= 12)) return [];
    // A server that just started is healthy before it serves this API.
    if (attempt === startupAttempts && major >= 13)
      throw new EnvironmentFailure(
        `Grafana ${version} does not answer at /apis (${answer.status}). A proxy before it must let /apis pass, or it is still starting.`,
      );
    if (attempt === startupAttempts) return [];
    await client.clock.sleep(1000 * attempt, client.options.signal);
  }
}

/** The namespace of the token's organisation: `default`, `org-2`, `stacks-123`. */
async function namespaceOf(client: HttpClient, settings: FrontendSettings): Promise<string> {
  if (settings.namespace) return settings.namespace;
  const answer = accepted(client, await client.read('api/org'), purposes.identify);
  const { id } = answer.json as { id: number };
  return id === 1 ? 'default' : `org-${id}`;
}

/** Finds out which Grafana answers, and chooses the newest API that it and we know. */
export async function connect(client: HttpClient): Promise<GrafanaServer> {
  const version = await health(client);
  const versions = await offered(client, version);
  const answer = await client.read('api/frontend/settings');
  if (answer.status === 401) throw refusal(client, answer, purposes.identify);
  const settings = (answer.status < 300 ? (answer.json ?? {}) : {}) as FrontendSettings;
  const api = versions.includes('v1')
    ? new ResourceApi(client, 'v1', await namespaceOf(client, settings))
    : versions.includes('v1beta1')
      ? new ResourceApi(client, 'v1beta1', await namespaceOf(client, settings))
      : new LegacyApi(client);
  const datasources = Object.entries(settings.datasources ?? {}).map(([name, d]) => ({
    name,
    uid: d.uid ?? '',
    type: d.type ?? '',
    isDefault: d.isDefault === true,
  }));
  const shown = version ?? settings.buildInfo?.version;
  return { client, api, datasources, label: `Grafana${shown ? ` ${shown}` : ''}, ${api.label}` };
}
