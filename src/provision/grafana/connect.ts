import { EnvironmentFailure } from '../../lib/errors.ts';
import type { HttpClient } from '../../lib/http.ts';
import { fields, isNumber, isRecord, isText, listOf, maybe, recordOf } from '../../lib/shapes.ts';
import type { GrafanaApi } from './api.ts';
import { LegacyApi } from './legacy.ts';
import { parseAnswer, type Wanted } from './parse-answer.ts';
import { purposes } from './purposes.ts';
import { refusal } from './refusal.ts';
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
  readonly namespace?: string | null | undefined;
  readonly buildInfo?: { readonly version?: string | null | undefined } | null | undefined;
  readonly datasources?: Readonly<Record<string, SettingsDatasource>> | null | undefined;
}
interface SettingsDatasource {
  readonly uid?: string | null | undefined;
  readonly type?: string | null | undefined;
  readonly isDefault?: unknown;
}
const frontend: Wanted<FrontendSettings> = {
  what: 'its settings',
  shape: fields<FrontendSettings>({
    namespace: maybe(isText),
    buildInfo: maybe(fields<{ version?: string | null | undefined }>({ version: maybe(isText) })),
    datasources: maybe(recordOf(fields<SettingsDatasource>({ uid: maybe(isText), type: maybe(isText) }))),
  }),
};
const organisation: Wanted<{ readonly id: number }> = {
  what: 'an organisation',
  shape: fields({ id: isNumber }),
};
const apiGroup = fields({ versions: listOf(fields({ version: isText })) });

/** How often a server that should serve the newer API is asked for it while it starts. */
const startupAttempts = 4;
/** Versions of the dashboard API that we speak, the newest first. */
const spoken = ['v1', 'v1beta1'] as const;
/** The first release that stores dashboards behind the newer API: what the older one writes there loses its marks. */
const firstWithResources = 12;

/** Whether GRAFANA_URL answers, and with which version (undefined when it hides it). */
async function health(client: HttpClient): Promise<string | undefined> {
  const answer = await client.read('api/health');
  const body = isRecord(answer.json) ? answer.json : {};
  if (answer.status >= 300 || body.database === undefined)
    throw new EnvironmentFailure(
      `${client.options.base.href} is no Grafana: /api/health answered ${answer.status}. Check GRAFANA_URL and its path prefix.`,
    );
  return isText(body.version) ? body.version : undefined;
}

/** Grafana's answer about the signed-in user; undefined when a proxy or a permission keeps it back. */
async function frontendSettings(client: HttpClient): Promise<FrontendSettings> {
  const answer = await client.read('api/frontend/settings');
  if (answer.status === 401) throw refusal(client, answer, purposes.identify);
  if (answer.status >= 300) return {};
  return parseAnswer(client, answer, purposes.identify, 'GET /api/frontend/settings', frontend);
}

/** Versions of the dashboard API that the server offers, or the status with which it offers none. */
async function offered(client: HttpClient): Promise<readonly string[] | number> {
  for (let attempt = 1; ; attempt++) {
    const answer = await client.read('apis/dashboard.grafana.app/', { expect: 'anything' });
    if (answer.status === 401 || answer.status === 403) throw refusal(client, answer, purposes.readDashboard);
    if (answer.status < 300 && apiGroup(answer.json)) return answer.json.versions.map((v) => v.version);
    // A server that just started is healthy before it serves this API.
    if (attempt === startupAttempts) return answer.status;
    await client.clock.sleep(1000 * attempt, client.options.signal);
  }
}

/**
 * The API through which to speak; undefined for the older one. That one is taken only of a Grafana that is known to
 * have no other: a newer one that is starting, or whose proxy keeps /apis back, looks the same, and writing through
 * the wrong API would take labels and annotations from what is there.
 */
async function newerApi(
  client: HttpClient,
  version: string | undefined,
): Promise<(typeof spoken)[number] | undefined> {
  const major = Number.parseInt(version ?? '', 10);
  if (major < firstWithResources) return undefined;
  const versions = await offered(client);
  const who = Number.isNaN(major) ? 'This Grafana hides its version and' : `Grafana ${version}`;
  if (typeof versions === 'number')
    throw new EnvironmentFailure(
      `${who} does not answer at /apis (${versions}). A proxy before it must let /apis pass, or it is still starting.${
        Number.isNaN(major)
          ? ' If it is Grafana 11, a proxy must let /api/frontend/settings pass: it says so there.'
          : ''
      }`,
    );
  const best = spoken.find((v) => versions.includes(v));
  if (best) return best;
  throw new EnvironmentFailure(
    `${who} offers dashboards as ${versions.join(', ') || 'nothing'}, and this bundle speaks ${spoken.join(' and ')}.`,
  );
}

/** The namespace of the token's organisation: `default`, `org-2`, `stacks-123`. */
async function namespaceOf(client: HttpClient, settings: FrontendSettings): Promise<string> {
  if (settings.namespace) return settings.namespace;
  const answer = await client.read('api/org');
  const { id } = parseAnswer(client, answer, purposes.identify, 'GET /api/org', organisation);
  return id === 1 ? 'default' : `org-${id}`;
}

/** Finds out which Grafana answers, and chooses the newest API that it and we know. */
export async function connect(client: HttpClient): Promise<GrafanaServer> {
  const shown = await health(client);
  const settings = await frontendSettings(client);
  const version = settings.buildInfo?.version || shown;
  const newer = await newerApi(client, version);
  const api = newer
    ? new ResourceApi(client, newer, await namespaceOf(client, settings))
    : new LegacyApi(client);
  const datasources = Object.entries(settings.datasources ?? {}).map(([name, d]) => ({
    name,
    uid: d.uid ?? '',
    type: d.type ?? '',
    isDefault: d.isDefault === true,
  }));
  return { client, api, datasources, label: `Grafana${version ? ` ${version}` : ''}, ${api.label}` };
}
