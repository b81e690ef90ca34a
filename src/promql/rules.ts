import { lintChecks } from './lint.ts';

/** One thing that can be found, for the reference. */
export interface LintRule {
  readonly id: string;
  /** One line. */
  readonly summary: string;
}

const rule = (id: string, summary: string): LintRule => ({ id, summary });

/** Expressions that Prometheus itself refuses, or does not understand in every version. */
export const promqlRules: readonly LintRule[] = [
  rule('promql-empty', 'There is no expression.'),
  rule('promql-syntax', 'The text is no PromQL: something is missing, superfluous or of another language.'),
  rule('promql-string', 'A string that is not closed, or an escape that does not exist.'),
  rule('promql-duration', 'A duration or number that is none, or a range that is not longer than 0.'),
  rule('promql-unknown-function', 'A function that Prometheus does not have.'),
  rule('promql-arity', 'Too few or too many arguments.'),
  rule(
    'promql-type',
    'A value of the wrong type: an instant vector where a range is needed, a string as an operand.',
  ),
  rule('promql-range', 'A range in brackets behind something that is no selector.'),
  rule('promql-modifier', 'offset or @ in a place where they cannot stand, or twice.'),
  rule('promql-matching', 'bool, on, ignoring, group_left or group_right where they do not go.'),
  rule('promql-label-name', 'A word that cannot name a label.'),
  rule('promql-regex', 'A regular expression that RE2, the engine of Prometheus, does not read.'),
  rule(
    'promql-empty-selector',
    'A selector whose conditions all match an empty value, so that it selects everything.',
  ),
  rule('promql-name-twice', 'A metric name in front of the braces and inside them.'),
  rule(
    'promql-not-portable',
    'Something that Prometheus 2.42 does not understand, or only behind a feature flag.',
  ),
  rule('promql-too-long', 'An expression that is longer or nested more deeply than can be read.'),
];

/** Checks of the variables of a dashboard's query. */
export const variableRules: readonly LintRule[] = [
  rule('variable-undeclared', 'A variable that the dashboard does not declare.'),
  rule(
    'variable-all',
    'A variable that can be "All" behind = or !=, which compare with it letter by letter.',
  ),
];

/** Everything that can be found in an expression. */
export const allRules: readonly LintRule[] = [
  ...promqlRules,
  ...lintChecks.map(({ id, summary }) => rule(id, summary)),
  ...variableRules,
];
