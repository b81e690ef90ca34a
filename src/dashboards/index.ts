/** The kinds: dashboard, row, panel, variable and query. The dashboards themselves are in `dashboards/`. */

export { cell } from './cell.ts';
export {
  type BuiltDashboard,
  buildDashboard,
  type DashboardDefinition,
  type PlacedPanel,
} from './dashboard.ts';
export type { PanelDefinition, RowDefinition } from './definition.ts';
export {
  ownSpan,
  siblingsOf,
  sloAddress,
  stageHistory,
  stageHistoryAddress,
  titles,
  troubleshootCell,
  troubleshootRow,
  troubleshootSeries,
  uids,
} from './links.ts';
export { logs } from './logs.ts';
export type { Override } from './panel.ts';
export {
  barChart,
  barGauge,
  gauge,
  hiddenColumn,
  lines,
  stackedBars,
  stat,
  strip,
  tablePanel,
  text,
} from './panels.ts';
export { datasource, heatmapRange, instant, range, table } from './query.ts';
export {
  checkMappings,
  codeMapping,
  colour,
  currencyUnit,
  type GrafanaUnit,
  gateMappings,
  graded,
  hindsightMappings,
  lookMapping,
  openMapping,
  outcomeMappings,
  reasonMappings,
  statusMappings,
  steps,
} from './style.ts';
export { heatmap, stateTimeline } from './timelines.ts';
export {
  choiceVariable,
  datasourceVariable,
  environmentVariable,
  labelVariable,
  lokiVariable,
  newestEnvironmentVariable,
  numberVariable,
  resultVariable,
  type VariableDefinition,
} from './variables.ts';
