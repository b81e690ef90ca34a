import { loadBundle } from '../definitions.ts';
import pipeline from '../pipeline.config.ts';

/** What is defined for the pipeline of this project, as the commands have it. */
export const bundle = loadBundle(pipeline);
export const { ruleFiles, families, objectives } = bundle;
/** Every alert, in the order of its family. */
export const alerts = families.flatMap((family) => family.alerts);
/** Every dashboard, built. */
export const dashboards = () => bundle.dashboards;
export { pipeline };
