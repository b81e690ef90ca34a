/** Deployments of which the truth is known, and what the recorder pushes of them. */

export { accelerate } from './accelerate.ts';
export {
  Backfill,
  type Past,
  type RecordedRule,
  readerOf,
  recordingRules,
  remembers,
} from './backfill.ts';
export {
  deployment,
  failedStage,
  health,
  migration,
  rollback,
  smokeTest,
  stage,
  unfinished,
} from './builders.ts';
export { type RecorderCall, recorderCalls } from './calls.ts';
export { gatewayTarget, scrapes } from './feed.ts';
export { type Firing, firingsOf } from './firings.ts';
export { simulate } from './history.ts';
export { type InputSeries, inputSeries, seriesText } from './input-series.ts';
export { injectLedger, samplesOf } from './past.ts';
export { exposedHistory, pushesOf } from './pushes.ts';
export { random } from './random.ts';
export { remoteWrite } from './remote-write.ts';
export { replayLive } from './replay.ts';
export type { Mix } from './scenarios.ts';
export { type Outage, type ScrapeTimes, scraped } from './scrapes.ts';
export type { Deployment, History } from './types.ts';
export { inWordsOf, wordsFor } from './words.ts';
