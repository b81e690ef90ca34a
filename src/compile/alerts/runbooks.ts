import { type Alert, type Example, type Family, severities } from '../../alerts/index.ts';
import { projectPath } from '../../lib/root.ts';
import { markdownTable } from '../../lib/terminal.ts';
import { type Pipeline, pagingEnvironments } from '../../pipeline/index.ts';
import { layoutPromql } from '../../promql/index.ts';
import { keepFiringFor } from './rules.ts';

const numbered = (steps: readonly string[]): string => steps.map((step, i) => `${i + 1}. ${step}`).join('\n');
const code = (language: string, text: string): string => `\`\`\`${language}\n${text}\n\`\`\``;
const linked = (name: string): string => `[${name}](${name}.md)`;

/** A matcher `="$name"` stands for the alert's label; the reader puts the value in. */
const forPeople = (query: string): string => query.replaceAll(/"\$(\w+)"/g, '"<$1>"');

/** That it outlives a gap in what it reads. */
const kept = (alert: Alert): string[] => {
  const time = keepFiringFor(alert);
  return time ? ['', `It ends when it has not been true for ${time}: a gap in the data is not its end.`] : [];
};

/** Stories under a heading: a list of one is a sentence. */
const listed = (heading: string, list: readonly Example[]): string[] =>
  list.length === 0
    ? []
    : list.length === 1
      ? [`${heading}: ${list[0]?.title}`, '']
      : [`${heading}:`, '', ...list.map(({ title }) => `- ${title}`), ''];

const example = ({ examples: { fires, silent, over = [] } }: Alert): string => {
  const [first, ...more] = fires;
  const [said] = first.notifications;
  return [
    '## Examples',
    '',
    `It fires: ${first.title} It then says:`,
    '',
    `> **${said.summary}**`,
    '>',
    `> ${said.description}`,
    '',
    ...listed('It fires as well', more),
    ...listed('It stays silent', silent),
    ...listed('It ends', over),
    'All are tests (`promtool test rules`), in which the deployments are recorded by the real recorder.',
  ].join('\n');
};

/** The page of one alert, for the person on call. */
function page(alert: Alert, family: Family): string {
  const severity = severities[alert.severity];
  const { meaning, impact, diagnosis, mitigation } = alert.runbook;
  const silenced = alert.inhibitedBy ?? [];
  return [
    `# ${alert.name}`,
    '',
    `**${alert.severity}**: ${severity.meaning} It reaches ${severity.reaches}. ${severity.response}`,
    '',
    '## Meaning',
    '',
    meaning,
    '',
    '## Impact',
    '',
    impact,
    '',
    '## Diagnosis',
    '',
    'The notification links to the dashboard. These queries answer the rest; put the labels of the alert in for `<…>`.',
    '',
    ...diagnosis.flatMap(({ question, query }) => [question, '', code('promql', forPeople(query.text)), '']),
    '## Mitigation',
    '',
    numbered(mitigation),
    '',
    '## When it fires',
    '',
    code('promql', layoutPromql(alert.expr.text)),
    '',
    alert.for ? `It must be true for ${alert.for}. ${alert.forReason}` : `At once. ${alert.forReason}`,
    ...kept(alert),
    '',
    silenced.length > 0
      ? `Not sent while one of these fires for the same thing: ${silenced.map(linked).join(', ')}.`
      : 'No other alert silences it.',
    '',
    example(alert),
    '',
    `Defined in \`${projectPath(family.source)}\`. [All alerts](../alerts.md)`,
    '',
  ].join('\n');
}

const severityTable = (pipeline: Pipeline): string =>
  markdownTable([
    ['Severity', 'Meaning', 'Reaches', 'What is expected'],
    ...Object.entries(severities).map(([name, s]) => [
      name,
      s.meaning,
      s.elsewhere === s.receiver
        ? s.reaches
        : `${s.reaches} (${pagingEnvironments(pipeline).join(', ')}; elsewhere the ${s.elsewhere})`,
      s.response,
    ]),
  ]);

const familySection = (family: Family): string =>
  [
    `## ${family.title}`,
    '',
    markdownTable([
      ['Alert', 'Severity', 'Hold', 'What it says'],
      ...family.alerts.map((alert) => [
        `[${alert.name}](runbooks/${alert.name}.md)`,
        alert.severity,
        alert.for ?? '–',
        alert.examples.fires[0].notifications[0].summary,
      ]),
    ]),
    '',
  ].join('\n');

/** The list of all alerts, and what severities mean. */
const overview = (families: readonly Family[], pipeline: Pipeline): string =>
  [
    '# Alerts',
    '',
    'Generated from `alerts/`. Each alert has a runbook, an example that fires it and one that does not; `promtool test rules` runs both.',
    '',
    severityTable(pipeline),
    '',
    ...families.map(familySection),
  ].join('\n');

/** The pages of the alerts, by path below `generated/`. */
export const runbookPages = (families: readonly Family[], pipeline: Pipeline): Record<string, string> => ({
  'docs/alerts.md': overview(families, pipeline),
  ...Object.fromEntries(
    families.flatMap((family) =>
      family.alerts.map((alert) => [`docs/runbooks/${alert.name}.md`, page(alert, family)]),
    ),
  ),
});
