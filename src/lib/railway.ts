import { EnvironmentFailure } from './errors.ts';
import { type HttpClient, HttpFailure } from './http.ts';
import { fields as having, isRecord, isText, listOf, maybe, type Shape } from './shapes.ts';

/** Statuses of a deployment, as Railway names them. */
export type RailwayStatus =
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
export interface RailwayDeployment {
  readonly id: string;
  readonly status: RailwayStatus;
  readonly createdAt: string;
  readonly canRollback: boolean;
  readonly deploymentStopped: boolean;
  readonly meta: { readonly commitHash?: string } | null;
}

/** The service in the environment to which the project token belongs. */
export interface RailwayService {
  readonly projectId: string;
  readonly environmentId: string;
  readonly serviceId: string;
}

const servingStatuses: readonly RailwayStatus[] = ['SUCCESS', 'SLEEPING'];
const underWayStatuses: readonly RailwayStatus[] = [
  'QUEUED',
  'WAITING',
  'NEEDS_APPROVAL',
  'INITIALIZING',
  'BUILDING',
  'DEPLOYING',
];
/** Whether requests are answered by it. */
export const isServing = (d: RailwayDeployment): boolean =>
  servingStatuses.includes(d.status) && !d.deploymentStopped;
/** Whether it may still go live. */
export const isUnderWay = (d: RailwayDeployment): boolean => underWayStatuses.includes(d.status);
/** A commit as people read it. */
export const shortCommit = (d: RailwayDeployment | undefined): string =>
  d?.meta?.commitHash?.slice(0, 7) ?? 'an unknown commit';

/** Railway understood the request and refused it. */
export class RailwayRefusal extends EnvironmentFailure {}

/** A token's variable, and the advice when Railway does not accept it. */
export interface RailwayToken {
  readonly variable: string;
  readonly advice: string;
}

const isFlag = (data: unknown): data is boolean => typeof data === 'boolean';
/** The shape of a deployment in an answer. */
export const isDeployment: Shape<RailwayDeployment> = having<RailwayDeployment>({
  id: isText,
  // A status that Railway invents is no mistake: it is neither serving nor under way.
  status: isText as Shape<RailwayStatus>,
  createdAt: isText,
  canRollback: isFlag,
  deploymentStopped: isFlag,
  meta: ((data) => data === null || (isRecord(data) && maybe(isText)(data.commitHash))) as Shape<
    RailwayDeployment['meta']
  >,
});

/** The fields that are asked of a deployment. */
export const deploymentFields = 'id status createdAt canRollback deploymentStopped meta';

/** One step of a deployment: SNAPSHOT_CODE, BUILD_IMAGE, …, HEALTHCHECK, DRAIN_INSTANCES. */
export interface RailwayStep {
  readonly step: string;
  readonly createdAt: string;
  readonly completedAt?: string | null;
  readonly payload: {
    readonly durationMs?: number | null;
    readonly error?: string | null;
    readonly reason?: string | null;
    readonly attempt?: number | null;
    readonly maxAttempts?: number | null;
    readonly skipped?: boolean | null;
  } | null;
}
const isStep: Shape<RailwayStep> = having<RailwayStep>({
  step: isText,
  createdAt: isText,
  completedAt: maybe(isText),
  payload: ((data: unknown) => data === null || (isRecord(data) && maybe(isText)(data.error))) as Shape<
    RailwayStep['payload']
  >,
});

/** `true`, or the deployment that was made. */
const isAccepted: Shape<unknown> = ((data: unknown) => data === true || isRecord(data)) as Shape<unknown>;

/** Railway's GraphQL API, as far as a rollback needs it. Methods throw RailwayRefusal and HttpFailure. */
export class RailwayApi {
  readonly client: HttpClient;
  readonly #path: string;
  readonly #token: RailwayToken;
  /** @param path the API's path below the client's base */
  constructor(client: HttpClient, path: string, token: RailwayToken) {
    this.client = client;
    this.#path = path;
    this.#token = token;
  }

  /** The project and environment of the token. @throws RailwayRefusal when it is no project token */
  async identify(): Promise<{ projectId: string; environmentId: string }> {
    const query = 'query token { projectToken { projectId environmentId } }';
    const shape = having<{ projectToken: { projectId: string; environmentId: string } }>({
      projectToken: having({ projectId: isText, environmentId: isText }),
    });
    return (await this.read(query, {}, shape)).projectToken;
  }

  /** The latest deployments, newest first. */
  async deployments(service: RailwayService): Promise<RailwayDeployment[]> {
    const query = `query deployments($input: DeploymentListInput!, $first: Int) {
      deployments(input: $input, first: $first) { edges { node { ${deploymentFields} } } }
    }`;
    const shape = having<{ deployments: { edges: readonly { node: RailwayDeployment }[] } }>({
      deployments: having({ edges: listOf(having<{ node: RailwayDeployment }>({ node: isDeployment })) }),
    });
    const data = await this.read(query, { input: { ...service }, first: 20 }, shape);
    const all = data.deployments.edges.map((edge) => edge.node);
    return all.sort((a, b) => Date.parse(b.createdAt) - Date.parse(a.createdAt));
  }

  /** The steps of a deployment, in their order. */
  async steps(id: string): Promise<readonly RailwayStep[]> {
    const query = `query steps($id: String!) {
      deploymentEvents(id: $id, first: 50) {
        edges { node { step createdAt completedAt payload { durationMs error reason attempt maxAttempts skipped } } }
      }
    }`;
    const shape = having<{ deploymentEvents: { edges: readonly { node: RailwayStep }[] } }>({
      deploymentEvents: having({ edges: listOf(having<{ node: RailwayStep }>({ node: isStep })) }),
    });
    const { deploymentEvents } = await this.read(query, { id }, shape);
    return deploymentEvents.edges.map(({ node }) => node);
  }

  /** Requests that Railway's edge counted for the service from one moment to another (Unix seconds), by status. */
  async requests(service: RailwayService, from: number, to: number): Promise<ReadonlyMap<number, number>> {
    const query = `query requests($service: String!, $environment: String!, $from: DateTime!, $to: DateTime!) {
      httpMetricsGroupedByStatus(serviceId: $service, environmentId: $environment, startDate: $from, endDate: $to, stepSeconds: 60) {
        statusCode samples { ts value }
      }
    }`;
    const isNumber: Shape<number> = (data): data is number => typeof data === 'number';
    interface Sample {
      readonly ts: number;
      readonly value: number;
    }
    interface Row {
      readonly statusCode: number;
      readonly samples: readonly Sample[];
    }
    const shape = having<{ httpMetricsGroupedByStatus: readonly Row[] }>({
      httpMetricsGroupedByStatus: listOf(
        having<Row>({
          statusCode: isNumber,
          samples: listOf(having<Sample>({ ts: isNumber, value: isNumber })),
        }),
      ),
    });
    const moment = (seconds: number): string => new Date(seconds * 1000).toISOString();
    const variables = {
      service: service.serviceId,
      environment: service.environmentId,
      from: moment(from),
      to: moment(to),
    };
    const { httpMetricsGroupedByStatus: rows } = await this.read(query, variables, shape);
    return new Map(
      rows.map(({ statusCode, samples }) => [statusCode, samples.reduce((sum, { value }) => sum + value, 0)]),
    );
  }

  /** Railway's own diagnosis of a failed deployment; undefined where it has none. */
  async diagnosis(id: string): Promise<string | undefined> {
    const query = 'query diagnosis($id: String!) { deployment(id: $id) { diagnosis } }';
    const shape = having<{ deployment: { diagnosis: unknown } }>({
      deployment: isRecord as Shape<{ diagnosis: unknown }>,
    });
    const { diagnosis } = (await this.read(query, { id }, shape)).deployment;
    // The schema has no shape for it: a text, or an object with one.
    const said = isRecord(diagnosis)
      ? [diagnosis.summary, diagnosis.message, diagnosis.title].find(isText)
      : diagnosis;
    return isText(said) && said.trim() ? said.trim() : undefined;
  }

  /** Brings a deployment back. @param isDone looks whether a lost request was carried out */
  async rollback(id: string, isDone: () => Promise<boolean>): Promise<void> {
    const query = (selection: string): string =>
      `mutation rollback($id: String!) { deploymentRollback(id: $id)${selection} }`;
    const shape = having<{ deploymentRollback: unknown }>({ deploymentRollback: isAccepted });
    await this.client.write<true>(
      async () => {
        try {
          await this.once(query(''), { id }, shape);
        } catch (error) {
          // The schema says Boolean and the documentation an object. A query of the wrong form is not carried out.
          if (!(error instanceof RailwayRefusal && /subfields/.test(error.message))) throw error;
          await this.once(query(' { id }'), { id }, shape);
        }
        return true;
      },
      async () => ((await isDone()) ? true : undefined),
    );
  }

  /** A query: made again after every passing failure. */
  protected async read<T>(query: string, variables: Record<string, unknown>, shape: Shape<T>): Promise<T> {
    const answer = await this.client.read(this.#path, { method: 'POST', json: { query, variables } });
    return this.#data(answer.status, answer.json, query, shape);
  }

  /** A mutation: made once. */
  protected async once<T>(query: string, variables: Record<string, unknown>, shape: Shape<T>): Promise<T> {
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
        `Railway does not accept ${this.#token.variable}${said && ` ("${said}")`}. ${this.#token.advice}`,
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
