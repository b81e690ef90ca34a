import {
  type About,
  type Alert,
  dashboardUrl,
  type Family,
  isComplete,
  keptFor,
  type Part,
  runbookUrl,
  runUrl,
  Text,
  text,
} from '../../alerts/index.ts';
import type { AlertingRule, RuleGroup } from '../../metrics/index.ts';
import { ledgerInterval } from '../../pipeline/index.ts';

/** Name of the rule file of the alerts, without `.yml`. */
export const alertFile = 'alerts';

/** Annotations that every alert about such a subject has besides its own sentences. */
const extra: Readonly<Record<About, (alert: Alert) => Record<string, Text<string>>>> = {
  deployment: () => ({ run_url: runUrl }),
  environment: () => ({}),
  slo: () => ({}),
  system: () => ({}),
};

/** Steps with the labels of the alert put into their commands, so that these can be copied. */
function withLabels(steps: readonly string[]): Text<string> {
  const all = steps.map((step, i) => `${i + 1}. ${step}`).join('\n');
  // Between the words, every second piece is the name of a label.
  return new Text(
    all
      .split(/<(environment|deployment_id|service|slo)>/)
      .map(
        (piece, i): Part =>
          i % 2 ? { kind: 'label', of: 'alert', name: piece } : { kind: 'words', text: piece },
      ),
  );
}

/** The annotations of an alert, as sentences. */
export const sentencesOf = (alert: Alert): Readonly<Record<string, Text<string>>> => ({
  summary: alert.summary,
  description: alert.description,
  action: withLabels(alert.runbook.mitigation),
  dashboard_url: dashboardUrl(alert),
  runbook_url: text`${runbookUrl(alert.name)}`,
  ...(alert.deployments && { deployments: alert.deployments }),
  ...extra[alert.about](alert),
});

/** The annotations of an alert: templates that Prometheus fills in. */
export const annotationsOf = (alert: Alert): Record<string, string> =>
  Object.fromEntries(Object.entries(sentencesOf(alert)).map(([name, sentence]) => [name, sentence.template]));

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
  const above = (alert.inhibitedBy ?? []).flatMap((name) =>
    seen.includes(name) ? [] : (all.get(name) ?? []),
  );
  return Math.max(0, ...above.map((one) => 1 + rank(one, all, [...seen, alert.name])));
}

/**
 * All alerts in one group, so that what one event changes is changed at one moment, and those that silence others
 * last: an alert that ended before those that it silences would let them through for that long.
 */
export function alertGroups(families: readonly Family[]): RuleGroup<AlertingRule>[] {
  // The build says what the others lack.
  const alerts = families.flatMap((family) =>
    family.alerts.filter(isComplete).map((alert) => ({ alert, family })),
  );
  const byName = new Map(alerts.map(({ alert }) => [alert.name, alert]));
  const rules = alerts
    .map(({ alert, family }) => ({ rule: ruleOf(alert, family), rank: rank(alert, byName) }))
    .sort((a, b) => b.rank - a.rank)
    .map(({ rule }) => rule);
  return [{ name: alertGroup, interval: ledgerInterval, rules, source: import.meta.url }];
}
