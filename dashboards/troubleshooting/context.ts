import { MappingType } from '@grafana/grafana-foundation-sdk/dashboard';
import {
  cell,
  codeMapping,
  colour,
  currencyUnit,
  graded,
  hiddenColumn,
  instant,
  openMapping,
  outcomeMappings,
  ownSpan,
  type RowDefinition,
  range,
  stat,
  table,
  tablePanel,
  troubleshootRow,
} from '../../src/dashboards/index.ts';
import { spoken } from '../../src/lib/spoken.ts';
import { rollbackReasons } from '../../src/metrics/index.ts';
import type { Pipeline } from '../../src/pipeline/index.ts';
import { hostedLogs } from './config.ts';
import * as deployment from './queries/deployment.ts';
import { errorTimes, firstFailure, verdict } from './queries/errors.ts';
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
    width: 5,
    queries: [instant(deployment.outcome(), { legend: '{{deployment_id}}' })],
    mappings: outcomeMappings,
    named: true,
  });

const duration = ({ targets }: Pipeline) =>
  stat({
    title: 'Time to deploy',
    noData: 'No deployment',
    description: `From the push to the finish, with any outcome; until now while it runs. The target is ${spoken(targets.timeToDeploy.seconds)}: yellow from ${spoken(targets.timeToDeploy.warningSeconds)}, red above the target. How long a deployment took that did not succeed is neither good nor bad.`,
    missing: noDeployment,
    unit: 'suffix:s',
    decimals: 0,
    width: 4,
    queries: [
      instant(deployment.duration('good'), { legend: `target ${targets.timeToDeploy.seconds} s` }),
      instant(deployment.duration('bad'), { legend: 'until it failed', refId: 'Bad' }),
    ],
    overrides: [{ name: 'Bad', query: true, thresholds: graded(0, colour.neutral) }],
    named: true,
    thresholds: graded(
      0,
      colour.good,
      [targets.timeToDeploy.warningSeconds, colour.warning],
      [targets.timeToDeploy.seconds, colour.bad],
    ),
  });

/** Bars of the waterfall and what is counted along them: one step a second, as long as that is not too many. */
export const stepsOfASecond = { interval: '1s', maxDataPoints: 2_000 } as const;

const waiting = () =>
  stat({
    title: 'Waiting',
    noData: 'Outside the chosen range',
    panelLinks: [{ title: 'Show the time span of this deployment', url: ownSpan }],
    description:
      'Time between push and finish in which no stage ran: queues, machines that start, people who approve. Counted second by second on spans up to half an hour, in coarser steps on longer ones. Only what lies in the time span shown is counted.',
    missing: 'The deployment lies outside of the time span shown: the link above opens its own.',
    unit: 'suffix:s',
    decimals: 0,
    width: 4,
    queries: [range(waitingSeconds(), { legend: 'no stage ran', interval: stepsOfASecond.interval })],
    maxDataPoints: stepsOfASecond.maxDataPoints,
    reducer: 'sum',
    thresholds: graded(0, colour.good, [60, colour.warning], [180, colour.bad]),
  });

const reasonTexts = codeMapping({ ...rollbackReasons, failed: deployment.rollbackFailed }, (name) => {
  if (name === 'none') return { text: 'no', color: colour.good };
  if (name === 'failed') return { text: 'tried, and failed', color: colour.bad };
  return { text: `yes: ${name.replaceAll('_', ' ')}`, color: colour.bad };
});

const rollback = () =>
  stat({
    title: 'Rolled back',
    noData: 'No deployment',
    description: 'Whether it was rolled back, and why; or that this was tried and failed.',
    missing: noDeployment,
    unit: 'none',
    width: 5,
    queries: [instant(deployment.rollback(), { legend: 'rollback' })],
    mappings: reasonTexts,
  });

const failedStage = () =>
  stat({
    title: 'Failed stage',
    noData: 'No deployment',
    description: 'The stage that failed first. The list below has everything that failed, with its messages.',
    missing: noDeployment,
    unit: 'string',
    width: 6,
    queries: [table(firstFailure())],
    field: 'name',
    mappings: [
      { type: MappingType.ValueToText, options: { none: { text: 'none', color: colour.neutral, index: 0 } } },
      {
        type: MappingType.RegexToText,
        options: { pattern: '^(.+)$', result: { text: '$1', color: colour.bad, index: 1 } },
      },
    ],
  });

const whatFailed = () =>
  tablePanel({
    title: 'What failed',
    noData: 'No deployment',
    description:
      'Every stage and smoke test that failed, in the order in which they did: type and message as reported, and a link to its log. Also stages that never reported their end, and runs that failed or fell silent without saying where. Of a deployment that did not fail, how it ended.',
    missing: noDeployment,
    unit: 'string',
    width: 24,
    height: 4,
    queries: [table(errorTimes(), { refId: 'Error' }), table(verdict(), { refId: 'Verdict' })],
    transformations: [
      { id: 'merge', options: {} },
      {
        id: 'organize',
        options: {
          excludeByName: { Time: true, 'Value #Verdict': true },
          indexByName: { name: 0, message: 1, error_type: 2, 'Value #Error': 3, log_url: 4 },
          renameByName: {
            'Value #Error': 'When',
            name: 'Stage',
            error_type: 'Error',
            message: 'Message',
            log_url: 'Log',
          },
        },
      },
    ],
    overrides: [
      { name: 'When', unit: 'dateTimeAsIso', custom: { width: 160 } },
      { name: 'Stage', custom: { width: 130, wrapText: true } },
      { name: 'Error', custom: { width: 170 } },
      { name: 'Message', custom: { minWidth: 215, wrapText: true } },
      {
        name: 'Log',
        mappings: [openMapping('open log')],
        links: [{ title: 'Open the log', url: '${__value.raw}', newTab: true }],
        custom: { width: 90 },
      },
    ],
    sortBy: { column: 'When' },
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
  'Value #Budget': 'Budget',
  'Value #Cost': 'Cost',
  run_url: 'Run',
  logs: 'Logs',
} as const;
const hidden = ['Environment', 'commit', 'repository_url', 'From', 'To'] as const;

const rowSpan = { title: 'Show the time span of this deployment', url: troubleshootRow };
const commit = {
  title: 'The commit',
  url: '${__data.fields.repository_url}/commit/${__data.fields.commit}',
  newTab: true,
};

const facts = (pipeline: Pipeline) =>
  tablePanel({
    title: 'Facts',
    noData: 'No deployment',
    description:
      'What was deployed, by whom and when. The id opens the time span of the deployment, "open" its run in CI; the commit opens the commit.',
    missing: noDeployment,
    unit: 'none',
    width: 24,
    height: 3,
    queries: [
      table(deployment.labelledInfo(), { refId: 'Info' }),
      table(deployment.triggeredMs(), { refId: 'Triggered' }),
      table(deployment.startedMs(), { refId: 'Started' }),
      table(deployment.finishedMs(), { refId: 'Finished' }),
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
      { name: 'Deployment', unit: 'string', links: [rowSpan], custom: { width: 110 } },
      { name: 'Commit', unit: 'string', links: [commit], custom: { width: 85 } },
      { name: 'Branch', unit: 'string', custom: { minWidth: 172 } },
      { name: 'Version', unit: 'string', custom: { minWidth: 172 } },
      { name: 'Who', unit: 'string', custom: { width: 105, wrapText: true } },
      ...['Triggered', 'Started', 'Finished'].map((name) => ({
        name,
        unit: 'dateTimeAsIso' as const,
        missing: 'not yet',
        custom: { width: 157 },
      })),
      { name: 'Budget', unit: 'none', decimals: 1, custom: { width: 75 } },
      { name: 'Cost', unit: currencyUnit, decimals: 2, custom: { width: 80 } },
      {
        name: 'Run',
        mappings: [openMapping('open')],
        links: [{ title: 'The run in CI', url: '${__value.raw}', newTab: true }],
        custom: { width: 65 },
      },
      {
        name: 'Logs',
        links: hostedLogs(pipeline).map((link) => ({ ...link, newTab: true })),
        custom: { width: 65 },
      },
      ...hidden.map(hiddenColumn),
    ],
  });

/** Which deployment, how it ended, how long it took, whether it was rolled back, and what failed: the first look. */
export const context = (pipeline: Pipeline): RowDefinition => ({
  title: 'Context',
  height: 3,
  panels: [
    outcome(),
    failedStage(),
    duration(pipeline),
    rollback(),
    waiting(),
    whatFailed(),
    facts(pipeline),
  ],
  source: import.meta.url,
});
