import { limits } from './limits.ts';

/** Every threshold that a dashboard draws or colours by, from the design document unless said otherwise. */
export const thresholds = {
  /** Success rate: green above 95 %, yellow from 90 %, red below. */
  successRate: { good: 0.95, warning: 0.9 },
  /** Time to deploy, seconds: yellow from five minutes, red from ten; the SLO's target. */
  timeToDeploy: { warning: 300, target: 600 },
  /** Migration, seconds. */
  migration: { warning: 120, critical: 300 },
  /** Health checks and smoke tests: the SLO, and where the gate rolls back. */
  healthChecks: { good: limits.health.objective, warning: limits.health.least },
  smokeTests: { good: limits.smokeTests.objective, warning: 0.95 },
  /** Share of requests that fail after a deployment: above 5 % it is rolled back. */
  errorRate: { warning: 0.01, rollback: limits.errorRate },
  /** Seconds after the finish that a link to a deployment shows. */
  observedAfterFinish: 900,
} as const;
