/** What people read: Go templates of Alertmanager, over the annotations that every alert has. */

const annotation = (name: string): string => `{{ .Annotations.${name} }}`;
const first = (name: string): string => `{{ (index .Alerts 0).Annotations.${name} }}`;
const count = '{{ if gt (len .Alerts.Firing) 1 }} (and {{ len (slice .Alerts.Firing 1) }} more){{ end }}';

/** One line: what is wrong, or that it is over. */
export const title = `{{ if eq .Status "resolved" }}Over: {{ end }}${first('summary')}${count}`;

/** Everything about each alert, with links where Slack makes links of them. */
export const slackText = [
  '{{ range .Alerts }}',
  `*{{ if eq .Status "resolved" }}Over: {{ end }}${annotation('summary')}*`,
  annotation('description'),
  `{{ if eq .Status "firing" }}${annotation('action')}{{ end }}`,
  `<${annotation('dashboard_url')}|Dashboard>{{ with .Annotations.run_url }} · <{{ . }}|CI run>{{ end }} · Runbook: ${annotation('runbook_url')}`,
  '{{ end }}',
].join('\n');

/** Green when it is over, else by severity. */
export const slackColour =
  '{{ if eq .Status "resolved" }}good{{ else if eq .CommonLabels.severity "high" }}danger{{ else if eq .CommonLabels.severity "critical" }}danger{{ else }}warning{{ end }}';

/** What PagerDuty reads out to whoever is woken: what is wrong and why, in one line. */
export const pagerTitle = `${title}. ${first('description')}`;

/**
 * Details of a PagerDuty incident: one entry for each thing that somebody who is woken asks. No free text: newer
 * Alertmanagers read each as YAML, and make an object of a sentence with a colon in it.
 */
export const pagerDetails: Readonly<Record<string, string>> = {
  do: first('action'),
  run: first('run_url'),
  dashboard: first('dashboard_url'),
  runbook: first('runbook_url'),
  environment: '{{ .CommonLabels.environment }}',
  deployment: '{{ .CommonLabels.deployment_id }}',
};

/** Link of a PagerDuty incident. */
export const pagerLinks = [{ href: first('dashboard_url'), text: 'Dashboard' }];
