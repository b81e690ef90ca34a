import { metric, oneOf } from '../metrics/expression.ts';
import { deployment, failedStage, rollback, smokeTest, stage } from '../scripts/simulator/builders.ts';
import { type Alert, alert, type Family } from './alert.ts';
import { whatWasDeployed, whatWentWrong, whichLogs } from './diagnosis.ts';
import { constantly, series } from './example.ts';
import { frequencyAnomalous, successRateLow } from './expressions/environments.ts';
import { deploymentFailed as deploymentFailedNow } from './expressions/failures.ts';
import { andFailedSmokeTests, failedStages, subject, version } from './parts.ts';
import { label, text, value } from './text.ts';

const hour = 3_600;
const day = 24 * hour;

/** The new version is live and does not answer. */
const failedHealth = deployment({
  id: '1001',
  started: 600,
  finished: 1000,
  reported: 'failure',
  stages: [
    stage('api', 'deploy_railway', 620, 760),
    failedStage('api', 'health_check', 770, 950, {
      errorType: 'health_check_failed',
      message: 'status 503',
    }),
  ],
  smokeTests: [smokeTest('web_app', 960, false)],
});

const deploymentFailed: Alert = alert({
  name: 'DeploymentFailed',
  severity: 'critical',
  about: 'deployment',
  expr: deploymentFailedNow(),
  for: '2m',
  hold: 'A stage that is tried again and a rollback that is quick wake nobody (design document, "Tuning for low false positives").',
  summary: text`${subject} failed`,
  description: text`${failedStages}${andFailedSmokeTests}. ${version}. It failed at ${value('time')} and was not rolled back.`,
  silencedBy: ['RollbackFailed'],
  runbook: {
    meaning:
      'A stage of the deployment failed, or the run ended as a failure, and it was not rolled back. It ends when a later deployment of the environment succeeds, when this one is rolled back, or after a day.',
    impact:
      'The environment runs the old version, the new one, or half of each, depending on the stage. Until it is repaired nothing else can be shipped safely.',
    diagnosis: [whatWentWrong, whichLogs, whatWasDeployed],
    mitigation: [
      'Open the dashboard: the red bar is the stage that failed, and it links to its log.',
      'If the new version is live and unhealthy (stages from deploy on), roll back: `node generated/record.mjs rollback --railway --reason manual --environment <environment> --deployment-id <deployment_id>`.',
      'If it failed before anything was deployed (build, push, install), nothing has to be rolled back: mend the change and deploy again.',
      'If the cause was a passing one (registry, network), run the failed jobs again: the alert ends by itself when they succeed.',
    ],
  },
  examples: {
    fires: [
      {
        story: 'The health check fails after the new version went live, and nobody rolls back.',
        deployments: [failedHealth],
        at: 1260,
        notifications: [
          {
            labels: { environment: 'production', deployment_id: '1001' },
            summary: 'Deployment 1001 to production failed',
            description:
              'api health_check: health_check_failed, status 503; smoke test web_app: expected status 200, got 500. Version 2.0.0 from main by ada. It failed at 1970-01-01 00:15:50 +0000 UTC and was not rolled back.',
          },
        ],
      },

      {
        story: 'Nobody has mended it for nearly a day.',
        step: hour,
        series: [
          series(
            'deployment:failed_timestamp_seconds:max',
            { environment: 'production', deployment_id: '1001' },
            constantly(0, 30),
          ),
        ],
        at: 23 * hour,
        notifications: [
          {
            labels: { environment: 'production', deployment_id: '1001' },
            summary: 'Deployment 1001 to production failed',
            description:
              'no stage said what went wrong. Version unknown. It failed at 1970-01-01 00:00:00 +0000 UTC and was not rolled back.',
          },
        ],
      },
    ],
    silent: [
      {
        story: 'The same, and a rollback succeeds within two minutes.',
        deployments: [
          deployment({
            id: '1001',
            started: 600,
            finished: 1070,
            reported: 'rolled_back',
            stages: [
              stage('api', 'deploy_railway', 620, 760),
              failedStage('api', 'health_check', 770, 950, { errorType: 'health_check_failed' }),
            ],
            rollbacks: [rollback(960, 1050, { reason: 'health_check_failed' })],
          }),
        ],
        at: 1260,
      },
    ],
    over: [
      {
        story: 'A later deployment succeeds.',
        deployments: [failedHealth, deployment({ id: '1002', started: 1300, finished: 1500 })],
        at: 1860,
      },

      {
        story: 'After a day it is no incident any more.',
        step: hour,
        series: [
          series(
            'deployment:failed_timestamp_seconds:max',
            { environment: 'production', deployment_id: '1001' },
            constantly(0, 30),
          ),
        ],
        at: 26 * hour,
      },
    ],
  },
});

const fails = (id: string, started: number) =>
  deployment({
    id,
    started,
    finished: started + 240,
    reported: 'failure',
    stages: [failedStage('api', 'build', started + 20, started + 220)],
  });

/** An hour with this success rate, in which two deployments failed. */
const rated = (rate: number) => [
  series(
    'environment:deployment_success:ratio',
    { environment: 'production', window: '1h' },
    constantly(rate, 60),
  ),
  series(
    'environment_slo:bad_deployments:count',
    { environment: 'production', slo: 'deployment-reliability', window: '1h' },
    constantly(2, 60),
  ),
];

const deploymentSuccessRateLow: Alert = alert({
  name: 'DeploymentSuccessRateLow',
  severity: 'high',
  about: 'environment',
  expr: successRateLow(),
  for: '30m',
  hold: 'Design document, "Deployment Success Rate".',
  summary: text`Deployment success rate of ${label('environment')} is ${value('percent')} in the last hour`,
  description: text`Target: 99 %. More than one deployment of the hour failed or was rolled back, so it is not one bad change.`,
  runbook: {
    meaning:
      'Of the deployments that finished within the hour, less than 95 % succeeded for half an hour, and at least two did not.',
    impact: 'The pipeline itself is likely to be broken: shipping stops for everybody.',
    diagnosis: [
      {
        question: 'Which deployments failed?',
        query: metric('recent_deployment:outcome:code', { environment: oneOf('environment') }),
      },
      {
        question: 'Which stages fail, and with which errors?',
        query: metric('environment_stage:failures:count', {
          environment: oneOf('environment'),
          window: '1h',
        }),
      },
    ],
    mitigation: [
      'If the same stage failed in all of them, look for what they share: runner image, registry, Railway, Vercel, credentials.',
      'If different changes broke different things, stop merging until production is healthy.',
      'Tell the team in the ops channel that deployments are on hold.',
    ],
  },
  examples: {
    fires: [
      {
        story: 'Three deployments in ten minutes, two of them fail.',
        deployments: [
          fails('1001', 600),
          fails('1002', 900),
          deployment({ id: '1003', started: 1000, finished: 1200 }),
        ],
        at: 3300,
        notifications: [
          {
            labels: { environment: 'production' },
            summary: 'Deployment success rate of production is 33.33% in the last hour',
            description:
              'Target: 99 %. More than one deployment of the hour failed or was rolled back, so it is not one bad change.',
          },
        ],
      },

      {
        story: 'Two of thirty-four fail: 94 % succeed.',
        series: rated(0.94),
        at: 3300,
        notifications: [
          {
            labels: { environment: 'production' },
            summary: 'Deployment success rate of production is 94% in the last hour',
            description:
              'Target: 99 %. More than one deployment of the hour failed or was rolled back, so it is not one bad change.',
          },
        ],
      },
    ],
    silent: [
      {
        story: 'One of two deployments fails: a rate of 50 %, made of one event.',
        deployments: [fails('1001', 600), deployment({ id: '1002', started: 1000, finished: 1200 })],
        at: 3300,
      },

      { story: 'Two of forty-five fail: 95.5 % succeed.', series: rated(0.955), at: 3300 },
    ],
  },
});

/** Twelve deployments from nine o'clock on; day 0 is Thursday, 1 January 1970. */
const busyDay = (d: number) =>
  Array.from({ length: 12 }, (_, i) => deployment({ id: `10${i}`, started: d * day + 9 * hour + i * 1200 }));
const saturday = 2;

/** So many deployments on a usual working day, and in the last day; hours are counted from Thursday, 1 January 1970. */
const frequency = (usual: number, lastDay?: number) => [
  series(
    'environment:deployments:count',
    { environment: 'production', window: '30d' },
    constantly(usual * 21.43, 150),
  ),
  ...(lastDay === undefined
    ? []
    : [
        series(
          'environment:deployments:count',
          { environment: 'production', window: '1d' },
          constantly(lastDay, 150),
        ),
      ]),
];
const unusual = (lastDay: number) => ({
  labels: { environment: 'production' },
  summary: `${lastDay} deployments to production in the last day, which is unusual`,
  description:
    'Compared with the working days of the last thirty days, it is less than a quarter or more than three times the usual number.',
});

const deploymentFrequencyAnomalous: Alert = alert({
  name: 'DeploymentFrequencyAnomalous',
  severity: 'info',
  about: 'environment',
  expr: frequencyAnomalous(),
  for: '1h',
  hold: 'It is judged once a working day, from 16:00 UTC on; an hour keeps one late deployment from deciding it.',
  summary: text`${value(0)} deployments to ${label('environment')} in the last day, which is unusual`,
  description: text`Compared with the working days of the last thirty days, it is less than a quarter or more than three times the usual number.`,
  runbook: {
    meaning: 'On a working day, far fewer or far more deployments finished than usual.',
    impact:
      'Fewer: changes pile up, and the next deployment is bigger. More: somebody may be trying to mend something by deploying again and again.',
    diagnosis: [
      {
        question: 'How did the last ones end?',
        query: metric('recent_deployment:outcome:code', { environment: oneOf('environment') }),
      },
      {
        question: 'How many were there in each window?',
        query: metric('environment:deployments:count', { environment: oneOf('environment') }),
      },
    ],
    mitigation: [
      'Fewer: is there a holiday or a freeze? Otherwise look for merges that wait for a red check or an approval.',
      'More: look for the same branch again and again, and ask its author whether help is wanted.',
    ],
  },
  examples: {
    step: 3_600,
    fires: [
      {
        story: 'Twelve deployments on a Thursday; in thirty days there were no others.',
        deployments: busyDay(0),
        at: 18 * hour,
        notifications: [
          {
            labels: { environment: 'production' },
            summary: '12 deployments to production in the last day, which is unusual',
            description:
              'Compared with the working days of the last thirty days, it is less than a quarter or more than three times the usual number.',
          },
        ],
      },

      {
        story: 'More than three times as many as usual, late in the afternoon.',
        series: frequency(5, 16),
        at: 17 * hour,
        notifications: [unusual(16)],
      },
      {
        story: 'More than three times as many, and four more.',
        series: frequency(1, 5),
        at: 18 * hour,
        notifications: [unusual(5)],
      },
      {
        story: 'Fewer than a quarter.',
        series: frequency(20, 4),
        at: 18 * hour,
        notifications: [unusual(4)],
      },
      {
        story: 'Fewer than a quarter, and more than four fewer.',
        series: frequency(5.3, 1),
        at: 18 * hour,
        notifications: [unusual(1)],
      },
      {
        story: 'On a Friday there was none.',
        series: frequency(20),
        at: 42 * hour,
        notifications: [unusual(0)],
      },
      {
        story: 'On a Tuesday there was none.',
        series: frequency(20),
        at: 138 * hour,
        notifications: [unusual(0)],
      },
      {
        story: 'What is usual is known from ten deployments on.',
        series: frequency(0.47, 5),
        at: 18 * hour,
        notifications: [unusual(5)],
      },
    ],
    silent: [
      {
        story: 'The same on a Saturday, which is no working day.',
        deployments: busyDay(saturday),
        at: saturday * day + 18 * hour,
      },

      { story: 'Less than three times as many as usual.', series: frequency(5, 14), at: 18 * hour },
      {
        story: 'More than four times as many, but not four more.',
        series: frequency(1.05, 5),
        at: 18 * hour,
      },
      { story: 'Four times as many, but only three more.', series: frequency(1, 4), at: 18 * hour },
      { story: 'A quarter of the usual number.', series: frequency(20, 5), at: 18 * hour },
      { story: 'Fewer than a quarter, but not four fewer.', series: frequency(4.5, 1), at: 18 * hour },
      { story: 'Early in the afternoon the day cannot be judged.', series: frequency(20, 4), at: 15 * hour },
      { story: 'What is usual is not known yet.', series: frequency(0.43, 5), at: 18 * hour },
    ],
  },
});

/** How deployments ended. */
export const deployments: Family = {
  name: 'deployments',
  title: 'Deployments',
  alerts: [deploymentFailed, deploymentSuccessRateLow, deploymentFrequencyAnomalous],
  source: import.meta.url,
};
