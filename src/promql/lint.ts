import type { Node } from './ast.ts';
import { codeUnknown } from './lint/code.ts';
import { groupingLabel } from './lint/grouping.ts';
import { histogramChecks } from './lint/histogram.ts';
import { joinChecks } from './lint/join.ts';
import { joinMany } from './lint/join-many.ts';
import { labelReplaceChecks } from './lint/label-replace.ts';
import { matcherChecks } from './lint/matchers.ts';
import { metricUnknown } from './lint/metric.ts';
import { quantileRange } from './lint/quantile.ts';
import { rateChecks } from './lint/rate.ts';
import { ratioOfItself } from './lint/ratio.ts';
import type { LintCheck } from './lint-check.ts';
import { inOrder, type Problem } from './problem.ts';
import type { Vocabulary } from './vocabulary.ts';

export type { KnownMetric, KnownValues, Vocabulary } from './vocabulary.ts';

/** Every check. One more is one file and one line here. */
export const lintChecks: readonly LintCheck[] = [
  metricUnknown,
  ...matcherChecks,
  ...rateChecks,
  ...histogramChecks,
  quantileRange,
  groupingLabel,
  ...joinChecks,
  joinMany,
  codeUnknown,
  ratioOfItself,
  ...labelReplaceChecks,
];

/** Mistakes in an expression that Prometheus accepts, given the metrics that exist. */
export function lintPromql(ast: Node, vocabulary: Vocabulary): Problem[] {
  return inOrder(lintChecks.flatMap((check) => check.check(ast, vocabulary)));
}
