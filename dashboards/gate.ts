import {
  barGauge,
  colour,
  gateMappings,
  graded,
  hindsightMappings,
  instant,
  outcomeMappings,
  type PanelDefinition,
  type RowDefinition,
  table,
  tablePanel,
  troubleshootCell,
} from '../src/dashboards/index.ts';
import type { LabelName, MetricName, Vector } from '../src/metrics/index.ts';
import * as queries from './gate-queries.ts';

/** The gate's answers: of one deployment, and of a month, for a team that thinks of letting it decide. */

const columns = {
  'Value #Asked': 'When',
  deployment_id: 'Deployment',
  gate: 'Question: may it …',
  'Value #Answer': 'Answer',
  checks: 'Decided by',
  message: 'Found',
  'Value #Outcome': 'Outcome',
  'Value #Hindsight': 'In the end',
  environment: 'Environment',
} as const;

/** How columns look that both tables have. */
const looks = [
  { name: columns['Value #Asked'], unit: 'dateTimeAsIso' as const, custom: { width: 165 } },
  { name: columns.gate, custom: { width: 130 } },
  {
    name: columns['Value #Answer'],
    mappings: gateMappings,
    custom: { cellOptions: { type: 'color-text' }, width: 165, align: 'left' },
  },
  { name: columns.checks, custom: { width: 165, wrapText: true } },
  { name: columns.message, custom: { wrapText: true } },
  {
    name: columns['Value #Hindsight'],
    mappings: hindsightMappings,
    custom: { cellOptions: { type: 'color-text' }, width: 205, align: 'left' },
  },
];

const shownOf = (without: readonly string[]) =>
  Object.entries(columns).filter(([name]) => !without.includes(name));
const organize = (...without: (keyof typeof columns)[]) => [
  { id: 'merge', options: {} },
  {
    id: 'organize',
    options: {
      excludeByName: {
        Time: true,
        ...(without.includes('environment') && { environment: true, deployment_id: true }),
      },
      indexByName: Object.fromEntries(shownOf(without).map(([name], i) => [name, i])),
      renameByName: Object.fromEntries(shownOf(without)),
    },
  },
];

const recorded =
  '`record.mjs gate` emits its answers; `record.mjs gate --shadow` answers without refusing anything.';
const judged =
  'In the end: an answer of shadow mode was right if the deployment went wrong (failed, was rolled back or abandoned), and a false alarm if it succeeded; a pass missed what went wrong. A refusal in earnest makes the outcome, so that it proves nothing.';

/** Answers to one deployment. */
export const gateAnswers = (
  read: <M extends MetricName>(name: M) => Vector<LabelName<M>>,
): PanelDefinition => {
  const { asked, verdict, hindsight } = queries.answers(read);
  return tablePanel({
    title: 'Gate',
    noData: 'Not asked',
    description: `What the gate answered: may it be deployed, may it stay; which checks decided, and what they found. ${judged}`,
    missing: `The gate was not asked about this deployment. ${recorded}`,
    unit: 'string',
    width: 24,
    height: 4,
    queries: [
      table(asked, { refId: 'Asked' }),
      table(verdict, { refId: 'Answer' }),
      table(hindsight, { refId: 'Hindsight' }),
    ],
    transformations: organize('environment', 'deployment_id', 'Value #Outcome'),
    overrides: looks,
    sortBy: { column: columns['Value #Asked'] },
  });
};

const counts = () =>
  barGauge({
    title: 'Refused, and missed',
    noData: 'None',
    description: `Deployments of the 30 days up to the end of the time span that the gate refused, would have refused, or should have. ${judged}`,
    missing: `The gate refused and missed nothing in 30 days. ${recorded}`,
    unit: 'short',
    decimals: 0,
    min: 0,
    width: 7,
    nameAbove: true,
    queries: [
      instant(queries.counted('right'), {
        legend: '{{environment}}: would have refused a bad one',
        refId: 'Right',
      }),
      instant(queries.counted('false_alarm'), {
        legend: '{{environment}}: would have refused a good one',
        refId: 'FalseAlarm',
      }),
      instant(queries.counted('missed'), { legend: '{{environment}}: passed a bad one', refId: 'Missed' }),
      instant(queries.counted('refused'), {
        legend: '{{environment}}: refused in earnest',
        refId: 'Refused',
      }),
    ],
    overrides: [
      { name: 'FalseAlarm', query: true, thresholds: graded(0, colour.good, [1, colour.warning]) },
      { name: 'Missed', query: true, thresholds: graded(0, colour.good, [1, colour.bad]) },
    ],
    thresholds: graded(0, colour.neutral),
  });

const noteworthy = () =>
  tablePanel({
    title: 'Deployments refused or missed',
    noData: 'None',
    description: `Deployments that the gate refused, would have refused, or should have: its answers of the 30 days up to the end of the time span, newest first, with the outcome of the deployment. Begin with \`gate --shadow\`; when it raises no false alarms here, take the word out. ${judged}`,
    missing: `The gate refused and missed nothing in 30 days. ${recorded}`,
    unit: 'string',
    width: 17,
    queries: [
      table(queries.ofThirtyDays.asked(), { refId: 'Asked' }),
      table(queries.ofThirtyDays.outcome(), { refId: 'Outcome' }),
      table(queries.ofThirtyDays.hindsight(), { refId: 'Hindsight' }),
    ],
    transformations: organize('Value #Answer'),
    overrides: [
      ...looks.filter(({ name }) => name !== columns['Value #Answer']),
      {
        name: columns.deployment_id,
        links: [{ title: 'Why: stages, errors and what came after', url: troubleshootCell }],
        custom: { width: 105 },
      },
      {
        name: columns['Value #Outcome'],
        mappings: outcomeMappings,
        custom: { cellOptions: { type: 'color-text' }, width: 110, align: 'left' },
      },
      { name: columns.environment, custom: { width: 105 } },
    ],
    sortBy: { column: columns['Value #Asked'], descending: true },
  });

/** May the gate decide? */
export const gateRow: RowDefinition = {
  title: 'The gate: was it right?',
  height: 9,
  panels: [counts(), noteworthy()],
  source: import.meta.url,
};
