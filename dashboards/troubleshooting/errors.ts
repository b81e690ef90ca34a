import {
  barGauge,
  cell,
  codeMapping,
  colour,
  graded,
  hiddenColumn,
  instant,
  openMapping,
  outcomeMappings,
  type RowDefinition,
  range,
  stateTimeline,
  statusMappings,
  table,
  tablePanel,
  troubleshootRow,
} from '../../src/dashboards/index.ts';
import { alerts, nearby } from './queries/around.ts';
import { affected, errorsByType, errorTimes } from './queries/errors.ts';

const errorTable = () =>
  tablePanel({
    title: 'Errors',
    noData: 'No deployment',
    description:
      'Every stage and smoke test that failed: type and message as reported, when it ended, and a link to its log. Also stages that never reported their end, and runs that failed or fell silent without saying where.',
    missing: 'Nothing failed.',
    unit: 'none',
    width: 16,
    queries: [table(errorTimes(), { refId: 'Error' })],
    transformations: [
      {
        id: 'organize',
        options: {
          excludeByName: { Time: true, service: true, stage: true, test_name: true },
          indexByName: { Value: 0, name: 1, error_type: 2, message: 3, log_url: 4 },
          renameByName: {
            Value: 'When',
            name: 'Stage',
            error_type: 'Error',
            message: 'Message',
            log_url: 'Log',
          },
        },
      },
    ],
    overrides: [
      { name: 'When', unit: 'dateTimeAsIso', custom: { width: 170 } },
      { name: 'Stage', custom: { width: 190 } },
      { name: 'Error', custom: { width: 190 } },
      { name: 'Message', custom: { inspect: true } },
      {
        name: 'Log',
        mappings: [openMapping('open log')],
        links: [{ title: 'Open the log', url: '${__value.raw}', newTab: true }],
        custom: { width: 90 },
      },
    ],
    sortBy: { column: 'When' },
  });

const byType = () =>
  barGauge({
    title: 'Errors by type',
    noData: 'No errors',
    description: 'How many stages and smoke tests failed, by type of error.',
    missing: 'Nothing failed.',
    unit: 'short',
    decimals: 0,
    min: 0,
    width: 8,
    queries: [instant(errorsByType(), { legend: '{{error_type}}' })],
    thresholds: graded(0, colour.good, [1, colour.bad]),
  });

const services = () =>
  tablePanel({
    title: 'Affected services',
    noData: 'None affected',
    description:
      'What each service suffered: stages and health checks that failed, and how its rollback ended.',
    missing: 'No service is affected.',
    unit: 'none',
    decimals: 0,
    width: 8,
    queries: [
      table(affected.failedStages(), { refId: 'Stages' }),
      table(affected.failedChecks(), { refId: 'Checks' }),
      table(affected.rollback(), { refId: 'Rollback' }),
    ],
    transformations: [
      { id: 'merge', options: {} },
      {
        id: 'organize',
        options: {
          excludeByName: { Time: true },
          indexByName: { service: 0, 'Value #Stages': 1, 'Value #Checks': 2, 'Value #Rollback': 3 },
          renameByName: {
            service: 'Service',
            'Value #Stages': 'Failed stages',
            'Value #Checks': 'Failed health checks',
            'Value #Rollback': 'Rollback',
          },
        },
      },
    ],
    overrides: [
      {
        name: 'Failed stages',
        thresholds: graded(0, colour.good, [1, colour.bad]),
        custom: { cellOptions: { type: 'color-text' }, width: 115 },
      },
      {
        name: 'Failed health checks',
        thresholds: graded(0, colour.good, [1, colour.warning]),
        custom: { cellOptions: { type: 'color-text' }, width: 165 },
      },
      {
        name: 'Rollback',
        mappings: statusMappings,
        custom: { cellOptions: { type: 'color-text' }, width: 95 },
      },
      { name: 'Service', custom: { width: 100 } },
    ],
    sortBy: { column: 'Service' },
  });

const firing = () =>
  stateTimeline({
    title: 'Alerts around it',
    noData: 'No alerts',
    description:
      'Every alert that fired in the time span shown, of any environment, before, during and after the deployment. Zoom out to see more.',
    missing: 'No alert fired in the time span shown.',
    unit: 'none',
    width: 24,
    height: 5,
    queries: [range(alerts(), { legend: '{{alertname}} {{environment}} {{service}} {{stage}}' })],
    mappings: codeMapping({ firing: 1 }, (name) => ({ text: name, color: colour.bad })),
    legend: false,
  });

const others = () =>
  tablePanel({
    title: 'Other deployments within the hour',
    noData: 'No other deployments',
    description:
      'Deployments that started at most an hour before or after this one, of every environment and service, wherever the time span lies; how each had ended five hours later. Two that change the same thing at once are a reason to look at both.',
    missing: 'No other deployment started within an hour of this one.',
    unit: 'none',
    width: 16,
    queries: [
      table(nearby.started(), { refId: 'Started' }),
      table(cell(nearby.outcome(), 'service'), { refId: 'Outcome' }),
      table(nearby.from(), { refId: 'From' }),
      table(nearby.to(), { refId: 'To' }),
    ],
    transformations: [
      { id: 'merge', options: {} },
      {
        id: 'organize',
        options: {
          excludeByName: { Time: true },
          indexByName: {
            'Value #Started': 0,
            environment: 1,
            service: 2,
            'Value #Outcome': 3,
            deployment_id: 4,
            'Value #From': 5,
            'Value #To': 6,
          },
          renameByName: {
            'Value #Started': 'Started',
            environment: 'Environment',
            deployment_id: 'Deployment',
            service: 'Service',
            'Value #Outcome': 'Outcome',
            'Value #From': 'From',
            'Value #To': 'To',
          },
        },
      },
    ],
    overrides: [
      { name: 'Started', unit: 'dateTimeAsIso', custom: { width: 170 } },
      {
        name: 'Outcome',
        mappings: outcomeMappings,
        custom: { cellOptions: { type: 'color-text' } },
      },
      {
        name: 'Deployment',
        unit: 'string',
        links: [{ title: 'Look at that one, on its own time span', url: troubleshootRow }],
      },
      hiddenColumn('From'),
      hiddenColumn('To'),
    ],
    sortBy: { column: 'Started', descending: true },
  });

/** What went wrong, where else, and what else happened then. */
export const errors: RowDefinition = {
  title: 'Error details',
  height: 7,
  panels: [errorTable(), byType(), services(), others(), firing()],
  source: import.meta.url,
};
