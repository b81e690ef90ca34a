/** When each alert would have fired on the history of a real Prometheus. */

export { classify, missed, within } from './classify.ts';
export { type AlertPair, difference, firesAlike, pairsOf } from './compare.ts';
export { deploymentsAround } from './deployments.ts';
export { type Options, optionsOf } from './options.ts';
export { markdown, type Report, text } from './render.ts';
export { type Replay, replayAlert } from './replay.ts';
export { tune } from './tune.ts';
export { tunedText } from './tuned-text.ts';
