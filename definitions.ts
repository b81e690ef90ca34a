import { families } from './alerts/index.ts';
import { dashboards } from './dashboards/index.ts';
import { objectives } from './slo/index.ts';
import { alertFile, alertGroups, type Bundle } from './src/compile/index.ts';
import { catalogueOf, forPipeline } from './src/metrics/index.ts';
import type { Pipeline } from './src/pipeline/index.ts';
import { inWordsOf } from './src/simulator/index.ts';
import { ruleFilesOf } from './src/slo/index.ts';

/** Everything that is defined for a pipeline, as one value: commands hand it to the machinery in `src`. */
export function loadBundle(pipeline: Pipeline): Bundle {
  const promised = objectives(pipeline);
  const inWords = inWordsOf(pipeline);
  const alerts = families(pipeline).map((family) => ({
    ...family,
    alerts: family.alerts.map((alert) => ({ ...alert, examples: inWords(alert.examples) })),
  }));
  return {
    pipeline,
    metrics: catalogueOf(pipeline),
    ...forPipeline(
      {
        dashboards: dashboards(pipeline),
        ruleFiles: { ...ruleFilesOf(pipeline, promised), [alertFile]: alertGroups(alerts) },
        families: alerts,
        objectives: promised,
      },
      pipeline,
    ),
  };
}
