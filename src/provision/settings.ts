import { UserError } from '../lib/errors.ts';
import type { Target } from './model.ts';
import { ownFolderUid } from './names.ts';
import { Collector } from './settings-collector.ts';
import type { Lookup } from './settings-source.ts';

/** A server and how to be let in. */
export interface Endpoint {
  readonly url: URL;
  /** The variable that holds the URL. */
  readonly variable: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Settings of a new data source. The credentials are handed to Grafana, which keeps them and never shows them. */
export interface NewDatasource {
  /** Where Grafana reaches Prometheus. */
  readonly url: string;
  readonly username?: string;
  readonly password?: string;
  readonly token?: string;
  /** Sent as `X-Scope-OrgID`, which Mimir and Cortex ask for. */
  readonly tenant?: string;
}

/** Grafana, the folder and the data source of the dashboards. */
export interface GrafanaSettings extends Endpoint {
  readonly folderUid: string;
  /** Titles from the root on; the last one is the dashboards' folder. */
  readonly folderPath: readonly string[];
  /** Uid or name of the data source that the dashboards use. */
  readonly datasource: string | undefined;
  /** The data source that `--create-datasource` makes; undefined without that switch. */
  readonly newDatasource: NewDatasource | undefined;
}

/** How rules reach Prometheus. */
export type RulesSettings =
  | {
      readonly delivery: 'railway';
      /** Undefined when there is no token and nothing is to be deployed. */
      readonly api: Endpoint | undefined;
      readonly service: string;
    }
  | { readonly delivery: 'directory'; readonly directory: string }
  | {
      readonly delivery: 'ruler';
      readonly ruler: Endpoint;
      readonly namespace: string;
      /** Zero switches a limit off; undefined takes the ruler's own default. */
      readonly mostRules: number | undefined;
      readonly mostGroups: number | undefined;
    };

/** Alertmanager, and how its configuration reaches it. */
export interface AlertmanagerSettings extends Endpoint {
  /** Undefined where it is only looked at. */
  readonly place:
    | { readonly delivery: 'railway'; readonly api: Endpoint | undefined; readonly service: string }
    | { readonly delivery: 'directory'; readonly directory: string }
    | undefined;
}

/** Grafana's own limit, where its configuration names no other. */
const mostLevels = 4;

/** Everything that a run needs to know, complete for what it is to do. */
export interface Settings {
  readonly environment: string | undefined;
  readonly grafana: GrafanaSettings | undefined;
  readonly prometheus: Endpoint | undefined;
  readonly rules: RulesSettings | undefined;
  readonly alertmanager: AlertmanagerSettings | undefined;
  /** Values that must never be shown. */
  readonly secrets: readonly string[];
}

const railwayApi = 'https://backboard.railway.com/graphql/v2';
const deliveries = ['railway', 'directory', 'ruler'] as const;

const bare = (url: string): string => url.replace(/\/+$/, '');

/** The data source that `--create-datasource` makes; what is wrong with it matters only then. */
function newDatasource(c: Collector, asked: boolean): NewDatasource | undefined {
  const own = c.optional('GRAFANA_DATASOURCE_URL');
  const login = c.login('GRAFANA_DATASOURCE');
  if (own !== undefined) c.anyUrl(own, 'GRAFANA_DATASOURCE_URL');
  if (!asked) return undefined;
  const proven = c.optional('PROMETHEUS_URL');
  if (own === undefined && proven !== undefined) c.url(proven, 'PROMETHEUS_URL');
  const url = own ?? proven;
  if (url === undefined)
    return c.problem(
      'GRAFANA_DATASOURCE_URL is not set: where Grafana reaches Prometheus, for --create-datasource',
    );
  // Credentials of PROMETHEUS_URL are handed to no other address.
  const borrowed = bare(url) === bare(proven ?? '') ? c.login('PROMETHEUS') : {};
  const tenant = c.optional('RULES_DELIVERY') === 'ruler' ? c.optional('RULER_TENANT') : undefined;
  return {
    url: bare(url),
    ...(Object.keys(login).length > 0 ? login : borrowed),
    ...(tenant !== undefined && { tenant }),
  };
}

/** The folder's path. A slash in a title is written `\\/`. */
function folderPath(c: Collector): string[] {
  const text = c.optional('GRAFANA_FOLDER') ?? 'Deployments';
  const titles = [...text.matchAll(/(?:\\\/|[^/])*/g)]
    .filter(({ index }) => index === 0 || text[index - 1] === '/')
    .map(([title]) => title.replaceAll('\\/', '/').trim());
  if (titles.includes('')) c.problem(`GRAFANA_FOLDER "${text}" has a folder without a title`);
  if (titles.length > mostLevels)
    c.problem(
      `GRAFANA_FOLDER "${text}" has ${titles.length} levels, and Grafana nests folders in ${mostLevels}`,
    );
  return titles;
}

function grafanaSettings(c: Collector, creating: boolean): GrafanaSettings {
  const url = c.required('GRAFANA_URL', 'where Grafana is');
  const token = c.requiredToken('GRAFANA_TOKEN', 'the token of a service account with the role Editor');
  return {
    url: c.url(url, 'GRAFANA_URL'),
    variable: 'GRAFANA_URL',
    headers: { authorization: `Bearer ${token}` },
    folderUid: c.optional('GRAFANA_FOLDER_UID') ?? ownFolderUid,
    folderPath: folderPath(c),
    datasource: c.optional('GRAFANA_DATASOURCE'),
    newDatasource: newDatasource(c, creating),
  };
}

/** @param looking whether nothing is to be deployed: then no token is needed, which could @param why for what, in words */
function railwayApiSettings(c: Collector, looking: boolean, why: string): Endpoint | undefined {
  const token = looking
    ? c.token('RAILWAY_TOKEN')
    : c.requiredToken('RAILWAY_TOKEN', `a project token of the Railway environment ${why}`);
  const url = c.url(c.optional('RAILWAY_API_URL') ?? railwayApi, 'RAILWAY_API_URL');
  return token === undefined
    ? undefined
    : { url, variable: 'RAILWAY_API_URL', headers: { 'project-access-token': token } };
}

function railwaySettings(c: Collector, looking: boolean): RulesSettings {
  const others = '(for RULES_DELIVERY railway; the others are directory and ruler)';
  const api = railwayApiSettings(c, looking, others);
  const service = c.required(
    'RAILWAY_PROMETHEUS_SERVICE_ID',
    `the id of the Prometheus service on Railway ${others}`,
  );
  return { delivery: 'railway', service, api };
}

/** Alertmanager is provisioned where its address is given: not every bundle's alerts go through one. */
function alertmanagerSettings(c: Collector, looking: boolean, only: Target | undefined) {
  const directory = c.optional('ALERTMANAGER_DIRECTORY');
  const service = c.optional('RAILWAY_ALERTMANAGER_SERVICE_ID');
  const asked = only === 'alertmanager' || directory !== undefined || service !== undefined;
  const url = asked
    ? c.required('ALERTMANAGER_URL', 'where it is proven which configuration Alertmanager runs')
    : c.optional('ALERTMANAGER_URL');
  if (url === undefined) return undefined;
  if (directory !== undefined && service !== undefined)
    c.problem('of ALERTMANAGER_DIRECTORY and RAILWAY_ALERTMANAGER_SERVICE_ID only one can be set');
  const place = ((): AlertmanagerSettings['place'] => {
    if (directory !== undefined) return { delivery: 'directory', directory };
    if (service === undefined) return undefined;
    const api = railwayApiSettings(c, looking, '(for RAILWAY_ALERTMANAGER_SERVICE_ID)');
    return { delivery: 'railway', service, api };
  })();
  return {
    url: c.url(url, 'ALERTMANAGER_URL'),
    variable: 'ALERTMANAGER_URL',
    headers: c.credentials('ALERTMANAGER'),
    place,
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
      headers: {
        ...c.credentials('RULER'),
        ...(tenant && { 'x-scope-orgid': c.header('RULER_TENANT', tenant) }),
      },
    },
    namespace: c.optional('RULER_NAMESPACE') ?? 'deployment-observability',
    mostRules: c.number('RULER_MAX_RULES_PER_GROUP'),
    mostGroups: c.number('RULER_MAX_GROUPS'),
  };
}

function rulesSettings(c: Collector, looking: boolean): RulesSettings | undefined {
  const delivery = c.optional('RULES_DELIVERY') ?? 'railway';
  switch (delivery as (typeof deliveries)[number]) {
    case 'railway':
      return railwaySettings(c, looking);
    case 'ruler':
      return rulerSettings(c);
    case 'directory':
      return {
        delivery: 'directory',
        directory: c.required('RULES_DIRECTORY', 'the directory from which Prometheus reads rule files'),
      };
    default:
      c.problem(`RULES_DELIVERY is "${delivery}"; it can be ${deliveries.join(', ')}`);
      return undefined;
  }
}

/** The part of a run's options that decides which settings it needs. */
export interface Needs {
  /** The environment that was named; undefined when none was. */
  readonly environment?: string | undefined;
  /** One target, or all when undefined. */
  readonly only?: Target | undefined;
  /** Whether http:// to other machines is permitted. */
  readonly plainHttp?: boolean;
  /** Whether a data source is made when there is none. */
  readonly createDatasource?: boolean;
  /** Whether it only looks: what can deploy is then not needed. */
  readonly looking?: boolean;
}

/**
 * The settings for what is to be provisioned.
 * @throws UserError naming everything that is missing or wrong
 */
export function readSettings(lookup: Lookup, needs: Needs = {}): Settings {
  const { environment, only, plainHttp = false, createDatasource = false, looking = false } = needs;
  const c = new Collector(lookup, environment, plainHttp);
  const wants = (target: Target): boolean => only === undefined || only === target;
  const grafana = wants('grafana') ? grafanaSettings(c, createDatasource) : undefined;
  const rules = wants('prometheus') ? rulesSettings(c, looking) : undefined;
  const prometheus = wants('prometheus') ? prometheusSettings(c, rules) : undefined;
  const alertmanager = wants('alertmanager') ? alertmanagerSettings(c, looking, only) : undefined;
  if (c.problems.length > 0)
    throw new UserError(
      `Settings are missing or wrong:\n${c.problems.map((p) => `  - ${p}`).join('\n')}`,
      only === undefined
        ? 'One alone: --only grafana or --only prometheus. All settings: docs/provision.md'
        : 'All settings: docs/provision.md',
    );
  return { environment, grafana, prometheus, rules, alertmanager, secrets: c.secrets };
}

function prometheusSettings(c: Collector, rules: RulesSettings | undefined): Endpoint {
  const url = c.required('PROMETHEUS_URL', 'where it is proven that the rules run');
  const tenant = rules?.delivery === 'ruler' ? rules.ruler.headers['x-scope-orgid'] : undefined;
  const headers = { ...c.credentials('PROMETHEUS'), ...(tenant && { 'x-scope-orgid': tenant }) };
  return { url: c.url(url, 'PROMETHEUS_URL'), variable: 'PROMETHEUS_URL', headers };
}
