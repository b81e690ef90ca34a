import type { About, Alert } from '../../alerts/index.ts';

/** An entry of Alertmanager's `inhibit_rules`. */
export interface InhibitRule {
  readonly source_matchers: readonly string[];
  readonly target_matchers: readonly string[];
  readonly equal: readonly string[];
}

const subjects: Readonly<Record<About, readonly string[]>> = {
  deployment: ['environment', 'deployment_id'],
  environment: ['environment'],
  slo: ['environment', 'slo'],
  system: [],
};

/** The labels by which two alerts are about the same thing. */
export const commonSubject = (one: About, other: About): readonly string[] =>
  subjects[one].filter((label) => subjects[other].includes(label));

/**
 * A rule for each alert that silences others, and for each sort of thing that these are about. Alertmanager takes two
 * missing labels for equal, so that a rule by labels that no alert has would silence everything: each label of `equal`
 * has to be there, on both sides.
 */
export function inhibitRules(alerts: readonly Alert[]): InhibitRule[] {
  return alerts.flatMap((source) => {
    const silenced = alerts.filter(({ inhibitedBy = [] }) => inhibitedBy.includes(source.name));
    const byEqual = new Map<string, Alert[]>();
    for (const target of silenced) {
      const key = commonSubject(source.about, target.about).join(',');
      byEqual.set(key, [...(byEqual.get(key) ?? []), target]);
    }
    return [...byEqual].map(([key, targets]) => {
      const equal = key === '' ? [] : key.split(',');
      const present = equal.map((label) => `${label}=~".+"`);
      return {
        source_matchers: [`alertname="${source.name}"`, ...present],
        target_matchers: [`alertname=~"${targets.map(({ name }) => name).join('|')}"`, ...present],
        equal,
      };
    });
  });
}
