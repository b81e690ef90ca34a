import {
  type Alert,
  alert,
  each,
  type Family,
  failedStages,
  label,
  subject,
  text,
  thisDeployment,
  value,
  version,
} from '../src/alerts/index.ts';
import { spokenSpan } from '../src/lib/spoken.ts';
import { metric, oneOf } from '../src/metrics/index.ts';
import type { Pipeline } from '../src/pipeline/index.ts';
import { whatWasDeployed, whatWentWrong, whichLogs } from './diagnosis.ts';
import * as stories from './examples/rollbacks.ts';
import { rollbacksIncreasing as rollbacksIncreasingNow } from './expressions/environments.ts';
import {
  rollbackExecuted as rollbackExecutedNow,
  rollbackFailed as rollbackFailedNow,
} from './expressions/failures.ts';

const rollbackInfo = metric('deployment_rollback_info', thisDeployment);

/** "Reason: health_check_failed; back to deployment 1000". */
const reason = each(
  { query: rollbackInfo, by: 'service', otherwise: 'Its reason was not recorded' },
  (row) =>
    text`${row.label('service')} back to deployment ${row.label('previous_deployment_id')}, because of ${row.label('reason')}`,
);

/** How the known hosts roll back by hand. */
const hosts: Readonly<Record<string, string>> = {
  railway: 'on Railway, open the service, Deployments, the last good one, "Redeploy"',
  vercel: 'on Vercel, "Promote to Production"',
};
const byHand = (hosting: Pipeline['hosting']): string => {
  const known = Object.keys(hosting).flatMap((host) => hosts[host] ?? []);
  return known.length > 0 ? `: ${known.join('; ')}` : ', with what deploys it';
};

const whatRolledBack = { question: 'What was rolled back, why, and to what?', query: rollbackInfo };

const rollbackFailed = ({ hosting }: Pipeline): Alert =>
  alert({
    name: 'RollbackFailed',
    severity: 'critical',
    about: 'deployment',
    expr: rollbackFailedNow(),
    forReason: 'None: the way out failed, and nothing will try again by itself.',
    summary: text`The rollback of deployment ${label('deployment_id')} to ${label('environment')} failed`,
    description: text`${reason}. It failed before: ${failedStages}. ${version}.`,
    runbook: {
      meaning:
        'A deployment was to be rolled back, and that failed. It ends when a rollback succeeds, when a later deployment of the environment succeeds, or after a day.',
      impact: 'A version that was found to be bad is still live, or nothing is.',
      diagnosis: [whatRolledBack, whatWentWrong, whichLogs, whatWasDeployed],
      mitigation: [
        `Roll back by hand${byHand(hosting)}.`,
        'If the last good version does not start either, the database or a variable has changed: compare migrations and variables with the time before.',
        'Record what you did: `node generated/record.mjs rollback --reason manual --status success --environment <environment> --deployment-id <deployment_id>`.',
      ],
    },
    examples: stories.rollbackFailed,
  });

const rollbackExecuted = ({ targets }: Pipeline): Alert =>
  alert({
    name: 'RollbackExecuted',
    severity: 'info',
    about: 'deployment',
    expr: rollbackExecutedNow(),
    forReason: 'None: it has happened.',
    summary: text`${subject} was rolled back`,
    description: text`${reason}. It failed before: ${failedStages}. ${version}.`,
    runbook: {
      meaning: `A rollback succeeded in the last ${spokenSpan(targets.eventSeconds)}.`,
      impact: 'The version of before is live again. The change is not, and its author may not know.',
      diagnosis: [whatRolledBack, whatWentWrong, whatWasDeployed],
      mitigation: [
        'Nothing at once. The author of the change finds on the troubleshooting dashboard why it was rolled back.',
      ],
    },
    examples: stories.rollbackExecuted,
  });

const rollbacksIncreasing = ({ targets }: Pipeline): Alert =>
  alert({
    name: 'RollbacksIncreasing',
    severity: 'high',
    about: 'environment',
    expr: rollbacksIncreasingNow(),
    forReason: 'None (design document, "Rollback Events & Frequency"): seven days are the hold.',
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
      meaning: `More than ${targets.rollbacks.perWeek} deployments of seven days were rolled back.`,
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
        'One reason stands out: test for it before production (another environment, a check in the pull request).',
        'None stands out: slow down, smaller changes, and a second pair of eyes on each until the week is better.',
      ],
    },
    examples: stories.rollbacksIncreasing(targets),
  });

/** The way back. */
export const rollbacks = (pipeline: Pipeline): Family => ({
  name: 'rollbacks',
  title: 'Rollbacks',
  alerts: [rollbackFailed, rollbackExecuted, rollbacksIncreasing].map((one) => one(pipeline)),
  source: import.meta.url,
});
