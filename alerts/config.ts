/** What notifications need to know of the place that they are sent from. */
export const site = {
  /** Where Grafana is, for links in notifications (design document, "Prometheus Endpoints"). No slash at the end. */
  grafanaUrl: 'https://relay-grafana-production.up.railway.app',
  /**
   * Folder of the runbooks. Within the repository by default; set it to the address under which people read that
   * folder, such as `https://github.com/<owner>/<repository>/blob/main/generated/docs/runbooks`, to make it a link.
   */
  runbooks: 'generated/docs/runbooks',
} as const;
