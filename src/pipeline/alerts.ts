import { abandonedAfter, ledgerInterval, sampling } from './ledger.ts';
import { limits } from './limits.ts';

/**
 * Every number that an alert compares with, and where it comes from. "Design" is the design document; "team" is the
 * team's alert file of before; the rest is derived from what is written beside it.
 */
export const alertThresholds = {
  /** Design, "Deployment Success Rate". */
  successRate: 0.95,
  /** Failures in the hour: one by itself is said by DeploymentFailed, and is no rate. */
  successRateFailures: 2,
  /** Design, "API Health Post-Deployment": share of the checks of five minutes. */
  healthShare: 0.9,
  healthWindow: 300,
  /** So many checks in a row that failed raise an alarm (the recorder gives up after the second of thirty), so many that passed end one. */
  healthFailures: 2,
  healthRecovery: 3,
  /** Design, "health after 5min": a check that has not passed by then will not. */
  healthTimeout: 300,
  /** Team: 1000 ms. */
  healthLatency: 1,
  /** Design, quick reference. */
  errorRate: limits.errorRate,
  /** Live traffic: so many times the share of errors of the hour before, at least this share, at this rate a second. */
  errorSpike: limits.errorSpike,
  /** While it fires, it goes on above the least share and this many times the share of the day. */
  errorSpikeOver: 1.5,
  /** Design, "Rollback Events & Frequency": more than three in seven days. */
  rollbacks: 3,
  /** Design, alert list; team. Seconds. */
  tooLong: 900,
  behindSchedule: 600,
  migrationSlow: 120,
  /** Design, "Time to Deploy": p95, seconds; and how many slow ones make a p95 and not one bad day. */
  timeToDeploy: 600,
  timeToDeploySlow: 2,
  /** A stage at twice its usual time, by at least a minute: ten seconds instead of five is nothing. */
  stageTimes: 2,
  stageExtra: 60,
  /** Deployments in thirty days from which on the usual is known. */
  usualFrom: 10,
  /** Working days: fewer than a quarter or more than three times the usual, and at least so many more or fewer. */
  frequency: { few: 0.25, many: 3, difference: 4, fromHour: 16 },
  /** Working days in thirty days. */
  workingDays: (30 * 5) / 7,
  /** Three times the usual cost, by at least ten cents. */
  cost: { times: 3, extra: 0.1 },
  /** Nothing heard for twice the time after which a deployment takes too long: it is not slow, it is silent. */
  telemetrySilence: 1_800,
  /** The ledger says so itself after this long; the alert repeats it for an hour. */
  abandonedAfter,
  abandonedFor: 3_600,
  /** Facts are written at every evaluation for this long: a longer pause of the ledger begins to lose samples. */
  ledgerSilence: sampling.eager,
  ledgerInterval,
  /** Longer than a long weekend, and than three times the usual gap; and a month, however seldom there are any. */
  noDeployment: { seconds: 4 * 86_400, usualGaps: 3, most: 30 * 86_400 },
  /** Seconds for which an event is reported that nothing undoes. */
  event: 900,
  /** How long a failure stays a page when no later deployment succeeds, seconds: after a day it is no incident. */
  incident: 86_400,
  /** Design, "Error Budget Tracking"; issue: policy at half and at all of it. */
  budgetHalf: 0.5,
  /** Less than this is nothing: sums of fractions are not exact. */
  nothing: 0.000001,
} as const;
