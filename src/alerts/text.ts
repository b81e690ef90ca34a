import type { Vector } from '../metrics/index.ts';

declare const labelsOf: unique symbol;

/**
 * A sentence that Prometheus fills in when it notifies: a Go template. `L` are the labels of the alert that it needs;
 * a sentence that needs a label which the alert's expression does not leave does not compile.
 */
export class Text<out L extends string = never> {
  declare readonly [labelsOf]: L;
  readonly template: string;
  constructor(template: string) {
    this.template = template;
  }
}

type LabelsOf<P> = P extends Text<infer L> ? L : never;

/** Joins words and parts: text`Deployment ${label('deployment_id')} failed`. */
export const text = <P extends readonly (Text<string> | string | number)[]>(
  words: TemplateStringsArray,
  ...parts: P
): Text<LabelsOf<P[number]>> => new Text(words.map((word, i) => `${word}${templateOf(parts[i])}`).join(''));

const templateOf = (part: Text<string> | string | number = ''): string =>
  part instanceof Text ? part.template : String(part);

/** How a number is written. `percent` takes a ratio, `time` Unix seconds; a number of decimals is a plain number. */
export type Format = 'duration' | 'percent' | 'time' | 0 | 1 | 2;
const formats: Readonly<Record<Format, string>> = {
  duration: 'humanizeDuration',
  percent: 'humanizePercentage',
  time: 'humanizeTimestamp',
  0: 'printf "%.0f"',
  1: 'printf "%.1f"',
  2: 'printf "%.2f"',
};

/** A label of the alert. */
export const label = <const L extends string>(name: L): Text<L> => new Text(`{{ $labels.${name} }}`);
/** A label of the alert, inside an address. */
export const labelInUrl = <const L extends string>(name: L): Text<L> =>
  new Text(`{{ $labels.${name} | urlquery }}`);
/** The value of the alert's expression. */
export const value = (format: Format): Text => new Text(`{{ $value | ${formats[format]} }}`);

/**
 * The template's call of a query. A matcher `$name` in it stands for the alert's label of that name, quoted by Go, so
 * that no label can break out of its quotes.
 */
function call({ text: query }: Vector<string>): string {
  const names = [...new Set([...query.matchAll(/"\$(\w+)"/g)].map((match) => match[1] ?? ''))];
  if (names.length === 0) return `query \`${query}\``;
  const format = query
    .replaceAll('%', '%%')
    .replaceAll(/"\$(\w+)"/g, (_, name: string) => `%[${names.indexOf(name) + 1}]q`);
  return `printf \`${format}\` ${names.map((name) => `$labels.${name}`).join(' ')} | query`;
}

/** A series that a query of {@link each} gave. */
export interface Row<R extends string> {
  readonly label: (name: R) => Text;
  /** A label with words before it; nothing when the label is empty. */
  readonly optional: (words: string, name: R) => Text;
  readonly value: (format: Format) => Text;
  /** A label, inside an address. */
  readonly inUrl: (name: R) => Text;
}

/** What a query of a sentence answers; `otherwise` is said when it answers nothing. */
export interface Answer<R extends string> {
  readonly query: Vector<R>;
  readonly otherwise: string;
}

/** A sentence for each series that a query gives, in the order of a label. */
export function each<R extends string>(
  answer: Answer<R> & { readonly by: NoInfer<R>; readonly separator?: string },
  sentence: (row: Row<R>) => Text,
): Text {
  const row: Row<R> = {
    label: (name) => new Text(`{{ $row.Labels.${name} }}`),
    optional: (words, name) =>
      new Text(`{{ if $row.Labels.${name} }}${words}{{ $row.Labels.${name} }}{{ end }}`),
    value: (format) => new Text(`{{ $row.Value | ${formats[format]} }}`),
    inUrl: (name) => new Text(`{{ $row.Labels.${name} | urlquery }}`),
  };
  const separator = `{{ if $i }}${answer.separator ?? '; '}{{ end }}`;
  return new Text(
    `{{ range $i, $row := ${call(answer.query)} | sortByLabel "${answer.by}" }}${separator}${sentence(row).template}{{ else }}${answer.otherwise}{{ end }}`,
  );
}

/** A label of the first series that a query gives. */
export const lookup = <R extends string>({
  query,
  otherwise,
  label: name,
}: Answer<R> & { readonly label: NoInfer<R> }): Text =>
  new Text(`{{ with ${call(query)} }}{{ . | first | label "${name}" }}{{ else }}${otherwise}{{ end }}`);

/** The value of the first series that a query gives. */
export const lookupValue = ({ query, otherwise }: Answer<string>, format: Format): Text =>
  new Text(
    `{{ with ${call(query)} }}{{ . | first | value | ${formats[format]} }}{{ else }}${otherwise}{{ end }}`,
  );
