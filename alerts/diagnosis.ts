import { type Diagnosis, thisDeployment } from '../src/alerts/index.ts';
import { metric } from '../src/metrics/index.ts';
import type { Pipeline } from '../src/pipeline/index.ts';

/** The end of the runbooks about telemetry. */
export const askDoctor = '`npm run doctor` walks the way of the data and says where it ends.';

/** Questions that several runbooks ask. */

export const whichStages: Diagnosis = {
  question: 'How did each stage end? 1 success, 2 skipped, 3 cancelled, 4 failure.',
  query: metric('deployment_stage_status_code', thisDeployment),
};
export const whatWentWrong: Diagnosis = {
  question: 'What went wrong, in words?',
  query: metric('deployment_error_info', thisDeployment),
};
export const whichLogs: Diagnosis = {
  question: 'Where are the logs of the stages?',
  query: metric('deployment_stage_info', thisDeployment),
};
export const whatWasDeployed: Diagnosis = {
  question: 'What was deployed, by whom, from which run, and what was there before?',
  query: metric('deployment_info', thisDeployment),
};

/** The command that rolls a deployment back: by the host's API where it is known, else by what is given. */
export const rollBack = (
  { services }: Pipeline,
  reason: 'manual' | 'health_check_failed' | 'test_failed' | 'error_rate',
): string => {
  const railway = Object.values(services).some(({ hosting }) => hosting === 'railway');
  const about = `--reason ${reason} --environment <environment> --deployment-id <deployment_id>`;
  return railway
    ? `\`node generated/record.mjs rollback --railway ${about}\``
    : `\`node generated/record.mjs rollback ${about} -- <command>\``;
};
