import { type Finding, sortFindings } from '../../lib/finding.ts';
import { alertExample, alertSilence, burnDead } from '../alerts/checks.ts';
import type { Bundle } from '../bundle.ts';
import { alertTemplate, alertWords, ruleDuration } from './alerts.ts';
import type { Check, Found, View } from './check.ts';
import { colourUnknown } from './colours.ts';
import { dashboardRefresh, dashboardSpan, dashboardUid, dashboardWords, rowEmpty } from './dashboard.ts';
import { ledgerFact } from './ledger-facts.ts';
import { legendLabel } from './legend.ts';
import { linkTarget, linkVariable } from './links.ts';
import { panelLongWindow } from './long-window.ts';
import { mergedNames } from './merged-names.ts';
import { mixedViews } from './mixed-views.ts';
import { overrideUnknown, panelScale } from './overrides.ts';
import { panelEnvironment } from './panel-environment.ts';
import { panelOutside, panelOverlap, panelWraps } from './panel-place.ts';
import { panelDuration } from './panel-time.ts';
import { panelUnitFits } from './panel-unit.ts';
import { panelDescription, panelNoData, panelTitle, panelUnit } from './panel-words.ts';
import { alertParts, metricParts, objectiveParts } from './parts.ts';
import { promql } from './promql.ts';
import { legendUnique, panelQuery, queryDatasource, queryReference } from './query.ts';
import { recordUnit } from './record-unit.ts';
import { recordDeclared, recordRead, recordWritten } from './recorded.ts';
import { groupInterval, ruleName, ruleOrder } from './rules.ts';
import { dashboardSchema, openSloDocument, ruleSchema } from './schema.ts';
import { columnUnknown } from './table-columns.ts';
import { thresholdsOrder, thresholdsReached } from './thresholds.ts';
import {
  annotationUnique,
  dashboardTitleUnique,
  dashboardUidUnique,
  groupNameUnique,
  panelIdUnique,
  panelTitleUnique,
  rowTitleUnique,
  ruleUnique,
  variableUnique,
} from './unique.ts';
import { unitUnknown } from './units.ts';
import { variableLabel } from './variable-query.ts';
import { repeatVariable, textVariable } from './variable-uses.ts';
import { datasourceVariable, variableChoice, variableName, variableUnused } from './variables.ts';
import { recorderVerb } from './verbs.ts';
import { viewOf } from './view.ts';

/** Every check of the build; one more is one line. Their page in the docs is generated from here. */
export const checks: readonly Check[] = [
  promql,
  mixedViews,
  panelLongWindow,
  panelQuery,
  panelEnvironment,
  queryDatasource,
  queryReference,
  legendLabel,
  legendUnique,
  columnUnknown,
  dashboardSchema,
  dashboardUid,
  dashboardUidUnique,
  dashboardWords,
  dashboardTitleUnique,
  dashboardRefresh,
  dashboardSpan,
  rowEmpty,
  rowTitleUnique,
  annotationUnique,
  datasourceVariable,
  variableName,
  variableUnique,
  variableUnused,
  variableLabel,
  variableChoice,
  textVariable,
  repeatVariable,
  panelTitle,
  panelTitleUnique,
  panelIdUnique,
  panelDescription,
  panelUnit,
  unitUnknown,
  panelUnitFits,
  panelNoData,
  panelDuration,
  panelOverlap,
  panelOutside,
  panelWraps,
  thresholdsOrder,
  panelScale,
  thresholdsReached,
  overrideUnknown,
  colourUnknown,
  mergedNames,
  linkTarget,
  linkVariable,
  recorderVerb,
  ruleSchema,
  ruleName,
  ruleUnique,
  ruleOrder,
  ruleDuration,
  recordDeclared,
  recordUnit,
  ledgerFact,
  recordWritten,
  recordRead,
  groupNameUnique,
  groupInterval,
  alertParts,
  objectiveParts,
  metricParts,
  alertTemplate,
  alertWords,
  alertSilence,
  alertExample,
  burnDead,
  openSloDocument,
];

/** Checks of shape: others may stumble over what these find. */
const shapes: readonly Check[] = [dashboardSchema, ruleSchema, alertParts, objectiveParts, metricParts];

/** Findings of a check; none where it throws over a definition that a check of its shape has already refused. */
function foundBy(check: Check, view: View, isShapeless: boolean): Found[] {
  try {
    return [...check.run(view)];
  } catch (error) {
    if (isShapeless) return [];
    throw error;
  }
}

/** All findings of all checks, in a fixed order. */
export function findingsOf(bundle: Bundle): Finding[] {
  const view = viewOf(bundle);
  const first = new Map(shapes.map((check) => [check, foundBy(check, view, false)]));
  const isShapeless = [...first.values()].some((found) => found.length > 0);
  return sortFindings(
    checks.flatMap((check) =>
      (first.get(check) ?? foundBy(check, view, isShapeless)).map((found) => ({
        ...found,
        id: found.id ?? check.id,
        severity: found.severity ?? check.severity,
      })),
    ),
  );
}
