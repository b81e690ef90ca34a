import { markdownTable, table } from '../lib/terminal.ts';
import type { Firing } from '../simulator/index.ts';
import type { Verdict } from './classify.ts';
import type { Difference } from './compare.ts';
import type { Past } from './deployments.ts';

/** The printed result: a verdict for each alert, and the failures that no alert caught. */
export interface Report {
  readonly from: number;
  readonly to: number;
  readonly deployments: number;
  readonly bad: number;
  /** The alerts of this tree. */
  readonly alerts: readonly Verdict[];
  readonly missed: readonly Past[];
  /** The only alert that was replayed. */
  readonly only?: string;
  /** Differences from the alerts of a commit, when two are compared; also alerts that only it has. */
  readonly compared?: {
    readonly ref: string;
    readonly alerts: readonly Difference[];
    /** Bad deployments that its alerts did not catch. */
    readonly missed: readonly Past[];
  };
}

/** So many firings are listed; JSON has all of them. */
const most = 20;

const time = (seconds: number): string =>
  new Date(seconds * 1000).toISOString().slice(0, 16).replace('T', ' ');
const duration = (seconds: number): string =>
  seconds >= 3_600 ? `${(seconds / 3_600).toFixed(1)} h` : `${Math.round(seconds / 60)} min`;
const orEmpty = (count: number): string => (count > 0 ? String(count) : '');

/** The columns that a comparison adds: how often before, and how many firings appear and vanish. */
function comparedCells(difference: Difference | undefined): string[] {
  if (!difference) return ['', ''];
  const { state, before, error, appeared, vanished } = difference;
  const was = state === 'new' ? 'new' : before === undefined ? 'error' : String(before);
  const changes = [
    ...(appeared.length > 0 ? [`+${appeared.length}`] : []),
    ...(vanished.length > 0 ? [`-${vanished.length}`] : []),
  ];
  return [was, error === undefined ? changes.join(' ') : 'unknown'];
}

function rows(report: Report): string[][] {
  const { compared } = report;
  const own = new Map(compared?.alerts.map((difference) => [difference.alert, difference]));
  const header = ['alert', 'severity'];
  if (compared) header.push('before', 'changes');
  header.push('fired', 'for', 'false', 'unknown', 'first', 'deployments');
  const line = (v: Verdict): string[] => [
    v.alert,
    v.severity,
    ...(compared ? comparedCells(own.get(v.alert)) : []),
    v.error ? 'error' : String(v.firings.length),
    v.firings.length > 0 ? duration(v.duration) : '',
    orEmpty(v.falsePositives),
    orEmpty(v.unknown),
    v.firings[0] ? time(v.firings[0].from) : '',
    v.error ??
      `${v.deployments.slice(0, 3).join(', ')}${v.deployments.length > 3 ? ` and ${v.deployments.length - 3} more` : ''}`,
  ];
  const removed = (compared?.alerts ?? [])
    .filter(({ state }) => state === 'removed')
    .map((d) => [d.alert, '', ...comparedCells(d), 'removed', '', '', '', '', d.error ?? '']);
  return [header, ...report.alerts.map(line), ...removed];
}

const names = (deployments: readonly Past[]): string =>
  deployments.map((d) => `${d.id} (${d.environment})`).join(', ');
const listed = (count: string, deployments: readonly Past[]): string =>
  `${count}${deployments.length > 0 ? `: ${names(deployments)}` : ''}.`;

function firingText(sign: string, alert: string, { labels, from, to }: Firing): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}=${value}`);
  return `${sign} ${alert} ${time(from)} for ${duration(to - from)}${pairs.length > 0 ? ` (${pairs.join(', ')})` : ''}`;
}

/** Which firings appear and vanish, and what is caught no more or only now. */
function comparison({ compared, missed }: Report): string[] {
  if (!compared) return [];
  const all = compared.alerts.flatMap(({ alert, appeared, vanished }) => [
    ...appeared.map((firing) => ({ sign: '+', alert, firing })),
    ...vanished.map((firing) => ({ sign: '-', alert, firing })),
  ]);
  const lines = all.slice(0, most).map(({ sign, alert, firing }) => firingText(sign, alert, firing));
  if (all.length > most) lines.push(`and ${all.length - most} more: --json has all of them`);
  const lacking = (these: readonly Past[], those: readonly Past[]): Past[] =>
    these.filter((d) => !those.some((o) => o.id === d.id && o.environment === d.environment));
  const [lost, won] = [lacking(missed, compared.missed), lacking(compared.missed, missed)];
  return [
    `Compared with ${compared.ref}: ${all.length === 0 ? 'no firing appears or vanishes.' : 'firings that appear (+) and vanish (-):'}`,
    ...(lines.length > 0 ? ['', ...lines.map((line) => `    ${line}`), ''] : []),
    ...(lost.length > 0 ? [listed(`Bad deployments that are caught no more`, lost)] : []),
    ...(won.length > 0 ? [listed(`Bad deployments that are caught only now`, won)] : []),
  ];
}

/** Alerts of which nothing can be said. */
function errors({ alerts, compared }: Report): string[] {
  const before = (compared?.alerts ?? []).filter((d) => d.error !== undefined).map((d) => d.alert);
  const failed = [
    ...new Set([...alerts.filter((v) => v.error !== undefined).map((v) => v.alert), ...before]),
  ];
  return failed.length === 0
    ? []
    : [`These alerts could not be asked, and are in no number here: ${failed.join(', ')}.`];
}

function words(report: Report): string[] {
  const { missed, only } = report;
  const sum = (field: 'falsePositives' | 'unknown'): number =>
    report.alerts.reduce((total, v) => total + v[field], 0);
  return [
    `${time(report.from)} to ${time(report.to)} UTC: ${report.deployments} deployments, ${report.bad} of them bad.`,
    `In ${sum('falsePositives')} firings no deployment was bad; of ${sum('unknown')} it is not known.`,
    listed(
      `${missed.length} bad deployments that ${only === undefined ? 'nothing caught' : `${only} did not catch`}`,
      missed,
    ),
    ...errors(report),
  ];
}

/** For a terminal. */
export const text = (report: Report): string =>
  [table(rows(report)), '', ...words(report), ...comparison(report)].join('\n');
/** For a pull request. */
export const markdown = (report: Report): string =>
  [
    ...words(report).map((line) => `${line}\n`),
    markdownTable(rows(report)),
    '',
    ...comparison(report),
    '',
  ].join('\n');
