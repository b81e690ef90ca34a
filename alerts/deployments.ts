import {
  type Alert,
  alert,
  andFailedSmokeTests,
  type Family,
  failedStages,
  label,
  subject,
  text,
  value,
  version,
} from '../src/alerts/index.ts';
import { percentText, spokenCount } from '../src/lib/spoken.ts';
import { metric, not, oneOf } from '../src/metrics/index.ts';
import type { Pipeline, Targets } from '../src/pipeline/index.ts';
import { rollBack, whatWasDeployed, whatWentWrong, whichLogs } from './diagnosis.ts';
import * as stories from './examples/deployments.ts';
import { frequencyAnomalous, successRateLow } from './expressions/environments.ts';
import { deploymentFailed as deploymentFailedNow } from './expressions/failures.ts';

/** The least share of the usual number, in words. */
const few = ({ frequency }: Targets): string =>
  frequency.few === 0.25 ? 'a quarter' : percentText(frequency.few);

const deploymentFailed = (pipeline: Pipeline): Alert =>
  alert({
    name: 'DeploymentFailed',
    severity: 'critical',
    about: 'deployment',
    expr: deploymentFailedNow(),
    for: '2m',
    forReason:
      'A stage that is tried again and a rollback that is quick page no one (design document, "Tuning for low false positives").',
    summary: text`${subject} failed`,
    description: text`${failedStages}${andFailedSmokeTests}. ${version}. It failed at ${value('time')} and was not rolled back.`,
    inhibitedBy: ['RollbackFailed'],
    runbook: {
      meaning:
        'A stage of the deployment failed, or the run ended as a failure, and it was not rolled back. It ends when a later deployment of the environment succeeds, when this one is rolled back, or after a day.',
      impact:
        'The environment runs the old version, the new one, or half of each, depending on the stage. Until it is repaired nothing else can be shipped safely.',
      diagnosis: [whatWentWrong, whichLogs, whatWasDeployed],
      mitigation: [
        'Open the dashboard: the red bar is the stage that failed, and it links to its log.',
        `If the new version is live and unhealthy (stages from deploy on), roll back: ${rollBack(pipeline, 'manual')}.`,
        'If it failed before anything was deployed (a stage that builds), nothing has to be rolled back: fix the change and deploy again.',
        'If the cause was a passing one (registry, network), run the failed jobs again: the alert ends by itself when they succeed.',
      ],
    },
    examples: stories.deploymentFailed,
  });

const deploymentSuccessRateLow = ({ targets }: Pipeline): Alert =>
  alert({
    name: 'DeploymentSuccessRateLow',
    severity: 'high',
    about: 'environment',
    expr: successRateLow(),
    for: '30m',
    forReason: 'Design document, "Deployment Success Rate".',
    summary: text`Deployment success rate of ${label('environment')} is ${value('percent')} in the last hour`,
    description: text`Target: ${percentText(targets.deployments.objective)}. At least ${spokenCount(targets.deployments.failures)} deployments of the hour failed or were rolled back, so it is not one bad change.`,
    runbook: {
      meaning: `Of the deployments that finished within the hour, less than ${percentText(targets.deployments.good)} succeeded for half an hour, and at least ${spokenCount(targets.deployments.failures)} did not.`,
      impact: 'The pipeline itself is likely to be broken: shipping stops.',
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
        'If the same stage failed in all of them, look for what they share: runner image, registry, hosting, credentials.',
        'If different changes broke different things, stop merging until production is healthy.',
        'Tell the team in the ops channel that deployments are on hold.',
      ],
    },
    examples: stories.deploymentSuccessRateLow(targets),
  });

const deploymentFrequencyAnomalous = ({ targets }: Pipeline): Alert =>
  alert({
    name: 'DeploymentFrequencyAnomalous',
    severity: 'info',
    about: 'environment',
    expr: frequencyAnomalous(targets),
    for: '1h',
    forReason: `It is judged once a working day, from ${String(targets.frequency.fromHour).padStart(2, '0')}:00 UTC on; an hour keeps one late deployment from deciding it.`,
    summary: text`${value(0)} deployments to ${label('environment')} in the last day, which is unusual`,
    description: text`Compared with the working days of the last thirty days, it is less than ${few(targets)} or more than ${spokenCount(targets.frequency.many)} times the usual number.`,
    runbook: {
      meaning: 'On a working day, far fewer or far more deployments finished than usual.',
      impact:
        'Fewer: changes pile up, and the next deployment is bigger. More: an attempt to fix something by deploying again and again.',
      diagnosis: [
        {
          question: 'How did the last ones end?',
          query: metric('recent_deployment:outcome:code', { environment: oneOf('environment') }),
        },
        {
          question: 'How many were there in each window?',
          query: metric('environment:deployments:count', {
            environment: oneOf('environment'),
            window: not(''),
          }),
        },
      ],
      mitigation: [
        'Fewer: is there a holiday or a freeze? Otherwise look for merges that wait for a red check or an approval.',
        'More: look for the same branch again and again, and ask its author whether help is wanted.',
      ],
    },
    examples: stories.deploymentFrequencyAnomalous,
  });

/** How deployments ended. */
export const deployments = (pipeline: Pipeline): Family => ({
  name: 'deployments',
  title: 'Deployments',
  alerts: [deploymentFailed, deploymentSuccessRateLow, deploymentFrequencyAnomalous].map((one) =>
    one(pipeline),
  ),
  source: import.meta.url,
});
