import type { Node } from './ast.ts';
import { comparisonOperators } from './ast.ts';
import { metricOf, unwrap } from './nodes.ts';

/** Functions and aggregations whose result holds values of what they are given, and no other. */
const choosing: ReadonlySet<string> = new Set([
  ...['last_over_time', 'first_over_time', 'max_over_time', 'min_over_time'],
  ...['label_replace', 'label_join', 'sort', 'sort_desc', 'max', 'min', 'topk', 'bottomk', 'limitk'],
]);

/** The metrics whose own values the series of a result have; undefined where something was computed. */
export function carriedMetrics(ast: Node): readonly string[] | undefined {
  const node = unwrap(ast);
  switch (node.kind) {
    case 'selector':
      return [metricOf(node) ?? ''];
    case 'matrix':
      return [metricOf(node.selector) ?? ''];
    case 'subquery':
      return carriedMetrics(node.expr);
    case 'aggregate':
      return choosing.has(node.op) ? carriedMetrics(node.expr) : undefined;
    case 'call': {
      const series = node.args.find(({ valueType }) => valueType === 'vector' || valueType === 'matrix');
      return series && choosing.has(node.func) ? carriedMetrics(series) : undefined;
    }
    case 'binary': {
      const { op, left, right, bool } = node;
      if (op === 'or') {
        const [l, r] = [carriedMetrics(left), carriedMetrics(right)];
        return l && r && [...l, ...r];
      }
      const filters = op === 'and' || op === 'unless' || (comparisonOperators.has(op) && !bool);
      if (!filters) return undefined;
      return carriedMetrics(left.valueType === 'scalar' ? right : left);
    }
    default:
      return undefined;
  }
}
