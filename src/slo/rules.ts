import {
  historyGroups,
  indicatorGroups,
  lateEvents,
  ledger,
  liveGroup,
  recentGroups,
} from '../ledger/index.ts';
import type { RuleGroup } from '../metrics/index.ts';
import type { Pipeline } from '../pipeline/index.ts';
import { budgetGroups, targetGroup } from './budget.ts';
import { isComplete } from './complete.ts';
import { eventGroups } from './events.ts';
import type { Objective } from './objective.ts';
import { costGroup, spendingGroup } from './spending.ts';

/** Files of recording rules (`generated/prometheus/rules`, without `.yml`), each after those that it reads. */
export const ruleFileNames = [
  'ledger',
  'indicators',
  'recent',
  'live',
  'history',
  'objectives',
  'budgets',
] as const;

/** Recording rules by file. File and group names are stable: Prometheus keeps state by them. */
export const ruleFilesOf = (
  pipeline: Pipeline,
  all: readonly Objective[],
): Readonly<Record<(typeof ruleFileNames)[number], readonly RuleGroup[]>> => {
  // The build says what the others lack.
  const objectives = all.filter(isComplete);
  return {
    ledger: [ledger(pipeline), lateEvents],
    indicators: indicatorGroups(pipeline),
    recent: recentGroups,
    live: [liveGroup],
    history: historyGroups(pipeline),
    objectives: [...eventGroups(objectives), targetGroup(objectives)],
    budgets: [...budgetGroups(objectives), spendingGroup(objectives), costGroup],
  };
};
