/** Addresses of the dashboards of this bundle. Nothing else spells them. */
export const uids = {
  overview: 'deployment-pipeline',
  troubleshooting: 'deployment-troubleshooting',
  slo: 'deployment-slo',
  dora: 'deployment-dora',
} as const;
