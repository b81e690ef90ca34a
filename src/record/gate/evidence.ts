import { joinUrl } from '../../lib/url.ts';
import { lastOfAny, type PipelineMetric, pipelineJob, selectAny } from '../../metrics/index.ts';
import type { Gateway } from '../gateway.ts';
import { NoAnswer, send } from '../http.ts';
import { classifyNoAnswer, classifyResponse } from '../response.ts';
import { type ListedGroup, listedGroups } from '../sweep.ts';
import type { DeploymentKey } from '../verb.ts';
import { type GatePrometheus, NotAsked } from './prometheus.ts';
import type { TransportView } from './view.ts';

/** One pushed value of a deployment. */
export interface Pushed {
  readonly name: PipelineMetric;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Everything that the gate reads of one deployment. */
const wanted = [
  'deployment_started_timestamp_seconds',
  'deployment_health_check_timestamp_seconds',
  'deployment_health_check_success',
  'post_deployment_error_rate',
  'smoke_test_success',
  'smoke_test_finished_timestamp_seconds',
  'deployment_outcome_code',
  'deployment_in_progress',
  'deployment_total',
  'deployment_rollback_total',
  'migration_success',
  'deployment_stage_started_timestamp_seconds',
  'deployment_stage_finished_timestamp_seconds',
  'deployment_stage_status_code',
] as const satisfies readonly PipelineMetric[];

/** Groups on a gateway; `off` when there is none to ask. */
export type Listing = readonly ListedGroup[] | 'off';

/** Nothing is known of this gateway's size, so it may be as large as it likes; more than this is not read. */
const longestListing = 4 * 1_048_576;

/** All groups of the gateway. @throws NotAsked */
export async function listGroups(gateway: Gateway): Promise<Listing> {
  if (gateway.kind === 'disabled') return 'off';
  if (gateway.kind === 'unusable') throw new NotAsked(gateway.problems.join(' '));
  const { base, headers } = gateway;
  try {
    const url = joinUrl(base, 'api/v1/metrics');
    const answer = await send({ method: 'GET', url, headers, timeoutMs: 10_000, maxBytes: longestListing });
    const verdict = classifyResponse(answer, gateway, Date.now(), 'list');
    if (verdict.kind !== 'sent') throw new NotAsked(verdict.reason);
    const groups = listedGroups(answer.body);
    if (groups) return groups;
    throw new NotAsked(
      `${base.host} answered ${answer.status} with something that is no list of groups: check PUSHGATEWAY_URL and its path prefix.`,
    );
  } catch (error) {
    if (error instanceof NotAsked) throw error;
    const verdict =
      error instanceof NoAnswer
        ? classifyNoAnswer(error.code, base.host)
        : { reason: `${base.host} did not answer like a Pushgateway.` };
    throw new NotAsked('reason' in verdict ? verdict.reason : '');
  }
}

interface ListedFamily {
  readonly metrics?: readonly { readonly labels: Record<string, string>; readonly value?: string }[];
}

/** The samples of a metric in a group. */
export const valuesIn = (group: ListedGroup, name: PipelineMetric | 'push_time_seconds'): number[] =>
  ((group[name] as ListedFamily | undefined)?.metrics ?? []).flatMap(({ value }) =>
    value === undefined ? [] : [Number(value)],
  );

/** The labels of each sample of a metric in a group. */
export const labelsIn = (group: ListedGroup, name: PipelineMetric): Readonly<Record<string, string>>[] =>
  ((group[name] as ListedFamily | undefined)?.metrics ?? []).map(({ labels }) => labels);

/** Groups of the pipeline that belong to one deployment. */
export const groupsOf = (listing: readonly ListedGroup[], of: DeploymentKey): ListedGroup[] =>
  listing.filter(
    ({ labels }) =>
      labels.job === pipelineJob &&
      labels.environment === of.environment &&
      labels.deployment_id === of.deployment_id,
  );

/** The samples of some metrics in a group. */
export function pushedIn(group: ListedGroup, names: readonly PipelineMetric[] = wanted): Pushed[] {
  return names.flatMap((name) =>
    ((group[name] as ListedFamily | undefined)?.metrics ?? []).flatMap(({ labels, value }) =>
      value === undefined ? [] : [{ name, labels, value: Number(value) }],
    ),
  );
}

/** A push replaces whole families of one group, so what the gateway holds of one hides what Prometheus saw of it. */
const family = ({ name, labels }: Pushed): string =>
  JSON.stringify([
    name,
    labels.service,
    labels.stage,
    labels.test_name,
    labels.migration_name,
    labels.resource,
    labels.runner,
    labels.gate,
  ]);

/** Prometheus' samples and the gateway's, of which the gateway's are newer. */
export function merge(scraped: readonly Pushed[], held: readonly Pushed[]): Pushed[] {
  const newer = new Set(held.map(family));
  return [...held, ...scraped.filter((sample) => !newer.has(family(sample)))];
}

/** A deployment's series in Prometheus: those exposed now, else the last ones within a day. @throws NotAsked */
async function scrapedOf(
  prometheus: GatePrometheus,
  of: DeploymentKey,
  seconds: number,
  names: readonly PipelineMetric[],
): Promise<Pushed[]> {
  const all = selectAny(names, { job: pipelineJob, ...of });
  const now = await prometheus.query(all, seconds);
  const found = now.length > 0 ? now : await prometheus.query(lastOfAny(all, '1d'), seconds);
  return found.map(({ labels: { __name__, ...labels }, value }) => ({
    name: __name__ as PipelineMetric,
    labels,
    value,
  }));
}

/** Pushes of a deployment, as far as the sources could be asked. */
export interface Evidence {
  readonly pushed: readonly Pushed[];
  /** Sentences: who could not be asked. */
  readonly problems: readonly string[];
}

/** Asks Prometheus, and adds what the gateway holds as far as it was asked; by default what the gate reads. Never throws. */
export async function collect(
  prometheus: GatePrometheus | NotAsked,
  { listing, problem }: TransportView,
  of: DeploymentKey,
  seconds: number,
  names: readonly PipelineMetric[] = wanted,
): Promise<Evidence> {
  const held = groupsOf(listing ?? [], of).flatMap((group) => pushedIn(group, names));
  const problems = problem === undefined ? [] : [problem];
  try {
    if (prometheus instanceof NotAsked) throw prometheus;
    return { pushed: merge(await scrapedOf(prometheus, of, seconds, names), held), problems };
  } catch (error) {
    if (!(error instanceof NotAsked)) throw error;
    return { pushed: held, problems: [error.message, ...problems] };
  }
}
