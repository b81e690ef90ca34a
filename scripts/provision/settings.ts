import { UserError } from '../lib/errors.ts';
import { baseUrl, isLocalHost } from '../lib/url.ts';
import { ownFolderUid } from './grafana/plan.ts';
import type { Target } from './model.ts';
import type { Lookup, PlainSetting, SecretSetting } from './settings-source.ts';

/** A server and how to be let in. */
export interface Endpoint {
  readonly url: URL;
  /** The variable that holds the URL. */
  readonly variable: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Grafana, the folder and the data source of the dashboards. */
export interface GrafanaSettings extends Endpoint {
  readonly folderUid: string;
  readonly folderTitle: string;
  /** Uid or name of the data source that the dashboards use. */
  readonly datasource: string | undefined;
  /** What `--create-datasource` needs. */
  readonly newDatasource: { url?: string; username?: string; password?: string; token?: string };
}

/** How rules reach Prometheus. */
export type RulesSettings =
  | { readonly delivery: 'railway'; readonly api: Endpoint; readonly service: string }
  | { readonly delivery: 'directory'; readonly directory: string }
  | {
      readonly delivery: 'ruler';
      readonly ruler: Endpoint;
      readonly namespace: string;
      /** Zero switches a limit off. */
      readonly mostRules: number;
      readonly mostGroups: number;
    };

/** Everything that a run needs to know, complete for what it is to do. */
export interface Settings {
  readonly environment: string | undefined;
  readonly grafana: GrafanaSettings | undefined;
  readonly prometheus: Endpoint | undefined;
  readonly rules: RulesSettings | undefined;
  /** Values that must never be shown. */
  readonly secrets: readonly string[];
}

const railwayApi = 'https://backboard.railway.com/graphql/v2';
const deliveries = ['railway', 'directory', 'ruler'] as const;

/** Reads settings and collects what is missing or wrong. */
class Collector {
  readonly problems: string[] = [];
  readonly secrets: string[] = [];
  readonly #lookup: Lookup;
  readonly #plainHttp: boolean;
  constructor(lookup: Lookup, plainHttp: boolean) {
    this.#lookup = lookup;
    this.#plainHttp = plainHttp;
  }

  optional(name: PlainSetting): string | undefined {
    return this.#lookup(name)?.value;
  }

  secret(name: SecretSetting): string | undefined {
    const value = this.#lookup(name)?.value;
    if (value !== undefined && !name.endsWith('USERNAME')) this.secrets.push(value);
    return value;
  }

  required<T extends PlainSetting | SecretSetting>(name: T, why: string): string {
    const value = this.#lookup(name)?.value;
    if (value === undefined) this.problems.push(`${name} is not set: ${why}`);
    else if (/TOKEN|PASSWORD/.test(name)) this.secrets.push(value);
    return value ?? '';
  }

  number(name: PlainSetting, standard: number): number {
    const text = this.optional(name) ?? String(standard);
    if (!/^\d+$/.test(text)) this.problems.push(`${name} is no whole number`);
    return Number(text);
  }

  /** A URL; plain http only to this machine, because credentials travel with it. */
  url(text: string, variable: string): URL {
    const placeholder = new URL('http://localhost');
    if (text === '') return placeholder;
    try {
      const url = baseUrl(text, variable);
      if (url.protocol === 'http:' && !isLocalHost(url.hostname) && !this.#plainHttp)
        this.problems.push(
          `${variable} is http:// to ${url.host}: credentials would travel in the clear. Use https://, or permit it with --plain-http`,
        );
      return url;
    } catch (error) {
      this.problems.push((error as Error).message);
      return placeholder;
    }
  }

  /** Authorization from `<PREFIX>_TOKEN`, or `<PREFIX>_USERNAME` and `<PREFIX>_PASSWORD`. */
  credentials(prefix: 'PROMETHEUS' | 'RULER'): Record<string, string> {
    const token = this.secret(`${prefix}_TOKEN`);
    if (token) return { authorization: `Bearer ${token}` };
    const user = this.secret(`${prefix}_USERNAME`);
    const password = this.secret(`${prefix}_PASSWORD`);
    if (user === undefined && password === undefined) return {};
    if (user === undefined || password === undefined)
      this.problems.push(`of ${prefix}_USERNAME and ${prefix}_PASSWORD only one is set`);
    const basic = Buffer.from(`${user}:${password}`).toString('base64');
    this.secrets.push(basic);
    return { authorization: `Basic ${basic}` };
  }
}

function grafanaSettings(c: Collector): GrafanaSettings {
  const url = c.required('GRAFANA_URL', 'where Grafana is');
  const token = c.required('GRAFANA_TOKEN', 'the token of a service account with the role Editor');
  const parts = {
    url: c.optional('GRAFANA_DATASOURCE_URL') ?? c.optional('PROMETHEUS_URL'),
    username: c.secret('GRAFANA_DATASOURCE_USERNAME'),
    password: c.secret('GRAFANA_DATASOURCE_PASSWORD'),
    token: c.secret('GRAFANA_DATASOURCE_TOKEN'),
  };
  return {
    url: c.url(url, 'GRAFANA_URL'),
    variable: 'GRAFANA_URL',
    headers: { authorization: `Bearer ${token}` },
    folderUid: c.optional('GRAFANA_FOLDER_UID') ?? ownFolderUid,
    folderTitle: c.optional('GRAFANA_FOLDER') ?? 'Deployments',
    datasource: c.optional('GRAFANA_DATASOURCE'),
    newDatasource: Object.fromEntries(Object.entries(parts).filter(([, v]) => v !== undefined)),
  };
}

function railwaySettings(c: Collector): RulesSettings {
  const token = c.required('RAILWAY_TOKEN', 'a project token of the Railway environment');
  return {
    delivery: 'railway',
    service: c.required('RAILWAY_PROMETHEUS_SERVICE_ID', 'the id of the Prometheus service on Railway'),
    api: {
      url: c.url(c.optional('RAILWAY_API_URL') ?? railwayApi, 'RAILWAY_API_URL'),
      variable: 'RAILWAY_API_URL',
      headers: { 'project-access-token': token },
    },
  };
}

function rulerSettings(c: Collector): RulesSettings {
  const url = c.required('RULER_URL', 'where the ruler is, such as https://mimir.example/prometheus');
  const tenant = c.optional('RULER_TENANT');
  return {
    delivery: 'ruler',
    ruler: {
      url: c.url(url, 'RULER_URL'),
      variable: 'RULER_URL',
      headers: { ...c.credentials('RULER'), ...(tenant && { 'x-scope-orgid': tenant }) },
    },
    namespace: c.optional('RULER_NAMESPACE') ?? 'deployment-observability',
    mostRules: c.number('RULER_MAX_RULES_PER_GROUP', 20),
    mostGroups: c.number('RULER_MAX_GROUPS', 70),
  };
}

function rulesSettings(c: Collector): RulesSettings | undefined {
  const delivery = c.optional('RULES_DELIVERY') ?? 'railway';
  switch (delivery as (typeof deliveries)[number]) {
    case 'railway':
      return railwaySettings(c);
    case 'ruler':
      return rulerSettings(c);
    case 'directory':
      return {
        delivery: 'directory',
        directory: c.required('RULES_DIRECTORY', 'the directory from which Prometheus reads rule files'),
      };
    default:
      c.problems.push(`RULES_DELIVERY is "${delivery}"; it can be ${deliveries.join(', ')}`);
      return undefined;
  }
}

/**
 * The settings for what is to be provisioned.
 * @param only one half, or both when undefined @param plainHttp whether http:// to other machines is permitted
 * @throws UserError naming everything that is missing or wrong
 */
export function readSettings(
  lookup: Lookup,
  environment: string | undefined,
  only: Target | undefined,
  plainHttp: boolean,
): Settings {
  const c = new Collector(lookup, plainHttp);
  const grafana = only === 'prometheus' ? undefined : grafanaSettings(c);
  const rules = only === 'grafana' ? undefined : rulesSettings(c);
  const url = only === 'grafana' ? '' : c.required('PROMETHEUS_URL', 'where it is proven that the rules run');
  const tenant = rules?.delivery === 'ruler' ? rules.ruler.headers['x-scope-orgid'] : undefined;
  const headers = { ...c.credentials('PROMETHEUS'), ...(tenant && { 'x-scope-orgid': tenant }) };
  const prometheus =
    only === 'grafana'
      ? undefined
      : { url: c.url(url, 'PROMETHEUS_URL'), variable: 'PROMETHEUS_URL', headers };
  if (c.problems.length > 0)
    throw new UserError(
      `Settings are missing or wrong, so nothing was planned or applied:\n${c.problems.map((p) => `  - ${p}`).join('\n')}`,
      only === undefined
        ? 'One half alone: --only grafana or --only prometheus. All settings: docs/provision.md'
        : 'All settings: docs/provision.md',
    );
  return { environment, grafana, prometheus, rules, secrets: c.secrets };
}
