import { duration, type FileGroup, type FileRule, type Snapshot } from '../../compile/index.ts';
import type { Prometheus } from '../../lib/prometheus.ts';

interface ServerRule {
  readonly type: 'alerting' | 'recording';
  readonly name: string;
  readonly query: string;
  readonly duration?: number;
  readonly keepFiringFor?: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}
interface ServerGroup {
  readonly name: string;
  readonly file: string;
  readonly interval: number;
  readonly limit?: number;
  readonly rules: readonly ServerRule[];
}

const some = (record: Readonly<Record<string, string>> | undefined): boolean =>
  Object.keys(record ?? {}).length > 0;

const ruleOf = (rule: ServerRule): FileRule => ({
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
 * of dashboards or routing. Groups of files that the other snapshot does not have are somebody else's, and left out.
 */
export async function rulesOnServer(prometheus: Prometheus, otherwise: Snapshot): Promise<Snapshot> {
  const { groups } = await prometheus.get<{ groups: readonly ServerGroup[] }>('api/v1/rules');
  const rules = new Map<string, FileGroup[]>();
  for (const group of groups) {
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
