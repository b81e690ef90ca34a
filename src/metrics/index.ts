/** The catalogue of metrics, and PromQL whose selectors are typed by it. */

export { applicationJob } from './application.ts';
export {
  allows,
  catalogue,
  catalogueOf,
  type LabelName,
  type LabelValue,
  type MetricName,
} from './catalogue.ts';
export {
  codesOf,
  type ErrorType,
  errorTypes,
  gateHindsight,
  gateVerdicts,
  namesOf,
  type Outcome,
  outcomes,
  type RollbackReason,
  rollbackReasons,
  stageStatuses,
} from './codes.ts';
export { customAverage, customFact, customMetrics } from './custom.ts';
export { type MetricDefinition, producers, units } from './definition.ts';
export {
  absent,
  ago,
  and,
  avg,
  binary,
  clampMin,
  constant,
  count,
  countValues,
  firstOf,
  group,
  labelJoin,
  labelReplace,
  max,
  midnight,
  min,
  monthStart,
  nextMonthStart,
  now,
  or,
  quantile,
  Scalar,
  scalar,
  setLabel,
  sum,
  times,
  timestampOf,
  topk,
  unless,
  Vector,
  vector,
} from './expression.ts';
export {
  clampMax,
  dayOfMonth,
  dayOfWeek,
  floor,
  hour,
  labelled,
  less,
  minute,
  month,
  numberOf,
  round,
  union,
  withValue,
  withVariable,
  year,
} from './functions.ts';
export {
  countedEnvironments,
  currencyMark,
  forPipeline,
  grafanaAddress,
  notOfKind,
  ofKind,
  productionEnvironment,
  runbookAddress,
  spokenTarget,
  target,
  wordsOf,
} from './kinds.ts';
export {
  type PerDeployment,
  type PerGate,
  type PerService,
  type PerStage,
  perDeployment,
  perGate,
  perMigration,
  perService,
  perStage,
  perTest,
} from './label-sets.ts';
export { describing, type LabelValues, labels, views, type Window } from './labels.ts';
export { type PipelineMetric, pipelineJob, pipelineMetrics } from './pipeline.ts';
export { readsOf } from './reads.ts';
export { type RecordedMetric, recordedMetrics } from './recorded.ts';
export { type SloCause, type SloWindow, sloWindows } from './recorded-slo.ts';
export {
  type AlertingRule,
  type RecordingRule,
  type Rule,
  type RuleGroup,
  record,
  recordCustom,
} from './rule.ts';
export { custom, lastOfAny, selectAny } from './select-any.ts';
export {
  anyOf,
  avgOverTime,
  buckets,
  histogramQuantile,
  increase,
  lastOverTime,
  type Matchers,
  matches,
  maxOverTime,
  metric,
  not,
  observed,
  oneOf,
  type Range,
  type RangeOptions,
  rate,
  Selector,
  sumOverTime,
  variable,
  variableOrNone,
  without,
} from './selectors.ts';
export { prometheusJob, pushgatewayJob } from './system.ts';
