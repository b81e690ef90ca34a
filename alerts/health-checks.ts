import {
  type Alert,
  alert,
  andFailedStages,
  type Family,
  label,
  subject,
  text,
  thisDeployment,
  value,
  version,
} from '../src/alerts/index.ts';
import { percentText, spoken, spokenCount } from '../src/lib/spoken.ts';
import { metric } from '../src/metrics/index.ts';
import type { Pipeline } from '../src/pipeline/index.ts';
import { rollBack, whatWasDeployed, whichLogs } from './diagnosis.ts';
import * as stories from './examples/health-checks.ts';
import { healthFailures, healthLatency, healthShare } from './expressions/health-checks.ts';
import { healthTimedOut } from './expressions/progress.ts';

const allChecks = {
  question: 'Which checks passed, and when?',
  query: metric('deployment_health_check_success', thisDeployment),
};

const latencies = {
  question: 'How long did the answers take?',
  query: metric('deployment_health_check_latency_seconds', thisDeployment),
};

const rollBackUnless = (pipeline: Pipeline): string =>
  `Roll back unless it recovers within minutes: ${rollBack(pipeline, 'health_check_failed')}.`;

const readLog =
  'Read the log of the service where it is hosted: a crash at start, a missing variable and a refused database connection show there at once.';

const failing = ['DeploymentFailed', 'RollbackFailed'];

const healthCheckFailures = (pipeline: Pipeline): Alert =>
  alert({
    name: 'HealthCheckFailuresPostDeploy',
    severity: 'critical',
    about: 'deployment',
    expr: healthFailures(),
    for: '2m',
    forReason:
      'A service that takes a minute to start pages no one (design document, "Tuning for low false positives").',
    summary: text`${label('service')} does not answer its health check after deployment ${label('deployment_id')} to ${label('environment')}`,
    description: text`${value(0)} checks in a row failed${andFailedStages}. ${version}.`,
    inhibitedBy: failing,
    runbook: {
      meaning: `The last ${spokenCount(pipeline.targets.health.failures)} health checks of a service (or more) failed, and none has passed since. It ends when one passes, when the deployment is rolled back, or ${spoken(pipeline.targets.eventSeconds)} after the last check.`,
      impact: 'The new version is live and does not answer: users see errors.',
      diagnosis: [allChecks, latencies, whatWasDeployed, whichLogs],
      mitigation: [readLog, rollBackUnless(pipeline)],
    },
    examples: stories.healthCheckFailures,
  });

const postDeploymentHealth = (pipeline: Pipeline): Alert =>
  alert({
    name: 'PostDeploymentHealthChecksFailing',
    severity: 'critical',
    about: 'deployment',
    expr: healthShare(),
    for: '2m',
    forReason: 'Design document, "API Health Post-Deployment".',
    summary: text`Only ${value('percent')} of the health checks of ${label('service')} pass after deployment ${label('deployment_id')} to ${label('environment')}`,
    description: text`Of the checks of the last ${spoken(pipeline.targets.health.windowSeconds)} at least ${percentText(pipeline.targets.health.alert)} have to pass, and the last ${spokenCount(pipeline.targets.health.recovery)}${andFailedStages}. ${version}.`,
    inhibitedBy: ['HealthCheckFailuresPostDeploy', ...failing],
    runbook: {
      meaning: `Less than ${percentText(pipeline.targets.health.alert)} of the health checks of the last ${spoken(pipeline.targets.health.windowSeconds)} passed, and the last ${spokenCount(pipeline.targets.health.recovery)} were not all good. It ends when ${spokenCount(pipeline.targets.health.recovery)} in a row pass, when the deployment is rolled back, or when no check was made for ${spoken(pipeline.targets.health.windowSeconds)}.`,
      impact: 'The new version answers some requests and fails others: users see errors now and then.',
      diagnosis: [allChecks, latencies, whatWasDeployed],
      mitigation: [
        'Checks that pass and fail in turns are often one bad replica, or a connection pool that is too small: look at the log and at the pool on the troubleshooting dashboard.',
        rollBackUnless(pipeline),
      ],
    },
    examples: stories.postDeploymentHealth,
  });

const healthCheckTimeout = (pipeline: Pipeline): Alert =>
  alert({
    name: 'DeploymentHealthCheckTimeout',
    severity: 'high',
    about: 'deployment',
    expr: healthTimedOut(),
    forReason: `None: ${spoken(pipeline.targets.health.timeoutSeconds)} is the hold.`,
    summary: text`The health check of ${label('service')} has not ended after ${value('duration')}`,
    description: text`${subject}. After ${spoken(pipeline.targets.health.timeoutSeconds)} it should have passed or failed. ${version}.`,
    inhibitedBy: ['HealthCheckFailuresPostDeploy', 'PostDeploymentHealthChecksFailing', ...failing],
    runbook: {
      meaning: `The health check runs for more than ${spoken(pipeline.targets.health.timeoutSeconds)}, or ended because it timed out.`,
      impact: 'It is unknown whether the new version is healthy, and nothing rolls it back by itself.',
      diagnosis: [allChecks, latencies, whichLogs],
      mitigation: [
        'Ask the service yourself: `curl -i <url>/health`. No answer within five seconds is a failed check.',
        rollBackUnless(pipeline),
      ],
    },
    examples: stories.healthCheckTimeout,
  });

const healthLatencyHigh = ({ targets }: Pipeline): Alert =>
  alert({
    name: 'HealthCheckLatencyHigh',
    severity: 'medium',
    about: 'deployment',
    expr: healthLatency(),
    for: '2m',
    forReason: 'Caches are cold after a deployment (design document, "Tuning for low false positives").',
    summary: text`${label('service')} takes ${value('duration')} to answer its health check`,
    description: text`${subject}. Average of the checks of ${spoken(targets.health.windowSeconds)} that passed; it should be below ${spoken(targets.health.latencySeconds)}. ${version}.`,
    inhibitedBy: ['HealthCheckFailuresPostDeploy', 'PostDeploymentHealthChecksFailing', ...failing],
    runbook: {
      meaning: `The health checks of the last ${spoken(targets.health.windowSeconds)} pass, and take more than ${spoken(targets.health.latencySeconds)} on average.`,
      impact: 'The new version is slower than it should be; users notice slow pages.',
      diagnosis: [latencies, whatWasDeployed],
      mitigation: [
        'Compare API latency before and after on the troubleshooting dashboard: if it is up for all endpoints, roll back.',
        'If only the health check is slow, look at what it asks: the database, other services.',
      ],
    },
    examples: stories.healthLatencyHigh,
  });

/** Whether the new version is healthy. */
export const health = (pipeline: Pipeline): Family => ({
  name: 'health',
  title: 'Health after a deployment',
  alerts: [healthCheckFailures, postDeploymentHealth, healthCheckTimeout, healthLatencyHigh].map((one) =>
    one(pipeline),
  ),
  source: import.meta.url,
});
