import {
  type Alert,
  alert,
  andFailedSmokeTests,
  andFailedStages,
  type Family,
  failedSmokeTests,
  label,
  text,
  thisDeployment,
  value,
  version,
} from '../src/alerts/index.ts';
import { percentText, spoken, spokenCount, spokenSpan } from '../src/lib/spoken.ts';
import { applicationJob, matches, metric, rate, sum } from '../src/metrics/index.ts';
import type { Pipeline } from '../src/pipeline/index.ts';
import { rollBack, whatWasDeployed } from './diagnosis.ts';
import * as stories from './examples/verification.ts';
import { errorRate, smokeTestsFailed } from './expressions/failures.ts';
import { errorSpike, errorSpikeAlert } from './expressions/traffic.ts';

const failing = ['DeploymentFailed', 'RollbackFailed'];

const serverErrors = {
  question: 'Which endpoints answer with errors, how often a second?',
  query: sum(
    rate(metric('http_requests_total', { job: applicationJob, status_code: matches('5..') }), '5m'),
    { by: ['endpoint', 'status_code'] },
  ),
};

const smokeTestsFailing = (pipeline: Pipeline): Alert =>
  alert({
    name: 'SmokeTestsFailingPostDeploy',
    severity: 'high',
    about: 'deployment',
    expr: smokeTestsFailed(),
    for: '2m',
    forReason:
      'A smoke test that is run again and then passes is no failure (design document, "Tuning for low false positives").',
    summary: text`Smoke tests failed after deployment ${label('deployment_id')} to ${label('environment')}`,
    description: text`${value(0)} of them: ${failedSmokeTests}. ${version}.`,
    inhibitedBy: failing,
    runbook: {
      meaning: `A smoke test of the deployment failed and has not passed since. It ends when it passes, when the deployment is rolled back, or after ${spoken(pipeline.targets.eventSeconds)}.`,
      impact: 'The application does not work end to end for some users: the name of the test says for whom.',
      diagnosis: [
        {
          question: 'Which tests failed, and why?',
          query: metric('smoke_test_error_info', thisDeployment),
        },
        {
          question: 'Does the same test fail in other deployments?',
          query: metric('environment_test:smoke_tests_passed:count', { window: '7d' }),
        },
        whatWasDeployed,
      ],
      mitigation: [
        `Try by hand what the test does. If a user would see it, roll back: ${rollBack(pipeline, 'test_failed')}.`,
        'If the test is flaky, run it again; a test that fails in one of ten deployments has to be fixed or removed.',
      ],
    },
    examples: stories.smokeTestsFailing,
  });

const highErrorRate = (pipeline: Pipeline): Alert =>
  alert({
    name: 'HighErrorRatePostDeploy',
    severity: 'critical',
    about: 'deployment',
    expr: errorRate(),
    for: '2m',
    forReason: 'Design document, "Quick Reference".',
    summary: text`${value('percent')} of the requests to ${label('service')} fail after deployment ${label('deployment_id')} to ${label('environment')}`,
    description: text`Measured in its first ${spoken(pipeline.targets.health.windowSeconds)}; at most ${percentText(pipeline.targets.errorRate.rollback)} may fail${andFailedStages}${andFailedSmokeTests}. ${version}.`,
    inhibitedBy: failing,
    runbook: {
      meaning: `The deployment itself reported that more than ${percentText(pipeline.targets.errorRate.rollback)} of requests (or health checks) failed in the first ${spoken(pipeline.targets.health.windowSeconds)}. It ends when it is rolled back, or ${spoken(pipeline.targets.eventSeconds)} after the last event of it.`,
      impact: `More than ${percentText(pipeline.targets.errorRate.rollback)} of what users ask for fails.`,
      diagnosis: pipeline.application ? [serverErrors, whatWasDeployed] : [whatWasDeployed],
      mitigation: [
        `Roll back: ${rollBack(pipeline, 'error_rate')}. Look for the cause afterwards.`,
        'If the errors began before the deployment, rolling back will not help: look at the services that it calls.',
      ],
    },
    examples: stories.highErrorRate,
  });

const errorRateSpike = (pipeline: Pipeline): Alert =>
  alert({
    name: errorSpikeAlert,
    severity: 'critical',
    about: 'deployment',
    expr: errorSpike(pipeline.application?.environment ?? ''),
    for: '2m',
    forReason:
      'A restart of the service drops some requests (design document, "Tuning for low false positives").',
    summary: text`${value('percent')} of live requests fail since deployment ${label('deployment_id')} to ${label('environment')}`,
    description: text`More than ${spokenCount(pipeline.targets.errorRate.spike.times)} times the share of the hour before it. ${version}.`,
    inhibitedBy: ['HighErrorRatePostDeploy', ...failing],
    runbook: {
      meaning: `In the ${spokenSpan(pipeline.targets.eventSeconds)} after a deployment to ${pipeline.application?.environment}, the application began to answer more than ${percentText(pipeline.targets.errorRate.spike.share)} of live requests with a server error, and more than ${spokenCount(pipeline.targets.errorRate.spike.times)} times as many as in the hour before. It goes on while more than ${percentText(pipeline.targets.errorRate.spike.share)} fail, and more than ${pipeline.targets.errorRate.spike.over} times the share of the day.`,
      impact: 'Users see errors that they did not see before the deployment.',
      diagnosis: [serverErrors, whatWasDeployed],
      mitigation: [
        `Roll back: ${rollBack(pipeline, 'error_rate')}.`,
        'If one endpoint alone fails, and it is the one that was changed, its author may know a quicker way.',
      ],
    },
    examples: stories.errorRateSpike,
  });

/** Whether the application works after a deployment. */
export const verification = (pipeline: Pipeline): Family => ({
  name: 'verification',
  title: 'Smoke tests and errors',
  alerts: [smokeTestsFailing, highErrorRate, ...(pipeline.application ? [errorRateSpike] : [])].map((one) =>
    one(pipeline),
  ),
  source: import.meta.url,
});
