import type { Annotation } from './dashboard.ts';
import { legendText } from './frames.ts';
import type { Labels, QueryResult } from './query.ts';

/** A mark over the time axis: a moment, or a region when `end` is later than `start`. Unix milliseconds. */
export interface Mark {
  readonly start: number;
  readonly end: number;
  readonly title: string;
  readonly text: string;
  readonly tags: readonly string[];
  readonly color: string;
}

interface Run {
  readonly from: number;
  readonly to: number;
}

/** Consecutive steps with a value that is not zero are one event. */
function runs(values: readonly (number | null)[]): Run[] {
  const found: Run[] = [];
  values.forEach((value, i) => {
    if (value === null || value === 0 || Number.isNaN(value)) return;
    const last = found.at(-1);
    if (last && last.to === i - 1) found[found.length - 1] = { from: last.from, to: i };
    else found.push({ from: i, to: i });
  });
  return found;
}

const describe = (
  annotation: Annotation,
  labels: Labels,
): Pick<Mark, 'title' | 'text' | 'tags' | 'color'> => ({
  title: legendText(annotation.titleFormat ?? annotation.name, labels),
  text: legendText(annotation.textFormat ?? '', labels),
  tags: (annotation.tagKeys ?? '')
    .split(',')
    .map((key) => labels[key.trim()])
    .filter((tag): tag is string => tag !== undefined && tag !== ''),
  color: annotation.iconColor ?? '#00d3ff',
});

/** The marks of an annotation query. With `useValueForTime` each distinct value is itself a time in milliseconds. */
export function marksOf(annotation: Annotation, result: QueryResult): Mark[] {
  if (result.kind !== 'range') return [];
  const at = (step: number): number => (result.start + step * result.step) * 1_000;
  return result.series
    .flatMap(({ labels, values }) => {
      const words = describe(annotation, labels);
      if (annotation.useValueForTime && annotation.useValueForTime !== 'false') {
        const times = new Set(values.filter((v): v is number => v !== null && Number.isFinite(v) && v > 0));
        return [...times].map((time) => ({ ...words, start: time, end: time }));
      }
      return runs(values).map(({ from, to }) => ({ ...words, start: at(from), end: at(to) }));
    })
    .sort((a, b) => a.start - b.start);
}
