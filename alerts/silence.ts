import {
  type Alert,
  alert,
  type Family,
  label,
  subject,
  text,
  thisDeployment,
  value,
  version,
} from '../src/alerts/index.ts';
import { sentence, spoken, spokenCount, spokenSpan } from '../src/lib/spoken.ts';
import { metric, oneOf } from '../src/metrics/index.ts';
import type { Pipeline } from '../src/pipeline/index.ts';
import { askDoctor, whatWasDeployed, whichStages } from './diagnosis.ts';
import * as stories from './examples/silence.ts';
import { noDeployment, nothingRecorded } from './expressions/environments.ts';
import { abandoned } from './expressions/failures.ts';
import { silent as silentNow } from './expressions/progress.ts';

/** While the gateway is not scraped, silence says nothing. */
const gateway = ({ transport }: Pipeline): string[] =>
  transport === 'pushgateway' ? ['PushgatewayDown'] : [];
/** Where events arrive. */
const receiver = ({ transport }: Pipeline): string =>
  transport === 'pushgateway' ? 'the gateway' : 'the receiver of remote writes';
const address = ({ transport }: Pipeline): string =>
  transport === 'pushgateway' ? 'PUSHGATEWAY_URL' : 'REMOTE_WRITE_URL';

const lastWords = {
  question: 'What was heard last of it, and when?',
  query: metric('push_time_seconds', thisDeployment),
};

const telemetryMissing = (pipeline: Pipeline): Alert => {
  const { targets } = pipeline;
  return alert({
    name: 'DeploymentTelemetryMissing',
    severity: 'high',
    about: 'deployment',
    expr: silentNow(),
    forReason: `None: ${spoken(targets.telemetrySilenceSeconds)} without a word is longer than the ${spokenSpan(targets.timeToDeploy.tooLongSeconds)} after which a deployment takes too long, so it is not slow, it is silent.`,
    summary: text`Nothing was heard of deployment ${label('deployment_id')} to ${label('environment')} for ${value('duration')}`,
    description: text`It started and has not finished. ${version}.`,
    inhibitedBy: [...gateway(pipeline), 'DeploymentFailed', 'RollbackFailed'],
    runbook: {
      meaning: `The deployment has not finished, and nothing was recorded of it for more than ${spoken(targets.telemetrySilenceSeconds)}. After ${spoken(targets.abandoned.afterSeconds)} it counts as abandoned.`,
      impact:
        'It is unknown which version is live. If the run has died, nothing will roll it back; if only the recording has, the next failure will not be seen either.',
      diagnosis: [lastWords, whichStages, whatWasDeployed],
      mitigation: [
        `Open the run in CI. If it still runs, the recorder cannot reach ${receiver(pipeline)}: its log has a warning that says why.`,
        'If it has ended, its last job did not run `record.mjs finish`: it needs `if: always()`.',
        'If it hangs, cancel it and look at what is live.',
      ],
    },
    examples: stories.telemetryMissing(targets),
  });
};

const deploymentAbandoned = (pipeline: Pipeline): Alert => {
  const { targets } = pipeline;
  return alert({
    name: 'DeploymentAbandoned',
    severity: 'high',
    about: 'deployment',
    expr: abandoned(),
    forReason: `None: the ledger has waited ${spoken(targets.abandoned.afterSeconds)} already, longer than any run may take.`,
    summary: text`${subject} was abandoned`,
    description: text`It started, and nothing was heard of it for ${spoken(targets.abandoned.afterSeconds)}; it counts as a failure from ${value('time')} on. ${version}.`,
    inhibitedBy: [...gateway(pipeline), 'DeploymentFailed', 'RollbackFailed'],
    runbook: {
      meaning: `A deployment started, never finished, and nothing was recorded of it for ${spoken(targets.abandoned.afterSeconds)}. It is told for ${spoken(targets.abandoned.toldSeconds)}.`,
      impact: 'It counts as a failure and spends error budget. It is unknown which version is live.',
      diagnosis: [lastWords, whatWasDeployed],
      mitigation: [
        'Open the run in CI and find out how it ended.',
        'If it did succeed, say so: `node generated/record.mjs finish --environment <environment> --deployment-id <deployment_id> --outcome success --finished-at <time>`; the ledger corrects itself.',
        'Make sure that the last job of the workflow records the end with `if: always()`.',
      ],
    },
    examples: stories.deploymentAbandoned,
  });
};

const noDeploymentForLong = (pipeline: Pipeline): Alert => {
  const { targets } = pipeline;
  return alert({
    name: 'NoDeploymentForLongerThanUsual',
    severity: 'medium',
    about: 'environment',
    expr: noDeployment(targets),
    for: '1h',
    forReason: `${sentence(spoken(targets.noDeployment.seconds))} are longer than a long weekend, and ${spokenCount(targets.noDeployment.usualGaps)} times the usual gap longer than chance; an hour lets a deployment that runs finish.`,
    summary: text`No deployment to ${label('environment')} for ${value('duration')}`,
    description: text`That is longer than ${spoken(targets.noDeployment.seconds)} and than ${spokenCount(targets.noDeployment.usualGaps)} times the usual gap, or than ${spoken(targets.noDeployment.mostSeconds)}. Either nothing was deployed, or nothing was recorded.`,
    inhibitedBy: gateway(pipeline),
    runbook: {
      meaning: `The last deployment finished more than ${spoken(targets.noDeployment.seconds)} ago, and more than ${spokenCount(targets.noDeployment.usualGaps)} times as long ago as usual (as the thirty days before the silence know it); or more than ${spoken(targets.noDeployment.mostSeconds)} ago. It goes on until one finishes, or for ninety days.`,
      impact:
        'If nothing is deployed, changes pile up. If nothing is recorded, dashboards, budgets and alerts are blind, and look healthy.',
      diagnosis: [
        {
          question: 'Which were the last ones?',
          query: metric('recent_deployment:finished_timestamp_seconds:max', {
            environment: oneOf('environment'),
          }),
        },
        {
          question: 'What arrived in the last hours?',
          query: metric('push_time_seconds', { environment: oneOf('environment') }),
        },
      ],
      mitigation: [
        'Look at the runs in CI. If there were some, recording is broken: `npm run doctor` says where the data ends.',
        'If there were none, is there a freeze or a holiday? Then silence this alert until its end.',
        'Is the environment gone for good? Silence it: after ninety days it is forgotten.',
      ],
    },
    examples: stories.noDeploymentForLong,
  });
};

const nothingRecordedAtAll = (pipeline: Pipeline): Alert =>
  alert({
    name: 'NothingRecorded',
    severity: 'high',
    about: 'system',
    expr: nothingRecorded(),
    for: '24h',
    forReason:
      'A new installation has no deployment until the next one finishes; a day without any is a recorder that delivers nothing.',
    summary: text`No deployment has been recorded`,
    description: text`Prometheus knows of none that ever finished: the pipeline does not record itself, or what it records does not arrive.`,
    inhibitedBy: [...gateway(pipeline), 'LedgerNotEvaluated'],
    runbook: {
      meaning:
        'For a day, no fact about any deployment of any environment has been known: none was ever recorded, or the last one finished more than ninety days ago.',
      impact: 'Every dashboard is empty, and no alert about deployments can fire.',
      diagnosis: [
        { question: `Does anything arrive at ${receiver(pipeline)}?`, query: metric('push_time_seconds') },
        {
          question: 'Which version of the rules is loaded?',
          query: metric('deployment_observability:bundle:info'),
        },
      ],
      mitigation: [
        `Does the workflow call the recorder, and is \`${address(pipeline)}\` set there? The log of a run has a warning for each event that was not delivered.`,
        askDoctor,
        'If nothing has been deployed yet, nothing has to be done: it ends with the first deployment.',
      ],
    },
    examples: stories.nothingRecordedAtAll,
  });

/** When nothing is heard: silence must not look like health. */
export const silence = (pipeline: Pipeline): Family => ({
  name: 'silence',
  title: 'Silence',
  alerts: [telemetryMissing, deploymentAbandoned, noDeploymentForLong, nothingRecordedAtAll].map((one) =>
    one(pipeline),
  ),
  source: import.meta.url,
});
