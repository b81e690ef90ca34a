/** Differences between two states of dashboards, rules and routing, in words: for reviews, plans and pulls alike. */

export { type Change, segments } from './change.ts';
export { differences } from './diff.ts';
export { fenced, markdown } from './markdown.ts';
export { terminalText } from './render.ts';
export { withReplays } from './replayed.ts';
export { dashboardSentences, groupSentences, routingSentences } from './sentences.ts';
export { rulesOnServer } from './server.ts';
export { withSources } from './sources.ts';
export { withValues } from './values.ts';
