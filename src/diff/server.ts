import { duration, type FileGroup, type FileRule, type Snapshot } from '../compile/index.ts';
import type { Prometheus } from '../lib/prometheus.ts';
import type { ServedRule } from '../lib/prometheus-api.ts';

const some = (record: Readonly<Record<string, string>> | null | undefined): boolean =>
  Object.keys(record ?? {}).length > 0;

const ruleOf = (rule: ServedRule): FileRule => ({
  ...(rule.type === 'alerting' ? { alert: rule.name } : { record: rule.name }),
  expr: rule.query,
  ...(rule.duration ? { for: duration(rule.duration) } : {}),
  ...(rule.keepFiringFor ? { keep_firing_for: duration(rule.keepFiringFor) } : {}),
  ...(some(rule.labels) && { labels: rule.labels ?? {} }),
  ...(some(rule.annotations) && { annotations: rule.annotations ?? {} }),
});

const fileName = (path: string): string => (path.split('/').at(-1) ?? path).replace(/\.ya?ml$/, '');

/**
 * The rules that a Prometheus runs now, with everything else as in another snapshot: a server of rules says nothing
 * of dashboards or routing. Groups of files that the other snapshot does not have belong to others, and are left out.
 */
export async function rulesOnServer(prometheus: Prometheus, otherwise: Snapshot): Promise<Snapshot> {
  const rules = new Map<string, FileGroup[]>();
  for (const group of await prometheus.ruleGroups()) {
    const file = fileName(group.file);
    if (!otherwise.rules.has(file)) continue;
    const own: FileGroup = {
      name: group.name,
      interval: duration(group.interval),
      ...(group.limit ? { limit: group.limit } : {}),
      rules: group.rules.map(ruleOf),
    };
    rules.set(file, [...(rules.get(file) ?? []), own]);
  }
  return { ...otherwise, rules };
}
