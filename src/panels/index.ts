/** Grafana's queries for a panel, and its treatment of the answers, as plain functions. */

export { safeAddress } from './address.ts';
export { type Mark, marksOf } from './annotations.ts';
export { asking } from './ask.ts';
export { intervalsOf, type Surroundings, surroundingsOf } from './builtins.ts';
export {
  annotationsOf,
  asksPrometheus,
  type Dashboard,
  dataPanels,
  type GridPos,
  type Link,
  type Panel,
  panelKey,
  parseDashboard,
} from './dashboard.ts';
export {
  annotationQueries,
  type DashboardQuery,
  type DashboardState,
  fillIn,
  panelQueries,
  resolveState,
  variableQueries,
} from './dashboard-queries.ts';
export { type PlainFrame, toFrames } from './frames.ts';
export { allMarker, escapeHtml, firstOf, interpolate, type Resolve, resolveFrom } from './interpolate.ts';
export { closedRows, layout, type Placed } from './layout.ts';
export { type Cell, type DataContext, dataMacros } from './macros.ts';
export {
  type Answer,
  type Ask,
  decodeResult,
  encodeResult,
  type QueryRequest,
  requestKey,
  type WireNumber,
  type WireResult,
} from './query.ts';
export { repeated } from './repeat.ts';
export {
  annotationRequest,
  askEverything,
  type Look,
  type PanelRequest,
  panelRequests,
  spanOf,
  surroundingsOfLook,
} from './requests.ts';
export type { PreviewState, WireAnswer } from './state.ts';
export type { TimeSpan } from './time.ts';
export type { Chosen, ResolvedVariable } from './variables.ts';
export { parseView, type View, viewAddress } from './view.ts';
