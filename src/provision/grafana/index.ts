/** Grafana: what is there → a plan → writes that may be repeated. Three APIs (11, 12, 13) behind one interface. */

export { GrafanaApply } from './apply.ts';
export { type HandEdit, handEdits } from './edits.ts';
export { type GrafanaHalf, readGrafana } from './read.ts';
