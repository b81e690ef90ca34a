import type { Points, ScrapedSeries } from './scrapes.ts';

/** An entry of `input_series` in a file for `promtool test rules`. */
export interface InputSeries {
  readonly series: string;
  readonly values: string;
}

const quote = (text: string): string =>
  `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;

/** A series as it is written in PromQL and in the exposition format: `name{label="value"}`. */
export function seriesText({ __name__: name = '', ...labels }: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([label, value]) => `${label}=${quote(value)}`);
  return pairs.length > 0 ? `${name}{${pairs.join(',')}}` : name;
}

/** promtool's shorthand: `_xN` stands for N points, `a+0xN` for N + 1. It has no exponents before 2.44. */
function notation({ point, count }: Points): string {
  if (point === 'nothing') return count === 1 ? '_' : `_x${count}`;
  if (point === 'stale') return Array<string>(count).fill('stale').join(' ');
  const text = decimal(point);
  return count === 1 ? text : `${text}+0x${count - 1}`;
}

const decimal = (value: number): string => {
  const text = String(value);
  return text.includes('e') ? value.toFixed(20).replace(/0+$/, '') : text;
};

/** The series for `promtool test rules`; its `interval` must be that of the scrapes, and its time 0 their first. */
export const inputSeries = ({ labels, points }: ScrapedSeries): InputSeries => {
  const last = points.at(-1);
  const told = last?.point === 'nothing' ? points.slice(0, -1) : points;
  return { series: seriesText(labels), values: told.map(notation).join(' ') };
};
