/** A pipeline's own history, from GitHub's runs, as deployments. */

export { attemptId } from './deployments.ts';
export type { Progress } from './fetch.ts';
export { repositoryOf } from './github.ts';
export {
  type HistoryQuestion,
  type ImportedHistory,
  importCache,
  lookAhead,
  readHistory,
} from './history.ts';
export { withHosts } from './hosts/read.ts';
export { checkDataFolder, copyBlocks, startWithPast } from './past.ts';
export { divide, recordAll } from './record.ts';
export { historyText, notKnown } from './render.ts';
export {
  checkRetention,
  daysToKeep,
  type Known,
  knownTo,
  type Retention,
  retentionOf,
} from './server.ts';
export { alertsOnPast, silenceCommand } from './silence.ts';
