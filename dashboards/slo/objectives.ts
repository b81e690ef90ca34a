import {
  codeMapping,
  colour,
  graded,
  instant,
  type RowDefinition,
  stat,
  table,
  tablePanel,
} from '../../src/dashboards/index.ts';
import { sentence, spokenCount, spokenDigits } from '../../src/lib/spoken.ts';
import type { Pipeline } from '../../src/pipeline/index.ts';
import * as queries from './queries.ts';

const ratio = (name: string, width: number) => ({
  name,
  unit: 'percentunit' as const,
  decimals: 2,
  custom: { width },
});
const left = (name: string, half: number) => ({
  name,
  unit: 'percentunit' as const,
  decimals: 0,
  thresholds: graded(-1_000_000, colour.bad, [0.000001, colour.neutral], [half, colour.good]),
  custom: { cellOptions: { type: 'color-text' }, width: 120 },
});

/** Queries in the order of the table's columns: reference and heading. */
const columns = {
  Objective: queries.objectives.objective,
  Now: queries.objectives.good,
  Kept: queries.objectives.kept,
  Events: queries.objectives.events,
  Bad: queries.objectives.bad,
  Left: queries.objectives.left,
  SLA: queries.objectives.agreement,
  'SLA now': queries.objectives.agreementGood,
  'SLA left': queries.objectives.agreementLeft,
} as const;
const reference = (name: string): string => name.replaceAll(' ', '');

const keptMappings = codeMapping({ missed: 0, kept: 1 }, (name) =>
  name === 'kept' ? { text: '✓ kept', color: colour.good } : { text: '✗ missed', color: colour.bad },
);

const objectives = ({ targets }: Pipeline) =>
  tablePanel({
    title: 'Objectives',
    noData: 'No deployments this month',
    description:
      'Each SLO in this calendar month (UTC): the objective, the share of events that was good so far, how many events there were and how many were bad, and how much of the error budget is left. Below 0 it is overspent. "Kept" compares the share with the objective; the colour of "Left" is that of the budget, which a deployment rolled back for its health spends only half of. The same for what was promised (SLA), which may judge more mildly: the promise, the share that kept it so far, and how much of what it allows is left. Empty where nothing was promised.',
    missing:
      'No deployment finished this month. `record.mjs finish` emits what SLOs are made of; a new month begins without any.',
    unit: 'none',
    width: 24,
    queries: Object.entries(columns).map(([name, query]) => table(query(), { refId: reference(name) })),
    transformations: [
      { id: 'merge', options: {} },
      {
        id: 'organize',
        options: {
          excludeByName: { Time: true },
          indexByName: Object.fromEntries(
            ['slo', 'environment', ...Object.keys(columns).map((name) => `Value #${reference(name)}`)].map(
              (name, i) => [name, i],
            ),
          ),
          renameByName: {
            slo: 'SLO',
            environment: 'Environment',
            ...Object.fromEntries(Object.keys(columns).map((name) => [`Value #${reference(name)}`, name])),
          },
        },
      },
    ],
    overrides: [
      { name: 'SLO', custom: { minWidth: 190 } },
      ratio('Objective', 110),
      ratio('Now', 100),
      {
        name: 'Kept',
        mappings: keptMappings,
        custom: { cellOptions: { type: 'color-text' }, width: 90, align: 'left' },
      },
      { name: 'Events', decimals: 0, custom: { width: 90 } },
      { name: 'Bad', decimals: 0, custom: { width: 90 } },
      left('Left', targets.budget.half),
      ratio('SLA', 110),
      ratio('SLA now', 110),
      left('SLA left', targets.budget.half),
    ],
    sortBy: { column: 'SLO' },
  });

const frozen = () =>
  stat({
    title: 'Risky changes',
    noData: 'No deployments known',
    description:
      'Frozen while no error budget of deployment reliability is left: only hotfixes are deployed, the gate refuses the rest, until the first of the next month.',
    missing: 'No deployment finished this month.',
    unit: 'none',
    width: 6,
    queries: [instant(queries.frozen(), { legend: '{{environment}}' })],
    mappings: [
      {
        type: 'value',
        options: {
          '0': { text: 'allowed', color: colour.good, index: 0 },
          '1': { text: 'frozen', color: colour.bad, index: 1 },
        },
      } as never,
    ],
  });

const escalating = ({ targets }: Pipeline) =>
  stat({
    title: 'Slow deployments of the week',
    noData: 'No data',
    description: `Deployments of the last seven days that took more than ${spokenDigits(targets.timeToDeploy.escalationSeconds)}. ${sentence(spokenCount(targets.timeToDeploy.escalationDeployments))} or more are escalated.`,
    missing: `No deployment was slower than ${spokenDigits(targets.timeToDeploy.escalationSeconds)} in the last seven days.`,
    unit: 'none',
    width: 6,
    queries: [instant(queries.escalating(), { legend: '{{environment}}' })],
    thresholds: graded(
      0,
      colour.good,
      [1, colour.warning],
      [targets.timeToDeploy.escalationDeployments, colour.bad],
    ),
  });

const exhausted = () =>
  stat({
    title: 'Budget spent by',
    noData: 'No deployments known',
    description:
      'When the budget of deployment reliability will be spent, if the coming days of this month are like the last seven; or that it is spent already, or lasts.',
    missing: 'No deployment finished this month.',
    unit: 'dateTimeFromNow',
    width: 12,
    queries: [instant(queries.spentBy(), { legend: '{{environment}}' })],
    named: true,
    mappings: codeMapping(queries.spentStates, (name) =>
      name === 'spent'
        ? { text: 'spent already', color: colour.bad }
        : { text: 'lasts this month', color: colour.good },
    ),
    thresholds: graded(0, colour.warning),
  });

/** Where each SLO stands, and what follows from it. */
export const objectivesRow = (pipeline: Pipeline): RowDefinition => ({
  title: 'Where we stand this month',
  height: 8,
  panels: [
    objectives(pipeline),
    { ...frozen(), height: 5 },
    { ...escalating(pipeline), height: 5 },
    { ...exhausted(), height: 5 },
  ],
  source: import.meta.url,
});
