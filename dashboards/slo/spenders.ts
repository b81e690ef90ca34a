import {
  hiddenColumn,
  outcomeMappings,
  type RowDefinition,
  table,
  tablePanel,
  troubleshootRow,
} from '../../src/dashboards/index.ts';
import * as queries from './queries.ts';

const { spent, outcome, finished, info, from, to } = queries.spenders;
const order = [
  'slo',
  'deployment_id',
  'environment',
  'Value #Finished',
  'Value #Outcome',
  'Value #Spent',
  'branch',
  'version',
  'actor',
];

const spenders = () =>
  tablePanel({
    title: 'What spent the budget',
    description:
      'Deployments of this month that spent error budget, newest first, for each SLO that they spent of; the newest 25 of each. A row opens the deployment in the troubleshooting dashboard, its id the run in CI.',
    noData: 'Nothing has spent any error budget this month.',
    unit: 'none',
    width: 24,
    queries: [
      table(spent(), { refId: 'Spent' }),
      table(outcome(), { refId: 'Outcome' }),
      table(finished(), { refId: 'Finished' }),
      table(info(), { refId: 'Info' }),
      table(from(), { refId: 'From' }),
      table(to(), { refId: 'To' }),
    ],
    transformations: [
      { id: 'merge', options: {} },
      {
        id: 'organize',
        options: {
          excludeByName: { Time: true, 'Value #Info': true },
          indexByName: Object.fromEntries(
            [...order, 'run_url', 'Value #From', 'Value #To'].map((name, i) => [name, i]),
          ),
          renameByName: {
            slo: 'SLO',
            'Value #Finished': 'Finished',
            'Value #Outcome': 'Status',
            'Value #Spent': 'Spent',
            'Value #From': 'From',
            'Value #To': 'To',
          },
        },
      },
      { id: 'sortBy', options: { sort: [{ field: 'Finished', desc: true }] } },
    ],
    links: [{ title: 'Why: stages, errors and what came after', url: troubleshootRow }],
    overrides: [
      { name: 'SLO', custom: { width: 200 } },
      {
        name: 'deployment_id',
        links: [{ title: 'The run in CI', url: '${__data.fields.run_url}', newTab: true }],
        custom: { width: 150 },
      },
      { name: 'Finished', unit: 'dateTimeAsIso', custom: { width: 170 } },
      {
        name: 'Status',
        mappings: outcomeMappings,
        custom: { cellOptions: { type: 'color-background', mode: 'basic' }, width: 110 },
      },
      { name: 'Spent', decimals: 1, custom: { width: 80 } },
      ...['run_url', 'From', 'To'].map(hiddenColumn),
    ],
    sortBy: { column: 'Finished', descending: true },
  });

/** Which deployments it was. */
export const spending: RowDefinition = {
  title: 'Deployments that spent it',
  height: 9,
  panels: [spenders()],
  source: import.meta.url,
};
