import type { Objective } from '../slo/index.ts';
import { type Block, type Cell, heading, list, paragraph, tableOr } from './blocks.ts';
import type { MonthlyReport, ReportedDeployment, ReportedObjective, ReportedStage } from './model.ts';

const number = new Intl.NumberFormat('en', { maximumFractionDigits: 2 });
const unknown = '–';

/** A share as percent with at most two decimals; never rounded up to a promise that was not kept. */
export const percent = (ratio: number | undefined): string =>
  ratio === undefined || Number.isNaN(ratio)
    ? unknown
    : `${number.format(Math.floor(Number((ratio * 10_000).toFixed(6))) / 100)} %`;

/** Seconds as people say them. */
export function span(seconds: number | undefined): string {
  if (seconds === undefined || Number.isNaN(seconds)) return unknown;
  if (seconds < 90) return `${number.format(seconds)} s`;
  if (seconds < 5_400) return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
  return seconds < 172_800 ? `${number.format(seconds / 3_600)} h` : `${number.format(seconds / 86_400)} d`;
}

const moment = (seconds: number): string =>
  `${new Date(seconds * 1000).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
const words = (name: string): string => name.replaceAll('_', ' ');
const money = (usd: number, currency: string): string =>
  new Intl.NumberFormat('en', { style: 'currency', currency }).format(usd);
const linked = (text: string, url: string): Cell => (/^https?:\/\//.test(url) ? { text, url } : text);

/** Inputs of a report beside its numbers. */
export interface ReportContext {
  readonly name: string;
  readonly currency: string;
  readonly objectives: readonly Pick<Objective, 'id' | 'title' | 'agreement'>[];
  /** Changes of the definitions in the month: one line a commit, newest first; undefined without git. */
  readonly changes: readonly string[] | undefined;
}

const verdict = (good: number | undefined, promised: number | undefined): string => {
  if (promised === undefined) return 'not promised';
  if (good === undefined) return 'nothing happened';
  return good >= promised - 1e-9 ? 'kept' : 'NOT KEPT';
};

function promises({ objectives }: MonthlyReport, { objectives: defined }: ReportContext): Block[] {
  const titleOf = (slo: string) => defined.find(({ id }) => id === slo)?.title ?? slo;
  const broken = objectives.filter(
    (o) => o.agreement !== undefined && verdict(o.agreementGood, o.agreement) === 'NOT KEPT',
  );
  const due = broken.map((o) => {
    const consequence =
      defined.find(({ id }) => id === o.slo)?.agreement?.consequence ?? 'The agreement is broken.';
    return `${titleOf(o.slo)} in ${o.environment}: ${percent(o.agreementGood)}, promised ${percent(o.agreement)}. ${consequence}`;
  });
  return [
    heading(2, 'Promises'),
    tableOr(
      ['objective', 'environment', 'measured', 'objective', 'verdict', 'SLA', 'SLA verdict', 'budget left'],
      objectives.map((o) => [
        titleOf(o.slo),
        o.environment,
        percent(o.good),
        percent(o.objective),
        verdict(o.good, o.objective),
        percent(o.agreement),
        verdict(o.agreementGood, o.agreement),
        percent(o.left),
      ]),
      'No objective was measured.',
    ),
    ...(due.length > 0
      ? [heading(3, 'Due'), list(due)]
      : [paragraph('No SLA was breached; nothing is due.')]),
  ];
}

const budgets = ({ objectives, month }: MonthlyReport, { objectives: defined }: ReportContext): Block[] => {
  const days = Math.round((month.to - month.from) / 86_400);
  const charts = objectives
    .filter(({ days: own }) => own.length > 0)
    .map(
      (o): Block => ({
        kind: 'chart',
        title: `${defined.find(({ id }) => id === o.slo)?.title ?? o.slo}, ${o.environment}`,
        points: o.days.map(([end, left]) => [Math.ceil((end - month.from) / 86_400), left] as const),
        days,
      }),
    );
  return charts.length === 0 ? [] : [heading(2, 'Error budget by day'), ...charts];
};

const cause = ({ outcome, rollbackReason, failures }: ReportedDeployment): string => {
  const why = failures.map(({ stage, message }) => (message === '' ? stage : `${stage}: ${message}`));
  const how = rollbackReason === undefined ? words(outcome) : `rolled back: ${words(rollbackReason)}`;
  return [how, ...why].join('; ');
};

/** When the month's budget was spent, environment by environment: at the end of these days. */
const frozenDays = ({ days }: ReportedObjective): number[] =>
  days.flatMap(([end, left]) => (left <= 1e-6 ? [end] : []));

function spenders({ deployments, objectives }: MonthlyReport): Block[] {
  const rows = deployments
    .filter(({ spent }) => spent > 0)
    .map((d): Cell[] => [
      moment(d.finished),
      d.environment,
      linked(d.id, d.runUrl),
      d.actor,
      number.format(d.spent),
      cause(d),
    ]);
  const reliability = objectives.filter(({ slo }) => slo === 'deployment-reliability');
  const freezes = reliability.flatMap((o) => {
    const days = frozenDays(o);
    if (days.length === 0) return [];
    const during = deployments.filter(
      (d) =>
        d.isHotfix &&
        d.environment === o.environment &&
        days.some((end) => d.finished <= end && d.finished > end - 86_400),
    );
    const hotfixes = during.length === 0 ? 'no hotfix' : `hotfixes ${during.map(({ id }) => id).join(', ')}`;
    return [
      `${o.environment}: frozen at the end of ${days.length} days from ${moment(days[0]!).slice(0, 10)} on; ${hotfixes}.`,
    ];
  });
  return [
    heading(2, 'What spent the budget'),
    tableOr(['finished', 'environment', 'deployment', 'by', 'spent', 'cause'], rows, 'Nothing was spent.'),
    heading(3, 'Freezes'),
    freezes.length === 0 ? paragraph('Risky changes were not frozen.') : list(freezes),
  ];
}

const doraRows: readonly (readonly [
  series: string,
  title: string,
  shown: (value: number | undefined) => string,
])[] = [
  ['environment:lead_time_seconds:p50', 'Change lead time (median)', span],
  [
    'environment:production_deployments:count',
    'Deployments that reached users',
    (v) => (v === undefined ? unknown : number.format(v)),
  ],
  ['environment:time_to_restore_seconds:p50', 'Failed deployment recovery time (median)', span],
  ['environment:change_failure:ratio', 'Change fail rate', percent],
  ['environment:rework:ratio', 'Deployment rework rate', percent],
];

const dora = ({ dora: now, doraBefore, environments }: MonthlyReport): Block[] => [
  heading(2, 'DORA'),
  paragraph('Over the thirty days to the end of the month, and of the month before.'),
  tableOr(
    ['environment', 'metric', 'this month', 'month before'],
    environments.flatMap((environment) =>
      doraRows.map(([series, title, shown]) => [
        environment,
        title,
        shown(now[environment]?.[series]),
        shown(doraBefore[environment]?.[series]),
      ]),
    ),
    'Nothing was deployed.',
  ),
];

const most = 10;
const stageName = ({ service, stage }: ReportedStage): string => `${service} ${stage}`;

const stages = ({ stages: all, flaky }: MonthlyReport): Block[] => {
  const slow = all
    .filter(({ p95 }) => p95 !== undefined)
    .sort((a, b) => b.p95! - a.p95!)
    .slice(0, most);
  // A stage that ran once and failed says nothing of its share.
  const failing = all
    .filter(({ failures, runs }) => failures > 0 && runs > 1)
    .sort((a, b) => b.failures / b.runs - a.failures / a.runs || b.failures - a.failures)
    .slice(0, most);
  return [
    heading(2, 'Stages'),
    tableOr(
      ['slowest', 'environment', 'median', 'p95'],
      slow.map((s) => [stageName(s), s.environment, span(s.p50), span(s.p95)]),
      'No stage succeeded in these thirty days.',
    ),
    tableOr(
      ['failed most', 'environment', 'failed', 'of runs', 'share'],
      failing.map((s) => [
        stageName(s),
        s.environment,
        number.format(s.failures),
        number.format(s.runs),
        percent(s.failures / s.runs),
      ]),
      'No stage failed that ran more than once this month.',
    ),
    tableOr(
      ['flaky: failed, and passed later at the same commit', 'environment', 'deployments', 'of all', 'lost'],
      flaky
        .slice(0, most)
        .map(({ name, environment, failures, deployments, lostSeconds }) => [
          name,
          environment,
          number.format(failures),
          percent(failures / deployments),
          span(lostSeconds),
        ]),
      'No stage and no smoke test failed and passed later at the same commit.',
    ),
  ];
};

const costs = ({ deployments, environments }: MonthlyReport, { currency }: ReportContext): Block[] => {
  const sum = (list: readonly ReportedDeployment[]): number =>
    list.reduce((total, { costUsd }) => total + costUsd, 0);
  const rows = environments.map((environment) => {
    const own = deployments.filter((d) => d.environment === environment);
    const wasted = own.filter(({ outcome }) => outcome !== 'success');
    return [environment, String(own.length), money(sum(own), currency), money(sum(wasted), currency)];
  });
  return [
    heading(2, 'Cost'),
    tableOr(
      ['environment', 'deployments', 'cost', 'of it for those that did not succeed'],
      rows,
      'Nothing was deployed.',
    ),
  ];
};

const alertVerdict = ({ right, false: wrong, unknown }: MonthlyReport['alerts'][number]): string =>
  [
    right > 0 && `${right} right`,
    wrong > 0 && `${wrong} FALSE`,
    unknown > 0 && `${unknown} about no deployment`,
  ]
    .filter(Boolean)
    .join(', ');

const alerts = ({ alerts: fired }: MonthlyReport): Block[] => [
  heading(2, 'Alerts that fired'),
  tableOr(
    ['alert', 'severity', 'environment', 'for', 'verdict'],
    fired.map((a) => [a.alert, a.severity, a.environment, span(a.seconds), alertVerdict(a)]),
    'None.',
  ),
];

const changes = ({ changes: lines }: ReportContext): Block[] => [
  heading(2, 'Changes of the definitions'),
  lines === undefined
    ? paragraph('Not known: this is no git checkout.')
    : lines.length === 0
      ? paragraph('None.')
      : list(lines),
];

function summary({ deployments, environments, month, at }: MonthlyReport, name: string): Block[] {
  const counted = deployments.filter(({ outcome }) => outcome !== 'cancelled');
  const good = counted.filter(({ outcome }) => outcome === 'success').length;
  const rate = counted.length === 0 ? '' : `, ${percent(good / counted.length)} of them successful`;
  const until = at < month.to - 1 ? ` It goes on: this is how it stood on ${moment(at)}.` : '';
  return [
    heading(1, `${name}: deployments in ${month.title}`),
    paragraph(
      counted.length === 0
        ? `No deployment finished in this month.${until}`
        : `${counted.length} deployments to ${environments.join(' and ')}${rate}.${until}`,
    ),
  ];
}

/** A month as a document. */
export const reportBlocks = (report: MonthlyReport, context: ReportContext): Block[] => [
  ...summary(report, context.name),
  ...promises(report, context),
  ...budgets(report, context),
  ...spenders(report),
  ...dora(report),
  ...stages(report),
  ...costs(report, context),
  ...alerts(report),
  ...changes(context),
];
