import { metric } from '../metrics/expression.ts';
import {
  health as checks,
  deployment,
  failedStage,
  stage,
  unfinished,
} from '../scripts/simulator/builders.ts';
import { type Alert, alert, type Family } from './alert.ts';
import { whatWasDeployed, whichLogs } from './diagnosis.ts';
import { overtaken } from './endings.ts';
import { constantly, series } from './example.ts';
import { healthFailures, healthLatency, healthShare } from './expressions/health.ts';
import { healthTimedOut } from './expressions/progress.ts';
import { andFailedStages, subject, thisDeployment, version } from './parts.ts';
import { label, text, value } from './text.ts';

const allChecks = {
  question: 'Which checks passed, and when?',
  query: metric('deployment_health_check_success', thisDeployment),
};
const latencies = {
  question: 'How long did the answers take?',
  query: metric('deployment_health_check_latency_seconds', thisDeployment),
};
const rollBack =
  'Roll back unless it recovers within minutes: `node generated/record.mjs rollback --railway --reason health_check_failed --environment <environment> --deployment-id <deployment_id>`.';
const readLog =
  'Read the log of the service on Railway: a crash at start, a missing variable and a refused database connection show there at once.';

/** Checks of the API that answer like this, twenty seconds apart, from second 700 on. */
const checked = (answers: string, latency?: number) =>
  checks(700, answers).map((check, i) => ({
    ...check,
    time: 700 + 20 * i,
    ...(latency !== undefined && { latency }),
  }));
/** A deployment whose checks answer like this. */
const answering = (answers: string) =>
  unfinished({
    id: '1001',
    started: 600,
    stages: [
      stage('api', 'deploy_railway', 610, 690),
      { service: 'api', stage: 'health_check', started: 695 },
    ],
    health: checked(answers),
  });
const failing = ['DeploymentFailed', 'RollbackFailed'];

const healthCheckFailures: Alert = alert({
  name: 'HealthCheckFailuresPostDeploy',
  severity: 'critical',
  about: 'deployment',
  expr: healthFailures(),
  for: '2m',
  hold: 'A service that takes a minute to start wakes nobody (design document, "Tuning for low false positives").',
  summary: text`${label('service')} does not answer its health check after deployment ${label('deployment_id')} to ${label('environment')}`,
  description: text`Stage health_check: ${value(0)} checks in a row failed${andFailedStages}. ${version}.`,
  silencedBy: failing,
  runbook: {
    meaning:
      'The last two health checks of a service (or more) failed, and none has passed since. It ends when one passes, when the deployment is rolled back, or a quarter of an hour after the last check.',
    impact: 'The new version is live and does not answer: users see errors.',
    diagnosis: [allChecks, latencies, whatWasDeployed, whichLogs],
    mitigation: [readLog, rollBack],
  },
  examples: {
    fires: [
      {
        story: 'After two that pass, two fail, and no further one is made.',
        deployments: [answering('..xx')],
        at: 960,
        notifications: [
          {
            labels: { environment: 'production', deployment_id: '1001', service: 'api' },
            summary: 'api does not answer its health check after deployment 1001 to production',
            description: 'Stage health_check: 2 checks in a row failed. Version 2.0.0 from main by ada.',
          },
        ],
      },

      {
        story: 'The stage has failed, and says why.',
        deployments: [
          {
            ...answering('xx'),
            stages: [
              failedStage('api', 'health_check', 695, 730, {
                errorType: 'health_check_failed',
                message: 'status 503',
              }),
            ],
          },
        ],
        at: 960,
        notifications: [
          {
            labels: { environment: 'production', deployment_id: '1001', service: 'api' },
            summary: 'api does not answer its health check after deployment 1001 to production',
            description:
              'Stage health_check: 2 checks in a row failed; api health_check: health_check_failed, status 503. Version 2.0.0 from main by ada.',
          },
        ],
      },
      {
        story:
          'Nothing has been heard of it for more than a quarter of an hour, and it was told of until just now.',
        deployments: [answering('..xx')],
        at: 760 + 1100,
        notifications: [
          {
            labels: { environment: 'production', deployment_id: '1001', service: 'api' },
            summary: 'api does not answer its health check after deployment 1001 to production',
            description: 'Stage health_check: 2 checks in a row failed. Version 2.0.0 from main by ada.',
          },
        ],
      },
      {
        story: 'Then a scrape of the gateway fails.',
        deployments: [answering('..xx')],
        gatewayOutages: [{ from: 1020, to: 1020 }],
        at: 1020,
        notifications: [
          {
            labels: { environment: 'production', deployment_id: '1001', service: 'api' },
            summary: 'api does not answer its health check after deployment 1001 to production',
            description: 'Stage health_check: 2 checks in a row failed. Version 2.0.0 from main by ada.',
          },
        ],
      },
    ],
    silent: [
      {
        story: 'The first three checks fail while the service starts, then one passes.',
        deployments: [answering('xxx.')],
        at: 960,
      },

      {
        story: 'A single check fails, and no further one is made.',
        deployments: [answering('..x')],
        at: 960,
      },
    ],
    over: [
      {
        story: 'Nothing more is heard of it for a quarter of an hour.',
        deployments: [answering('..xx')],
        at: 760 + 900 + 300 + 80,
      },
      ...overtaken(answering('..xx'), 780),
    ],
  },
});

/** This share of checks passed, the last of them so many in a row. */
const shared = (share: number, inARow: number) => {
  const api = { environment: 'production', deployment_id: '1001', service: 'api' } as const;
  return [
    series('deployment_service:health_check_success:ratio5m', api, constantly(share, 20)),
    series('deployment_service:health_checks_passed_in_a_row:count', api, constantly(inARow, 20)),
  ];
};

const postDeploymentHealth: Alert = alert({
  name: 'PostDeploymentHealthChecksFailing',
  severity: 'critical',
  about: 'deployment',
  expr: healthShare(),
  for: '2m',
  hold: 'Design document, "API Health Post-Deployment".',
  summary: text`Only ${value('percent')} of the health checks of ${label('service')} pass after deployment ${label('deployment_id')} to ${label('environment')}`,
  description: text`Stage health_check, the checks of the last five minutes: at least 90 % have to pass, and the last three${andFailedStages}. ${version}.`,
  silencedBy: ['HealthCheckFailuresPostDeploy', ...failing],
  runbook: {
    meaning:
      'Less than 90 % of the health checks of the last five minutes passed, and the last three were not all good. It ends when three in a row pass, when the deployment is rolled back, or when no check was made for five minutes.',
    impact: 'The new version answers some requests and fails others: users see errors now and then.',
    diagnosis: [allChecks, latencies, whatWasDeployed],
    mitigation: [
      'Checks that pass and fail in turns are often one bad replica, or a connection pool that is too small: look at the log and at the pool on the troubleshooting dashboard.',
      rollBack,
    ],
  },
  examples: {
    fires: [
      {
        story: 'Every second check fails.',
        deployments: [answering('x.x.x.x.x.x.')],
        at: 960,
        notifications: [
          {
            labels: { environment: 'production', deployment_id: '1001', service: 'api' },
            summary: 'Only 50% of the health checks of api pass after deployment 1001 to production',
            description:
              'Stage health_check, the checks of the last five minutes: at least 90 % have to pass, and the last three. Version 2.0.0 from main by ada.',
          },
        ],
      },

      {
        story: '89 % pass, the last two of them in a row.',
        series: shared(0.89, 2),
        at: 600,
        notifications: [
          {
            labels: { environment: 'production', deployment_id: '1001', service: 'api' },
            summary: 'Only 89% of the health checks of api pass after deployment 1001 to production',
            description:
              'Stage health_check, the checks of the last five minutes: at least 90 % have to pass, and the last three. Version unknown.',
          },
        ],
      },
    ],
    silent: [
      {
        story: 'Half of the checks failed while the service started; since then all pass.',
        deployments: [answering('xxxx....')],
        at: 960,
      },

      { story: '91 % pass.', series: shared(0.91, 0), at: 600 },
      { story: 'Half of them passed, and the last three did.', series: shared(0.5, 3), at: 600 },
    ],
    over: overtaken(answering('x.x.x.x.x.x.'), 930),
  },
});

const since0 = [
  series(
    'deployment_stage:running_since_timestamp_seconds:min',
    { environment: 'production', deployment_id: '1001', service: 'api', stage: 'health_check' },
    constantly(0, 20),
  ),
];

/** A health check that begins at 690, and fails then for this reason. */
const checkFailed = (errorType: 'timeout' | 'health_check_failed', finished: number) =>
  unfinished({
    id: '1001',
    started: 600,
    stages: [failedStage('api', 'health_check', 690, finished, { errorType, message: 'no answer' })],
  });
const notEnded = (duration: string, whichVersion = 'Version 2.0.0 from main by ada') => ({
  labels: { environment: 'production', deployment_id: '1001', service: 'api', stage: 'health_check' },
  summary: `The health check of api has not ended after ${duration}`,
  description: `Deployment 1001 to production. After five minutes it should have passed or failed. ${whichVersion}.`,
});

const healthCheckTimeout: Alert = alert({
  name: 'DeploymentHealthCheckTimeout',
  severity: 'high',
  about: 'deployment',
  expr: healthTimedOut(),
  hold: 'None: the five minutes are the hold.',
  summary: text`The health check of ${label('service')} has not ended after ${value('duration')}`,
  description: text`${subject}. After five minutes it should have passed or failed. ${version}.`,
  silencedBy: ['HealthCheckFailuresPostDeploy', 'PostDeploymentHealthChecksFailing', ...failing],
  runbook: {
    meaning: 'The stage health_check runs for more than five minutes, or ended because it timed out.',
    impact: 'Nobody knows whether the new version is healthy, and nothing rolls it back by itself.',
    diagnosis: [allChecks, latencies, whichLogs],
    mitigation: [
      'Ask the service yourself: `curl -i <url>/health`. No answer within five seconds is a failed check.',
      rollBack,
    ],
  },
  examples: {
    fires: [
      {
        story: 'The health check runs for six minutes.',
        deployments: [answering('x.....')],
        at: 1080,
        notifications: [notEnded('6m 25s')],
      },

      {
        story: 'It ran for five minutes and then timed out.',
        deployments: [checkFailed('timeout', 990)],
        at: 1020,
        notifications: [notEnded('5m 0s')],
      },
      {
        story: 'It timed out more than a quarter of an hour ago, and was told of until just now.',
        deployments: [checkFailed('timeout', 990)],
        at: 990 + 1110,
        notifications: [notEnded('5m 0s')],
      },
      {
        story: 'It has been running for six minutes.',
        series: since0,
        at: 360,
        notifications: [notEnded('6m 0s', 'Version unknown')],
      },
    ],
    silent: [
      { story: 'It runs for less than five minutes.', deployments: [answering('x.....')], at: 960 },
      { story: 'It has been running for exactly five minutes.', series: since0, at: 300 },
      {
        story: 'It failed after a minute.',
        deployments: [checkFailed('health_check_failed', 750)],
        at: 1020,
      },
    ],
    over: [
      {
        story: 'It timed out twenty minutes ago.',
        deployments: [checkFailed('timeout', 990)],
        at: 990 + 900 + 300 + 90,
      },
      ...overtaken(checkFailed('timeout', 990), 1000),
    ],
  },
});

/** Checks that pass, each in so many seconds. */
const slow = (latency: number) =>
  deployment({
    id: '1001',
    started: 600,
    finished: 1000,
    health: checked('.'.repeat(8), latency),
  });

const healthLatencyHigh: Alert = alert({
  name: 'HealthCheckLatencyHigh',
  severity: 'medium',
  about: 'deployment',
  expr: healthLatency(),
  for: '2m',
  hold: 'Caches are cold after a deployment (design document, "Tuning for low false positives").',
  summary: text`${label('service')} takes ${value('duration')} to answer its health check`,
  description: text`${subject}. Average of the checks of five minutes that passed; it should be below a second. ${version}.`,
  silencedBy: ['HealthCheckFailuresPostDeploy', 'PostDeploymentHealthChecksFailing', ...failing],
  runbook: {
    meaning: 'The health checks of the last five minutes pass, and take more than a second on average.',
    impact: 'The new version is slower than it should be; users notice slow pages.',
    diagnosis: [latencies, whatWasDeployed],
    mitigation: [
      'Compare API latency before and after on the troubleshooting dashboard: if it is up for all endpoints, roll back.',
      'If only the health check is slow, look at what it asks: the database, Supabase, the embeddings API.',
    ],
  },
  examples: {
    fires: [
      {
        story: 'The service answers, in 1.4 seconds.',
        deployments: [slow(1.4)],
        at: 960,
        notifications: [
          {
            labels: { environment: 'production', deployment_id: '1001', service: 'api' },
            summary: 'api takes 1.4s to answer its health check',
            description:
              'Deployment 1001 to production. Average of the checks of five minutes that passed; it should be below a second. Version 2.0.0 from main by ada.',
          },
        ],
      },
    ],
    silent: [{ story: 'It answers in 0.9 seconds.', deployments: [slow(0.9)], at: 960 }],
    over: overtaken(slow(1.4), 840),
  },
});

/** Whether the new version is healthy. */
export const health: Family = {
  name: 'health',
  title: 'Health after a deployment',
  alerts: [healthCheckFailures, postDeploymentHealth, healthCheckTimeout, healthLatencyHigh],
  source: import.meta.url,
};
