/** Desired and actual state → plan → apply → proof, for Grafana and for rules. */

export { parseSavedPlan, savedPlan } from './approved.ts';
export { commitToDeploy } from './commit.ts';
export type { Dependencies, Options } from './context.ts';
export { type Desired, readDesired } from './desired.ts';
export { type GrafanaHalf, type HandEdit, handEdits, readGrafana } from './grafana/index.ts';
export { interruptible } from './interrupt.ts';
export type { Action, PlannedChange } from './model.ts';
export { bundleGroup, bundleMetric } from './names.ts';
export { parseRuleFile } from './rule-file.ts';
export { run } from './run.ts';
export { readSettings } from './settings.ts';
export { confirmations } from './settings-binding.ts';
export { configFile, type Lookup, lookupIn, readConfig } from './settings-source.ts';
