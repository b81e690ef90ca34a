import type { MetricDefinition } from './definition.ts';

/** Series recorded for the troubleshooting dashboard: stage history and the DORA measures. */
export const troubleshootingMetrics = {} as const satisfies Record<string, MetricDefinition>;
