import { readFileSync } from 'node:fs';
import { UserError } from '../lib/errors.ts';

/** Where the settings per environment may be kept; it is committed, so it holds no secrets. */
export const configFile = 'provision.config.json';

/** Every setting by its unprefixed name. */
export const plainSettings = [
  'GRAFANA_URL',
  'GRAFANA_FOLDER',
  'GRAFANA_FOLDER_UID',
  'GRAFANA_DATASOURCE',
  'GRAFANA_DATASOURCE_URL',
  'PROMETHEUS_URL',
  'RULES_DELIVERY',
  'RULES_DIRECTORY',
  'RULER_URL',
  'RULER_TENANT',
  'RULER_NAMESPACE',
  'RULER_MAX_RULES_PER_GROUP',
  'RULER_MAX_GROUPS',
  'RAILWAY_API_URL',
  'RAILWAY_PROMETHEUS_SERVICE_ID',
  'ALERTMANAGER_URL',
  'ALERTMANAGER_DIRECTORY',
  'RAILWAY_ALERTMANAGER_SERVICE_ID',
] as const;
/** Settings that are secret, or a part of credentials; each belongs to the setting named beside it. */
export const secretSettings = {
  GRAFANA_TOKEN: 'GRAFANA_URL',
  GRAFANA_DATASOURCE_USERNAME: 'GRAFANA_URL',
  GRAFANA_DATASOURCE_PASSWORD: 'GRAFANA_URL',
  GRAFANA_DATASOURCE_TOKEN: 'GRAFANA_URL',
  PROMETHEUS_USERNAME: 'PROMETHEUS_URL',
  PROMETHEUS_PASSWORD: 'PROMETHEUS_URL',
  PROMETHEUS_TOKEN: 'PROMETHEUS_URL',
  RULER_USERNAME: 'RULER_URL',
  RULER_PASSWORD: 'RULER_URL',
  RULER_TOKEN: 'RULER_URL',
  RAILWAY_TOKEN: 'RAILWAY_PROMETHEUS_SERVICE_ID',
  ALERTMANAGER_USERNAME: 'ALERTMANAGER_URL',
  ALERTMANAGER_PASSWORD: 'ALERTMANAGER_URL',
  ALERTMANAGER_TOKEN: 'ALERTMANAGER_URL',
} as const;

/** Addresses to which secrets travel, by the secret. A data source's are handed to Grafana, which takes them on. */
export const destinations: Partial<Record<SecretSetting, readonly PlainSetting[]>> = {
  GRAFANA_TOKEN: ['GRAFANA_URL'],
  GRAFANA_DATASOURCE_PASSWORD: ['GRAFANA_URL', 'GRAFANA_DATASOURCE_URL', 'PROMETHEUS_URL'],
  GRAFANA_DATASOURCE_TOKEN: ['GRAFANA_URL', 'GRAFANA_DATASOURCE_URL', 'PROMETHEUS_URL'],
  PROMETHEUS_PASSWORD: ['PROMETHEUS_URL'],
  PROMETHEUS_TOKEN: ['PROMETHEUS_URL'],
  RULER_PASSWORD: ['RULER_URL'],
  RULER_TOKEN: ['RULER_URL'],
  RAILWAY_TOKEN: ['RAILWAY_API_URL'],
  ALERTMANAGER_PASSWORD: ['ALERTMANAGER_URL'],
  ALERTMANAGER_TOKEN: ['ALERTMANAGER_URL'],
};
/** The setting of the file that confirms the addresses to which a secret goes. */
export const fingerprintOf = (secret: string): string => `${secret}_FINGERPRINT`;

/** Name of a setting that is no secret. */
export type PlainSetting = (typeof plainSettings)[number];
/** Name of a secret setting. */
export type SecretSetting = keyof typeof secretSettings;
/** A setting's value, and the name under which it was found (for messages). */
export interface Found {
  readonly value: string;
  readonly from: string;
  /** Whether it comes from the settings file, which everyone who may change the repository can edit. */
  readonly committed?: boolean;
}
/** Looks up one setting; undefined when it is nowhere set. */
export interface Lookup {
  (name: PlainSetting | SecretSetting): Found | undefined;
  /** The settings file's confirmation of a secret's addresses. */
  readonly confirmed?: (secret: SecretSetting) => string | undefined;
}

/**
 * Settings that say where something is read or written. With an environment given by name they must be its own:
 * one that another environment left behind would send everything to the wrong place.
 */
const targets: readonly string[] = [
  'GRAFANA_URL',
  'GRAFANA_DATASOURCE_URL',
  'PROMETHEUS_URL',
  'RULES_DIRECTORY',
  'RULER_URL',
  'RULER_TENANT',
  'RAILWAY_PROMETHEUS_SERVICE_ID',
  'ALERTMANAGER_URL',
  'ALERTMANAGER_DIRECTORY',
  'RAILWAY_ALERTMANAGER_SERVICE_ID',
];
/** Whether a setting says where something is read or written. */
export const isTarget = (name: string): boolean => targets.includes(name);

type Settings = Readonly<Record<string, string>>;
/** Settings by environment, as the settings file has them. */
export type Environments = Readonly<Record<string, Settings>>;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The problem with one setting of the file; undefined when there is none. */
function settingProblem(name: string, value: unknown): string | undefined {
  const confirms = Object.keys(destinations).some((secret) => name === fingerprintOf(secret));
  if (!confirms && (name in secretSettings || /TOKEN|PASSWORD|SECRET/.test(name)))
    return `${name} is a secret and must only be in the environment`;
  if (!confirms && !(plainSettings as readonly string[]).includes(name)) return `there is no setting ${name}`;
  return typeof value === 'string' ? undefined : `${name} must be a text in quotes`;
}

function fileProblems(parsed: unknown): string[] {
  if (!isObject(parsed)) return ['it must be an object with the key "environments"'];
  const unknown = Object.keys(parsed)
    .filter((key) => key !== 'environments')
    .map((key) => `there is no key "${key}": settings are below "environments"`);
  const { environments = {} } = parsed;
  if (!isObject(environments))
    return [...unknown, '"environments" must be an object: settings by environment'];
  const wrong = Object.entries(environments).flatMap(([environment, settings]) =>
    isObject(settings)
      ? Object.entries(settings).flatMap(([name, value]) => {
          const problem = settingProblem(name, value);
          return problem ? [`${environment}: ${problem}`] : [];
        })
      : [`${environment}: it must be an object with settings`],
  );
  return [...unknown, ...wrong];
}

/** The settings file; empty when there is none. @throws UserError naming everything that is wrong with it */
export function readConfig(path: string): Environments {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw new UserError(`${configFile} cannot be read (${(error as NodeJS.ErrnoException).code}).`);
  }
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw new UserError(`${configFile} is no JSON: ${(error as Error).message}`);
  }
  const problems = fileProblems(parsed);
  if (problems.length > 0)
    throw new UserError(`${configFile} cannot be used:\n${problems.map((p) => `  - ${p}`).join('\n')}`);
  return (parsed as { environments?: Environments }).environments ?? {};
}

/** The prefix of an environment's variables: `production` gives `PRODUCTION_`. */
export const prefixOf = (environment: string): string =>
  `${environment.toUpperCase().replace(/[^A-Z0-9]+/g, '_')}_`;

/** A variable's value without what a shell or a copy left around it. A password may begin and end with blanks. */
function settingOf(env: NodeJS.ProcessEnv, variable: string): string | undefined {
  const text = env[variable] ?? '';
  return (variable.endsWith('PASSWORD') ? text.replace(/[\r\n]+$/, '') : text.trim()) || undefined;
}

/** @throws UserError when nothing is set for the environment, or its name can have no variables */
function checkEnvironment(env: NodeJS.ProcessEnv, environments: Environments, environment: string): void {
  if (!/^[A-Za-z]/.test(environment))
    throw new UserError(
      `--environment takes a name that begins with a letter, not "${environment}".`,
      'Such as: --environment production',
    );
  const prefix = prefixOf(environment);
  const names = [...plainSettings, ...Object.keys(secretSettings)];
  const kept = Object.hasOwn(environments, environment) ? Object.keys(environments[environment] ?? {}) : [];
  if (kept.length > 0 || names.some((name) => settingOf(env, prefix + name))) return;
  throw new UserError(
    `There are no settings for the environment "${environment}".`,
    `Set variables that begin with ${prefix}, such as ${prefix}GRAFANA_URL, or add "${environment}" to ${configFile}.`,
  );
}

/**
 * How settings are looked up: first `PRODUCTION_GRAFANA_URL`, then the file, then `GRAFANA_URL`.
 * A secret without prefix belongs to the URL without prefix: if that is set to another one than the environment's, the
 * secret is not used, because it would go to a host that it was not made for.
 */
export function lookupIn(
  env: NodeJS.ProcessEnv,
  environments: Environments,
  environment: string | undefined,
): Lookup {
  const found = (value: string | undefined, from: string): Found | undefined =>
    value === undefined ? undefined : { value, from };
  const inFile = (value: string | undefined, from: string): Found | undefined =>
    value ? { value, from, committed: true } : undefined;
  if (environment === undefined) return (name) => found(settingOf(env, name), name);
  checkEnvironment(env, environments, environment);
  const prefix = prefixOf(environment);
  const settings: Settings = environments[environment] ?? {};
  const lookup = (name: PlainSetting | SecretSetting): Found | undefined => {
    const own =
      found(settingOf(env, prefix + name), prefix + name) ??
      inFile(settings[name]?.trim(), `${configFile} (${environment}: ${name})`);
    if (own) return own;
    if (name in secretSettings) {
      const owner = secretSettings[name as SecretSetting];
      const theirs = settingOf(env, owner);
      if (theirs && theirs !== lookup(owner)?.value) return undefined;
    }
    return found(settingOf(env, name), name);
  };
  return Object.assign(lookup, { confirmed: (secret: SecretSetting) => settings[fingerprintOf(secret)] });
}
