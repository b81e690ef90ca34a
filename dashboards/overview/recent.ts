import {
  currencyUnit,
  hiddenColumn,
  outcomeMappings,
  type RowDefinition,
  reasonMappings,
  steps,
  table,
  tablePanel,
  troubleshootRow,
} from '../../src/dashboards/index.ts';
import type { Pipeline } from '../../src/pipeline/index.ts';
import * as queries from '../queries.ts';

/** Grafana's name of the value of each query, and the column that it becomes. */
const valueColumns = {
  'Value #Triggered': 'Time',
  'Value #Outcome': 'Status',
  'Value #Duration': 'Duration',
  'Value #Rollback': 'Rollback',
  'Value #Cost': 'Cost',
  'Value #From': 'From',
  'Value #To': 'To',
} as const;
const labelColumns = {
  environment: 'environment',
  deployment_id: 'deployment_id',
  stages: 'Stages',
  run_url: 'run_url',
};
/** From left to right; what the links need and nobody reads comes last, hidden. */
const order = [
  'deployment_id',
  'environment',
  'Value #Triggered',
  'Value #Outcome',
  'Value #Duration',
  'stages',
];
const rest = [
  'Value #Rollback',
  'Value #Cost',
  'branch',
  'version',
  'actor',
  'run_url',
  'Value #From',
  'Value #To',
];
const unread = ['Time', 'passed', 'all', 'Value #Stages', 'Value #Info'];

const details = [{ title: 'Why: stages, errors and what came after', url: troubleshootRow }];
const run = [{ title: 'The run in CI', url: '${__data.fields.run_url}', newTab: true }];

const { triggered, outcome, duration, stages, rollback, cost, info, from, to } = queries.recentDeployments;

const recentTable = ({ targets }: Pipeline) =>
  tablePanel({
    title: 'Recent deployments',
    description:
      'The last ten deployments, newest first, the one that is running now included. A row opens the troubleshooting dashboard on that deployment and its own time span; its id opens the run in CI. Duration is from the push to the finish.',
    noData: 'No deployment in 30 days. `record.mjs start` at the beginning of the pipeline emits the first.',
    unit: 'none',
    width: 24,
    queries: [
      table(triggered(), { refId: 'Triggered' }),
      table(outcome(), { refId: 'Outcome' }),
      table(duration(), { refId: 'Duration' }),
      table(stages(), { refId: 'Stages' }),
      table(rollback(), { refId: 'Rollback' }),
      table(cost(), { refId: 'Cost' }),
      table(info(), { refId: 'Info' }),
      table(from(), { refId: 'From' }),
      table(to(), { refId: 'To' }),
    ],
    transformations: [
      { id: 'merge', options: {} },
      {
        id: 'organize',
        options: {
          excludeByName: Object.fromEntries(unread.map((name) => [name, true])),
          indexByName: Object.fromEntries([...order, ...rest].map((name, index) => [name, index])),
          renameByName: { ...valueColumns, ...labelColumns },
        },
      },
      { id: 'sortBy', options: { sort: [{ field: 'Time', desc: true }] } },
      { id: 'limit', options: { limitField: 10 } },
    ],
    links: details,
    overrides: [
      { name: 'deployment_id', links: run, custom: { width: 150 } },
      { name: 'environment', custom: { width: 110 } },
      { name: 'Time', unit: 'dateTimeAsIso', custom: { width: 170 } },
      {
        name: 'Status',
        mappings: outcomeMappings,
        custom: { cellOptions: { type: 'color-background', mode: 'basic' }, width: 110 },
      },
      {
        name: 'Duration',
        unit: 's',
        decimals: 1,
        thresholds: steps('text', [targets.timeToDeploy.seconds, 'red']),
        custom: { cellOptions: { type: 'color-text' }, width: 100 },
      },
      { name: 'Stages', custom: { width: 80 } },
      { name: 'branch', custom: { width: 130 } },
      { name: 'Rollback', mappings: reasonMappings, custom: { width: 150 } },
      { name: 'Cost', unit: currencyUnit, decimals: 2, custom: { width: 80 } },
      ...['run_url', 'From', 'To'].map(hiddenColumn),
    ],
    sortBy: { column: 'Time', descending: true },
  });

/** The last ten deployments, with a way to each. */
export const recent = (pipeline: Pipeline): RowDefinition => ({
  title: 'Details',
  height: 12,
  panels: [recentTable(pipeline)],
  source: import.meta.url,
});
