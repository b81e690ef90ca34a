/** Definitions → `generated/`: the checks, and the renderer of each artefact. */

export { alertFile, alertGroups } from './alerts/rules.ts';
export { type Artefacts, renderArtefacts } from './artefacts.ts';
export { build } from './build.ts';
export type { Bundle } from './bundle.ts';
export { promqlVariables } from './checks/expressions.ts';
export { findingsOf } from './checks/index.ts';
export { locationsOf } from './checks/view.ts';
export { vocabularyOf } from './checks/vocabulary.ts';
export { bundleHash } from './manifest.ts';
export { judgeWithPromtool } from './promtool.ts';
export { bundleInfoFile, duration, ruleFileText } from './rules.ts';
export { deriveDashboardSchema, schemaFile } from './schema/derive.ts';
export { type FileGroup, type FileRule, type Snapshot, snapshotAt, snapshotIn } from './snapshot.ts';
export { staleness } from './staleness.ts';
export { validate } from './validate.ts';
export { compare, type Difference, write } from './write.ts';
