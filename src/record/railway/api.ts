import type { Clock } from '../../lib/clock.ts';
import { baseUrl, isLocalHost } from '../../lib/url.ts';
import { type Answer, NoAnswer, send } from '../http.ts';
import { judgeNoAnswer, retryAfterMs } from '../judge.ts';

/** A deployment of a Railway service. */
export interface RailwayDeployment {
  readonly id: string;
  readonly status: string;
  readonly createdAt: string;
  readonly canRollback: boolean;
  readonly deploymentStopped: boolean;
  readonly meta: { readonly commitHash?: string } | null;
}

/** A service in one environment. */
export interface RailwayService {
  readonly projectId: string;
  readonly environmentId: string;
  readonly serviceId: string;
}

/** Why it cannot go on, as a sentence. */
export class RailwayFailure extends Error {
  override readonly name = 'RailwayFailure';
  /** Whether a request that changes something may have been carried out all the same. */
  readonly perhapsDone: boolean;
  constructor(message: string, perhapsDone = false) {
    super(message);
    this.perhapsDone = perhapsDone;
  }
}

type Token = { readonly kind: 'project' | 'account'; readonly headers: Readonly<Record<string, string>> };

/** The token and the header that its kind goes into: a project token as a bearer token is nobody's. */
function tokenOf(env: NodeJS.ProcessEnv): Token {
  const project = env.RAILWAY_TOKEN?.trim();
  const account = env.RAILWAY_API_TOKEN?.trim();
  if (project && account)
    throw new RailwayFailure(
      'RAILWAY_TOKEN and RAILWAY_API_TOKEN are both set: unset the one that is not meant.',
    );
  if (project) return { kind: 'project', headers: { 'project-access-token': project } };
  if (account) return { kind: 'account', headers: { authorization: `Bearer ${account}` } };
  throw new RailwayFailure(
    'RAILWAY_TOKEN is not set: make a project token (Project settings › Tokens) for the environment of the service.',
  );
}

const defaultApi = 'https://backboard.railway.com/graphql/v2';
const fields = 'id status createdAt canRollback deploymentStopped meta';
const timeoutMs = 20_000;
const backoffMs = [1_000, 2_000, 4_000, 8_000] as const;
/** A server that asks for more patience than this gets none: somebody waits for the rollback. */
const longestWaitMs = 60_000;

/** The few things that a rollback asks of Railway. */
export class RailwayApi {
  readonly #url: URL;
  readonly #token: Token;
  readonly #env: NodeJS.ProcessEnv;
  readonly #clock: Clock;

  /** @throws RailwayFailure */
  constructor(env: NodeJS.ProcessEnv, clock: Clock) {
    this.#token = tokenOf(env);
    this.#env = env;
    this.#clock = clock;
    try {
      this.#url = baseUrl(env.RAILWAY_API_URL?.trim() || defaultApi, 'RAILWAY_API_URL');
    } catch (error) {
      throw new RailwayFailure((error as Error).message);
    }
    if (this.#url.protocol !== 'https:' && !isLocalHost(this.#url.hostname))
      throw new RailwayFailure(
        'RAILWAY_API_URL must start with https://, because the token goes there; http:// only reaches this machine.',
      );
  }

  /** Project and environment: a project token knows its own, for others the environment says them. @throws RailwayFailure */
  async service(serviceId: string): Promise<RailwayService> {
    if (this.#token.kind === 'project') {
      const data = await this.#read('query token { projectToken { projectId environmentId } }', {});
      const { projectId, environmentId } = fieldsOf(data.projectToken);
      if (typeof projectId !== 'string' || typeof environmentId !== 'string') throw this.#notRailway();
      return { projectId, environmentId, serviceId };
    }
    const { RAILWAY_PROJECT_ID: projectId, RAILWAY_ENVIRONMENT_ID: environmentId } = this.#env;
    if (!projectId || !environmentId)
      throw new RailwayFailure(
        'With RAILWAY_API_TOKEN, RAILWAY_PROJECT_ID and RAILWAY_ENVIRONMENT_ID are needed too.',
      );
    return { projectId, environmentId, serviceId };
  }

  /** The latest deployments, newest first. @throws RailwayFailure */
  async deployments(service: RailwayService): Promise<RailwayDeployment[]> {
    const data = await this.#read(
      `query deployments($input: DeploymentListInput!, $first: Int) {
        deployments(input: $input, first: $first) { edges { node { ${fields} } } }
      }`,
      { input: { ...service }, first: 20 },
    );
    const { edges } = fieldsOf(data.deployments);
    if (!Array.isArray(edges)) throw this.#notRailway();
    const all = edges.map((edge) => fieldsOf(edge).node);
    if (!all.every(isDeployment)) throw this.#notRailway();
    return all.sort((a, b) => Date.parse(b.createdAt) - Date.parse(a.createdAt));
  }

  /** Asks for a rollback, and only once unless it was turned away. @throws RailwayFailure, `perhapsDone` when the answer was lost */
  async rollback(id: string): Promise<void> {
    const query = 'mutation rollback($id: String!) { deploymentRollback(id: $id) }';
    let answer = await this.#post(query, { id });
    // Turned away at the door: nothing was done, so the same may be asked again.
    const wait = answer.status === 429 ? passing(answer, this.#clock.now()) : undefined;
    if (wait !== undefined && wait <= longestWaitMs) {
      await this.#clock.sleep(Math.max(wait, backoffMs[0]));
      answer = await this.#post(query, { id });
    }
    const data = this.#judge(answer);
    if (!data.deploymentRollback)
      throw new RailwayFailure('Railway did not accept the rollback and gives no reason.');
  }

  /** A question: asked again after what passes. */
  async #read(query: string, variables: Record<string, unknown>): Promise<Fields> {
    for (let attempt = 0; ; attempt++) {
      const wait = backoffMs[attempt];
      try {
        const answer = await this.#post(query, variables);
        const asked = passing(answer, this.#clock.now());
        if (asked === undefined || wait === undefined || asked > longestWaitMs) return this.#judge(answer);
        await this.#clock.sleep(Math.max(wait, asked));
      } catch (error) {
        if (!(error instanceof RailwayFailure && error.perhapsDone) || wait === undefined) throw error;
        await this.#clock.sleep(wait);
      }
    }
  }

  async #post(query: string, variables: Record<string, unknown>): Promise<Answer> {
    try {
      return await send({
        method: 'POST',
        url: this.#url,
        headers: { ...this.#token.headers, 'content-type': 'application/json' },
        body: JSON.stringify({ query, variables }),
        timeoutMs,
        maxBytes: 4 * 1_048_576,
      });
    } catch (error) {
      const code = error instanceof NoAnswer ? error.code : String(error);
      const verdict = judgeNoAnswer(code, this.#url.host, 'Railway');
      throw new RailwayFailure('reason' in verdict ? verdict.reason : code, true);
    }
  }

  /** GraphQL reports most errors with status 200. */
  #judge({ status, body }: Answer): Fields {
    const { data, errors } = fieldsOf(parsed(body));
    const said = (Array.isArray(errors) ? errors : [])
      .map((error) => fieldsOf(error).message ?? 'no reason given')
      .join('; ');
    if (status === 401 || status === 403 || /not authorized|unauthorized/i.test(said)) {
      const name = this.#token.kind === 'project' ? 'RAILWAY_TOKEN' : 'RAILWAY_API_TOKEN';
      throw new RailwayFailure(
        `Railway does not accept ${name} for this${said && ` ("${said}")`}. ${
          this.#token.kind === 'project'
            ? 'It must be a project token of the environment of this service; account and workspace tokens go into RAILWAY_API_TOKEN.'
            : 'It must be an account or workspace token; project tokens go into RAILWAY_TOKEN.'
        }`,
      );
    }
    if (status === 429) throw new RailwayFailure('Railway allows no more requests for now (429).');
    // A server in trouble may have carried out what it was asked.
    if (status >= 500) throw new RailwayFailure(`Railway failed (${status}).`, true);
    if (said || status >= 300 || data === undefined || data === null)
      throw new RailwayFailure(`Railway refused: ${said || `status ${status}`}.`);
    return fieldsOf(data);
  }

  #notRailway(): RailwayFailure {
    return new RailwayFailure(
      `${this.#url.host} answered with something that is not an answer of Railway: check RAILWAY_API_URL.`,
    );
  }
}

type Fields = Readonly<Record<string, unknown>>;

/** The fields of something that may be anything. */
const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null ? (value as Fields) : {};

function isDeployment(node: unknown): node is RailwayDeployment {
  const { id, status, createdAt } = fieldsOf(node);
  return [id, status, createdAt].every((value) => typeof value === 'string');
}

/** Milliseconds to wait before the question is asked again; undefined when the answer is one. */
function passing({ status, headers }: Answer, now: number): number | undefined {
  if (status === 429 || status === 503) return retryAfterMs(headers['retry-after'], now) ?? 0;
  return status >= 500 ? 0 : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
