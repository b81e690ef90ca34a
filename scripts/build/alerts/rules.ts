import type { About, Alert, Family } from '../../../alerts/alert.ts';
import { dashboardUrl, runbookUrl } from '../../../alerts/links.ts';
import { runUrl } from '../../../alerts/parts.ts';
import type { AlertingRule, RuleGroup } from '../../../metrics/rule.ts';

/** Name of the rule file of the alerts, without `.yml`. */
export const alertFile = 'alerts';

/** What every alert about such a thing says besides its own sentences. */
const extra: Readonly<Record<About, (alert: Alert) => Record<string, string>>> = {
  deployment: () => ({ run_url: runUrl.template }),
  environment: () => ({}),
  slo: () => ({}),
  system: () => ({}),
};

/** The annotations of an alert: templates that Prometheus fills in. */
export const annotationsOf = (alert: Alert): Record<string, string> => ({
  summary: alert.summary.template,
  description: alert.description.template,
  action: alert.runbook.mitigation.map((step, i) => `${i + 1}. ${step}`).join('\n'),
  dashboard_url: dashboardUrl(alert).template,
  runbook_url: runbookUrl(alert.name),
  ...extra[alert.about](alert),
});

/** The alerting rule of an alert. */
export const ruleOf = (alert: Alert): AlertingRule => ({
  kind: 'alert',
  alert: alert.name,
  expr: alert.expr,
  ...(alert.for && { for: alert.for }),
  labels: { severity: alert.severity },
  annotations: annotationsOf(alert),
});

/** Name of the rule group of a family. */
export const groupName = ({ name }: Pick<Family, 'name'>): string => `deployment-alerts-${name}`;

/** One rule group for each family of alerts. */
export const alertGroups = (families: readonly Family[]): RuleGroup<AlertingRule>[] =>
  families.map((family) => ({
    name: groupName(family),
    interval: family.interval,
    rules: family.alerts.map(ruleOf),
    source: family.source,
  }));
