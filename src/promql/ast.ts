/** Value types, against which Prometheus checks arguments. */
export type ValueType = 'scalar' | 'vector' | 'matrix' | 'string';

/** A part of the text: offsets in UTF-16 units, `to` exclusive. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** A label that is named in `by`, `without`, `on`, `ignoring` or `group_left`. */
export interface LabelRef extends Span {
  readonly name: string;
}

export type MatchOp = '=' | '!=' | '=~' | '!~';

/** One condition of a selector; the label is `__name__` where a metric's name is written inside the braces. */
export interface Matcher extends Span {
  readonly label: string;
  readonly op: MatchOp;
  readonly value: string;
  /** Where the value stands, quotes included. */
  readonly valueSpan: Span;
}

/** The `@` modifier: a time in milliseconds since the epoch, or a bound of the queried range. */
export type At = number | 'start' | 'end';

interface Base<Kind extends string, Type extends ValueType = ValueType> extends Span {
  readonly kind: Kind;
  readonly valueType: Type;
}

/** `offset` and `@` of a selector or a subquery. Times in milliseconds. */
export interface TimeShift {
  readonly offset?: number;
  readonly at?: At;
}

export interface NumberNode extends Base<'number', 'scalar'> {
  readonly value: number;
  /** Written as a duration, `5m`: Prometheus 3 reads it as seconds and prints it as a duration again. */
  readonly duration?: boolean;
}

export interface StringNode extends Base<'string', 'string'> {
  readonly value: string;
}

/** An instant selector. The name is the one in front of the braces; see `metricOf` for both notations. */
export interface SelectorNode extends Base<'selector', 'vector'>, TimeShift {
  readonly name?: string;
  readonly matchers: readonly Matcher[];
}

/** `selector[range]`; offset and `@` belong to the selector, wherever they were written. */
export interface MatrixNode extends Base<'matrix', 'matrix'> {
  readonly selector: SelectorNode;
  /** Milliseconds. */
  readonly range: number;
}

export interface SubqueryNode extends Base<'subquery', 'matrix'>, TimeShift {
  readonly expr: Node;
  /** Milliseconds. */
  readonly range: number;
  /** Milliseconds; without one, the server's evaluation interval. */
  readonly step?: number;
}

export interface CallNode extends Base<'call'> {
  readonly func: string;
  readonly args: readonly Node[];
}

export interface Grouping extends Span {
  readonly kind: 'by' | 'without';
  readonly labels: readonly LabelRef[];
}

export interface AggregateNode extends Base<'aggregate', 'vector'> {
  readonly op: string;
  readonly grouping?: Grouping;
  /** The k of `topk`, the quantile, the label of `count_values`. */
  readonly param?: Node;
  readonly expr: Node;
}

/** How the series of two vectors find each other. */
export interface Matching extends Span {
  readonly kind: 'on' | 'ignoring';
  readonly labels: readonly LabelRef[];
  /** The side on which several series may share one partner. */
  readonly group?: 'left' | 'right';
  /** Labels that `group_left` or `group_right` copies from the other side. */
  readonly include: readonly LabelRef[];
}

export interface BinaryNode extends Base<'binary', 'scalar' | 'vector'> {
  readonly op: string;
  readonly opSpan: Span;
  readonly bool: boolean;
  readonly matching?: Matching;
  readonly left: Node;
  readonly right: Node;
}

export interface UnaryNode extends Base<'unary'> {
  readonly op: '+' | '-';
  readonly expr: Node;
}

export interface ParenNode extends Base<'paren'> {
  readonly expr: Node;
}

/** A PromQL expression, independent of the grammar that read it. */
export type Node =
  | NumberNode
  | StringNode
  | SelectorNode
  | MatrixNode
  | SubqueryNode
  | CallNode
  | AggregateNode
  | BinaryNode
  | UnaryNode
  | ParenNode;

export const comparisonOperators: ReadonlySet<string> = new Set(['==', '!=', '<', '<=', '>', '>=']);
export const setOperators: ReadonlySet<string> = new Set(['and', 'or', 'unless']);

/** Names of the value types, in Prometheus' own words. */
export const typeName: Readonly<Record<ValueType, string>> = {
  scalar: 'scalar',
  vector: 'instant vector',
  matrix: 'range vector',
  string: 'string',
};
