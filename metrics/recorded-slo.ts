import type { MetricDefinition } from './definition.ts';

/** Series recorded for service level objectives and error budgets. */
export const sloMetrics = {} as const satisfies Record<string, MetricDefinition>;
