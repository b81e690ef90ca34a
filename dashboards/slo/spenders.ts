import {
  hiddenColumn,
  openMapping,
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
  'Value #Finished',
  'Value #Outcome',
  'Value #Spent',
  'branch',
  'version',
  'actor',
];

const details = [{ title: 'Why: stages, errors and what came after', url: troubleshootRow }];

const spenders = () =>
  tablePanel({
    title: 'What spent the budget',
    noData: 'Nothing spent',
    description:
      'Deployments of this month that spent error budget, newest first, for each SLO that they spent of; the newest 25 of each. The id and the status open the deployment in the troubleshooting dashboard.',
    missing: 'Nothing has spent any error budget this month.',
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
            [...order, 'run_url', 'environment', 'Value #From', 'Value #To'].map((name, i) => [name, i]),
          ),
          renameByName: {
            slo: 'SLO',
            deployment_id: 'Deployment',
            environment: 'Environment',
            branch: 'Branch',
            version: 'Version',
            actor: 'Who',
            run_url: 'Run',
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
    overrides: [
      { name: 'SLO', custom: { width: 200 } },
      {
        name: 'Deployment',
        unit: 'string',
        links: details,
        custom: { width: 110 },
      },
      { name: 'Finished', unit: 'dateTimeAsIso', custom: { width: 170 } },
      {
        name: 'Status',
        mappings: outcomeMappings,
        links: details,
        custom: { cellOptions: { type: 'color-text' }, width: 120, align: 'left' },
      },
      { name: 'Spent', decimals: 1, custom: { width: 80 } },
      {
        name: 'Run',
        mappings: [openMapping('open')],
        links: [{ title: 'The run in CI', url: '${__value.raw}', newTab: true }],
        custom: { width: 70 },
      },
      { name: 'Environment', custom: { width: 110 } },
      ...['From', 'To'].map(hiddenColumn),
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
