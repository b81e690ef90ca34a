/** From a repository's workflows to a pipeline file, and to a workflow that records itself. */

export { configText, proposedFile } from './config-text.ts';
export { findWorkflows } from './find.ts';
export { instrument } from './instrument.ts';
export { type Proposal, propose } from './propose.ts';
export { proposalText } from './render.ts';
export { readWorkflow, type Workflow } from './workflow.ts';
