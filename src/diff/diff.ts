import type { Snapshot } from '../compile/index.ts';
import type { Objective } from '../slo/index.ts';
import type { Change } from './change.ts';
import { dashboardChanges } from './dashboards.ts';
import { withReaders } from './downstream.ts';
import { fileChanges } from './files.ts';
import { mergeAlike } from './merged.ts';
import { renameChanges, renamedSeries, withNewNames } from './renamed.ts';
import { routingChanges } from './routing.ts';
import { ruleChanges } from './rules.ts';

/**
 * Everything that changed between two snapshots, risks first, then by place; the same for any order of the input.
 * @param objectives of the bundle, for the words in which their changes are told
 */
export function differences(
  before: Snapshot,
  after: Snapshot,
  objectives: readonly Objective[] = [],
): Change[] {
  const renames = renamedSeries(before, after);
  const named = withNewNames(before, renames);
  const changes = [
    ...dashboardChanges(named.dashboards, after.dashboards),
    ...renameChanges(renames, after),
    ...mergeAlike(withReaders(ruleChanges(named, after, objectives), after)),
    ...routingChanges(before.alertmanager, after.alertmanager),
    ...fileChanges(before.hashes, after.hashes),
  ];
  const key = (c: Change): string => [c.risk ? 0 : 1, c.area, c.place.join('\u0001'), c.text].join('\u0000');
  return changes.sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
}
