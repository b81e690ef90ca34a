import {
  barGauge,
  codeMapping,
  colour,
  graded,
  hiddenColumn,
  instant,
  outcomeMappings,
  ownSpan,
  type RowDefinition,
  range,
  stateTimeline,
  statusMappings,
  table,
  tablePanel,
  troubleshootRow,
} from '../../src/dashboards/index.ts';
import { gateAnswers } from '../gate.ts';
import { alerts, nearby, severityCodes } from './queries/around.ts';
import { fact } from './queries/deployment.ts';
import { affected, errorsByType } from './queries/errors.ts';

const byType = () =>
  barGauge({
    title: 'Errors by type',
    nameAbove: true,
    noData: 'None known',
    description: 'How many stages and smoke tests failed, by type of error.',
    missing: 'Nothing failed.',
    unit: 'short',
    decimals: 0,
    min: 0,
    width: 12,
    height: 5,
    queries: [instant(errorsByType(), { legend: '{{error_type}}' })],
    thresholds: graded(0, colour.good, [1, colour.bad]),
  });

const services = () =>
  tablePanel({
    title: 'Affected services',
    noData: 'None known',
    description:
      'What each service suffered: stages and health checks that failed, and how its rollback ended.',
    missing: 'No service is affected.',
    unit: 'none',
    decimals: 0,
    width: 12,
    height: 5,
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
        thresholds: graded(0, colour.good, [1, colour.neutral]),
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

const severityColours: Readonly<Record<string, string>> = {
  none: 'panel-bg',
  critical: colour.bad,
  high: 'semi-dark-orange',
  medium: colour.warning,
  info: colour.running,
};

const firing = () =>
  stateTimeline({
    title: 'Alerts around it',
    noData: 'Outside the chosen range',
    panelLinks: [{ title: 'Show the time span of this deployment', url: ownSpan }],
    description:
      'Alerts of this environment, or of none, that fired in the time span shown, before, during and after the deployment, by severity; and when none did. Zoom out to see more; the link above opens the time span of the deployment.',
    missing: 'The deployment lies outside of the time span shown: the link above opens its own.',
    unit: 'none',
    width: 24,
    height: 5,
    queries: [range(alerts(), { legend: '{{alertname}} {{service}} {{stage}}' })],
    mappings: codeMapping(severityCodes, (name) => ({
      text: name,
      color: severityColours[name] ?? colour.neutral,
    })),
    legend: false,
  });

const others = () =>
  tablePanel({
    title: 'Other deployments within the hour',
    noData: 'None known',
    description:
      'Deployments that started at most an hour before or after this one, of every environment and service, wherever the time span lies; how each had ended five hours later. Two that change the same thing at once are a reason to look at both.',
    missing: 'No other deployment started within an hour of this one.',
    unit: 'none',
    width: 24,
    height: 6,
    queries: [
      table(nearby.started(), { refId: 'Started' }),
      table(nearby.outcome(), { refId: 'Outcome' }),
      table(nearby.to(), { refId: 'To' }),
    ],
    transformations: [
      { id: 'merge', options: {} },
      // Each is opened a minute before its start.
      {
        id: 'calculateField',
        options: {
          mode: 'binary',
          binary: {
            left: { matcher: { id: 'byName', options: 'Value #Started' } },
            operator: '-',
            right: { fixed: '60000' },
          },
          alias: 'From',
        },
      },
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
            From: 5,
            'Value #To': 6,
          },
          renameByName: {
            'Value #Started': 'Started',
            environment: 'Environment',
            deployment_id: 'Deployment',
            service: 'Service',
            'Value #Outcome': 'Outcome',
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

/** Errors of the deployment, the same errors elsewhere, and other events of that time. */
export const errors: RowDefinition = {
  title: 'Error details',
  height: 7,
  panels: [byType(), services(), firing(), gateAnswers(fact), others()],
  source: import.meta.url,
};
