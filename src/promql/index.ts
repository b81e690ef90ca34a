/** PromQL: reader, checks, printer. Knows no metric. */

export {
  type BinaryNode,
  comparisonOperators,
  type Matcher,
  type MatrixNode,
  type SelectorNode,
  type Span,
  setOperators,
} from './ast.ts';
export { outputLabels } from './labels.ts';
export { layoutPromql } from './layout.ts';
export { lintChecks } from './lint.ts';
export { findAll, metricOf, selectors, visit } from './nodes.ts';
export { type Node, type Parsed, parsePromql } from './parse.ts';
export { formatPromql } from './print.ts';
export type { PortabilityProblem, Problem } from './problem.ts';
export { queryProblems } from './query.ts';
export { promqlRules, variableRules } from './rules.ts';
export { substitute, type Variable } from './variables.ts';
export { type KnownMetric, labelsIn, type Vocabulary } from './vocabulary.ts';
export { childNodes, unwrap } from './walk.ts';
