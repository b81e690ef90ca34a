/** From a repository's workflows to a pipeline file, and to a workflow that records itself. */

export { type Kind, recognise } from './commands.ts';
export { configText, proposedFile } from './config-text.ts';
export { findWorkflows } from './find.ts';
export { instrument } from './instrument.ts';
export {
  type Proposal,
  type ProposedStage,
  propose,
  servicesOf,
  slug,
  stageNames,
} from './propose.ts';
export { proposalText } from './render.ts';
export { serviceOfJob } from './services.ts';
export { readWorkflow, type Step, type Workflow } from './workflow.ts';
