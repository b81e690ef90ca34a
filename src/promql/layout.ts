import type { Node } from './ast.ts';
import { parsePromql } from './parse.ts';
import { formatGrouping, formatOperator, formatPromql, formatShift, formatSteps } from './print.ts';

/** The longest part that stays on one line, its indentation not counted: the limit of Prometheus' own formatter. */
const longest = 100;

/**
 * An expression on as many lines as it needs, laid out as `promtool promql format` does: operators on lines of their
 * own, operands and arguments indented below.
 */
function layout(node: Node, indent = ''): string {
  const line = formatPromql(node);
  if (line.length <= longest) return indent + line;
  const deeper = `${indent}  `;
  const block = (head: string, parts: readonly Node[]): string =>
    `${indent}${head}(\n${parts.map((part) => layout(part, deeper)).join(',\n')}\n${indent})`;
  switch (node.kind) {
    case 'paren':
      return block('', [node.expr]);
    case 'call':
      return node.args.length === 0 ? indent + line : block(node.func, node.args);
    case 'aggregate':
      return block(
        `${node.op}${formatGrouping(node.grouping)}`,
        node.param ? [node.param, node.expr] : [node.expr],
      );
    case 'binary':
      return [layout(node.left, deeper), indent + formatOperator(node), layout(node.right, deeper)].join(
        '\n',
      );
    case 'unary':
      return `${indent}${node.op}${layout(node.expr, indent).trimStart()}`;
    case 'subquery':
      return `${layout(node.expr, indent)}${formatSteps(node)}${formatShift(node)}`;
    default:
      return indent + line;
  }
}

/** PromQL on several lines, for people; text that is no PromQL stays as it is, because the checks say so elsewhere. */
export function layoutPromql(text: string): string {
  const parsed = parsePromql(text);
  return parsed.ok ? layout(parsed.ast) : text;
}
