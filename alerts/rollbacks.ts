import { metric, oneOf } from '../metrics/expression.ts';
import { deployment, failedStage, rollback } from '../scripts/simulator/builders.ts';
import { type Alert, alert, type Family } from './alert.ts';
import { whatWasDeployed, whatWentWrong, whichLogs } from './diagnosis.ts';
import { rollbacksIncreasing as rollbacksIncreasingNow } from './expressions/environments.ts';
import {
  rollbackExecuted as rollbackExecutedNow,
  rollbackFailed as rollbackFailedNow,
} from './expressions/failures.ts';
import { failedStages, subject, thisDeployment, version } from './parts.ts';
import { each, label, text, value } from './text.ts';
import { alertThresholds as limits } from './thresholds.ts';

const hour = 3_600;
const rollbackInfo = metric('deployment_rollback_info', thisDeployment);
/** "Reason: health_check_failed; back to deployment 1000". */
const reason = each(
  { query: rollbackInfo, by: 'service', otherwise: 'Its reason was not recorded' },
  (row) =>
    text`${row.label('service')} back to deployment ${row.label('previous_deployment_id')}, because of ${row.label('reason')}`,
);
const whatRolledBack = { question: 'What was rolled back, why, and to what?', query: rollbackInfo };

/** A deployment whose health check fails, and that is rolled back, or not. */
const rolledBack = (ok: boolean, rest: { id?: string; started?: number } = {}) => {
  const { id = '1001', started = 600 } = rest;
  return deployment({
    id,
    started,
    finished: started + 200,
    reported: ok ? 'rolled_back' : 'failure',
    stages: [
      failedStage('api', 'health_check', started + 20, started + 100, {
        errorType: 'health_check_failed',
        message: 'status 503',
      }),
    ],
    rollbacks: [rollback(started + 110, started + 180, { reason: 'health_check_failed', ok })],
  });
};

const rollbackFailed: Alert = alert({
  name: 'RollbackFailed',
  severity: 'critical',
  about: 'deployment',
  expr: rollbackFailedNow(),
  hold: 'None: the way out failed, and nothing will try again by itself.',
  summary: text`The rollback of deployment ${label('deployment_id')} to ${label('environment')} failed`,
  description: text`${reason}. It failed before: ${failedStages}. ${version}.`,
  runbook: {
    meaning:
      'A deployment was to be rolled back, and that failed. It ends when a rollback succeeds, when a later deployment of the environment succeeds, or after a day.',
    impact: 'A version that was found to be bad is still live, or nothing is.',
    diagnosis: [whatRolledBack, whatWentWrong, whichLogs, whatWasDeployed],
    mitigation: [
      'Roll back by hand: on Railway, open the service, Deployments, the last good one, "Redeploy"; on Vercel, "Promote to Production".',
      'If the last good version does not start either, the database or a variable has changed: compare migrations and variables with the time before.',
      'Record what you did: `node generated/record.mjs rollback --reason manual --status success --environment <environment> --deployment-id <deployment_id>`.',
    ],
  },
  examples: {
    fires: [
      {
        story: 'The health check fails, and so does the rollback.',
        deployments: [rolledBack(false)],
        at: 840,
        notifications: [
          {
            labels: { environment: 'production', deployment_id: '1001' },
            summary: 'The rollback of deployment 1001 to production failed',
            description:
              'api back to deployment 1000, because of health_check_failed. It failed before: api health_check: health_check_failed, status 503; api rollback: command_failed. Version 2.0.0 from main by ada.',
          },
        ],
      },
      {
        story: 'Three hours later the next deployment has swept it from the gateway, and has failed, too.',
        step: 600,
        deployments: [
          rolledBack(false),
          deployment({ id: '1002', started: 3 * hour, finished: 3 * hour + 60, reported: 'failure' }),
        ],
        at: 5 * hour,
        notifications: [
          {
            labels: { environment: 'production', deployment_id: '1001' },
            summary: 'The rollback of deployment 1001 to production failed',
            description:
              'Its reason was not recorded. It failed before: no stage said what went wrong. Version 2.0.0 from main by ada.',
          },
        ],
      },
      {
        story: 'Nobody has mended it for nearly a day.',
        step: hour,
        deployments: [rolledBack(false)],
        at: 23 * hour,
        notifications: [
          {
            labels: { environment: 'production', deployment_id: '1001' },
            summary: 'The rollback of deployment 1001 to production failed',
            description:
              'api back to deployment 1000, because of health_check_failed. It failed before: api health_check: health_check_failed, status 503; api rollback: command_failed. Version 2.0.0 from main by ada.',
          },
        ],
      },
    ],
    silent: [
      {
        story: 'It fails once, is tried again, and succeeds.',
        deployments: [
          deployment({
            id: '1001',
            started: 600,
            finished: 810,
            reported: 'rolled_back',
            rollbacks: [rollback(620, 650, { ok: false }), rollback(655, 700)],
          }),
        ],
        at: 840,
      },
    ],
    over: [
      {
        story: 'A later deployment succeeds.',
        deployments: [rolledBack(false), deployment({ id: '1002', started: 900, finished: 1100 })],
        at: 1560,
      },
      {
        story: 'It is rolled back by hand after an hour, and swept from the gateway.',
        step: 600,
        deployments: [
          {
            ...rolledBack(false),
            rollbacks: [
              rollback(710, 780, { reason: 'health_check_failed', ok: false }),
              rollback(hour, hour + 100),
            ],
          },
          deployment({ id: '1002', started: 4 * hour, finished: 4 * hour + 60, reported: 'failure' }),
        ],
        at: 6 * hour,
      },
      {
        story: 'After a day it is no incident any more.',
        step: hour,
        deployments: [rolledBack(false)],
        at: 26 * hour,
      },
    ],
  },
});

const executed = {
  labels: { environment: 'production', deployment_id: '1001' },
  summary: 'Deployment 1001 to production was rolled back',
  description:
    'api back to deployment 1000, because of health_check_failed. It failed before: api health_check: health_check_failed, status 503. Version 2.0.0 from main by ada.',
};

const rollbackExecuted: Alert = alert({
  name: 'RollbackExecuted',
  severity: 'info',
  about: 'deployment',
  expr: rollbackExecutedNow(),
  hold: 'None: it has happened.',
  summary: text`${subject} was rolled back`,
  description: text`${reason}. It failed before: ${failedStages}. ${version}.`,
  runbook: {
    meaning: 'A rollback succeeded in the last quarter of an hour.',
    impact: 'The version of before is live again. The change is not, and its author may not know.',
    diagnosis: [whatRolledBack, whatWentWrong, whatWasDeployed],
    mitigation: [
      'Nothing at once. The author of the change finds on the troubleshooting dashboard why it was rolled back.',
    ],
  },
  examples: {
    fires: [
      {
        story: 'A health check fails, and the rollback succeeds.',
        deployments: [rolledBack(true)],
        at: 840,
        notifications: [executed],
      },
      {
        story: 'It was rolled back more than a quarter of an hour ago, and was told of until just now.',
        deployments: [rolledBack(true)],
        at: 780 + 1080,
        notifications: [executed],
      },
    ],
    silent: [
      {
        story: 'It is tried, and fails.',
        deployments: [rolledBack(false)],
        at: 840,
      },
    ],
    over: [
      {
        story: 'A quarter of an hour later it is told of no more.',
        deployments: [rolledBack(true)],
        at: 780 + 900 + 300 + 60,
      },
    ],
  },
});

/** So many rollbacks, one after the other. */
const rollbacksInARow = (count: number) =>
  Array.from({ length: count }, (_, i) => rolledBack(true, { id: `10${i}`, started: 600 + i * 300 }));

const rollbacksIncreasing: Alert = alert({
  name: 'RollbacksIncreasing',
  severity: 'high',
  about: 'environment',
  expr: rollbacksIncreasingNow(),
  hold: 'None (design document, "Rollback Events & Frequency"): seven days are the hold.',
  summary: text`${value(0)} rollbacks of ${label('environment')} in the last seven days (normal: 0-1)`,
  description: text`By reason: ${each(
    {
      query: metric('environment:rollbacks:count', { environment: oneOf('environment'), window: '7d' }),
      by: 'reason',
      otherwise: 'unknown',
    },
    (row) => text`${row.label('reason')} ${row.value(0)}`,
  )}.`,
  runbook: {
    meaning: `More than ${limits.rollbacks} deployments of seven days were rolled back.`,
    impact: 'Changes reach production that should have been stopped before, and the error budget goes.',
    diagnosis: [
      {
        question: 'For which reasons?',
        query: metric('environment:rollbacks:count', {
          environment: oneOf('environment'),
          window: '7d',
        }),
      },
      {
        question: 'Which deployments?',
        query: metric('recent_deployment:rollback_reason:code', { environment: oneOf('environment') }),
      },
    ],
    mitigation: [
      'One reason stands out: test for it before production (staging, a check in the pull request).',
      'None stands out: slow down, smaller changes, and a second pair of eyes on each until the week is better.',
    ],
  },
  examples: {
    fires: [
      {
        story: 'Four deployments in a row are rolled back.',
        deployments: rollbacksInARow(4),
        at: 2040,
        notifications: [
          {
            labels: { environment: 'production' },
            summary: '4 rollbacks of production in the last seven days (normal: 0-1)',
            description: 'By reason: health_check_failed 4.',
          },
        ],
      },
    ],
    silent: [{ story: 'Three are.', deployments: rollbacksInARow(3), at: 2040 }],
  },
});

/** The way back. */
export const rollbacks: Family = {
  name: 'rollbacks',
  title: 'Rollbacks',
  alerts: [rollbackFailed, rollbackExecuted, rollbacksIncreasing],
  source: import.meta.url,
};
