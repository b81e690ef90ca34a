import { EnvironmentFailure } from '../../lib/errors.ts';
import type { HttpClient } from '../../lib/http.ts';

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

interface GraphqlBody {
  data?: unknown;
  errors?: { message?: string; extensions?: { code?: string } }[];
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
    const data = await this.#read<{ projectToken: { projectId: string; environmentId: string } }>(query, {});
    return data.projectToken;
  }

  /** The latest deployments, newest first. */
  async deployments(service: Service): Promise<Deployment[]> {
    const query = `query deployments($input: DeploymentListInput!, $first: Int) {
      deployments(input: $input, first: $first) { edges { node { ${fields} } } }
    }`;
    const data = await this.#read<{ deployments: { edges: { node: Deployment }[] } }>(query, {
      input: { ...service },
      first: 20,
    });
    const all = data.deployments.edges.map((edge) => edge.node);
    return all.sort((a, b) => Date.parse(b.createdAt) - Date.parse(a.createdAt));
  }

  async deployment(id: string): Promise<Deployment> {
    const query = `query deployment($id: String!) { deployment(id: $id) { ${fields} } }`;
    return (await this.#read<{ deployment: Deployment }>(query, { id })).deployment;
  }

  /** The last lines of a deployment's log, oldest first. */
  async log(kind: 'buildLogs' | 'deploymentLogs', deploymentId: string, limit: number): Promise<string[]> {
    const query = `query log($deploymentId: String!, $limit: Int) {
      ${kind}(deploymentId: $deploymentId, limit: $limit) { timestamp message }
    }`;
    const data = await this.#read<Record<string, { message: string }[]>>(query, { deploymentId, limit });
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
        (await this.#once<{ serviceInstanceDeployV2: string }>(query, variables)).serviceInstanceDeployV2,
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
        await this.#once(query, { id });
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
        await this.#once(query, { id });
        return true;
      },
      async () => (isUnderWay(await this.deployment(id)) ? undefined : true),
    );
  }

  async #read<T>(query: string, variables: Record<string, unknown>): Promise<T> {
    const answer = await this.client.read(this.#path, { method: 'POST', json: { query, variables } });
    return this.#data<T>(answer.status, answer.json);
  }

  async #once<T>(query: string, variables: Record<string, unknown>): Promise<T> {
    const answer = await this.client.once('POST', this.#path, { json: { query, variables } });
    return this.#data<T>(answer.status, answer.json);
  }

  /** GraphQL reports most errors with status 200. */
  #data<T>(status: number, json: unknown): T {
    const body = (json ?? {}) as GraphqlBody;
    const said = (body.errors ?? [])
      .map((e) => this.client.redact(e.message ?? 'no reason given'))
      .join('; ');
    if (status === 401 || status === 403 || /not authorized|unauthorized/i.test(said))
      throw new RailwayRefusal(
        `Railway does not accept RAILWAY_TOKEN${said && ` ("${said}")`}. It must be a project token (Project settings › Tokens) of the environment in which Prometheus runs; account and workspace tokens do not work here.`,
      );
    if (said || status >= 300 || body.data === undefined || body.data === null)
      throw new RailwayRefusal(`Railway refused: ${said || `status ${status}`}.`);
    return body.data as T;
  }
}
