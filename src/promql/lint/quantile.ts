import type { Node } from '../ast.ts';
import type { LintCheck } from '../lint-check.ts';
import { findAll, unwrap } from '../nodes.ts';

/** The quantile of every function and aggregation that takes one. */
function quantilesIn(ast: Node): Node[] {
  const calls = findAll(ast, 'call').filter((c) =>
    ['histogram_quantile', 'quantile_over_time'].includes(c.func),
  );
  const aggregates = findAll(ast, 'aggregate').filter((a) => a.op === 'quantile');
  return [...calls.map((c) => c.args[0]), ...aggregates.map((a) => a.param)].filter((n) => n !== undefined);
}

/** Quantiles are between 0 and 1; everything else yields infinity. */
export const quantileRange: LintCheck = {
  id: 'quantile-range',
  summary: 'A quantile that is not between 0 and 1.',
  check: (ast) =>
    quantilesIn(ast).flatMap((node) => {
      const number = unwrap(node);
      if (number.kind !== 'number' || (number.value >= 0 && number.value <= 1)) return [];
      const message = `A quantile lies between 0 and 1; of ${number.value} the result is infinite.`;
      const fix =
        number.value <= 100 && number.value > 1 ? `Write ${number.value / 100}.` : 'Write 0.95, say.';
      return [{ id: 'quantile-range', message, fix, from: node.from, to: node.to }];
    }),
};
