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
import { applicationJob, matches, metric, rate, sum } from '../src/metrics/index.ts';
import { whatWasDeployed } from './diagnosis.ts';
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

const smokeTestsFailing: Alert = alert({
  name: 'SmokeTestsFailingPostDeploy',
  severity: 'high',
  about: 'deployment',
  expr: smokeTestsFailed(),
  for: '2m',
  hold: 'A smoke test that is run again and then passes is no failure (design document, "Tuning for low false positives").',
  summary: text`Smoke tests failed after deployment ${label('deployment_id')} to ${label('environment')}`,
  description: text`${value(0)} of them: ${failedSmokeTests}. ${version}.`,
  silencedBy: failing,
  runbook: {
    meaning:
      'A smoke test of the deployment failed and has not passed since. It ends when it passes, when the deployment is rolled back, or after a quarter of an hour.',
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
      'Try by hand what the test does. If a user would see it, roll back: `node generated/record.mjs rollback --railway --reason test_failed --environment <environment> --deployment-id <deployment_id>`.',
      'If the test is flaky, run it again; a test that fails in one of ten deployments has to be fixed or removed.',
    ],
  },
  examples: stories.smokeTestsFailing,
});

const highErrorRate: Alert = alert({
  name: 'HighErrorRatePostDeploy',
  severity: 'critical',
  about: 'deployment',
  expr: errorRate(),
  for: '2m',
  hold: 'Design document, "Quick Reference".',
  summary: text`${value('percent')} of the requests to ${label('service')} fail after deployment ${label('deployment_id')} to ${label('environment')}`,
  description: text`Measured in its first five minutes; at most 5 % may fail${andFailedStages}${andFailedSmokeTests}. ${version}.`,
  silencedBy: failing,
  runbook: {
    meaning:
      'The deployment itself reported that more than 5 % of requests (or health checks) failed in the first five minutes. It ends when it is rolled back, or a quarter of an hour after the last word of it.',
    impact: 'More than one user in twenty sees errors.',
    diagnosis: [serverErrors, whatWasDeployed],
    mitigation: [
      'Roll back: `node generated/record.mjs rollback --railway --reason error_rate --environment <environment> --deployment-id <deployment_id>`. Look for the cause afterwards.',
      'If the errors began before the deployment, rolling back will not help: look at Supabase and the embeddings API on the troubleshooting dashboard.',
    ],
  },
  examples: stories.highErrorRate,
});

const errorRateSpike: Alert = alert({
  name: errorSpikeAlert,
  severity: 'critical',
  about: 'deployment',
  expr: errorSpike(),
  for: '2m',
  hold: 'A restart of the service drops some requests (design document, "Tuning for low false positives").',
  summary: text`${value('percent')} of live requests fail since deployment ${label('deployment_id')} to ${label('environment')}`,
  description: text`More than three times the share of the hour before it. ${version}.`,
  silencedBy: ['HighErrorRatePostDeploy', ...failing],
  runbook: {
    meaning:
      'In the quarter of an hour after a deployment to production, the API began to answer more than 2 % of live requests with a server error, and more than three times as many as in the hour before. It goes on while more than 2 % fail, and more than one and a half times the share of the day.',
    impact: 'Users see errors that they did not see before the deployment.',
    diagnosis: [serverErrors, whatWasDeployed],
    mitigation: [
      'Roll back: `node generated/record.mjs rollback --railway --reason error_rate --environment <environment> --deployment-id <deployment_id>`.',
      'If one endpoint alone fails, and it is the one that was changed, its author may know a quicker way.',
    ],
  },
  examples: stories.errorRateSpike,
});

/** Whether the application works after a deployment. */
export const verification: Family = {
  name: 'verification',
  title: 'Smoke tests and errors',
  alerts: [smokeTestsFailing, highErrorRate, errorRateSpike],
  source: import.meta.url,
};
