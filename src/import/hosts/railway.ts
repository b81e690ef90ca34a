import { systemClock } from '../../lib/clock.ts';
import { RailwayApi } from '../../lib/railway.ts';
import { fields as having, isRecord, isText, listOf, maybe, recordOf, type Shape } from '../../lib/shapes.ts';
import { railwayAccess, railwayProject } from '../../record/index.ts';
import type { HostDeployment, ReadHost } from './host.ts';

/** As long as a page of its lists may be asked for. */
const perPage = 100;
/** Deployments whose steps are asked for in one request: an hour's requests are few. */
const together = 20;

/** A deployment in the list. */
interface Listed {
  readonly id: string;
  readonly status: string;
  readonly createdAt: string;
  readonly statusUpdatedAt?: string | null;
  readonly meta: unknown;
  readonly service: { readonly name: string };
  readonly environment: { readonly name: string };
}
interface Page {
  readonly edges: readonly { readonly node: Listed }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor?: string | null };
}
interface Event {
  readonly step: string;
  readonly completedAt?: string | null;
  readonly payload?: { readonly error?: string | null } | null;
}
interface Events {
  readonly edges: readonly { readonly node: Event }[];
}

const anything: Shape<unknown> = (data): data is unknown => true;
const named = having<{ name: string }>({ name: isText });
const isPage = having<Page>({
  edges: listOf(
    having<{ node: Listed }>({
      node: having<Listed>({
        id: isText,
        status: isText,
        createdAt: isText,
        statusUpdatedAt: maybe(isText),
        meta: anything,
        service: named,
        environment: named,
      }),
    }),
  ),
  pageInfo: having<Page['pageInfo']>({
    hasNextPage: (data): data is boolean => typeof data === 'boolean',
    endCursor: maybe(isText),
  }),
});
const isEvents = having<Events>({
  edges: listOf(
    having<{ node: Event }>({
      node: having<Event>({
        step: isText,
        completedAt: maybe(isText),
        payload: maybe(having<{ error?: string | null }>({ error: maybe(isText) })),
      }),
    }),
  ),
});

class RailwayHistory extends RailwayApi {
  /** A page of all services' deployments, newest first. */
  async page(input: Readonly<Record<string, string>>, after: string | undefined): Promise<Page> {
    const query = `query history($input: DeploymentListInput!, $first: Int, $after: String) {
      deployments(input: $input, first: $first, after: $after) {
        edges { node { id status createdAt statusUpdatedAt meta service { name } environment { name } } }
        pageInfo { hasNextPage endCursor }
      }
    }`;
    const variables = { input, first: perPage, ...(after !== undefined && { after }) };
    return (await this.read(query, variables, having<{ deployments: Page }>({ deployments: isPage })))
      .deployments;
  }

  /** The steps of several deployments, in their order. */
  async stepsOf(ids: readonly string[]): Promise<readonly Events[]> {
    const names = ids.map((_, i) => `id${i}`);
    const query = `query steps(${names.map((name) => `$${name}: String!`).join(', ')}) {
      ${names.map((name) => `${name}: deploymentEvents(id: $${name}, first: 50) { edges { node { step completedAt payload { error } } } }`).join('\n')}
    }`;
    const variables = Object.fromEntries(names.map((name, i) => [name, ids[i]]));
    const found = await this.read(query, variables, recordOf(isEvents));
    return names.map((name) => found[name]!);
  }
}

const seconds = (time: string | null | undefined): number | undefined => {
  const parsed = Math.floor(Date.parse(time ?? '') / 1_000);
  return Number.isFinite(parsed) ? parsed : undefined;
};

interface End {
  readonly finished: number;
  readonly ok: boolean;
}

/** By its status, where that is still the one with which the deployment ended. */
function endByStatus({ status, statusUpdatedAt }: Listed): End | undefined {
  const finished = seconds(statusUpdatedAt);
  const ended = status === 'SUCCESS' || status === 'FAILED';
  return ended && finished !== undefined ? { finished, ok: status === 'SUCCESS' } : undefined;
}

/** By its steps: of one that was replaced, crashed later or sleeps, its status tells of that, and not how it began to serve. */
function endBySteps({ edges }: Events): End | undefined {
  const steps = edges.map(({ node }) => node).filter(({ step }) => step !== 'DRAIN_INSTANCES');
  const ends = steps.flatMap(({ completedAt }) => seconds(completedAt) ?? []);
  if (ends.length === 0) return undefined;
  const finished = Math.max(...ends);
  if (steps.some(({ payload }) => payload?.error)) return { finished, ok: false };
  const served = steps.some(
    ({ step, completedAt }) => completedAt && (step === 'CREATE_CONTAINER' || step === 'HEALTHCHECK'),
  );
  return served ? { finished, ok: true } : undefined;
}

/** Statuses of what may have served once. */
const over = ['REMOVED', 'REMOVING', 'CRASHED', 'SLEEPING', 'SUCCESS', 'FAILED'];

const commitOf = ({ meta }: Listed): string | undefined =>
  isRecord(meta) && isText(meta.commitHash) ? meta.commitHash : undefined;

async function ends(api: RailwayHistory, listed: readonly Listed[]): Promise<ReadonlyMap<string, End>> {
  const known = new Map<string, End>();
  const open = listed.filter((one) => {
    const end = endByStatus(one);
    if (end) known.set(one.id, end);
    return !end && over.includes(one.status);
  });
  for (let i = 0; i < open.length; i += together) {
    const some = open.slice(i, i + together);
    const steps = await api.stepsOf(some.map(({ id }) => id));
    some.forEach(({ id }, at) => {
      const end = endBySteps(steps[at]!);
      if (end) known.set(id, end);
    });
  }
  return known;
}

/** Railway's own deployments of the project and environment that its token is for. */
export const railwayHistory =
  (env: NodeJS.ProcessEnv): ReadHost =>
  async ({ from, to }, commits) => {
    const api = new RailwayHistory(...railwayAccess(env, systemClock));
    const project = { ...(await railwayProject(api, env)) };
    const listed: Listed[] = [];
    for (let after: string | undefined, more = true; more; ) {
      const { edges, pageInfo } = await api.page(project, after);
      const all = edges.map(({ node }) => node);
      listed.push(
        ...all.filter(
          ({ createdAt }) => (seconds(createdAt) ?? 0) >= from && (seconds(createdAt) ?? 0) <= to,
        ),
      );
      const oldest = Math.min(...all.map(({ createdAt }) => seconds(createdAt) ?? 0));
      after = pageInfo.endCursor ?? undefined;
      more = pageInfo.hasNextPage && after !== undefined && oldest >= from;
    }
    const own = listed.filter((one) => commits.has(commitOf(one) ?? ''));
    const known = await ends(api, own);
    return {
      listed: listed.length,
      deployments: own.flatMap((one): HostDeployment[] => {
        const end = known.get(one.id);
        if (!end) return [];
        return [
          {
            host: 'railway',
            service: one.service.name,
            environment: one.environment.name,
            commit: commitOf(one)!,
            started: seconds(one.createdAt)!,
            ...end,
          },
        ];
      }),
    };
  };
