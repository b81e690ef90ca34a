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
] as const;
/** Settings that are secret, or a part of credentials; each belongs to the URL named beside it. */
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
} as const;

/** Name of a setting that is no secret. */
export type PlainSetting = (typeof plainSettings)[number];
/** Name of a secret setting. */
export type SecretSetting = keyof typeof secretSettings;
/** A setting's value, and the name under which it was found (for messages). */
export interface Found {
  readonly value: string;
  readonly from: string;
}
/** Looks up one setting; undefined when it is nowhere set. */
export type Lookup = (name: PlainSetting | SecretSetting) => Found | undefined;

type Environments = Record<string, Record<string, string>>;

/** The settings file. @throws UserError when it holds a secret or an unknown setting */
export function readConfig(path: string): Environments {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return {};
  }
  let parsed: { environments?: Environments };
  try {
    parsed = JSON.parse(text) as { environments?: Environments };
  } catch (error) {
    throw new UserError(`${configFile} is no JSON: ${(error as Error).message}`);
  }
  const problems = Object.entries(parsed.environments ?? {}).flatMap(([environment, settings]) =>
    Object.keys(settings).flatMap((name) =>
      name in secretSettings || /TOKEN|PASSWORD|SECRET/.test(name)
        ? [`${environment}: ${name} is a secret and must only be in the environment`]
        : (plainSettings as readonly string[]).includes(name)
          ? []
          : [`${environment}: there is no setting ${name}`],
    ),
  );
  if (problems.length > 0)
    throw new UserError(`${configFile} cannot be used:\n${problems.map((p) => `  - ${p}`).join('\n')}`);
  return parsed.environments ?? {};
}

/** The prefix of an environment's variables: `production` gives `PRODUCTION_`. */
export const prefixOf = (environment: string): string =>
  `${environment.toUpperCase().replace(/[^A-Z0-9]+/g, '_')}_`;

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
  if (environment === undefined)
    return (name) => (env[name] ? { value: env[name] as string, from: name } : undefined);
  const prefix = prefixOf(environment);
  const settings = environments[environment] ?? {};
  const known = Object.keys(settings).length > 0 || Object.keys(env).some((name) => name.startsWith(prefix));
  if (!known)
    throw new UserError(
      `There are no settings for the environment "${environment}".`,
      `Set variables that begin with ${prefix}, such as ${prefix}GRAFANA_URL, or add "${environment}" to ${configFile}.`,
    );
  const lookup: Lookup = (name) => {
    const prefixed = env[prefix + name];
    if (prefixed) return { value: prefixed, from: prefix + name };
    const kept = settings[name];
    if (kept) return { value: kept, from: `${configFile} (${environment}: ${name})` };
    const plain = env[name];
    if (!plain) return undefined;
    if (name in secretSettings) {
      const owner = secretSettings[name as SecretSetting];
      const theirs = env[owner];
      if (theirs && theirs !== lookup(owner)?.value) return undefined;
    }
    return { value: plain, from: name };
  };
  return lookup;
}
