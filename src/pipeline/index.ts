/** The pipeline that is observed, and every target and limit: the one place of numbers. */

export { uids } from './dashboards.ts';
export { definePipeline, PipelineError } from './define.ts';
export type {
  ApplicationFile,
  ChannelName,
  CustomMetricFile,
  EnvironmentKind,
  PipelineFile,
  StageKind,
} from './file.ts';
export { channelNames } from './file.ts';
export {
  environmentForgottenAfter,
  indicatorIntervals,
  lateAfter,
  ledgerInterval,
  memory,
  recentDeployments,
  sampling,
  seldom,
} from './ledger.ts';
export { generatedFor, type Loaded, loadPipeline } from './load.ts';
export {
  type Environment,
  environmentsOf,
  type Pipeline,
  pagingEnvironments,
  recordedEnvironments,
  runbookFolder,
  type Stage,
  stagesOf,
} from './pipeline.ts';
export type { Problem } from './problem.ts';
export {
  checkShape,
  either,
  type Field,
  flag,
  labelName,
  labelValue,
  list,
  map,
  object,
  oneOf,
  required,
  type Shape,
  text,
} from './shape.ts';
export type { Targets } from './targets.ts';
