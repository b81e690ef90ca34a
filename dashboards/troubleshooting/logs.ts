import { logs as logsPanel, type RowDefinition, text } from '../../src/dashboards/index.ts';
import type { Pipeline } from '../../src/pipeline/index.ts';
import { hostedLogs } from './config.ts';

/** Every stream that has an application. */
const anyStream = '{app=~".+"}';

const howTo = (pipeline: Pipeline) =>
  text({
    title: 'Logs and stack traces',
    description: 'Where the logs of the chosen deployment are.',
    width: 6,
    content: [
      'The lines of the chosen deployment are on the right **if Grafana has a Loki data source** (variable "Logs").',
      '',
      'If it has none, add one as `docs/logs.md` says; until then:',
      '',
      '- the id in "Facts" opens the run in CI, each bar of the waterfall the log of its stage,',
      ...hostedLogs(pipeline).map(
        ({ title, url }) => `- [${title}](${url}): the logs of the services; search for \`\${deployment}\`.`,
      ),
    ].join('\n'),
  });

const lines = ({ application }: Pipeline) =>
  logsPanel({
    title: 'Log lines of the deployment',
    description: 'Lines that carry the id of the deployment, in the time span shown; stack traces unfold.',
    noData:
      'No line with this deployment id in the time span shown. The application has to write `deployment_id` into its log lines: docs/logs.md.',
    width: 18,
    // Not a part of a longer id: that of a second attempt begins with that of the first.
    query: `${application?.logStreams ?? anyStream} |~ \`(^|[^\\w-])\${deployment}([^\\w-]|$)\``,
  });

/** Logs. Closed at first: without a Loki there is nothing to ask. */
export const logs = (pipeline: Pipeline): RowDefinition => ({
  title: 'Logs (Loki)',
  height: 10,
  collapsed: true,
  panels: [howTo(pipeline), lines(pipeline)],
  source: import.meta.url,
});
