import {
  checkMappings,
  hiddenColumn,
  openMapping,
  outcomeMappings,
  reasonMappings,
  table,
  tablePanel,
  troubleshootRow,
} from '../../src/dashboards/index.ts';
import { lastOne } from '../queries.ts';

/** Grafana's names of what the queries answer, and the columns that they become, from left to right. */
const columns = {
  'Value #Outcome': 'Status',
  deployment_id: 'Deployment',
  'Value #Finished': 'Finished',
  failed: 'Failed stage',
  health: 'Health checks',
  tests: 'Smoke tests',
  'Value #Rollback': 'Rolled back for',
  version: 'Version',
  actor: 'Who',
  run_url: 'Run',
  environment: 'Environment',
  'Value #From': 'From',
  'Value #To': 'To',
} as const;
const read = Object.keys(columns);
const unread = [
  'Time',
  'branch',
  'service',
  'stage',
  'Value #Failed',
  'Value #Health',
  'Value #Tests',
  'Value #Info',
];
const details = [{ title: 'Why: stages, errors and what came after', url: troubleshootRow }];

const { outcome, finished, failed, healthChecks, smokeTests, rollback, info, from, to } = lastOne;

/** Which deployment was the last one, and whether its checks passed. */
export const lastDeployment = () =>
  tablePanel({
    title: 'Last deployment and its checks',
    description:
      'The newest deployment that has finished: how it ended, which stage failed, and how many of its health checks and smoke tests passed. The id and the status open it in the troubleshooting dashboard. No health checks beside a deployment that failed before its checks is as it should be.',
    noData: 'No deployments yet',
    missing:
      '`record.mjs finish` at the end of the pipeline emits the outcome, `record.mjs health` and `record.mjs smoke-test` the checks.',
    unit: 'string',
    width: 24,
    height: 4,
    queries: [
      table(outcome(), { refId: 'Outcome' }),
      table(finished(), { refId: 'Finished' }),
      table(failed(), { refId: 'Failed' }),
      table(healthChecks(), { refId: 'Health' }),
      table(smokeTests(), { refId: 'Tests' }),
      table(rollback(), { refId: 'Rollback' }),
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
          indexByName: Object.fromEntries(read.map((name, index) => [name, index])),
          renameByName: columns,
        },
      },
    ],
    overrides: [
      {
        name: 'Status',
        unit: 'none',
        mappings: outcomeMappings,
        links: details,
        custom: { cellOptions: { type: 'color-text' }, width: 120, align: 'left' },
      },
      { name: 'Deployment', links: details, custom: { width: 120 } },
      { name: 'Finished', unit: 'dateTimeFromNow', custom: { width: 140, align: 'left' } },
      { name: 'Failed stage', custom: { width: 150 } },
      ...['Health checks', 'Smoke tests'].map((name) => ({
        name,
        mappings: checkMappings,
        custom: { cellOptions: { type: 'color-text' }, width: 130 },
      })),
      {
        name: 'Rolled back for',
        unit: 'none',
        mappings: reasonMappings,
        custom: { width: 150, align: 'left' },
      },
      { name: 'Who', custom: { width: 120 } },
      {
        name: 'Run',
        mappings: [openMapping('open')],
        links: [{ title: 'The run in CI', url: '${__value.raw}', newTab: true }],
        custom: { width: 70 },
      },
      { name: 'Environment', custom: { width: 110 } },
      ...['From', 'To'].map(hiddenColumn),
    ],
    sortBy: { column: 'Environment' },
  });
