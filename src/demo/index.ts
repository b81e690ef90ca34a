/** The whole system on one machine, with simulated deployments. */

export { Application } from './application.ts';
export { demoOptions } from './options.ts';
export { pastEnd, writeCollection, writeFacts, writeTrends } from './past.ts';
export { generatedRules, type RuleFile, recordedBy } from './rules.ts';
export { runDemo, type ShownDashboards } from './run.ts';
export { isBadVersionLive, pastDeployments } from './traffic.ts';
