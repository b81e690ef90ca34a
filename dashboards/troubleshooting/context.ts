import {
  cell,
  codeMapping,
  colour,
  graded,
  hiddenColumn,
  instant,
  outcomeMappings,
  type RowDefinition,
  range,
  stat,
  table,
  tablePanel,
  troubleshootRow,
} from '../../src/dashboards/index.ts';
import { rollbackReasons } from '../../src/metrics/index.ts';
import { thresholds } from '../../src/pipeline/index.ts';
import { railwayLogs } from './config.ts';
import * as deployment from './queries/deployment.ts';
import { errorTimes } from './queries/errors.ts';
import { waitingSeconds } from './queries/waterfall.ts';

const noDeployment =
  'No deployment is chosen, or there is none. `record.mjs start` at the beginning of the pipeline emits the first.';

const outcome = () =>
  stat({
    title: 'Outcome',
    noData: 'No deployment',
    description: 'How the deployment ended, as the ledger decides it from everything that was reported.',
    missing: noDeployment,
    unit: 'none',
    width: 4,
    height: 4,
    queries: [instant(deployment.outcome(), { legend: '{{deployment_id}}' })],
    mappings: outcomeMappings,
    named: true,
  });

const duration = () =>
  stat({
    title: 'Time to deploy',
    noData: 'No deployment',
    description:
      'From the push to the finish, whatever the outcome; until now while it runs. The objective is ten minutes: yellow from five, red above ten.',
    missing: noDeployment,
    unit: 's',
    decimals: 1,
    width: 4,
    height: 4,
    queries: [instant(deployment.duration(), { legend: 'of 10 min' })],
    named: true,
    thresholds: graded(
      0,
      colour.good,
      [thresholds.timeToDeploy.warning, colour.warning],
      [thresholds.timeToDeploy.target, colour.bad],
    ),
  });

/** Bars of the waterfall and what is counted along them: one step a second, as long as that is not too many. */
export const stepsOfASecond = { interval: '1s', maxDataPoints: 2_000 } as const;

const waiting = () =>
  stat({
    title: 'Waiting',
    noData: 'None seen',
    description:
      'Time between push and finish in which no stage ran: queues, machines that start, people who approve. Counted second by second on spans up to half an hour, in coarser steps on longer ones. Only what lies in the time span shown is counted.',
    missing: 'Nothing waited in the time span shown, or the deployment is not in it: open its own time span.',
    unit: 's',
    decimals: 1,
    width: 3,
    height: 4,
    queries: [range(waitingSeconds(), { legend: 'no stage ran', interval: stepsOfASecond.interval })],
    maxDataPoints: stepsOfASecond.maxDataPoints,
    reducer: 'sum',
    thresholds: graded(0, colour.good, [60, colour.warning], [180, colour.bad]),
  });

const reasonTexts = codeMapping({ ...rollbackReasons, failed: deployment.rollbackFailed }, (name) => {
  if (name === 'none') return { text: 'no', color: colour.good };
  if (name === 'failed') return { text: 'tried, and failed', color: colour.bad };
  return { text: `yes: ${name.replaceAll('_', ' ')}`, color: colour.warning };
});

const rollback = () =>
  stat({
    title: 'Rolled back',
    noData: 'No deployment',
    description: 'Whether it was rolled back, and why; or that this was tried and failed.',
    missing: noDeployment,
    unit: 'none',
    width: 4,
    height: 4,
    queries: [instant(deployment.rollback(), { legend: 'rollback' })],
    mappings: reasonTexts,
  });

/** What links of a list of errors need and nobody reads. */
export const log = [{ title: 'Its log', url: '${__data.fields.log_url}', newTab: true }];

const failedStages = () =>
  tablePanel({
    title: 'What failed',
    noData: 'No deployment',
    description:
      'Stages and smoke tests that failed, with what they said. A row opens the log. The same with times is below, in "Error details".',
    missing: 'Nothing failed.',
    unit: 'none',
    width: 9,
    height: 4,
    queries: [table(errorTimes(), { refId: 'Error' })],
    transformations: [
      {
        id: 'organize',
        options: {
          excludeByName: {
            Time: true,
            service: true,
            stage: true,
            test_name: true,
            Value: true,
          },
          indexByName: { name: 0, error_type: 1, message: 2, log_url: 3 },
          renameByName: { name: 'Stage', error_type: 'Error', message: 'Message' },
        },
      },
    ],
    links: log,
    overrides: [
      { name: 'Stage', custom: { width: 150 } },
      { name: 'Error', custom: { width: 150 } },
      hiddenColumn('log_url'),
    ],
  });

/** From left to right; what only links need comes last, hidden. */
const shown = {
  deployment_id: 'Deployment',
  branch: 'Branch',
  short: 'Commit',
  version: 'Version',
  actor: 'Who',
  'Value #Triggered': 'Triggered',
  'Value #Started': 'Started',
  'Value #Finished': 'Finished',
  'Value #Rollback': 'Rollback',
  'Value #Budget': 'Budget spent',
  'Value #Cost': 'Cost',
  logs: 'Logs',
} as const;
const hidden = ['Environment', 'commit', 'run_url', 'repository_url', 'From', 'To'] as const;

const ownSpan = { title: 'Show the time span of this deployment', url: troubleshootRow };
const run = { title: 'The run in CI', url: '${__data.fields.run_url}', newTab: true };
const commit = {
  title: 'The commit',
  url: '${__data.fields.repository_url}/commit/${__data.fields.commit}',
  newTab: true,
};
const railway = { title: railwayLogs.title, url: railwayLogs.url, newTab: true };

const facts = () =>
  tablePanel({
    title: 'Facts',
    noData: 'No deployment',
    description:
      'What was deployed, by whom and when. The id opens the time span of the deployment, or its run in CI; the commit opens the commit.',
    missing: noDeployment,
    unit: 'none',
    width: 24,
    height: 4,
    queries: [
      table(deployment.labelledInfo(), { refId: 'Info' }),
      table(deployment.triggeredMs(), { refId: 'Triggered' }),
      table(deployment.startedMs(), { refId: 'Started' }),
      table(deployment.finishedMs(), { refId: 'Finished' }),
      table(cell(deployment.rollback()), { refId: 'Rollback' }),
      table(cell(deployment.budgetSpent()), { refId: 'Budget' }),
      table(cell(deployment.cost()), { refId: 'Cost' }),
      table(deployment.from(), { refId: 'From' }),
      table(deployment.to(), { refId: 'To' }),
    ],
    transformations: [
      { id: 'merge', options: {} },
      {
        id: 'organize',
        options: {
          excludeByName: { Time: true, 'Value #Info': true },
          indexByName: Object.fromEntries(
            [
              ...Object.keys(shown),
              'environment',
              'commit',
              'run_url',
              'repository_url',
              'Value #From',
              'Value #To',
            ].map((name, index) => [name, index]),
          ),
          renameByName: { ...shown, environment: 'Environment', 'Value #From': 'From', 'Value #To': 'To' },
        },
      },
    ],
    overrides: [
      { name: 'Deployment', unit: 'string', links: [ownSpan, run], custom: { width: 150 } },
      { name: 'Commit', unit: 'string', links: [commit], custom: { width: 90 } },
      ...['Triggered', 'Started', 'Finished'].map((name) => ({
        name,
        unit: 'dateTimeAsIso' as const,
        missing: 'not yet',
        custom: { width: 165 },
      })),
      { name: 'Rollback', mappings: reasonTexts, custom: { width: 170 } },
      { name: 'Budget spent', unit: 'short', decimals: 1, custom: { width: 110 } },
      { name: 'Cost', unit: 'currencyUSD', decimals: 2, custom: { width: 80 } },
      { name: 'Logs', links: [railway], custom: { width: 110 } },
      ...hidden.map(hiddenColumn),
    ],
  });

/** Which deployment, how it ended, how long it took, whether it was rolled back, and what failed: the first look. */
export const context: RowDefinition = {
  title: 'Context',
  height: 4,
  panels: [outcome(), duration(), waiting(), rollback(), failedStages(), facts()],
  source: import.meta.url,
};
