import { graphqlSync } from 'graphql';
import type { Clock } from '../../../src/lib/clock.ts';
import {
  type DeploymentStatus,
  isUnderWay,
  type RailwayDeployment,
} from '../../../src/provision/delivery/railway-api.ts';
import { type FakeRequest, type FakeResponse, type Handler, json } from '../wire/types.ts';
import { documentedSchema, schema } from './schema.ts';

/** One deployment of the fake's only service. */
export interface FakeDeployment {
  readonly id: string;
  readonly commitHash: string;
  readonly createdAt: number;
  /** Statuses and how many seconds after the start each is reached; the last one stays. */
  readonly course: readonly (readonly [seconds: number, status: DeploymentStatus])[];
  canRollback: boolean;
  /** Set when a later deployment took its place. */
  removedAt: number | undefined;
  went: boolean;
  /** Name of its service, where that is another than the one that tests are about. */
  readonly service?: string;
  /** Its own steps, in place of those that all have. */
  readonly steps?: readonly FakeStep[];
}

/** A step of a deployment; without times it happened just now. */
export interface FakeStep {
  readonly step: string;
  readonly payload: Record<string, unknown> | null;
  readonly createdAt?: string;
  readonly completedAt?: string;
}

export interface FakeRailwayOptions {
  readonly token: string;
  /** An account's token; it is of no project. */
  readonly accountToken: string;
  readonly projectId: string;
  readonly environmentId: string;
  readonly serviceId: string;
  /** Requests per hour; exceeding it is answered with 429. */
  readonly perHour: number;
}

/** How a deployment goes that does what it should. */
export const good: FakeDeployment['course'] = [
  [0, 'QUEUED'],
  [2, 'INITIALIZING'],
  [5, 'BUILDING'],
  [40, 'DEPLOYING'],
  [50, 'SUCCESS'],
];

interface LogArguments {
  readonly deploymentId: string;
  readonly limit?: number;
  /** A text in quotes. */
  readonly filter?: string;
}
const lines = (of: readonly string[], { limit, filter = '' }: LogArguments): unknown[] =>
  of
    .filter((line) => line.includes(filter.replaceAll('"', '')))
    .slice(-(limit ?? 100))
    .map((message, i) => ({ timestamp: new Date(i).toISOString(), message, severity: 'info' }));

/** Railway's GraphQL API with one service. Time comes from the clock: statuses change while the client waits. */
export class FakeRailway {
  readonly deployments: FakeDeployment[] = [];
  readonly options: FakeRailwayOptions;
  /** Whether a rollback answers with the deployment, as the documentation says, instead of true, as the schema does. */
  rollbackMakesDeployment = false;
  /** Its answer about the steps of a deployment; undefined when the token may not ask. */
  steps: readonly FakeStep[] | undefined = [];
  /** Requests that its edge counted, by status, in a span of Unix seconds; undefined when the token may not ask. */
  requests: ((from: number, to: number) => Readonly<Record<number, number>>) | undefined = () => ({});
  /** Its diagnosis of a deployment that failed. */
  diagnosis: unknown = null;
  /** The course of the next deployment of a commit. */
  course: (commit: string) => FakeDeployment['course'] = () => good;
  /** Called when a deployment starts to serve: what its image contains runs from now on. */
  onServe: (commit: string) => void = () => undefined;
  /** Whether the token may cancel; which mutations Railway grants a project token is not documented. */
  mayCancel = true;
  buildLog: readonly string[] = [
    '#1 load Dockerfile',
    '#2 COPY generated/prometheus/rules /etc/prometheus/rules',
  ];
  /** The log of a deployment that serves. */
  startLog: readonly string[] = [];
  readonly #clock: Clock;
  #ids = 0;
  #hour: number[] = [];

  constructor(clock: Clock, options: Partial<FakeRailwayOptions> = {}) {
    this.#clock = clock;
    this.options = {
      token: 'project-token-0123456789',
      accountToken: 'account-token-0123456789',
      projectId: 'project-1',
      environmentId: 'environment-1',
      serviceId: 'prometheus-1',
      perHour: 1000,
      ...options,
    };
  }

  /** A deployment that serves already. */
  serving(commitHash: string): FakeDeployment {
    const made = this.#make(commitHash, [[0, 'SUCCESS']]);
    this.tick();
    return made;
  }

  /** A deployment that is over. */
  past(
    commitHash: string,
    createdAt: number,
    over: Partial<Pick<FakeDeployment, 'course' | 'removedAt' | 'service' | 'steps'>> = {},
  ): FakeDeployment {
    const made = { ...this.#make(commitHash, over.course ?? good), ...over, createdAt, went: true };
    this.deployments[this.deployments.length - 1] = made;
    return made;
  }

  /** A deployment that begins now, with the course of its commit. */
  deploys(commitHash: string): FakeDeployment {
    return this.#make(commitHash, this.course(commitHash));
  }

  /** A deployment that has come to its end already, other than to serve. */
  ends(commitHash: string, status: 'FAILED' | 'CRASHED'): FakeDeployment {
    return this.#make(commitHash, [[0, status]]);
  }

  status(d: FakeDeployment): DeploymentStatus {
    if (d.removedAt !== undefined) return 'REMOVED';
    const seconds = (this.#clock.now() - d.createdAt) / 1000;
    return d.course.filter(([at]) => at <= seconds).at(-1)?.[1] ?? 'QUEUED';
  }

  readonly handler: Handler = (request) => {
    if (request.path !== '/graphql/v2' || request.method !== 'POST')
      return json(404, { message: 'Not found' });
    const now = this.#clock.now();
    this.#hour = [...this.#hour.filter((t) => t > now - 3_600_000), now];
    if (this.#hour.length > this.options.perHour)
      return json(
        429,
        { message: 'Too many requests' },
        { 'retry-after': '30', 'x-ratelimit-remaining': '0' },
      );
    if (!request.headers['content-type']?.startsWith('application/json'))
      return json(400, { message: 'Bad content type' });
    this.tick();
    return this.#execute(request);
  };

  #execute(request: FakeRequest): FakeResponse {
    const { query, variables } = JSON.parse(request.body) as {
      query: string;
      variables?: Record<string, unknown>;
    };
    // A project token goes into a header of its own; as a bearer token it is invalid.
    const { token, accountToken } = this.options;
    const byProject = request.headers['project-access-token'] === token;
    const byAccount =
      request.headers.authorization === `Bearer ${accountToken}` && !/\bprojectToken\b/.test(query);
    if (!byProject && !byAccount)
      return json(200, {
        errors: [{ message: 'Not Authorized', extensions: { code: 'INTERNAL_SERVER_ERROR' } }],
        data: null,
      });
    const result = graphqlSync({
      schema: this.rollbackMakesDeployment ? documentedSchema : schema,
      source: query,
      rootValue: this.#root(),
      ...(variables && { variableValues: variables }),
    });
    return json(result.data === undefined ? 400 : 200, result);
  }

  #find(id: string): FakeDeployment {
    const found = this.deployments.find((d) => d.id === id);
    if (!found) throw new Error('Deployment not found');
    return found;
  }

  /** Refuses what belongs to another environment than the token. */
  #own({ serviceId, environmentId }: { serviceId?: string; environmentId?: string }): void {
    const own = this.options;
    if ((serviceId ?? own.serviceId) !== own.serviceId || environmentId !== own.environmentId)
      throw new Error('Not Authorized');
  }

  #root(): Record<string, unknown> {
    return { ...this.#queries(), ...this.#mutations() };
  }

  #queries(): Record<string, unknown> {
    const { projectId, environmentId } = this.options;
    return {
      projectToken: { projectId, environmentId },
      deployments: ({
        input,
        first = 50,
        after,
      }: {
        input: Record<string, string>;
        first?: number;
        after?: string;
      }) => {
        this.#own(input);
        const newest = [...this.deployments].sort((a, b) => a.createdAt - b.createdAt).reverse();
        const start = newest.findIndex(({ id }) => id === after) + 1;
        const page = newest.slice(start, start + first);
        return {
          edges: page.map((d) => ({ node: this.#show(d), cursor: d.id })),
          pageInfo: {
            endCursor: page.at(-1)?.id ?? null,
            startCursor: page[0]?.id ?? null,
            hasNextPage: newest.length > start + first,
            hasPreviousPage: start > 0,
          },
        };
      },
      deployment: ({ id }: { id: string }) => ({ ...this.#show(this.#find(id)), diagnosis: this.diagnosis }),
      deploymentEvents: ({ id }: { id: string }) => {
        const steps = this.#find(id).steps ?? this.steps;
        if (steps === undefined) throw new Error('Not Authorized');
        return {
          edges: steps.map((step, i) => ({
            cursor: String(i),
            node: { id: String(i), createdAt: new Date(this.#clock.now()).toISOString(), ...step },
          })),
        };
      },
      httpMetricsGroupedByStatus: (args: {
        serviceId: string;
        environmentId: string;
        startDate: string;
        endDate: string;
      }) => {
        this.#own(args);
        if (!this.requests) throw new Error('Not Authorized');
        const [from, to] = [Date.parse(args.startDate) / 1_000, Date.parse(args.endDate) / 1_000];
        return Object.entries(this.requests(from, to)).map(([status, value]) => ({
          statusCode: Number(status),
          // In two steps, as of every minute.
          samples: [value - Math.floor(value / 2), Math.floor(value / 2)].map((part, i) => ({
            ts: Math.floor(from) + 60 * i,
            value: part,
          })),
        }));
      },
      buildLogs: (args: LogArguments) => lines(this.#find(args.deploymentId) && this.buildLog, args),
      deploymentLogs: (args: LogArguments) => {
        const crashed = this.#find(args.deploymentId).course.some(([, s]) => s === 'CRASHED');
        return lines(crashed ? ['level=error err="loading rules failed"'] : this.startLog, args);
      },
    };
  }

  #mutations(): Record<string, unknown> {
    return {
      serviceInstanceDeployV2: (args: { serviceId: string; environmentId: string; commitSha?: string }) => {
        this.#own(args);
        if (!args.commitSha) throw new Error('No commit');
        return this.#make(args.commitSha, this.course(args.commitSha)).id;
      },
      deploymentRollback: ({ id }: { id: string }) => {
        const old = this.#find(id);
        if (!old.canRollback) throw new Error('Deployment cannot be rolled back to');
        const made = this.#make(old.commitHash, [
          [0, 'DEPLOYING'],
          [8, 'SUCCESS'],
        ]);
        return this.rollbackMakesDeployment ? { id: made.id } : true;
      },
      deploymentCancel: ({ id }: { id: string }) => {
        const d = this.#find(id);
        if (!this.mayCancel || !isUnderWay(this.#show(d))) throw new Error('Deployment cannot be cancelled');
        d.removedAt = this.#clock.now();
        return true;
      },
    };
  }

  #make(commitHash: string, course: FakeDeployment['course']): FakeDeployment {
    const made: FakeDeployment = {
      id: `deployment-${++this.#ids}`,
      commitHash,
      createdAt: this.#clock.now(),
      course,
      canRollback: true,
      removedAt: undefined,
      went: false,
    };
    this.deployments.push(made);
    return made;
  }

  /** Lets a deployment that reached SUCCESS take the place of those before it. */
  tick(): void {
    for (const d of this.deployments) {
      if (d.went || !['SUCCESS', 'SLEEPING'].includes(this.status(d))) continue;
      d.went = true;
      for (const other of this.deployments)
        if (other.went && other !== d) other.removedAt ??= this.#clock.now();
      this.onServe(d.commitHash);
    }
  }

  #show(d: FakeDeployment): RailwayDeployment & Record<string, unknown> {
    const reached = d.createdAt + (d.course.at(-1)?.[0] ?? 0) * 1_000;
    return {
      id: d.id,
      status: this.status(d),
      createdAt: new Date(d.createdAt).toISOString(),
      statusUpdatedAt: new Date(d.removedAt ?? reached).toISOString(),
      service: { id: this.options.serviceId, name: d.service ?? 'api' },
      environment: { id: this.options.environmentId, name: 'production' },
      canRollback: d.canRollback,
      deploymentStopped: d.removedAt !== undefined,
      meta: { commitHash: d.commitHash },
    };
  }
}
