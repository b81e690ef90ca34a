import { loadBundle } from '../definitions.ts';
import pipeline from '../pipeline.config.ts';
import type { Pipeline } from '../src/pipeline/pipeline.ts';

/** Definitions for the pipeline of this project, as the commands have them. */
export const bundle = loadBundle(pipeline);
/** The same for one of the transports. */
export const bundleBy = (transport: Pipeline['transport']) =>
  transport === pipeline.transport ? bundle : loadBundle({ ...pipeline, transport });
export const { ruleFiles, families, objectives } = bundle;
/** Every alert, in the order of its family. */
export const alerts = families.flatMap((family) => family.alerts);
/** The objective that the examples of tests are about. */
export const reliability = objectives.find(({ id }) => id === 'deployment-reliability')!;
/** Every dashboard, built. */
export const dashboards = () => bundle.dashboards;
export { pipeline };

/** The annotations of an alert, as its rule has them. */
export function annotationsOf({ name }: { readonly name: string }): Readonly<Record<string, string>> {
  const rules = (ruleFiles.alerts ?? []).flatMap((group) => group.rules);
  const rule = rules.find((one) => one.kind === 'alert' && one.alert === name);
  if (rule?.kind !== 'alert') throw new Error(`There is no alert ${name}.`);
  return rule.annotations;
}
