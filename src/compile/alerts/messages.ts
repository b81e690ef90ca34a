/** Notifications as Go templates of Alertmanager, over the annotations that every alert has. */

const annotation = (name: string): string => `{{ .Annotations.${name} }}`;
/**
 * Of the first alert that fires; when none does any more, of the first that did. A group has both while it fires:
 * its first alert may be one that is over.
 */
const first = (name: string): string =>
  `{{ $told := .Alerts }}{{ if .Alerts.Firing }}{{ $told = .Alerts.Firing }}{{ end }}{{ (index $told 0).${name} }}`;
const count = '{{ if gt (len .Alerts.Firing) 1 }} (and {{ len (slice .Alerts.Firing 1) }} more){{ end }}';

/** One line: what is wrong, or that it is over. */
export const title = `{{ if eq .Status "resolved" }}Over: {{ end }}${first('Annotations.summary')}${count}`;

/** A link where it is an address, and a path where it is not. */
const runbook = `{{ if match "^https?://" .Annotations.runbook_url }}<${annotation('runbook_url')}|Runbook>{{ else }}Runbook: ${annotation('runbook_url')}{{ end }}`;

/** Everything about each alert, with links where Slack makes links of them. */
export const slackText = [
  '{{ range .Alerts }}',
  `*{{ if eq .Status "resolved" }}Over: {{ end }}${annotation('summary')}*`,
  `${annotation('description')}{{ with .Annotations.deployments }}\n{{ . }}{{ end }}`,
  `{{ if eq .Status "firing" }}${annotation('action')}{{ end }}`,
  `<${annotation('dashboard_url')}|Dashboard>{{ with .Annotations.run_url }} · <{{ . }}|CI run>{{ end }} · ${runbook}`,
  '{{ end }}',
].join('\n');

/** Green when it is over, else by severity. */
export const slackColour =
  '{{ if eq .Status "resolved" }}good{{ else if eq .CommonLabels.severity "high" }}danger{{ else if eq .CommonLabels.severity "critical" }}danger{{ else }}warning{{ end }}';

/** PagerDuty's one line for the person on call: what is wrong and why. */
export const pagerTitle = `${title}. ${first('Annotations.description')}`;

/**
 * Details of a PagerDuty incident: one entry for each question of the person on call. No free text: newer
 * Alertmanagers read each as YAML, and make an object of a sentence with a colon in it.
 */
export const pagerDetails: Readonly<Record<string, string>> = {
  do: first('Annotations.action'),
  run: first('Annotations.run_url'),
  dashboard: first('Annotations.dashboard_url'),
  deployments: first('Annotations.deployments'),
  runbook: first('Annotations.runbook_url'),
  environment: '{{ .CommonLabels.environment }}',
  deployment: '{{ .CommonLabels.deployment_id }}',
};

/** The name of the alert that an incident is about. */
export const pagerClass = first('Labels.alertname');

/** The dashboard that a notification opens. */
export const dashboardLink = { href: first('Annotations.dashboard_url'), text: 'Dashboard' };

/** Links of a PagerDuty incident; that of the runbook only where it is one. */
export const pagerLinks = (runbooksAreLinked: boolean) => [
  dashboardLink,
  ...(runbooksAreLinked ? [{ href: first('Annotations.runbook_url'), text: 'Runbook' }] : []),
];
