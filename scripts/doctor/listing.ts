import { pipelineJob } from '../../metrics/pipeline.ts';

/** What the Pushgateway lists: its groups, with their metric families. */

/** One metric family of a group. */
export interface Family {
  /** `GAUGE`, `COUNTER`, `HISTOGRAM`, `SUMMARY` or `UNTYPED`. */
  readonly type: string;
  readonly metrics: readonly { readonly labels: Readonly<Record<string, string>>; readonly value?: string }[];
}

/** One group. */
export interface Group {
  readonly labels: Readonly<Record<string, string>>;
  readonly families: ReadonlyMap<string, Family>;
}

/** Reads the list that the gateway's API gives. */
export const groupsFrom = (data: readonly Record<string, unknown>[]): Group[] =>
  data.map(({ labels, last_push_successful: _, ...families }) => ({
    labels: labels as Group['labels'],
    families: new Map(Object.entries(families as Record<string, Family>)),
  }));

/** Groups of the pipeline; what other jobs push is no business of ours. */
export const ofPipeline = (groups: readonly Group[]): Group[] =>
  groups.filter(({ labels }) => labels.job === pipelineJob);

/** The labels of a group without the job. */
export function ownLabels({ labels: { job: _, ...own } }: Group): Record<string, string> {
  return own;
}

/** The only value of a family, such as the time of the last push; undefined when there is none. */
export function valueIn({ families }: Group, name: string): number | undefined {
  const value = families.get(name)?.metrics[0]?.value;
  return value === undefined ? undefined : Number(value);
}

/** A group as people read it: `environment="production", deployment_id="4711"`. */
export const groupName = (group: Group): string =>
  Object.entries(ownLabels(group))
    .map(([name, value]) => `${name}="${value}"`)
    .join(', ') || '(no labels)';

/** Families that the gateway adds by itself. */
export const isOwnFamily = (name: string): boolean =>
  name === 'push_time_seconds' || name === 'push_failure_time_seconds';
