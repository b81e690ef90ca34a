/** Addresses of the dashboards of this bundle, and how one is opened on something. Nothing else spells them. */
export const uids = {
  overview: 'deployment-pipeline',
  troubleshooting: 'deployment-troubleshooting',
  slo: 'deployment-slo',
  dora: 'deployment-dora',
} as const;

/**
 * Opens the troubleshooting dashboard on the deployment of a table's row, on its own time span.
 * The row needs columns `environment`, `deployment_id`, and `From` and `To` in milliseconds.
 */
export const troubleshootRow: string =
  `/d/${uids.troubleshooting}/?from=\${__data.fields.From.numeric}&to=\${__data.fields.To.numeric}` +
  '&var-environment=${__data.fields.environment}&var-deployment=${__data.fields.deployment_id}&var-datasource=${datasource}';

/** Opens it on the deployment of a row with columns `environment` and `deployment_id`, keeping the time span. */
export const troubleshootRowHere: string =
  `/d/${uids.troubleshooting}/?\${__url_time_range}` +
  '&var-environment=${__data.fields.environment}&var-deployment=${__data.fields.deployment_id}&var-datasource=${datasource}';

/** Opens the troubleshooting dashboard on the deployment of a series, keeping the time span. */
export const troubleshootSeries: string =
  `/d/${uids.troubleshooting}/?\${__url_time_range}` +
  '&var-environment=${__field.labels.environment}&var-deployment=${__field.labels.deployment_id}&var-datasource=${datasource}';

/** Opens the history of stages on what the troubleshooting dashboard shows, over thirty days. */
export const stageHistory: string = `/d/${uids.dora}/?from=now-30d&to=now&var-environment=\${environment}&\${service:queryparam}&var-datasource=\${datasource}`;
