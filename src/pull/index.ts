/** Edits made in Grafana, as changes of the definitions. */

export { patchOf } from './patch.ts';
export { changedSources, type Pulled, pull } from './pull.ts';
export { pulledText } from './render.ts';
export { readSources } from './sources.ts';
