import {
  type Alert,
  alert,
  each,
  type Family,
  label,
  subject,
  text,
  thisDeployment,
  value,
} from '../src/alerts/index.ts';
import { spoken, spokenCount, spokenDigits, spokenTimes } from '../src/lib/spoken.ts';
import { metric, oneOf, target } from '../src/metrics/index.ts';
import type { Pipeline } from '../src/pipeline/index.ts';
import { whichLogs, whichStages } from './diagnosis.ts';
import * as stories from './examples/progress.ts';
import { timeToDeployHigh } from './expressions/environments.ts';
import { runningLongerThan, stageSlow } from './expressions/progress.ts';

const runningStages = each(
  {
    query: metric('deployment_stage_started_timestamp_seconds', thisDeployment),
    by: 'stage',
    otherwise: 'no stage was reported',
  },
  (row) => text`${row.label('service')} ${row.label('stage')} since ${row.value('time')}`,
);

const deploymentTakingTooLong = ({ targets }: Pipeline): Alert =>
  alert({
    name: 'DeploymentTakingTooLong',
    severity: 'high',
    about: 'deployment',
    expr: runningLongerThan(target('timeToDeploy.tooLongSeconds')),
    forReason: `None: ${spoken(targets.timeToDeploy.tooLongSeconds)} is the hold.`,
    summary: text`${subject} has been running for ${value('duration')}`,
    description: text`It should be done in ${spoken(targets.timeToDeploy.seconds)}. Its stages: ${runningStages}.`,
    inhibitedBy: ['DeploymentFailed', 'RollbackFailed', 'DeploymentTelemetryMissing'],
    runbook: {
      meaning: `The deployment started more than ${spokenDigits(targets.timeToDeploy.tooLongSeconds)} ago and has not finished.`,
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
    examples: stories.deploymentTakingTooLong(targets),
  });

const deploymentBehind = ({ targets }: Pipeline): Alert =>
  alert({
    name: 'DeploymentSlightlyBehindSchedule',
    severity: 'medium',
    about: 'deployment',
    expr: runningLongerThan(target('timeToDeploy.behindSeconds')),
    forReason: `None: ${spoken(targets.timeToDeploy.behindSeconds)} is the hold.`,
    summary: text`${subject} is behind schedule: ${value('duration')} so far`,
    description: text`The objective is ${spoken(targets.timeToDeploy.seconds)}. Its stages: ${runningStages}.`,
    inhibitedBy: [
      'DeploymentTakingTooLong',
      'DeploymentFailed',
      'RollbackFailed',
      'DeploymentTelemetryMissing',
    ],
    runbook: {
      meaning: `The deployment started more than ${spokenDigits(targets.timeToDeploy.behindSeconds)} ago and has not finished.`,
      impact: 'It misses the objective for time to deploy. No user is hit yet.',
      diagnosis: [whichStages, whichLogs],
      mitigation: [
        'Nothing at once. If it happens often, compare the stages with their usual durations in the overview and open a ticket for the slowest.',
      ],
    },
    examples: stories.deploymentBehind(targets),
  });

const stageSlowerThanUsual = ({ targets }: Pipeline): Alert =>
  alert({
    name: 'StageSlowerThanUsual',
    severity: 'medium',
    about: 'deployment',
    expr: stageSlow(),
    forReason: `None: ${spokenTimes(targets.stages.times)} the usual time, and at least ${spoken(targets.stages.extraSeconds)} more, is the hold.`,
    summary: text`Stage ${label('stage')} of ${label('service')} takes ${value('duration')}, ${spokenTimes(targets.stages.times)} its usual time`,
    description: text`${subject}. Compared with the average of the last thirty days.`,
    inhibitedBy: [
      'DeploymentTakingTooLong',
      'DeploymentFailed',
      'RollbackFailed',
      'DeploymentTelemetryMissing',
    ],
    runbook: {
      meaning: `A stage that has not ended runs for more than ${spokenTimes(targets.stages.times)} the average of its last thirty days, and at least ${spoken(targets.stages.extraSeconds)} longer than that.`,
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
    examples: stories.stageSlowerThanUsual,
  });

const timeToDeployP95High = ({ targets }: Pipeline): Alert =>
  alert({
    name: 'TimeToDeployP95High',
    severity: 'medium',
    about: 'environment',
    expr: timeToDeployHigh(),
    for: '10m',
    forReason: 'A p95 over a day changes with each deployment; ten minutes let the next one have its say.',
    summary: text`Time to deploy to ${label('environment')} is ${value('duration')} (p95 of the last day)`,
    description: text`The objective is ${spoken(targets.timeToDeploy.seconds)}. At least ${spokenCount(targets.timeToDeploy.slowDeployments)} successful deployments of the day took longer.`,
    runbook: {
      meaning: `Of the successful deployments of the last day, more than 5 % took longer than ${spoken(targets.timeToDeploy.seconds)}, and at least ${spokenCount(targets.timeToDeploy.slowDeployments)} did.`,
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
    examples: stories.timeToDeployP95High(targets),
  });

/** How long deployments and their stages take. */
export const progress = (pipeline: Pipeline): Family => ({
  name: 'progress',
  title: 'Duration',
  alerts: [deploymentTakingTooLong, deploymentBehind, stageSlowerThanUsual, timeToDeployP95High].map((one) =>
    one(pipeline),
  ),
  source: import.meta.url,
});
