import { brokenAlerts } from './broken-alerts.ts';
import { brokenDashboards } from './broken-dashboards.ts';
import type { Broken } from './broken-definition.ts';
import { brokenExpressions } from './broken-expressions.ts';
import { brokenPanels } from './broken-panels.ts';
import { brokenParts } from './broken-parts.ts';
import { brokenRules } from './broken-rules.ts';
import { brokenTables } from './broken-tables.ts';
import { brokenTemplates } from './broken-templates.ts';

/** Every way in which a definition is known to go wrong. One more is one entry in one of the tables. */
export const broken: readonly Broken[] = [
  ...brokenExpressions,
  ...brokenPanels,
  ...brokenTables,
  ...brokenDashboards,
  ...brokenRules,
  ...brokenAlerts,
  ...brokenTemplates,
  ...brokenParts,
];
