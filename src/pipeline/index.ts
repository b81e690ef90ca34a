/** The pipeline that is observed, and every target and limit: the one place of numbers. */

export { alertThresholds } from './alerts.ts';
export { thresholds } from './dashboards.ts';
export { definePipeline, PipelineError } from './define.ts';
export type {
  ApplicationFile,
  ChannelName,
  CustomMetricFile,
  EnvironmentKind,
  PipelineFile,
  StageKind,
} from './file.ts';
export {
  abandonedAfter,
  budgetWeights,
  environmentForgottenAfter,
  indicatorIntervals,
  ledgerInterval,
  recentDeployments,
  sampling,
} from './ledger.ts';
export { limits } from './limits.ts';
export { type Environment, environmentsOf, type Pipeline, type Stage, stagesOf } from './pipeline.ts';
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
