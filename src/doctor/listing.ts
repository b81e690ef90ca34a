import { fields, isLabels, isRecord, isText, listOf, optional, type Shape } from '../lib/shapes.ts';
import { pipelineJob } from '../metrics/index.ts';

/** The Pushgateway's listing: its groups, with their metric families. */

/** One metric family of a group. */
export interface Family {
  /** `GAUGE`, `COUNTER`, `HISTOGRAM`, `SUMMARY` or `UNTYPED`. */
  readonly type: string;
  readonly metrics: readonly {
    readonly labels: Readonly<Record<string, string>>;
    readonly value?: string | undefined;
  }[];
}

/** One group. */
export interface Group {
  readonly labels: Readonly<Record<string, string>>;
  readonly families: ReadonlyMap<string, Family>;
}

/** One group in the gateway's API: its labels, and families under their names. */
interface Listed {
  readonly labels: Group['labels'];
  readonly [family: string]: unknown;
}

const isFamily: Shape<Family> = fields({
  type: isText,
  metrics: listOf(fields({ labels: isLabels, value: optional(isText) })),
});
const isListed = (data: unknown): data is Listed =>
  isRecord(data) &&
  isLabels(data.labels) &&
  Object.entries(data).every(([name, value]) => isNoFamily(name) || isFamily(value));
const isNoFamily = (name: string): boolean => name === 'labels' || name === 'last_push_successful';

/** The shape of the list that the gateway's API gives. */
export const isListing = listOf<Listed>(isListed);

/** Reads that list. */
export const groupsFrom = (data: readonly Listed[]): Group[] =>
  data.map(({ labels, ...others }) => ({
    labels,
    families: new Map(
      Object.entries(others).filter((entry): entry is [string, Family] => isFamily(entry[1])),
    ),
  }));

/** Groups of the pipeline; what other jobs push is no business of ours. */
export const ofPipeline = (groups: readonly Group[]): Group[] =>
  groups.filter(({ labels }) => labels.job === pipelineJob);

/** The labels of a group without the job. */
export function ownLabels({ labels: { job: _, ...own } }: Group): Record<string, string> {
  return own;
}

/** The values of a family; none when the group does not have it. */
export const valuesIn = ({ families }: Group, name: string): number[] =>
  (families.get(name)?.metrics ?? []).flatMap(({ value }) => (value === undefined ? [] : [Number(value)]));

/** The only value of a family, such as the time of the last push; undefined when there is none. */
export const valueIn = (group: Group, name: string): number | undefined => valuesIn(group, name)[0];

/** A group as people read it: `environment="production", deployment_id="4711"`. */
export const groupName = (group: Group): string =>
  Object.entries(ownLabels(group))
    .map(([name, value]) => `${name}="${value}"`)
    .join(', ') || '(no labels)';

/** Families that the gateway adds by itself. */
export const isOwnFamily = (name: string): boolean =>
  name === 'push_time_seconds' || name === 'push_failure_time_seconds';
