/** Changes to an alert that no story has to tell from the alert as it is, and why. */
export interface Excuse {
  readonly pattern: RegExp;
  readonly why: string;
}

const over: Excuse = {
  pattern: /the left of "unless"/,
  why: 'rolled back and superseded are one function for all alerts, told of DeploymentFailed and RollbackFailed',
};
const kept: Excuse = {
  pattern: /^900 → 720/,
  why: 'an event is told of for a quarter of an hour, and the alert is kept for five minutes more',
};

/** By alert. */
export const equivalent: Readonly<Record<string, readonly Excuse[]>> = {
  HealthCheckFailuresPostDeploy: [over, kept],
  PostDeploymentHealthChecksFailing: [over],
};

/** Alerts of which some change is not told from the alert as it is: none may be added, and each is to be told. */
export const untold: readonly string[] = [
  'DatabaseMigrationSlow',
  'DeploymentAbandoned',
  'DeploymentCostUnusual',
  'DeploymentFrequencyAnomalous',
  'DeploymentHealthCheckTimeout',
  'DeploymentTelemetryMissing',
  'HealthCheckLatencyHigh',
  'HighErrorRatePostDeploy',
  'PostDeploymentErrorRateSpike',
  'PushgatewayRefusingPushes',
  'RollbackExecuted',
  'RuleEvaluationsMissed',
  'SmokeTestsFailingPostDeploy',
];
