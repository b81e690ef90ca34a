import { EnvironmentFailure } from '../lib/errors.ts';
import type { HttpClient } from '../lib/http.ts';
import { ruleGroups, type ServedRuleGroup } from '../lib/prometheus-api.ts';
import { fields, listOf, type Shape } from '../lib/shapes.ts';
import { counted } from '../lib/words.ts';
import { bundleGroup, bundleMetric, type Desired } from '../provision/index.ts';
import { hear, query } from './ask.ts';
import { type Finding, findingsAt, type Step, some } from './model.ts';

const title = 'Rules';
const finding = findingsAt('Prometheus', 'rules');
const deliver = 'npm run provision -- --only prometheus';

const isAlertmanagers: Shape<{ readonly activeAlertmanagers: readonly unknown[] }> = fields({
  activeAlertmanagers: listOf((data): data is unknown => data !== undefined),
});

/** Compares what runs with what is defined. Pure. @param defined names of the groups that are defined; undefined when generated/ cannot be read */
export function judgeRules(
  served: readonly ServedRuleGroup[],
  versions: readonly string[],
  defined: { readonly groups: readonly string[]; readonly version: string } | undefined,
): Finding[] {
  const running = new Set(served.map(({ name }) => name));
  const missing = defined?.groups.filter((name) => !running.has(name)) ?? [];
  if (!running.has(bundleGroup) && (!defined || missing.length === defined.groups.length))
    return [
      finding(
        'error',
        'no-rules',
        'Prometheus has none of our rules, so every panel is empty.',
        `Deliver them: ${deliver}. A rule_files pattern that matches nothing is no error to Prometheus.`,
      ),
    ];
  const absent =
    missing.length > 0
      ? [
          finding(
            'error',
            'rules-missing',
            `These groups do not run: ${some(missing)}.`,
            `Deliver them: ${deliver}`,
          ),
        ]
      : [];
  const ours = served.filter(({ name }) => (defined ? defined.groups.includes(name) : true));
  return [...absent, ...versionFindings(versions, defined?.version), ...healthFindings(ours)];
}

function versionFindings(versions: readonly string[], version: string | undefined): Finding[] {
  if (version === undefined || versions.includes(version)) return [];
  return [
    versions.length === 0
      ? finding(
          'error',
          'rules-version',
          'Prometheus does not say which version of the rules it runs.',
          `Wait a minute after a start and ask again; else deliver the rules: ${deliver}`,
        )
      : finding(
          'error',
          'rules-version',
          `Prometheus runs version ${versions.join(', ')} of the rules, and generated/ is version ${version}.`,
          `Deliver the rules (${deliver}), or check out the commit that was delivered.`,
        ),
  ];
}

function healthFindings(groups: readonly ServedRuleGroup[]): Finding[] {
  const rules = groups.flatMap((group) => group.rules.map((rule) => ({ ...rule, group: group.name })));
  const broken = rules
    .filter(({ health }) => health === 'err')
    .map(({ group, name, lastError }) =>
      finding(
        'error',
        'rule-fails',
        `It cannot be evaluated: ${lastError ?? 'Prometheus gives no reason'}.`,
        'Often two series where one is expected: see which deployment was pushed twice, with other labels.',
        `${group} › ${name}`,
      ),
    );
  const waiting = [...new Set(rules.filter(({ health }) => health === 'unknown').map(({ group }) => group))];
  if (waiting.length === 0) return broken;
  return [
    ...broken,
    finding(
      'warning',
      'rules-waiting',
      `Not evaluated yet: ${some(waiting)}.`,
      'Long windows are evaluated every two minutes: ask again after that.',
    ),
  ];
}

/** How many Alertmanagers it knows; undefined where it does not say (Mimir). */
async function knownAlertmanagers(client: HttpClient): Promise<number | undefined> {
  try {
    const { data } = await hear(client, 'api/v1/alertmanagers', isAlertmanagers);
    return data.activeAlertmanagers.length;
  } catch (error) {
    if (error instanceof EnvironmentFailure) return undefined;
    throw error;
  }
}

/** Are the rules there, of this version, and healthy? */
export async function examineRules(client: HttpClient, desired: Desired | undefined): Promise<Step> {
  const [groups, versions, alertmanagers] = await Promise.all([
    ruleGroups(client),
    query(client, bundleMetric),
    knownAlertmanagers(client),
  ]);
  const defined = desired && {
    groups: desired.rules.flatMap(({ groups }) => groups.map(({ name }) => name)),
    version: desired.version,
  };
  const unheard =
    alertmanagers === undefined || alertmanagers > 0
      ? []
      : [
          finding(
            'warning',
            'no-alertmanager',
            'Prometheus knows no Alertmanager, so no alert is delivered.',
            'In prometheus.yml: alerting › alertmanagers, with generated/alertmanager/alertmanager.yml on the other side.',
          ),
        ];
  return {
    title,
    seen: `${counted(groups.length, 'group')}, version ${versions.map(({ labels }) => labels.version).join(', ') || 'unknown'}`,
    findings: [
      ...judgeRules(
        groups,
        versions.flatMap(({ labels }) => labels.version ?? []),
        defined,
      ),
      ...unheard,
    ],
  };
}
