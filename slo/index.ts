import type { RuleGroup } from '../metrics/rule.ts';
import { historyGroups } from './history/index.ts';
import { indicatorGroups } from './indicators/indicators.ts';
import { recentGroups } from './indicators/recent.ts';
import { lateWords, ledger } from './ledger/facts.ts';
import { liveGroup } from './live/index.ts';
import { objectiveFiles } from './objectives/index.ts';

/** Recording rules by file of `generated/prometheus/rules`. File and group names are stable: Prometheus keeps state by them. */
export const ruleFiles: Readonly<Record<string, readonly RuleGroup[]>> = {
  ledger: [ledger, lateWords],
  indicators: indicatorGroups,
  recent: recentGroups,
  live: [liveGroup],
  history: historyGroups,
  ...objectiveFiles,
};
