import { EnvironmentFailure } from '../../lib/errors.ts';
import { type HttpClient, HttpFailure } from '../../lib/http.ts';
import { fields as having, isRecord, isText, listOf, maybe, recordOf, type Shape } from '../../lib/shapes.ts';

/** Statuses of a deployment, as Railway names them. */
export type DeploymentStatus =
  | 'BUILDING'
  | 'CRASHED'
  | 'DEPLOYING'
  | 'FAILED'
  | 'INITIALIZING'
  | 'NEEDS_APPROVAL'
  | 'QUEUED'
  | 'REMOVED'
  | 'REMOVING'
  | 'SKIPPED'
  | 'SLEEPING'
  | 'SUCCESS'
  | 'WAITING';

/** A deployment of a service. */
export interface Deployment {
  readonly id: string;
  readonly status: DeploymentStatus;
  readonly createdAt: string;
  readonly canRollback: boolean;
  readonly deploymentStopped: boolean;
  readonly meta: { readonly commitHash?: string } | null;
}

/** The service in the environment to which the project token belongs. */
export interface Service {
  readonly projectId: string;
  readonly environmentId: string;
  readonly serviceId: string;
}

const servingStatuses: readonly DeploymentStatus[] = ['SUCCESS', 'SLEEPING'];
const underWayStatuses: readonly DeploymentStatus[] = [
  'QUEUED',
  'WAITING',
  'NEEDS_APPROVAL',
  'INITIALIZING',
  'BUILDING',
  'DEPLOYING',
];
/** Whether requests are answered by it. */
export const isServing = (d: Deployment): boolean =>
  servingStatuses.includes(d.status) && !d.deploymentStopped;
/** Whether it may still go live. */
export const isUnderWay = (d: Deployment): boolean => underWayStatuses.includes(d.status);
/** A commit as people read it. */
export const shortCommit = (d: Deployment | undefined): string =>
  d?.meta?.commitHash?.slice(0, 7) ?? 'an unknown commit';

/** Railway understood the request and refused it. */
export class RailwayRefusal extends EnvironmentFailure {}

const isFlag = (data: unknown): data is boolean => typeof data === 'boolean';
const isDeployment: Shape<Deployment> = having<Deployment>({
  id: isText,
  // A status that Railway invents is no mistake: it is neither serving nor under way.
  status: isText as Shape<DeploymentStatus>,
  createdAt: isText,
  canRollback: isFlag,
  deploymentStopped: isFlag,
  meta: ((data) => data === null || (isRecord(data) && maybe(isText)(data.commitHash))) as Shape<
    Deployment['meta']
  >,
});
const isLog = maybe(listOf(having<{ message: string }>({ message: isText })));

const fields = 'id status createdAt canRollback deploymentStopped meta';

/** The part of Railway's GraphQL API that deploying needs. */
export class RailwayApi {
  readonly client: HttpClient;
  readonly #path: string;
  /** @param path the API's path below the client's base */
  constructor(client: HttpClient, path: string) {
    this.client = client;
    this.#path = path;
  }

  /** The project and environment of the token. @throws RailwayRefusal when it is no project token */
  async identify(): Promise<{ projectId: string; environmentId: string }> {
    const query = 'query token { projectToken { projectId environmentId } }';
    const shape = having<{ projectToken: { projectId: string; environmentId: string } }>({
      projectToken: having({ projectId: isText, environmentId: isText }),
    });
    return (await this.#read(query, {}, shape)).projectToken;
  }

  /** The latest deployments, newest first. */
  async deployments(service: Service): Promise<Deployment[]> {
    const query = `query deployments($input: DeploymentListInput!, $first: Int) {
      deployments(input: $input, first: $first) { edges { node { ${fields} } } }
    }`;
    const shape = having<{ deployments: { edges: readonly { node: Deployment }[] } }>({
      deployments: having({ edges: listOf(having<{ node: Deployment }>({ node: isDeployment })) }),
    });
    const data = await this.#read(query, { input: { ...service }, first: 20 }, shape);
    const all = data.deployments.edges.map((edge) => edge.node);
    return all.sort((a, b) => Date.parse(b.createdAt) - Date.parse(a.createdAt));
  }

  async deployment(id: string): Promise<Deployment> {
    const query = `query deployment($id: String!) { deployment(id: $id) { ${fields} } }`;
    const shape = having<{ deployment: Deployment }>({ deployment: isDeployment });
    return (await this.#read(query, { id }, shape)).deployment;
  }

  /** The last lines of a deployment's log, oldest first. */
  async log(kind: 'buildLogs' | 'deploymentLogs', deploymentId: string, limit: number): Promise<string[]> {
    const query = `query log($deploymentId: String!, $limit: Int) {
      ${kind}(deploymentId: $deploymentId, limit: $limit) { timestamp message }
    }`;
    const data = await this.#read(query, { deploymentId, limit }, recordOf(isLog));
    return (data[kind] ?? []).map((line) => this.client.redact(line.message)).slice(-limit);
  }

  /**
   * Deploys a commit. @param known ids of the deployments that existed before: after a lost answer, a new one of the
   * same commit is this one, and nothing is deployed a second time
   * @returns the deployment's id
   */
  async deploy(service: Service, commitSha: string, known: readonly string[]): Promise<string> {
    const query = `mutation deploy($serviceId: String!, $environmentId: String!, $commitSha: String) {
      serviceInstanceDeployV2(serviceId: $serviceId, environmentId: $environmentId, commitSha: $commitSha)
    }`;
    const { serviceId, environmentId } = service;
    const variables = { serviceId, environmentId, commitSha };
    return await this.client.write(
      async () =>
        (
          await this.#once(
            query,
            variables,
            having<{ serviceInstanceDeployV2: string }>({ serviceInstanceDeployV2: isText }),
          )
        ).serviceInstanceDeployV2,
      async () => {
        const all = await this.deployments(service);
        return all.find((d) => !known.includes(d.id) && d.meta?.commitHash === commitSha)?.id;
      },
    );
  }

  /** Brings a deployment back. @param isDone looks whether a lost request was carried out */
  async rollback(id: string, isDone: () => Promise<boolean>): Promise<void> {
    const query = 'mutation rollback($id: String!) { deploymentRollback(id: $id) }';
    await this.client.write<true>(
      async () => {
        await this.#once(query, { id }, isRecord);
        return true;
      },
      async () => ((await isDone()) ? true : undefined),
    );
  }

  /** Ends a deployment that is under way. @throws RailwayRefusal when it is not, or may not be cancelled */
  async cancel(id: string): Promise<void> {
    const query = 'mutation cancel($id: String!) { deploymentCancel(id: $id) }';
    await this.client.write<true>(
      async () => {
        await this.#once(query, { id }, isRecord);
        return true;
      },
      async () => (isUnderWay(await this.deployment(id)) ? undefined : true),
    );
  }

  async #read<T>(query: string, variables: Record<string, unknown>, shape: Shape<T>): Promise<T> {
    const answer = await this.client.read(this.#path, { method: 'POST', json: { query, variables } });
    return this.#data(answer.status, answer.json, query, shape);
  }

  async #once<T>(query: string, variables: Record<string, unknown>, shape: Shape<T>): Promise<T> {
    const answer = await this.client.once('POST', this.#path, { json: { query, variables } });
    return this.#data(answer.status, answer.json, query, shape);
  }

  /** GraphQL reports most errors with status 200. */
  #data<T>(status: number, json: unknown, query: string, shape: Shape<T>): T {
    const { data, errors } = isRecord(json) ? json : {};
    const said = (Array.isArray(errors) ? errors : [])
      .map((error: unknown) =>
        isRecord(error) && isText(error.message) ? this.client.redact(error.message) : 'no reason given',
      )
      .join('; ');
    if (status === 401 || status === 403 || /not authorized|unauthorized/i.test(said))
      throw new RailwayRefusal(
        `Railway does not accept RAILWAY_TOKEN${said && ` ("${said}")`}. It must be a project token (Project settings › Tokens) of the environment in which Prometheus runs; account and workspace tokens do not work here.`,
      );
    if (said || status >= 300) throw new RailwayRefusal(`Railway refused: ${said || `status ${status}`}.`);
    if (shape(data)) return data;
    // A write may have been carried out all the same: what then is there tells.
    throw new HttpFailure(
      'unexpected',
      `Railway at ${this.client.options.base.host} answered "${nameOf(query)}" with something else than was asked for. Check RAILWAY_API_URL, and what stands between.`,
      { perhapsDone: true },
    );
  }
}

/** The kind and name of a GraphQL request: `mutation deploy`. */
const nameOf = (query: string): string => /^\s*(\w+ \w+)/.exec(query)?.[1] ?? 'a request';
