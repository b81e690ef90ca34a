import { markdownTable, table } from '../lib/terminal.ts';
import type { Past, Verdict } from './deployments.ts';

/** What is printed: the verdicts, and what nothing caught. */
export interface Report {
  readonly from: number;
  readonly to: number;
  readonly deployments: number;
  readonly bad: number;
  readonly alerts: readonly Verdict[];
  readonly missed: readonly Past[];
  /** Firings with the other definitions, by alert, when two are compared. */
  readonly before?: Readonly<Record<string, number>>;
}

const time = (seconds: number): string =>
  new Date(seconds * 1000).toISOString().slice(0, 16).replace('T', ' ');
const duration = (seconds: number): string =>
  seconds >= 3_600 ? `${(seconds / 3_600).toFixed(1)} h` : `${Math.round(seconds / 60)} min`;

function rows(report: Report): string[][] {
  const compared = report.before !== undefined;
  const header = [
    'alert',
    'severity',
    ...(compared ? ['before'] : []),
    'fired',
    'for',
    'false',
    'first',
    'deployments',
  ];
  const line = (v: Verdict): string[] => [
    v.alert,
    v.severity,
    ...(compared ? [String(report.before?.[v.alert] ?? 0)] : []),
    v.error ? 'error' : String(v.firings.length),
    v.firings.length > 0 ? duration(v.duration) : '',
    v.falsePositives.length > 0 ? String(v.falsePositives.length) : '',
    v.firings[0] ? time(v.firings[0].from) : '',
    v.error ??
      `${v.deployments.slice(0, 3).join(', ')}${v.deployments.length > 3 ? ` and ${v.deployments.length - 3} more` : ''}`,
  ];
  return [header, ...report.alerts.map(line)];
}

function words(report: Report): string[] {
  const falsePositives = report.alerts.reduce((sum, v) => sum + v.falsePositives.length, 0);
  return [
    `${time(report.from)} to ${time(report.to)} UTC: ${report.deployments} deployments, ${report.bad} of them bad.`,
    `${falsePositives} firings in which no deployment was bad; ${report.missed.length} bad deployments that nothing caught${report.missed.length > 0 ? `: ${report.missed.map((d) => `${d.id} (${d.environment})`).join(', ')}` : ''}.`,
  ];
}

/** For a terminal. */
export const text = (report: Report): string => [table(rows(report)), '', ...words(report)].join('\n');
/** For a pull request. */
export const markdown = (report: Report): string =>
  [...words(report), '', markdownTable(rows(report)), ''].join('\n');
