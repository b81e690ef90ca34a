/**
 * The numbers that say when a deployment is good, in one place: SLOs, alerts, dashboards and the gate compare with
 * these. Constants only, so that the recorder can carry them. "Design" is the design document.
 */
export const limits = {
  /** Checks of a new version. Design, SLO 3: 99 % is the objective, below 95 % in five minutes it is rolled back. */
  health: { objective: 0.99, least: 0.95, windowSeconds: 300 },
  /** Design, "health checks": 30 attempts, 5 s apart. */
  healthPlan: { attempts: 30, intervalSeconds: 5 },
  /** Design, SLO 5. */
  smokeTests: { objective: 0.99 },
  /** Design, SLO 4: zero tolerance. */
  migrations: { objective: 1 },
  /** Design, quick reference: share of failing requests after a deployment. */
  errorRate: 0.05,
  /** Live traffic: so many times the share of errors of the hour before, at least this share, at this rate a second. */
  errorSpike: { times: 3, share: 0.02, requestsPerSecond: 0.1 },
} as const;
