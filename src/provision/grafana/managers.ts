/** Managers that Grafana knows; any other value of its annotation means that the object is not managed. */
const managers: Readonly<Record<string, string>> = {
  repo: 'Git Sync',
  terraform: 'Terraform',
  kubectl: 'kubectl or gcx',
  plugin: 'a plugin',
  grafana: 'Grafana itself',
  'classic-file-provisioning': 'provisioning from files',
  'classic-api-provisioning': 'the provisioning API',
  'classic-converted-prometheus': 'imported Prometheus rules',
};

/** The tool that manages an object, as people call it; undefined when none does. @param kind Grafana's word for it */
export const managerOf = (kind: string | undefined): string | undefined =>
  kind !== undefined && Object.hasOwn(managers, kind) ? managers[kind] : undefined;

/** Whether a folder's manager keeps the dashboards of others out: only Git Sync does. */
export const folderManager = (
  kind: string | undefined,
): { readonly managedBy?: string; readonly closed?: boolean } => {
  const managedBy = managerOf(kind);
  return managedBy === undefined ? {} : { managedBy, closed: kind === 'repo' };
};
