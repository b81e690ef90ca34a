import {
  colour,
  currencyUnit,
  graded,
  hiddenColumn,
  openMapping,
  outcomeMappings,
  type RowDefinition,
  reasonMappings,
  table,
  tablePanel,
  troubleshootRow,
} from '../../src/dashboards/index.ts';
import type { Pipeline } from '../../src/pipeline/index.ts';
import * as queries from '../queries.ts';

/** Grafana's names of what the queries answer, and the columns that they become, from left to right. */
const columns = {
  deployment_id: 'Deployment',
  'Value #Triggered': 'Triggered',
  'Value #Outcome': 'Status',
  failed: 'Failed stage',
  'Value #Duration': 'Duration',
  stages: 'Stages',
  'Value #Rollback': 'Rolled back for',
  'Value #Cost': 'Cost',
  branch: 'Branch',
  version: 'Version',
  actor: 'Who',
  run_url: 'Run',
  environment: 'Environment',
  'Value #From': 'From',
  'Value #To': 'To',
} as const;
const unread = ['Time', 'service', 'stage', 'Value #Stages', 'Value #Info', 'Value #Failed'];

const details = [{ title: 'Why: stages, errors and what came after', url: troubleshootRow }];
const { triggered, outcome, duration, stages, rollback, failed, cost, info, from, to } =
  queries.recentDeployments;

/** Previews are one environment, and have names of their own. */
const previewColumn = ({ environments }: Pipeline): { preview?: 'Preview' } =>
  Object.values(environments).some(({ kind }) => kind === 'preview') ? { preview: 'Preview' } : {};

function recentTable(pipeline: Pipeline) {
  const { targets } = pipeline;
  const preview = previewColumn(pipeline);
  const shown = { ...columns, ...preview };
  return tablePanel({
    title: 'Recent deployments',
    description:
      'The last ten deployments, newest first, the one that is running now included. The id and the status open the troubleshooting dashboard on that deployment and its own time span; "open" opens the run in CI. Duration is from the push to the finish.',
    noData: 'No deployments yet',
    missing: 'No deployment in 30 days. `record.mjs start` at the beginning of the pipeline emits the first.',
    unit: 'string',
    width: 24,
    queries: [
      table(triggered(), { refId: 'Triggered' }),
      table(outcome(), { refId: 'Outcome' }),
      table(failed(), { refId: 'Failed' }),
      table(duration(), { refId: 'Duration' }),
      table(stages(), { refId: 'Stages' }),
      table(rollback(), { refId: 'Rollback' }),
      table(cost(), { refId: 'Cost' }),
      table(info(...(Object.keys(preview) as 'preview'[])), { refId: 'Info' }),
      table(from(), { refId: 'From' }),
      table(to(), { refId: 'To' }),
    ],
    transformations: [
      { id: 'merge', options: {} },
      {
        id: 'organize',
        options: {
          excludeByName: Object.fromEntries(unread.map((name) => [name, true])),
          indexByName: Object.fromEntries(Object.keys(shown).map((name, index) => [name, index])),
          renameByName: shown,
        },
      },
      { id: 'sortBy', options: { sort: [{ field: 'Triggered', desc: true }] } },
      { id: 'limit', options: { limitField: 10 } },
    ],
    overrides: [
      { name: 'Deployment', links: details, custom: { width: 105 } },
      { name: 'Triggered', unit: 'dateTimeAsIso', custom: { width: 160 } },
      {
        name: 'Status',
        unit: 'none',
        mappings: outcomeMappings,
        links: details,
        custom: { cellOptions: { type: 'color-text' }, width: 120, align: 'left' },
      },
      { name: 'Failed stage', custom: { width: 145 } },
      {
        name: 'Duration',
        unit: 'dthms',
        thresholds: graded(0, colour.neutral, [targets.timeToDeploy.seconds, colour.bad]),
        custom: { cellOptions: { type: 'color-text' }, width: 90 },
      },
      { name: 'Stages', custom: { width: 80 } },
      {
        name: 'Rolled back for',
        unit: 'none',
        mappings: reasonMappings,
        custom: { width: 145, align: 'left' },
      },
      { name: 'Cost', unit: currencyUnit, decimals: 2, custom: { width: 75 } },
      { name: 'Branch', custom: { minWidth: 90, wrapText: true } },
      { name: 'Version', custom: { minWidth: 90, wrapText: true } },
      { name: 'Who', custom: { width: 85 } },
      {
        name: 'Run',
        mappings: [openMapping('open')],
        links: [{ title: 'The run in CI', url: '${__value.raw}', newTab: true }],
        custom: { width: 70 },
      },
      { name: 'Environment', custom: { width: 115 } },
      ...Object.values(preview).map((name) => ({ name, custom: { width: 100 } })),
      ...['From', 'To'].map(hiddenColumn),
    ],
    sortBy: { column: 'Triggered', descending: true },
  });
}

/** The last ten deployments, with a way to each. */
export const recent = (pipeline: Pipeline): RowDefinition => ({
  title: 'Details',
  height: 12,
  panels: [recentTable(pipeline)],
  source: import.meta.url,
});
