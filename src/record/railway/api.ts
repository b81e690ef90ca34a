import type { Clock } from '../../lib/clock.ts';
import { EnvironmentFailure } from '../../lib/errors.ts';
import { HttpClient } from '../../lib/http.ts';
import { RailwayApi, type RailwayService, type RailwayToken } from '../../lib/railway.ts';
import { redactor } from '../../lib/redact.ts';
import { baseUrl, isLocalHost } from '../../lib/url.ts';
import { nodeTransport } from '../http.ts';

/** Why it cannot go on, as a sentence. */
export class RailwayFailure extends EnvironmentFailure {}

interface Token extends RailwayToken {
  readonly secret: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** The token, in the header for its kind: Railway takes no project token as a bearer token. */
function tokenOf(env: NodeJS.ProcessEnv): Token {
  const project = env.RAILWAY_TOKEN?.trim();
  const account = env.RAILWAY_API_TOKEN?.trim();
  if (project && account)
    throw new RailwayFailure('RAILWAY_TOKEN and RAILWAY_API_TOKEN are both set: unset one of them.');
  if (project)
    return {
      variable: 'RAILWAY_TOKEN',
      advice:
        'It must be a project token of the environment of this service; account and workspace tokens go into RAILWAY_API_TOKEN.',
      secret: project,
      headers: { 'project-access-token': project },
    };
  if (account)
    return {
      variable: 'RAILWAY_API_TOKEN',
      advice: 'It must be an account or workspace token; project tokens go into RAILWAY_TOKEN.',
      secret: account,
      headers: { authorization: `Bearer ${account}` },
    };
  throw new RailwayFailure(
    'RAILWAY_TOKEN is not set: make a project token (Project settings › Tokens) for the environment of the service.',
  );
}

const variable = 'RAILWAY_API_URL';
const defaultApi = 'https://backboard.railway.com/graphql/v2';

/** The API's address: the token goes there, so it is https unless it is this machine. */
function addressOf(env: NodeJS.ProcessEnv): URL {
  let url: URL;
  try {
    url = baseUrl(env[variable]?.trim() || defaultApi, variable);
  } catch (error) {
    throw new RailwayFailure((error as Error).message);
  }
  if (url.protocol !== 'https:' && !isLocalHost(url.hostname))
    throw new RailwayFailure(
      `${variable} must start with https://, because the token goes there; http:// only reaches this machine.`,
    );
  return url;
}

/** Arguments of a client of Railway's API. */
export type RailwayAccess = ConstructorParameters<typeof RailwayApi>;

/** The API by the token and address of the environment. @throws EnvironmentFailure */
export function railwayAccess(env: NodeJS.ProcessEnv, clock: Clock): RailwayAccess {
  const { secret, headers, ...token } = tokenOf(env);
  const url = addressOf(env);
  const client = new HttpClient({
    service: 'Railway',
    base: new URL('.', url),
    variable,
    headers,
    redact: redactor([secret]),
    transport: nodeTransport,
    clock,
    timeoutMs: 20_000,
  });
  return [client, url.pathname.split('/').at(-1) ?? '', token];
}

/** The project and environment that are asked about. A project token knows its own; for others the environment names it. */
export async function railwayProject(
  api: RailwayApi,
  env: NodeJS.ProcessEnv,
): Promise<Omit<RailwayService, 'serviceId'>> {
  if (env.RAILWAY_TOKEN?.trim()) return await api.identify();
  const { RAILWAY_PROJECT_ID: projectId, RAILWAY_ENVIRONMENT_ID: environmentId } = env;
  if (projectId && environmentId) return { projectId, environmentId };
  throw new RailwayFailure(
    'With RAILWAY_API_TOKEN, RAILWAY_PROJECT_ID and RAILWAY_ENVIRONMENT_ID are needed too.',
  );
}

/** A service of Railway and the way to ask about it. @throws EnvironmentFailure */
export async function connect(
  env: NodeJS.ProcessEnv,
  serviceId: string,
  clock: Clock,
): Promise<{ readonly api: RailwayApi; readonly service: RailwayService }> {
  const api = new RailwayApi(...railwayAccess(env, clock));
  return { api, service: { ...(await railwayProject(api, env)), serviceId } };
}
