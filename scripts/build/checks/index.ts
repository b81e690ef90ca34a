import { type Finding, sortFindings } from '../../lib/finding.ts';
import { projectPath } from '../../lib/root.ts';
import type { Bundle } from '../bundle.ts';
import { alertTemplate, alertWords, ruleDuration } from './alerts.ts';
import type { Check } from './check.ts';
import { dashboardRefresh, dashboardUid, variableUnique, variableUnused } from './dashboard.ts';
import { linkTarget, linkVariable } from './links.ts';
import { panelOutside, panelOverlap } from './panel-place.ts';
import { panelDescription, panelNoData, panelTitle, panelUnit } from './panel-words.ts';
import { promql } from './promql.ts';
import { legendLabel, panelLongWindow, queryDatasource, queryReference } from './query.ts';
import { groupInterval, recordDeclared, recordWritten, ruleName, ruleOrder } from './rules.ts';
import { dashboardSchema, ruleSchema } from './schema.ts';
import { thresholdsOrder } from './thresholds.ts';
import {
  dashboardTitleUnique,
  dashboardUidUnique,
  groupNameUnique,
  panelIdUnique,
  panelTitleUnique,
  ruleUnique,
} from './unique.ts';
import { viewOf } from './view.ts';

/** Every check of the build; one more is one line. Their page in the docs is generated from here. */
export const checks: readonly Check[] = [
  promql,
  legendLabel,
  panelLongWindow,
  queryDatasource,
  queryReference,
  dashboardSchema,
  dashboardUid,
  dashboardUidUnique,
  dashboardTitleUnique,
  dashboardRefresh,
  variableUnique,
  variableUnused,
  panelTitle,
  panelTitleUnique,
  panelIdUnique,
  panelDescription,
  panelUnit,
  panelNoData,
  panelOverlap,
  panelOutside,
  thresholdsOrder,
  linkTarget,
  linkVariable,
  ruleSchema,
  ruleName,
  ruleUnique,
  ruleOrder,
  ruleDuration,
  recordDeclared,
  recordWritten,
  groupNameUnique,
  groupInterval,
  alertTemplate,
  alertWords,
];

/** All findings of all checks, in a fixed order. */
export function findingsOf(bundle: Bundle): Finding[] {
  const view = viewOf(bundle);
  return sortFindings(
    checks.flatMap((check) =>
      [...check.run(view)].map((found) => ({
        ...found,
        id: found.id ?? check.id,
        severity: found.severity ?? check.severity,
        file: found.file.startsWith('/') ? projectPath(found.file) : found.file,
      })),
    ),
  );
}
