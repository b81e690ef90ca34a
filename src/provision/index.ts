/** Desired and actual state → plan → apply → proof, for Grafana and for rules. */

export { commitToDeploy } from './commit.ts';
export type { Dependencies, Options } from './context.ts';
export { type Desired, readDesired } from './desired.ts';
export { type GrafanaHalf, readGrafana } from './grafana/read.ts';
export { interruptible } from './interrupt.ts';
export type { Action, Change } from './model.ts';
export { bundleGroup, bundleMetric } from './names.ts';
export { run } from './run.ts';
export { readSettings } from './settings.ts';
export { confirmations } from './settings-binding.ts';
export { configFile, type Lookup, lookupIn, readConfig } from './settings-source.ts';
