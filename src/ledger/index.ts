/** Pushes → facts per deployment → windows: the recording rules. */

export { factNames, lateEvents, ledger } from './facts.ts';
export { applicationGroup } from './history/application.ts';
export { choicesGroup, latelyOf, listedAround, offered } from './history/choices.ts';
export { historyGroups } from './history/index.ts';
export { timelineGroup } from './history/timeline.ts';
export { liveGroup } from './live/index.ts';
export { errorsOfType, migrationDuration } from './raw.ts';
export { countByCode, reasonCodes } from './windows/codes.ts';
export { indicatorGroups } from './windows/indicators.ts';
export { columnsOf, latestFact } from './windows/list.ts';
export { recentGroups } from './windows/recent.ts';
export {
  type FixedRange,
  finishedAt,
  inWindow,
  longestMonth,
  onlyInWindow,
  onlyThisMonth,
  thisMonth,
  windowSeconds,
} from './windows/window.ts';
