import { pipelineJob } from '../metrics/index.ts';
import type { Delivery } from './delivery.ts';
import { type GroupLabels, groupPath, isOurShape } from './grouping.ts';
import { NoAnswer } from './http.ts';
import { classifyNoAnswer } from './response.ts';
import type { DeploymentKey } from './verb.ts';

/** A group as the gateway lists it: its labels, and its metric families. */
export interface ListedGroup {
  readonly labels: Readonly<Record<string, string>>;
  readonly [family: string]: unknown;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The groups of a gateway's list; undefined when the text is no such list. */
export function listedGroups(text: string): readonly ListedGroup[] | undefined {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return undefined;
  }
  const data = isObject(body) ? body.data : undefined;
  return Array.isArray(data) && data.every((group) => isObject(group) && isObject(group.labels))
    ? (data as ListedGroup[])
    : undefined;
}

interface Family {
  readonly metrics?: readonly { readonly value?: string }[];
}

/** Two hours: within it Prometheus may be down without losing a deployment. */
export const finishedForMs = 2 * 3_600_000;
/** Deployments that never finished are kept for a day. */
const unfinishedForMs = 24 * 3_600_000;
/** A gateway that lists more than this has other problems. */
const longestList = 64 * 1_048_576;

/** The only value of a family of a group, in milliseconds; undefined when it has none. */
function timeOf(group: ListedGroup, family: string): number | undefined {
  const value = (group[family] as Family | undefined)?.metrics?.[0]?.value;
  return value === undefined ? undefined : Number(value) * 1000;
}

const ownLabels = (group: ListedGroup): GroupLabels => {
  const { job: _job, ...labels } = group.labels;
  return labels;
};

/** Deployments to remove from the gateway, each with its groups in the order of removal. */
export type Doomed = readonly {
  readonly deployment: DeploymentKey;
  readonly groups: readonly GroupLabels[];
}[];

/**
 * Which groups are no longer needed: those of deployments that finished, and whose last event of any kind came,
 * longer ago than `olderThanMs`; and those of deployments that never finished and said nothing for a day. Groups
 * of other jobs and other shapes are not ours and stay.
 */
export function doomedGroups(
  groups: readonly ListedGroup[],
  nowMs: number,
  olderThanMs: number,
  keep?: DeploymentKey,
): Doomed {
  const deployments = new Map<string, ListedGroup[]>();
  for (const group of groups) {
    if (group.labels.job !== pipelineJob || !isOurShape(ownLabels(group))) continue;
    const key = JSON.stringify([group.labels.environment, group.labels.deployment_id]);
    deployments.set(key, [...(deployments.get(key) ?? []), group]);
  }
  if (keep) deployments.delete(JSON.stringify([keep.environment, keep.deployment_id]));
  return [...deployments.values()].filter((all) => isOver(all, nowMs, olderThanMs)).map(inOrder);
}

function isOver(groups: readonly ListedGroup[], nowMs: number, olderThanMs: number): boolean {
  // A group that was only ever refused has 0 as its push time.
  const lastEvent = Math.max(...groups.map((group) => timeOf(group, 'push_time_seconds') ?? nowMs));
  const finished = groups.some(
    (group) => timeOf(group, 'deployment_finished_timestamp_seconds') !== undefined,
  );
  // Not by the time of the finish, which was pushed with the last event at the latest: it may be wrong, and ahead.
  return nowMs - lastEvent > (finished ? olderThanMs : unfinishedForMs);
}

/** The deployment's own group goes last: it says that it has finished, should the sweep be cut short. */
function inOrder(groups: readonly ListedGroup[]): Doomed[number] {
  const labels = groups.map(ownLabels).sort((a, b) => Object.keys(b).length - Object.keys(a).length);
  return { deployment: labels[0] as unknown as DeploymentKey, groups: labels };
}

/** How long a sweep may take, and what it removes. */
export interface SweepOptions {
  readonly budgetMs: number;
  readonly olderThanMs?: number;
  /** The deployment that is going on. */
  readonly keep?: DeploymentKey;
  /** Milliseconds; default the gateway's clock, because that stamped the pushes. */
  readonly nowMs?: number | undefined;
  /** Only says what would be removed. */
  readonly dryRun?: boolean;
}

/** Result of a sweep. */
export interface Swept {
  readonly paths: readonly string[];
  /** Why it ended early. */
  readonly problem?: string;
}

/** Removes from the gateway what is no longer needed. Never throws, and never takes longer than its budget: what is left, the next one removes. */
export async function sweep(delivery: Delivery, options: SweepOptions): Promise<Swept> {
  const paths: string[] = [];
  try {
    const deadline = Date.now() + options.budgetMs;
    const left = (): number => deadline - Date.now();
    if (left() < 50) return { paths, problem: 'There was no time left.' };
    const answer = await delivery.request('GET', 'api/v1/metrics', left(), longestList);
    const verdict = delivery.classify(answer, 'list');
    if (verdict.kind !== 'sent') return { paths, problem: verdict.reason };
    const groups = listedGroups(answer.body);
    if (!groups) return { paths, problem: notAGateway(delivery) };
    const nowMs = options.nowMs ?? (Date.parse(answer.headers.date ?? '') || Date.now());
    const doomed = doomedGroups(groups, nowMs, options.olderThanMs ?? finishedForMs, options.keep);
    for (const path of doomed.flatMap((one) => one.groups.map(groupPath))) {
      if (left() < 50) return { paths, problem: 'There was no time for the rest.' };
      const removed = options.dryRun
        ? ({ kind: 'sent' } as const)
        : delivery.classify(await delivery.request('DELETE', path, left()), 'nothing');
      if (removed.kind !== 'sent') return { paths, problem: removed.reason };
      paths.push(path);
    }
    return { paths };
  } catch (error) {
    const verdict = error instanceof NoAnswer ? classifyNoAnswer(error.code, delivery.host) : undefined;
    return { paths, problem: verdict && 'reason' in verdict ? verdict.reason : notAGateway(delivery) };
  }
}

const notAGateway = ({ host }: Delivery): string =>
  `The gateway at ${host} did not answer like a Pushgateway.`;
