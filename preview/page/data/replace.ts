import {
  type DataFrame,
  type DisplayValue,
  type Field,
  FieldType,
  formattedValueToString,
  getFieldDisplayName,
  type InterpolateFunction,
  type ScopedVars,
} from '@grafana/data';
import {
  type Cell,
  type DataContext,
  dataMacros,
  firstOf,
  interpolate,
  intervalsOf,
  type Panel,
  type Resolve,
  resolveFrom,
  type Surroundings,
  surroundingsOf,
} from '../../../src/panels/index.ts';

/** A link's place in the data, as Grafana's code hands it over. */
interface GrafanaContext {
  readonly data?: DataFrame[];
  readonly frame: DataFrame;
  readonly field: Field;
  readonly rowIndex?: number;
  readonly calculatedValue?: DisplayValue;
}

const cellOf = (raw: unknown, display: DisplayValue | undefined): Cell => ({
  raw,
  text: display ? formattedValueToString(display) : String(raw ?? ''),
  numeric: display?.numeric ?? Number(raw),
});

const cellAt = (field: Field, row: number): Cell =>
  cellOf(field.values[row], field.display?.(field.values[row]));

function columnOf({ frame, data }: GrafanaContext, name: string): Field | undefined {
  const named = frame.fields.find((f) => f.name === name || getFieldDisplayName(f, frame, data) === name);
  return named ?? (/^\d+$/.test(name) ? frame.fields[Number(name)] : undefined);
}

function contextOf(context: GrafanaContext): DataContext {
  const { frame, field, data, rowIndex, calculatedValue } = context;
  const times = frame.fields.find((f) => f.type === FieldType.time);
  const value = (): Cell | undefined => {
    if (calculatedValue) return cellOf(calculatedValue.numeric, calculatedValue);
    return rowIndex === undefined ? undefined : cellAt(field, rowIndex);
  };
  return {
    value: value(),
    time: rowIndex === undefined ? undefined : (times?.values[rowIndex] as number | undefined),
    fieldName: getFieldDisplayName(field, frame, data),
    fieldLabels: field.labels ?? {},
    seriesName: frame.name ?? getFieldDisplayName(field, frame, data),
    refId: frame.refId ?? '',
    cell: (name) => {
      const column = columnOf(context, name);
      // A single value stands for the row that it was reduced from: the last one.
      return column && cellAt(column, rowIndex ?? column.values.length - 1);
    },
  };
}

const fromScoped =
  (scoped: ScopedVars | undefined, fallback: string | undefined): Resolve =>
  (name, path, format) => {
    const context = scoped?.__dataContext?.value as GrafanaContext | undefined;
    const found = context && dataMacros(contextOf(context), fallback)(name, path, format);
    if (found !== undefined) return found;
    const own: unknown = scoped?.[name]?.value;
    return typeof own === 'string' || typeof own === 'number' ? String(own) : undefined;
  };

/** The surroundings of one panel: a copy of a repeated panel has its own value of a variable. */
export const scoped = (around: Surroundings, { scope }: Pick<Panel, 'scope'>): Surroundings =>
  scope ? { ...around, values: { ...around.values, ...scope } } : around;

/** Replaces variables in titles, links, texts and names, in the signature that Grafana's packages call. */
export const replacer =
  (around: Surroundings, stepMs = 60_000): InterpolateFunction =>
  (text = '', scoped, format) => {
    const fallback = typeof format === 'string' ? format : undefined;
    const resolve = firstOf(
      fromScoped(scoped, fallback),
      intervalsOf(stepMs),
      surroundingsOf(around),
      resolveFrom(around.values, fallback),
    );
    return interpolate(text, resolve);
  };
