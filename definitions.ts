import { families } from './alerts/index.ts';
import { dashboards } from './dashboards/index.ts';
import pipeline from './pipeline.config.ts';
import { objectives } from './slo/index.ts';
import { alertFile, alertGroups, type Bundle } from './src/compile/index.ts';
import { catalogue } from './src/metrics/index.ts';
import { ruleFilesOf } from './src/slo/index.ts';

/** The recording rules of this project, by file. */
export const ruleFiles = ruleFilesOf(objectives);

/** Everything that this project defines, as one value: commands hand it to the machinery in `src`. */
export const loadBundle = (): Bundle => ({
  name: pipeline.name,
  metrics: catalogue,
  dashboards: dashboards(),
  ruleFiles: { ...ruleFiles, [alertFile]: alertGroups(families) },
  families,
  objectives,
});
