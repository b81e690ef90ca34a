/** The recorder: what a pipeline reports of itself, and its gate. */

export type { Push } from './emit.ts';
export { exposition } from './exposition.ts';
export { isRevertMessage } from './github.ts';
export { groupPath, isOurShape } from './grouping.ts';
export { main, mistake } from './main.ts';
export { carry } from './pipeline.ts';
export { railwayAccess, railwayProject } from './railway/api.ts';
export { queuesOf, type RunnerJob, runnerCosts } from './runners.ts';
export { doomedGroups, finishedForMs, type ListedGroup } from './sweep.ts';
export { verbs } from './verbs/registry.ts';
export { VercelApi } from './vercel/api.ts';
export { written } from './way.ts';
