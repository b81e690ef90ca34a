import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import type { FileGroup } from '../compile/index.ts';
import { type Change, sentenceOf } from './change.ts';
import { dashboardChanges } from './dashboards.ts';
import { routingChanges } from './routing.ts';
import { ruleChanges } from './rules.ts';

const most = 8;

/** Sentences of changes whose place begins in the same way; of very many the first ones, and how many more. */
function sentences(changes: readonly Change[], within: number): string[] {
  const all = changes.map((change) => sentenceOf(change, within));
  return all.length <= most
    ? all
    : [...all.slice(0, most - 1), `and ${all.length - most + 1} more differences`];
}

/** How a dashboard differs from what it is to be, in the words of a review; empty when it does not. */
export const dashboardSentences = (before: Dashboard, after: Dashboard): string[] =>
  sentences(dashboardChanges(new Map([['', before]]), new Map([['', after]])), 1);

/** How a rule group differs from what it is to be, in the words of a review; empty when it does not. */
export function groupSentences(before: FileGroup, after: FileGroup): string[] {
  const snapshot = (group: FileGroup) => ({
    dashboards: new Map(),
    rules: new Map([['', [{ ...group, name: '' }]]]),
    alertmanager: undefined,
    hashes: new Map(),
  });
  return sentences(ruleChanges(snapshot(before), snapshot(after), []), 2);
}

/** How Alertmanager's configuration differs from what it is to be, in the words of a review; empty when it does not. */
export const routingSentences = (before: unknown, after: unknown): string[] =>
  sentences(routingChanges(before, after), 1);
