import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeForRunner } from '../runner-file.ts';

/** Inputs of the action, by the names in action.yml. Empty counts as not given. */
export const input = (env: NodeJS.ProcessEnv, name: string): string | undefined =>
  env[`INPUT_${name.replaceAll(' ', '_').toUpperCase()}`]?.trim() || undefined;

/** State that the first half of the action hands on to the second, which runs at the end of the job. */
export interface State {
  /** Options of `stage-finish` that say which stage the job is; undefined when it is none. */
  readonly stage?: readonly string[];
}

/** Sets an output of the step. */
export const setOutput = (env: NodeJS.ProcessEnv, name: string, value: string): void =>
  writeForRunner(env.GITHUB_OUTPUT, name, value);

/** Sets a variable for the later steps of the job. */
export const setVariable = (env: NodeJS.ProcessEnv, name: string, value: string): void =>
  writeForRunner(env.GITHUB_ENV, name, value);

/** Keeps the state for the end of the job. */
export const saveState = (env: NodeJS.ProcessEnv, state: State): void =>
  writeForRunner(env.GITHUB_STATE, 'recorder', JSON.stringify(state));

/** The state, if this is the end of the job. */
export const readState = (env: NodeJS.ProcessEnv): State | undefined =>
  env.STATE_recorder ? (JSON.parse(env.STATE_recorder) as State) : undefined;

/** The recorder as a file, which stands beside the bundled action. */
export const recorderPath = (): string => join(dirname(fileURLToPath(import.meta.url)), 'record.mjs');

/** Inputs that take the place of variables of the recorder, so that they may be given either way. */
const variables = {
  'deployment-id': 'DEPLOYMENT_ID',
  environment: 'DEPLOYMENT_ENVIRONMENT',
  'log-url': 'DEPLOYMENT_LOG_URL',
  'check-run-id': 'JOB_CHECK_RUN_ID',
  'pushgateway-url': 'PUSHGATEWAY_URL',
  'pushgateway-username': 'PUSHGATEWAY_USERNAME',
  'pushgateway-password': 'PUSHGATEWAY_PASSWORD',
  'pushgateway-token': 'PUSHGATEWAY_TOKEN',
  'remote-write-url': 'REMOTE_WRITE_URL',
  'remote-write-username': 'REMOTE_WRITE_USERNAME',
  'remote-write-password': 'REMOTE_WRITE_PASSWORD',
  'remote-write-token': 'REMOTE_WRITE_TOKEN',
  'remote-write-tenant': 'REMOTE_WRITE_TENANT',
  'github-token': 'GITHUB_TOKEN',
} as const;

/** The environment for the recorder: the job's, with what was given as inputs. */
export function recorderEnv(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const given = Object.entries(variables).flatMap(([name, variable]) => {
    const value = input(env, name);
    return value === undefined ? [] : [[variable, value] as const];
  });
  return { ...env, ...Object.fromEntries(given) };
}

/** The address without anything secret; undefined when it has something, or is no address. */
function publicAddress(address: string | undefined): string | undefined {
  if (!address || address.toLowerCase() === 'disabled') return address;
  try {
    const url = new URL(address);
    return url.username || url.password || url.search ? undefined : address;
  } catch {
    return undefined;
  }
}

/**
 * Variables with which later steps of the job record under the same deployment. Never credentials: those would
 * be in the environment of every later step, whosever action it is.
 */
export const sharedVariables = (
  env: NodeJS.ProcessEnv,
  deploymentId: string,
): readonly (readonly [string, string])[] =>
  Object.entries({
    DEPLOYMENT_ID: deploymentId,
    DEPLOYMENT_ENVIRONMENT: env.DEPLOYMENT_ENVIRONMENT,
    DEPLOYMENT_LOG_URL: env.DEPLOYMENT_LOG_URL,
    JOB_CHECK_RUN_ID: env.JOB_CHECK_RUN_ID,
    PUSHGATEWAY_URL: publicAddress(env.PUSHGATEWAY_URL),
    REMOTE_WRITE_URL: publicAddress(env.REMOTE_WRITE_URL),
  }).flatMap(([name, value]) => (value ? [[name, value] as const] : []));
