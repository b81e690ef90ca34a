import { type Diagnosis, thisDeployment } from '../src/alerts/index.ts';
import { metric } from '../src/metrics/index.ts';

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
