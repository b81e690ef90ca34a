import { brokenAlerts } from './broken-alerts.ts';
import { brokenDashboards } from './broken-dashboards.ts';
import { brokenExpressions } from './broken-expressions.ts';
import { brokenPanels } from './broken-panels.ts';
import { brokenRules } from './broken-rules.ts';
import { brokenTables } from './broken-tables.ts';
import { brokenTemplates } from './broken-templates.ts';
import type { Changes } from './good.ts';

/** One thing that is wrong, and the one finding that says so. */
export interface Broken {
  readonly name: string;
  readonly changes: Changes;
  readonly id: string;
  readonly place: readonly string[];
  /** The text under the caret; none where a finding is not about a text. */
  readonly caret?: string;
}

/** Every way in which a definition is known to go wrong. One more is one entry in one of the tables. */
export const broken: readonly Broken[] = [
  ...brokenExpressions,
  ...brokenPanels,
  ...brokenTables,
  ...brokenDashboards,
  ...brokenRules,
  ...brokenAlerts,
  ...brokenTemplates,
];
