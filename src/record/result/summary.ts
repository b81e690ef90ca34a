import { codeSpan, oneLine } from '../../lib/sanitize.ts';
import { carried } from '../pipeline.ts';
import { formatSeconds } from '../time.ts';
import type { CheckResult, DeploymentResult, StageResult } from './model.ts';
import {
  address,
  budgetText,
  failures,
  inTime,
  links,
  percent,
  signs,
  spaced,
  stageSeconds,
  verdict,
} from './words.ts';

/** More of one kind are counted, not shown: the runner takes a megabyte. */
const mostRows = 100;
const barWidth = 40;
const nameWidth = 32;

const code = (text: string): string => codeSpan(text.slice(0, 300)) || '–';
const linked = (text: string, url: string | undefined): string => {
  const usable = address(url);
  return usable === undefined ? text : `[${text}](${usable})`;
};
/** A bar ends a cell, also in code, unless exactly one backslash stands before it. */
const cell = (text: string): string => text.replace(/\\*\|/g, '\\|').replaceAll('\n', ' ');
const row = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  if (rows.length === 0) return [];
  const more = rows.length - mostRows;
  return [
    row(head),
    row(head.map(() => '---')),
    ...rows.slice(0, mostRows).map(row),
    ...(more > 0 ? ['', `and ${more} more`] : []),
    '',
  ];
}

/** The verdict in one line. */
export function headline(result: DeploymentResult): string {
  const { id, environment, actor, version, outcome } = result;
  const who = actor === '' ? '' : `, started by ${code(actor)}`;
  const what = version === '' ? '' : `, version ${code(version)}`;
  return `${signs[outcome]} **Deployment ${linked(code(id), result.runUrl)} to ${code(environment)} ${verdict(result)}**${inTime(result)}${who}${what}.`;
}

interface Bar {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly note: string;
}

const stageNote = (stage: StageResult): string => {
  const seconds = stageSeconds(stage);
  const time = seconds === undefined ? '' : formatSeconds(seconds);
  const usual =
    stage.p95 === undefined || seconds === undefined || stage.status !== 'success'
      ? ''
      : seconds > stage.p95
        ? `over its p95 of ${formatSeconds(stage.p95)}`
        : `p95 ${formatSeconds(stage.p95)}`;
  const state = stage.status === 'success' ? '' : stage.status.toUpperCase();
  return [time, state, usual].filter(Boolean).join(', ');
};

function barsOf(result: DeploymentResult): Bar[] {
  const { triggered, started, finished, stages } = result;
  const end = finished ?? Math.max(0, ...stages.flatMap((stage) => stage.finished ?? stage.started ?? []));
  const queue =
    triggered !== undefined && started !== undefined && started > triggered
      ? [{ name: 'queue', from: triggered, to: started, note: formatSeconds(started - triggered) }]
      : [];
  return [
    ...queue,
    ...stages.slice(0, mostRows).flatMap((stage) => {
      const from = stage.started ?? stage.finished;
      return from === undefined
        ? []
        : [{ name: stage.name, from, to: stage.finished ?? Math.max(from, end), note: stageNote(stage) }];
    }),
  ];
}

/** The waterfall as text. */
export function waterfall(result: DeploymentResult): string[] {
  const bars = barsOf(result);
  if (bars.length === 0) return [];
  const first = Math.min(...bars.map(({ from }) => from));
  const last = Math.max(...bars.map(({ to }) => to), first + 1);
  const column = (time: number): number => Math.round(((time - first) / (last - first)) * barWidth);
  const names = bars.map(({ name }) => [...oneLine(name)].slice(0, nameWidth).join(''));
  const width = Math.max(...names.map((name) => name.length));
  const lines = bars.map(({ from, to, note }, i) => {
    const begin = Math.min(column(from), barWidth - 1);
    const length = Math.max(1, column(to) - begin);
    const bar = `${' '.repeat(begin)}${'█'.repeat(length)}`.padEnd(barWidth);
    return `${names[i]!.padEnd(width)}  ${bar}  ${note}`.trimEnd();
  });
  const fence = '`'.repeat(Math.max(3, ...lines.map((line) => (/`+/.exec(line)?.[0].length ?? 0) + 1)));
  const hidden = result.stages.length - mostRows;
  return [fence, ...lines, fence, ...(hidden > 0 ? [`and ${hidden} more stages`] : []), ''];
}

function failed(result: DeploymentResult): string[] {
  const all = failures(result);
  if (all.length === 0) return [];
  return [
    '### What failed',
    '',
    ...all.slice(0, mostRows).map(({ what, type, message, url }) => {
      const why = [type && spaced(type), message && code(message)].filter(Boolean).join(': ');
      const log = address(url);
      return `- ${code(what)}${why && ` – ${why}`}${log ? ` – [its last lines](${log})` : ''}`;
    }),
    ...(all.length > mostRows ? [`- and ${all.length - mostRows} more`] : []),
    '',
  ];
}

const checkRow = (kind: string, { name, passed, seconds, note }: CheckResult): string[] => [
  kind,
  code(name),
  passed ? 'passed' : '**failed**',
  [seconds === undefined ? '' : formatSeconds(seconds), note === undefined ? '' : code(note)]
    .filter(Boolean)
    .join(', '),
];

const checks = ({ health, smokeTests, migrations }: DeploymentResult): string[] =>
  table(
    ['check', 'of', 'result', ''],
    [
      ...health.map(({ service, passed, checks: made, errorRate }) => [
        'health',
        code(service),
        passed === made ? `${passed} of ${made}` : `**${passed} of ${made}**`,
        errorRate === undefined ? '' : `${percent(errorRate)} errors in the first minutes`,
      ]),
      ...smokeTests.map((test) => checkRow('smoke test', test)),
      ...migrations.map((migration) => checkRow('migration', migration)),
    ],
  );

const gates = ({ gates: asked }: DeploymentResult): string[] =>
  table(
    ['gate', 'verdict', 'decided by', 'found'],
    asked.map(({ gate, verdict: answer, checks: by, message }) => [
      code(gate),
      spaced(answer),
      by === '' ? '' : code(by),
      message === '' ? '' : code(message),
    ]),
  );

function facts(result: DeploymentResult): string[] {
  const { costs, rollback } = result;
  const { currency } = carried().cost;
  const money = (amount: number): string => `${amount.toFixed(2)} ${currency}`;
  const total = costs.reduce((sum, { amount }) => sum + amount, 0);
  const budget = budgetText(result);
  return [
    ...(rollback
      ? [`- Rolled back${rollback.to ? ` to ${code(rollback.to)}` : ''}: ${code(spaced(rollback.reason))}`]
      : []),
    ...(budget ? [`- Error budget: ${budget}`] : []),
    ...(costs.length > 0
      ? [
          `- Cost: ${money(total)} (${costs
            .slice(0, mostRows)
            .map(({ resource, amount }) => `${code(resource)} ${money(amount)}`)
            .join(', ')})`,
        ]
      : []),
  ];
}

/** The whole deployment for the summary page of its run: Markdown, in which nothing of others is markup. */
export function summary(result: DeploymentResult): string {
  const followed = links(result).map(({ title, url }) => `[${title}](${url})`);
  const list = facts(result);
  return [
    '## Deployment',
    '',
    headline(result),
    '',
    ...waterfall(result),
    ...failed(result),
    ...checks(result),
    ...gates(result),
    ...list,
    ...(list.length > 0 ? [''] : []),
    ...(result.unknown.length > 0
      ? ['Not known:', '', ...result.unknown.slice(0, mostRows).map((why) => `- ${code(why)}`), '']
      : []),
    ...(followed.length > 0 ? [followed.join(' · '), ''] : []),
    '',
  ].join('\n');
}
