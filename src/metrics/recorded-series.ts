import type { Unit } from './definition.ts';
import { type LabelValues, labels } from './labels.ts';

/** Labels of a deployment. */
export const deploymentLabels = {
  environment: labels.environment,
  deployment_id: labels.deployment_id,
} as const;
/** Labels of a stage of a deployment. */
export const stageLabels = { ...deploymentLabels, service: labels.service, stage: labels.stage } as const;
/** Labels of a smoke test of a deployment. */
export const testLabels = { ...deploymentLabels, test_name: labels.test_name } as const;
/** Labels that describe a deployment, as its info series carries them. */
export const deploymentInfo = {
  ...deploymentLabels,
  branch: labels.branch,
  commit: labels.commit,
  version: labels.version,
  actor: labels.actor,
  previous_deployment_id: labels.previous_deployment_id,
  run_url: labels.run_url,
  repository_url: labels.repository_url,
  preview: labels.preview,
} as const;

/** Definition of a recorded series. @param help the meaning of one sample */
export const recorded = <const L extends Readonly<Record<string, LabelValues>>, const U extends Unit>(
  unit: U,
  own: L,
  help: string,
) => ({ type: 'recorded', unit, labels: own, help, producers: ['rules'], required: false }) as const;
