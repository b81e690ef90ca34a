import { uids } from '../../src/dashboards/links.ts';
import { isNight } from '../nightly.ts';
import type { moments } from './stage.ts';

/** A state of a dashboard. */
export interface State {
  readonly name: string;
  readonly dashboard: string;
  readonly moment: keyof typeof moments;
  /** The address's query. */
  readonly search: string;
}

/** How a state is looked at. */
export interface Look {
  /** CSS pixels. */
  readonly width: number;
  readonly theme: 'light' | 'dark';
}
const first: Look = { width: 1_440, theme: 'dark' };
const others: readonly Look[] = [
  { width: 390, theme: 'light' },
  { width: 390, theme: 'dark' },
  { width: 1_440, theme: 'light' },
  { width: 1_920, theme: 'dark' },
];
/** States with the most colours and the longest texts: by day, the others are looked at on one screen alone. */
const varied = ['rolled back', 'long texts'];
/** Looks at a state, that of the design first. */
export const looksAt = ({ name }: State): readonly Look[] => {
  if (isNight) return [first, ...others];
  return varied.includes(name) ? [first, ...others.filter(({ theme }) => theme === 'light')] : [first];
};

type Row = readonly [name: string, moment: keyof typeof moments, search?: string];
const of = (dashboard: keyof typeof uids, rows: readonly Row[]): State[] =>
  rows.map(([name, moment, search = '']) => ({ name, moment, search, dashboard: uids[dashboard] }));
const about = (id: string): string => `var-environment=production&var-deployment=${id}`;

/** Every state in which a dashboard is looked at. */
export const states: readonly State[] = [
  ...of('overview', [
    ['nothing recorded', 'nothing'],
    ['all good', 'good'],
    ['running', 'running'],
    ['failed build', 'failedBuild'],
    ['rolled back', 'rolledBack'],
    ['budget spent', 'spent'],
    ['several environments', 'spent', 'var-environment=production&var-environment=staging'],
    ['long texts', 'longTexts'],
    ['gateway down', 'gatewayDown'],
    ['Prometheus restarted', 'restarted'],
    ['window empty', 'restarted', 'var-window=1h'],
    ['everything stale', 'stale'],
    ['environment unknown', 'good', 'var-environment=qa'],
  ]),
  ...of('troubleshooting', [
    ['nothing recorded', 'nothing'],
    ['all good', 'good', about('17000201')],
    ['running', 'running', about('17000202')],
    ['failed build', 'failedBuild', about('17000203')],
    ['rolled back', 'rolledBack', about('17000204')],
    ['yesterday’s', 'spent', about('17000120')],
    ['long texts', 'longTexts', about('17000220')],
    ['id unknown', 'good', about('4711')],
    ['gateway down', 'gatewayDown', about('17000220')],
    ['everything stale', 'stale', about('17000220')],
  ]),
  ...of('slo', [
    ['nothing recorded', 'nothing'],
    ['all good', 'good'],
    ['budget spent', 'spent'],
    ['several environments', 'spent', 'var-environment=production&var-environment=staging'],
    ['everything stale', 'stale'],
  ]),
  ...of('dora', [
    ['nothing recorded', 'nothing'],
    ['all good', 'good'],
    ['budget spent', 'spent'],
    ['several environments', 'spent', 'var-environment=production&var-environment=staging'],
    ['everything stale', 'stale'],
  ]),
];
