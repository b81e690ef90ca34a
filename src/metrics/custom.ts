import type { Pipeline } from '../pipeline/index.ts';
import type { MetricDefinition } from './definition.ts';
import { type LabelValues, labels } from './labels.ts';

/**
 * Metrics that a pipeline file defines: one number per deployment (and set of labels). Each is pushed under its own
 * name, becomes a fact of the ledger, and an average over each window.
 */
export type CustomRecorded = `deployment:${string}:last` | `environment:${string}:avg`;

/** Names of the series that a metric of the pipeline file becomes. */
export const customFact = (name: string): CustomRecorded => `deployment:${name}:last`;
export const customAverage = (name: string): CustomRecorded => `environment:${name}:avg`;

const { environment, deployment_id, window } = labels;

/** As they are pushed, by name. */
export const customMetrics = ({
  metrics,
}: Pick<Pipeline, 'metrics'>): Readonly<Record<string, MetricDefinition>> =>
  Object.fromEntries(
    Object.entries(metrics).map(([name, { unit, help, labels: own = {} }]) => [
      name,
      {
        type: 'gauge',
        unit,
        help,
        labels: { environment, deployment_id, metric: [name], ...own },
        producers: ['recorder'],
        required: false,
        pushedOnce: true,
      } as const,
    ]),
  );

/** As they are recorded, by name. */
export const customRecorded = ({
  metrics,
}: Pick<Pipeline, 'metrics'>): Readonly<Record<string, MetricDefinition>> =>
  Object.fromEntries(
    Object.entries(metrics).flatMap(([name, { unit, help, labels: own = {} }]) => {
      const recorded = (by: Readonly<Record<string, LabelValues>>, what: string): MetricDefinition => ({
        type: 'recorded',
        unit,
        help: `${help} ${what}`,
        labels: { environment, ...by, ...own },
        producers: ['rules'],
        required: false,
      });
      return [
        [customFact(name), recorded({ deployment_id }, 'Of a deployment.')],
        [customAverage(name), recorded({ window }, 'On average of the deployments of a window.')],
      ];
    }),
  );
