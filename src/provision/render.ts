import { codeSpan, mapTexts, oneLine, stripControls } from '../lib/sanitize.ts';
import { markdownTable, paint, table } from '../lib/terminal.ts';
import { counted } from '../lib/words.ts';
import {
  type Action,
  kept,
  leftAlone,
  nameOf,
  type Outcome,
  type Plan,
  type PlannedChange,
  toApply,
} from './model.ts';

const signs: Readonly<Record<Action, string>> = {
  create: '+',
  update: '~',
  adopt: '?',
  edited: '!',
  delete: '-',
  blocked: 'x',
  unhealthy: 'x',
  unchanged: '=',
};
const actionWords: Readonly<Record<Action, string>> = {
  create: 'create',
  update: 'update',
  adopt: 'adopt',
  edited: 'edited by hand',
  delete: 'delete',
  blocked: 'blocked',
  unhealthy: 'unhealthy',
  unchanged: 'unchanged',
};

const what = (change: PlannedChange): string =>
  change.title === change.id ? nameOf(change) : `${nameOf(change)} "${change.title}"`;

const detailsOf = (change: PlannedChange): string[] => [
  ...change.details,
  ...(change.needs ? [`left alone without ${change.needs}`] : []),
];

/** One sentence that sums a plan up. */
export function summary(plan: Plan): string {
  const unchanged = plan.changes.filter((c) => c.action === 'unchanged').length;
  const parts = [
    `${counted(toApply(plan).length, 'change')} to apply`,
    `${unchanged} unchanged`,
    ...(leftAlone(plan).length > 0 ? [`${leftAlone(plan).length} left alone`] : []),
    ...(kept(plan).length > 0 ? [`${kept(plan).length} no longer defined and kept (--prune deletes)`] : []),
  ];
  return `${parts.join(', ')}.`;
}

/** Whether there is anything to show but "unchanged". */
const shown = (plan: Plan): PlannedChange[] => plan.changes.filter((c) => c.action !== 'unchanged');

function header(plan: Plan): string[] {
  const environment = plan.environment ? ` to ${plan.environment}` : '';
  return [
    `Provision version ${plan.version}${environment}`,
    ...plan.destinations.map((d) => `  ${d.where}${d.how ? `: ${d.how}` : ''}`),
  ];
}

/** A plan as a person reads it on a terminal. */
export function planTable(made: Plan): string {
  const plan = mapTexts(made, oneLine);
  const rows = shown(plan).flatMap((change) => {
    const [first = '', ...more] = detailsOf(change);
    const action = `${signs[change.action]} ${actionWords[change.action]}`;
    return [[action, what(change), first], ...more.map((detail) => ['', '', detail])];
  });
  const body = rows.length > 0 ? ['', table([['action', 'object', 'what'], ...rows])] : [];
  const notes = plan.notes.map((note) => `note: ${note}`);
  return [...header(plan), ...body, '', ...notes, summary(plan)].join('\n');
}

/** Kind, name and title, the latter two as code: titles are written by everyone who may edit a dashboard. */
const markdownWhat = (change: PlannedChange): string =>
  [change.kind, codeSpan(change.id), change.title === change.id ? '' : codeSpan(change.title)]
    .filter((part) => part !== '')
    .join(' ');

const markdownLines = (lines: readonly string[]): string => lines.map(codeSpan).join('<br>');

/** A plan for a pull request or an issue. What others wrote in it is code, so that it only shows. */
export function planMarkdown(plan: Plan): string {
  const rows = shown(plan).map((change) => [
    actionWords[change.action],
    markdownWhat(change),
    markdownLines(detailsOf(change)),
  ]);
  const unchanged = plan.changes.filter((c) => c.action === 'unchanged');
  return [
    `### Provision version \`${plan.version}\`${plan.environment ? ` to ${codeSpan(plan.environment)}` : ''}`,
    '',
    ...plan.destinations.map((d) => `- ${codeSpan(`${d.where}${d.how ? `: ${d.how}` : ''}`)}`),
    '',
    summary(plan),
    ...(rows.length > 0 ? ['', markdownTable([['Action', 'Object', 'What'], ...rows])] : []),
    ...(plan.notes.length > 0 ? ['', ...plan.notes.map((note) => `- note: ${codeSpan(note)}`)] : []),
    ...(unchanged.length > 0
      ? [
          '',
          `<details><summary>${unchanged.length} unchanged</summary>`,
          '',
          ...unchanged.map((c) => `- ${c.kind} ${codeSpan(c.id)}`),
          '',
          '</details>',
        ]
      : []),
  ].join('\n');
}

const colours = {
  done: 'green',
  already: 'green',
  conflict: 'yellow',
  failed: 'red',
  unknown: 'red',
  'not done': 'yellow',
} as const;

/** Why a change ended as it did, or what else is to be known. */
const reasonOf = (outcome: Outcome): string =>
  'reason' in outcome
    ? outcome.reason
    : ((outcome.state === 'done' || outcome.state === 'already') && outcome.note) || '';

const outcomeRow = (outcome: Outcome): string[] => [
  outcome.state,
  `${actionWords[outcome.change.action]} ${what(outcome.change)}`,
  reasonOf(outcome),
];

/** True when everything that was to be applied is there. */
export const succeeded = (outcomes: readonly Outcome[]): boolean =>
  outcomes.every((o) => o.state === 'done' || o.state === 'already');

/** One sentence on how an apply ended. */
export function outcomeSummary(outcomes: readonly Outcome[]): string {
  const count = (state: Outcome['state']): number => outcomes.filter((o) => o.state === state).length;
  const parts = [
    `${count('done') + count('already')} of ${counted(outcomes.length, 'change')} applied`,
    ...(['conflict', 'failed', 'unknown', 'not done'] as const)
      .filter((state) => count(state) > 0)
      .map((state) => `${count(state)} ${state === 'conflict' ? 'changed meanwhile' : state}`),
  ];
  return `${parts.join(', ')}.${succeeded(outcomes) ? '' : ' Run it again to complete it.'}`;
}

/** Rows in which each reason is given once: rules are delivered together and fail together. */
function eachReasonOnce(rows: readonly (readonly string[])[]): string[][] {
  const seen = new Set<string>();
  return rows.map(([state = '', object = '', reason = '']) => {
    const again = seen.has(reason);
    seen.add(reason);
    return [state, object, again && reason !== '' ? 'for the same reason' : reason];
  });
}

/** Changes that went well, by action and kind: one line each for a few, one line together for many. */
function wellEnded(outcomes: readonly Outcome[]): string[][] {
  const well = outcomes.filter((o) => o.state === 'done' || o.state === 'already');
  const key = ({ state, change }: Outcome): string =>
    `${state}\n${actionWords[change.action]}\n${change.kind}`;
  return [...new Set(well.map(key))].flatMap((one) => {
    const alike = well.filter((o) => key(o) === one);
    if (alike.length <= 4) return alike.map(outcomeRow);
    const [state = '', action = '', kind = ''] = one.split('\n');
    return [[state, `${action} ${counted(alike.length, kind)}`, '']];
  });
}

/** How an apply ended, for a terminal. Reasons may have several lines. */
export function outcomeTable(ended: readonly Outcome[]): string {
  const outcomes = ended.map(({ change, ...rest }) => ({
    ...mapTexts(rest, stripControls),
    change: mapTexts(change, oneLine),
  })) as Outcome[];
  const badly = outcomes.filter((o) => o.state !== 'done' && o.state !== 'already');
  const rows = [...wellEnded(outcomes), ...eachReasonOnce(badly.map(outcomeRow))];
  const width = Math.max(0, ...rows.map(([, object = '']) => object.length));
  const lines = rows.map(([state = '', object = '', reason = '']) => {
    const colour = colours[state as Outcome['state']];
    const label = `${paint(state.padEnd(8), colour)}  ${object.padEnd(reason ? width : 0)}`;
    return reason ? `${label}  ${reason.replaceAll('\n', '\n      ')}` : label;
  });
  return [...lines, '', outcomeSummary(outcomes)].join('\n');
}

/** How an apply ended, in Markdown. */
export function outcomeMarkdown(outcomes: readonly Outcome[]): string {
  const rows = outcomes.map((outcome) => [
    outcome.state,
    `${actionWords[outcome.change.action]} ${markdownWhat(outcome.change)}`,
    markdownLines(reasonOf(outcome).split('\n')),
  ]);
  const table = markdownTable([['State', 'Change', 'Reason'], ...eachReasonOnce(rows)]);
  return [outcomeSummary(outcomes), '', table].join('\n');
}
