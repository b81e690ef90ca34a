import { pipelineJob } from '../metrics/index.ts';

/**
 * The grouping keys of the pipeline's events. What is pushed under one replaces itself and nothing else, so the key
 * names exactly one event. A group with any other set of labels is not ours.
 */
export const groupShapes = {
  deployment: ['environment', 'deployment_id'],
  service: ['environment', 'deployment_id', 'service'],
  stage: ['environment', 'deployment_id', 'service', 'stage'],
  migration: ['environment', 'deployment_id', 'service', 'stage', 'migration_name'],
  smoke_test: ['environment', 'deployment_id', 'test_name'],
  cost: ['environment', 'deployment_id', 'resource'],
  queue: ['environment', 'deployment_id', 'runner'],
  gate: ['environment', 'deployment_id', 'gate'],
  /** And the labels that the pipeline file gives to the metric. */
  metric: ['environment', 'deployment_id', 'metric'],
} as const;

/** A grouping key without the job. */
export type GroupLabels = Readonly<Record<string, string>>;

/** True when these labels (without the job) are one of our grouping keys. */
export function isOurShape(labels: GroupLabels): boolean {
  const names = Object.keys(labels);
  return Object.values(groupShapes).some(
    (shape) =>
      (shape.length === names.length || shape === groupShapes.metric) &&
      shape.every((name) => name in labels),
  );
}

const plain = /^[A-Za-z0-9_-][A-Za-z0-9._-]*$/;

/**
 * One label of a path. The gateway splits the path at slashes after it was decoded, so a value with one slash is
 * refused and a value with two is stored under wrong labels; dots alone are path navigation, and an empty value
 * has no path at all. All of these travel as base64url (`=` for empty).
 */
const component = (name: string, value: string): string =>
  plain.test(value)
    ? `${name}/${value}`
    : `${name}@base64/${Buffer.from(value, 'utf8').toString('base64url') || '='}`;

/** The path of a group below the gateway's base URL. Labels in the order given; the order does not matter to the gateway. */
export const groupPath = (labels: GroupLabels): string =>
  `metrics/${['job', pipelineJob].join('/')}/${Object.entries(labels)
    .map(([name, value]) => component(name, value))
    .join('/')}`;
