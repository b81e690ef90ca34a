import { metric, oneOf } from '../metrics/expression.ts';
import { deployment, stage, unfinished } from '../scripts/simulator/builders.ts';
import { type Alert, alert, type Family } from './alert.ts';
import { whichLogs, whichStages } from './diagnosis.ts';
import { constantly, series } from './example.ts';
import { timeToDeployHigh } from './expressions/environments.ts';
import { runningLongerThan, stageSlow } from './expressions/progress.ts';
import { subject, thisDeployment } from './parts.ts';
import { each, label, text, value } from './text.ts';
import { alertThresholds as limits } from './thresholds.ts';

const runningStages = each(
  {
    query: metric('deployment_stage_started_timestamp_seconds', thisDeployment),
    by: 'stage',
    otherwise: 'no stage was reported',
  },
  (row) => text`${row.label('service')} ${row.label('stage')} since ${row.value('time')}`,
);

/** Runs and does not end. */
const hanging = () =>
  unfinished({
    id: '1001',
    started: 600,
    stages: [{ service: 'api', stage: 'deploy_railway', started: 620 }],
  });

const deploymentTakingTooLong: Alert = alert({
  name: 'DeploymentTakingTooLong',
  severity: 'high',
  about: 'deployment',
  expr: runningLongerThan(limits.tooLong),
  hold: 'None: the fifteen minutes are the hold.',
  summary: text`${subject} has been running for ${value('duration')}`,
  description: text`It should be done in ten minutes. Its stages: ${runningStages}.`,
  silencedBy: ['DeploymentFailed', 'RollbackFailed', 'DeploymentTelemetryMissing'],
  runbook: {
    meaning: 'The deployment started more than 15 minutes ago and has not finished.',
    impact:
      'Everything that waits for it waits: the next deployment, a fix that is urgent. A half-deployed version may be live.',
    diagnosis: [
      whichStages,
      whichLogs,
      {
        question: 'How long do its stages take usually?',
        query: metric('environment_stage:duration_seconds:p95', {
          environment: oneOf('environment'),
          window: '30d',
        }),
      },
    ],
    mitigation: [
      'Open the dashboard: the blue bar is the stage that runs; its link leads to the log.',
      'If the log stands still, cancel the run and start it again; a migration must not be killed while it holds locks, look at the database first.',
      'If it waits for an approval or a runner, say so in the ops channel.',
    ],
  },
  examples: {
    fires: [
      {
        story: 'A deployment to Railway hangs for sixteen minutes.',
        deployments: [hanging()],
        at: 600 + 960,
        notifications: [
          {
            labels: { environment: 'production', deployment_id: '1001' },
            summary: 'Deployment 1001 to production has been running for 16m 0s',
            description:
              'It should be done in ten minutes. Its stages: api deploy_railway since 1970-01-01 00:10:20 +0000 UTC.',
          },
        ],
      },
    ],
    silent: [{ story: 'It hangs for fourteen minutes.', deployments: [hanging()], at: 600 + 840 }],
    over: [
      {
        story: 'After sixteen minutes it finishes.',
        deployments: [{ ...hanging(), finished: 600 + 960, reported: 'success' }],
        at: 600 + 1380,
      },
    ],
  },
});

const deploymentBehind: Alert = alert({
  name: 'DeploymentSlightlyBehindSchedule',
  severity: 'medium',
  about: 'deployment',
  expr: runningLongerThan(limits.behindSchedule),
  hold: 'None: the ten minutes are the hold.',
  summary: text`${subject} is behind schedule: ${value('duration')} so far`,
  description: text`The objective is ten minutes. Its stages: ${runningStages}.`,
  silencedBy: ['DeploymentTakingTooLong', 'DeploymentFailed', 'RollbackFailed', 'DeploymentTelemetryMissing'],
  runbook: {
    meaning: 'The deployment started more than 10 minutes ago and has not finished.',
    impact: 'It misses the objective for time to deploy. Nobody is hit yet.',
    diagnosis: [whichStages, whichLogs],
    mitigation: [
      'Nothing at once. If it happens often, compare the stages with their usual durations in the overview and open a ticket for the slowest.',
    ],
  },
  examples: {
    fires: [
      {
        story: 'A deployment to Railway hangs for eleven minutes.',
        deployments: [hanging()],
        at: 600 + 660,
        notifications: [
          {
            labels: { environment: 'production', deployment_id: '1001' },
            summary: 'Deployment 1001 to production is behind schedule: 11m 0s so far',
            description:
              'The objective is ten minutes. Its stages: api deploy_railway since 1970-01-01 00:10:20 +0000 UTC.',
          },
        ],
      },
    ],
    silent: [{ story: 'It hangs for nine minutes.', deployments: [hanging()], at: 600 + 540 }],
  },
});

/** Ten deployments in which the build takes a minute, and an eleventh in which it still runs. */
const usualBuilds = Array.from({ length: 10 }, (_, i) => {
  const started = 60 + i * 120;
  return deployment({
    id: `10${i}`,
    started,
    finished: started + 90,
    stages: [stage('api', 'build', started + 10, started + 70)],
  });
});
const building = unfinished({
  id: '2001',
  started: 1800,
  stages: [{ service: 'api', stage: 'build', started: 1800 }],
});

/** A build that has been running since 0, takes so many seconds usually, and has been seen so often. */
const running = (usual: number, known = 10) => [
  series(
    'deployment_stage:running_since_timestamp_seconds:min',
    { environment: 'production', deployment_id: '2001', service: 'api', stage: 'build' },
    constantly(0, 30),
  ),
  series(
    'environment_stage:duration_seconds:avg',
    { environment: 'production', service: 'api', stage: 'build', window: '30d' },
    constantly(usual, 30),
  ),
  series(
    'environment:deployments:count',
    { environment: 'production', window: '30d' },
    constantly(known, 30),
  ),
];
const slowBuild = (duration: string) => ({
  labels: { environment: 'production', deployment_id: '2001', service: 'api', stage: 'build' },
  summary: `Stage build of api takes ${duration}, twice its usual time`,
  description: 'Deployment 2001 to production. Compared with the average of the last thirty days.',
});

const stageSlowerThanUsual: Alert = alert({
  name: 'StageSlowerThanUsual',
  severity: 'medium',
  about: 'deployment',
  expr: stageSlow(),
  hold: 'None: twice the usual time, and at least a minute more, is the hold.',
  summary: text`Stage ${label('stage')} of ${label('service')} takes ${value('duration')}, twice its usual time`,
  description: text`${subject}. Compared with the average of the last thirty days.`,
  silencedBy: ['DeploymentTakingTooLong', 'DeploymentFailed', 'RollbackFailed', 'DeploymentTelemetryMissing'],
  runbook: {
    meaning:
      'A stage that has not ended runs for more than twice the average of its last thirty days, and at least a minute longer than that.',
    impact: 'The deployment gets slow. If the stage hangs, it will take too long.',
    diagnosis: [
      {
        question: 'How long does it take usually?',
        query: metric('environment_stage:duration_seconds:avg', {
          environment: oneOf('environment'),
          service: oneOf('service'),
          stage: oneOf('stage'),
          window: '30d',
        }),
      },
      whichLogs,
    ],
    mitigation: [
      'Look into the log of the stage: a cold cache, a queue for runners, and a slow registry show there.',
      'If it becomes usual, the stage needs work: open a ticket with the trend of its duration.',
    ],
  },
  examples: {
    fires: [
      {
        story: 'A build that usually takes a minute has been running for three.',
        deployments: [...usualBuilds, building],
        at: 1980,
        notifications: [
          {
            labels: { environment: 'production', deployment_id: '2001', service: 'api', stage: 'build' },
            summary: 'Stage build of api takes 3m 0s, twice its usual time',
            description: 'Deployment 2001 to production. Compared with the average of the last thirty days.',
          },
        ],
      },

      {
        story: 'It usually takes 100 seconds, and has been running for four minutes.',
        series: running(100),
        at: 240,
        notifications: [slowBuild('4m 0s')],
      },
      {
        story: 'It takes more than a minute longer than usual.',
        series: running(50),
        at: 120,
        notifications: [slowBuild('2m 0s')],
      },
    ],
    silent: [
      {
        story: 'It has been running for two minutes: not more than twice as long.',
        deployments: [...usualBuilds, building],
        at: 1920,
      },

      {
        story: 'It usually takes 100 seconds, and has been running for three minutes.',
        series: running(100),
        at: 180,
      },
      {
        story: 'It usually takes seven seconds, and has been running for a minute.',
        series: running(7),
        at: 60,
      },
      { story: 'What is usual is known from nine deployments only.', series: running(100, 9), at: 240 },
    ],
  },
});

/** Successful deployments of such durations, one after the other. */
const taking = (...durations: readonly number[]) =>
  durations.map((seconds, i) =>
    deployment({
      id: `10${i}`,
      started: 600,
      triggered: 600,
      finished: 600 + seconds,
      environment: 'production',
    }),
  );

/** A day with this p95, in which two were too slow. */
const p95 = (seconds: number) => [
  series(
    'environment:time_to_deploy_seconds:quantile',
    { environment: 'production', window: '1d', quantile: '0.95' },
    constantly(seconds, 60),
  ),
  series(
    'environment_slo:bad_deployments:count',
    { environment: 'production', slo: 'time-to-deploy', window: '1d' },
    constantly(2, 60),
  ),
];

const timeToDeployP95High: Alert = alert({
  name: 'TimeToDeployP95High',
  severity: 'medium',
  about: 'environment',
  expr: timeToDeployHigh(),
  for: '10m',
  hold: 'A p95 over a day changes with each deployment; ten minutes let the next one have its say.',
  summary: text`Time to deploy to ${label('environment')} is ${value('duration')} (p95 of the last day)`,
  description: text`The objective is ten minutes. At least two successful deployments of the day took longer.`,
  runbook: {
    meaning:
      'Of the successful deployments of the last day, 95 % took longer than ten minutes at most, and at least two did.',
    impact:
      'Fixes reach users later, and people begin to batch changes, which makes each deployment riskier.',
    diagnosis: [
      {
        question: 'Which stages take the time?',
        query: metric('environment_stage:duration_seconds:avg', {
          environment: oneOf('environment'),
          window: '1d',
        }),
      },
      {
        question: 'And over thirty days?',
        query: metric('environment_stage:duration_seconds:avg', {
          environment: oneOf('environment'),
          window: '30d',
        }),
      },
    ],
    mitigation: [
      'Compare the two: the stage that grew is the one to look at.',
      'If all stages are as usual, the time is lost before the first one: runners or approvals that are waited for.',
    ],
  },
  examples: {
    fires: [
      {
        story: 'Two of three deployments take eleven and twelve minutes.',
        deployments: taking(300, 660, 720),
        at: 2400,
        notifications: [
          {
            labels: { environment: 'production' },
            summary: 'Time to deploy to production is 11m 54s (p95 of the last day)',
            description:
              'The objective is ten minutes. At least two successful deployments of the day took longer.',
          },
        ],
      },

      {
        story: 'The p95 is a minute too long.',
        series: p95(660),
        at: 1200,
        notifications: [
          {
            labels: { environment: 'production' },
            summary: 'Time to deploy to production is 11m 0s (p95 of the last day)',
            description:
              'The objective is ten minutes. At least two successful deployments of the day took longer.',
          },
        ],
      },
    ],
    silent: [
      {
        story: 'One of three takes twelve minutes: the p95 is above ten, from a single one.',
        deployments: taking(300, 310, 720),
        at: 2400,
      },

      { story: 'The p95 is exactly ten minutes.', series: p95(600), at: 1200 },
    ],
  },
});

/** How long deployments and their stages take. */
export const progress: Family = {
  name: 'progress',
  title: 'Duration',
  alerts: [deploymentTakingTooLong, deploymentBehind, stageSlowerThanUsual, timeToDeployP95High],
  source: import.meta.url,
};
