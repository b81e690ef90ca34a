import { formatVariable, type Resolve } from './interpolate.ts';

/** A value of a panel as links and titles see it. */
export interface Cell {
  readonly raw: unknown;
  readonly text: string;
  readonly numeric: number;
}

/** The place of a link: a cell of a table, a bar, a point of a series. */
export interface DataContext {
  readonly value: Cell | undefined;
  /** Unix milliseconds of the row, when it has a time. */
  readonly time: number | undefined;
  readonly fieldName: string;
  readonly fieldLabels: Readonly<Record<string, string>>;
  readonly seriesName: string;
  readonly refId: string;
  /** A cell of the same row by the name or the index of its column. */
  readonly cell: (column: string) => Cell | undefined;
}

/** `.a`, `["b c"]` and `[0]` as a list of names. */
export const pathSegments = (path: string): string[] =>
  [...path.matchAll(/\.([^.[\]]+)|\[\s*(?:"([^"]*)"|'([^']*)'|([^\]]*?))\s*\]/g)].map(
    (m) => m[1] ?? m[2] ?? m[3] ?? m[4] ?? '',
  );

function aspect(cell: Cell, name: string | undefined): string {
  if (name === 'numeric') return String(cell.numeric);
  return name === 'raw' ? String(cell.raw ?? '') : cell.text;
}

function valueText({ value, time }: DataContext, name: string | undefined): string {
  if (name === 'time') return time === undefined ? '' : String(time);
  // `${__value}` alone is the number itself, unlike a field, which is what a person reads.
  return value === undefined ? '' : aspect(value, name ?? 'raw');
}

function dataText(context: DataContext, [what, column = '', name]: readonly string[]): string | undefined {
  if (what === 'refId') return context.refId;
  if (what !== 'fields') return undefined;
  const cell = context.cell(column);
  return cell === undefined ? '' : aspect(cell, name);
}

function fieldText(context: DataContext, [what, label]: readonly string[]): string {
  if (what !== 'labels') return context.fieldName;
  if (label !== undefined) return context.fieldLabels[label] ?? '';
  return Object.entries(context.fieldLabels)
    .map(([key, value]) => `${key}="${value}"`)
    .join(', ');
}

/** `${__value.…}`, `${__data.fields.…}`, `${__field.…}` and `${__series.name}` for one place in a panel's data. */
export const dataMacros =
  (context: DataContext, fallback?: string): Resolve =>
  (name, path, format) => {
    const segments = pathSegments(path);
    const text = ((): string | undefined => {
      switch (name) {
        case '__value':
          return valueText(context, segments[0]);
        case '__data':
          return dataText(context, segments);
        case '__field':
          return fieldText(context, segments);
        case '__series':
          return context.seriesName;
        default:
          return undefined;
      }
    })();
    return text === undefined ? undefined : formatVariable(name, { value: text, text }, format ?? fallback);
  };
