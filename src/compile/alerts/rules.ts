import {
  type About,
  type Alert,
  dashboardUrl,
  type Family,
  keptFor,
  runbookUrl,
  runUrl,
} from '../../alerts/index.ts';
import type { AlertingRule, RuleGroup } from '../../metrics/index.ts';
import { ledgerInterval } from '../../pipeline/index.ts';

/** Name of the rule file of the alerts, without `.yml`. */
export const alertFile = 'alerts';

/** What every alert about such a thing says besides its own sentences. */
const extra: Readonly<Record<About, (alert: Alert) => Record<string, string>>> = {
  deployment: () => ({ run_url: runUrl.template }),
  environment: () => ({}),
  slo: () => ({}),
  system: () => ({}),
};

/** Labels of the alert that stand in commands to be copied. */
const withLabels = (step: string): string =>
  step.replaceAll(/<(environment|deployment_id|service|slo)>/g, '{{ $labels.$1 }}');

/** The annotations of an alert: templates that Prometheus fills in. */
export const annotationsOf = (alert: Alert): Record<string, string> => ({
  summary: alert.summary.template,
  description: alert.description.template,
  action: alert.runbook.mitigation.map((step, i) => `${i + 1}. ${withLabels(step)}`).join('\n'),
  dashboard_url: dashboardUrl(alert).template,
  runbook_url: runbookUrl(alert.name),
  ...(alert.deployments && { deployments: alert.deployments.template }),
  ...extra[alert.about](alert),
});

/** How long it goes on when its series are gone. */
export const keepFiringFor = (alert: Alert): string | undefined =>
  alert.keepFiringFor ?? keptFor[alert.about];

/** The alerting rule of an alert. */
function ruleOf(alert: Alert, { source }: Family): AlertingRule {
  const kept = keepFiringFor(alert);
  return {
    kind: 'alert',
    alert: alert.name,
    expr: alert.expr,
    ...(alert.for && { for: alert.for }),
    ...(kept && { keepFiringFor: kept }),
    labels: { severity: alert.severity },
    annotations: annotationsOf(alert),
    source,
  };
}

/** Name of the rule group of all alerts. */
export const alertGroup = 'deployment-alerts';

/** How many alerts stand above one: those that silence it, those that silence these, and so on. */
function rank(alert: Alert, all: ReadonlyMap<string, Alert>, seen: readonly string[] = []): number {
  const above = (alert.silencedBy ?? []).flatMap((name) =>
    seen.includes(name) ? [] : (all.get(name) ?? []),
  );
  return Math.max(0, ...above.map((one) => 1 + rank(one, all, [...seen, alert.name])));
}

/**
 * All alerts in one group, so that what one event changes is changed at one moment, and those that silence others
 * last: an alert that ended before those that it silences would let them through for that long.
 */
export function alertGroups(families: readonly Family[]): RuleGroup<AlertingRule>[] {
  const alerts = families.flatMap((family) => family.alerts.map((alert) => ({ alert, family })));
  const byName = new Map(alerts.map(({ alert }) => [alert.name, alert]));
  const rules = alerts
    .map(({ alert, family }) => ({ rule: ruleOf(alert, family), rank: rank(alert, byName) }))
    .sort((a, b) => b.rank - a.rank)
    .map(({ rule }) => rule);
  return [{ name: alertGroup, interval: ledgerInterval, rules, source: import.meta.url }];
}
