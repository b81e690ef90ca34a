import type { Vector } from '../metrics/index.ts';
import { type Format, type Part, template } from './text-parts.ts';

declare const labelsOf: unique symbol;

/**
 * A sentence that Prometheus fills in when it notifies. `L` are the labels of the alert that it needs; a sentence that
 * needs a label which the alert's expression does not leave does not compile. It is made from parts only, each of
 * which Prometheus can execute with any labels; words with braces in them are a finding.
 */
export class Text<out L extends string = never> {
  declare readonly [labelsOf]: L;
  readonly parts: readonly Part[];
  constructor(parts: readonly Part[]) {
    this.parts = parts;
  }
  /** The Go template that Prometheus reads. */
  get template(): string {
    return template(this.parts);
  }
}

type LabelsOf<P> = P extends Text<infer L> ? L : never;

const words = (text: string): Part => ({ kind: 'words', text });

/** Joins words and parts: text`Deployment ${label('deployment_id')} failed`. A string or number is words. */
export const text = <P extends readonly (Text<string> | string | number)[]>(
  fixed: TemplateStringsArray,
  ...parts: P
): Text<LabelsOf<P[number]>> =>
  new Text(
    fixed.flatMap((word, i) => {
      const part = parts[i] ?? '';
      return [words(word), ...(part instanceof Text ? part.parts : [words(String(part))])];
    }),
  );

/** A label of the alert. */
export const label = <const L extends string>(name: L): Text<L> =>
  new Text([{ kind: 'label', of: 'alert', name }]);
/** A label of the alert, inside an address. */
export const labelInUrl = <const L extends string>(name: L): Text<L> =>
  new Text([{ kind: 'label', of: 'alert', name, inUrl: true }]);
/** The value of the alert's expression. */
export const value = (format: Format): Text => new Text([{ kind: 'value', of: 'alert', format }]);
/** Marks what can stand only in a sentence about a row: no alert has a label of this name. */
type InRow = '$row';

/** A series that a query of {@link each} gave. */
export interface Row<R extends string> {
  readonly label: (name: R) => Text<InRow>;
  /** A label with words before it; nothing when the label is empty. */
  readonly optional: (words: string, name: R) => Text<InRow>;
  readonly value: (format: Format) => Text<InRow>;
  /** A label, inside an address. */
  readonly inUrl: (name: R) => Text<InRow>;
}

const row: Row<string> = {
  label: (name) => new Text([{ kind: 'label', of: 'row', name }]),
  optional: (before, name) => new Text([{ kind: 'optional', name, words: before }]),
  value: (format) => new Text([{ kind: 'value', of: 'row', format }]),
  inUrl: (name) => new Text([{ kind: 'label', of: 'row', name, inUrl: true }]),
};

/**
 * The answer of a query in a sentence; `otherwise` stands for an empty one. A matcher `="$name"` in it stands
 * for the alert's label of that name.
 */
export interface Answer<R extends string> {
  readonly query: Vector<R>;
  readonly otherwise: string;
}

/** A sentence for each series that a query gives, in the order of a label. */
export const each = <R extends string>(
  {
    query,
    otherwise,
    by,
    separator = '; ',
  }: Answer<R> & { readonly by: NoInfer<R>; readonly separator?: string },
  sentence: (row: Row<R>) => Text<InRow>,
): Text =>
  new Text([
    { kind: 'each', query: query.text, by, separator, sentence: sentence(row as Row<R>).parts, otherwise },
  ]);

/** A label of the first series that a query gives. */
export const lookup = <R extends string>({
  query,
  otherwise,
  label: name,
}: Answer<R> & { readonly label: NoInfer<R> }): Text =>
  new Text([{ kind: 'lookup', query: query.text, take: { label: name }, otherwise }]);

/** The value of the first series that a query gives. */
export const lookupValue = ({ query, otherwise }: Answer<string>, format: Format): Text =>
  new Text([{ kind: 'lookup', query: query.text, take: { format }, otherwise }]);
