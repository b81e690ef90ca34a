import type { GrafanaState } from './state.ts';

/** Groups of the newer API and the kind of object that each holds. */
export const groups = { 'dashboard.grafana.app': 'dashboards', 'folder.grafana.app': 'folders' } as const;
/** Name of a group. */
export type Group = keyof typeof groups;

/** Versions that a release serves. */
export const versionsOf = (state: GrafanaState, group: Group): string[] => {
  const dashboards = group === 'dashboard.grafana.app';
  if (state.options.profile === '12') return dashboards ? ['v1beta1', 'v0alpha1', 'v2alpha1'] : ['v1beta1'];
  return dashboards ? ['v1', 'v1beta1', 'v0alpha1', 'v2', 'v2beta1'] : ['v1', 'v1beta1'];
};
