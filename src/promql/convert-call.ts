import type { SyntaxNode } from '@lezer/common';
import type { AggregateNode, CallNode, Grouping, Node } from './ast.ts';
import { broken, type Context, childrenOf, hasError, newer, textOf } from './convert-context.ts';
import { convertLabels } from './convert-operator.ts';
import { aggregationParameter, experimentalAggregations, functions } from './functions.ts';

/** The arguments in the parentheses; undefined when one of them could not be read. */
function convertArguments(body: SyntaxNode | undefined, context: Context): Node[] | undefined {
  if (!body) return undefined;
  const nodes = childrenOf(body).map(context.convert);
  const whole = nodes.filter((n) => n !== undefined);
  return whole.length === nodes.length && !hasError(body) ? whole : broken(context, ...whole);
}

/** A call of a function; its arguments are checked later. */
export function convertCall(node: SyntaxNode, context: Context): CallNode | undefined {
  const [identifier, body] = childrenOf(node);
  const args = convertArguments(body, context);
  if (!identifier || !args || hasError(node)) return broken(context, ...(args ?? []));
  const func = textOf(context, identifier);
  const signature = functions.get(func);
  if (signature?.since)
    newer(
      context,
      identifier,
      `The function ${func}`,
      signature.since,
      signature.stable ?? signature.experimental,
    );
  const valueType = signature?.returns ?? 'vector';
  return { kind: 'call', valueType, func, args, from: node.from, to: node.to };
}

/** An aggregation, its grouping in front of or behind its parentheses. */
export function convertAggregate(node: SyntaxNode, context: Context): AggregateNode | undefined {
  const children = childrenOf(node);
  const operator = children[0]!;
  const body = children.find((child) => child.name === 'FunctionCallBody');
  const modifier = children.find((child) => child.name === 'AggregateModifier');
  const args = convertArguments(body, context);
  const grouping = modifier && convertGrouping(modifier, context);
  if (!args || hasError(node) || (modifier && hasError(modifier))) return broken(context, ...(args ?? []));
  const op = textOf(context, operator).toLowerCase();
  if (experimentalAggregations.has(op)) newer(context, operator, `The aggregation ${op}`, '2.54', true);
  const parts = splitArguments(op, args, node, context);
  if (!parts) return broken(context, ...args);
  const { from, to } = node;
  return { kind: 'aggregate', valueType: 'vector', op, ...(grouping && { grouping }), ...parts, from, to };
}

function convertGrouping(node: SyntaxNode, context: Context): Grouping {
  const [kind, labels] = childrenOf(node);
  return {
    kind: kind?.name === 'Without' ? 'without' : 'by',
    labels: convertLabels(labels, context),
    from: node.from,
    to: node.to,
  };
}

function splitArguments(
  op: string,
  args: readonly Node[],
  node: SyntaxNode,
  context: Context,
): Pick<AggregateNode, 'param' | 'expr'> | undefined {
  const [first, second] = args;
  const parameter = aggregationParameter.get(op);
  if (args.length === 1 && first && !parameter) return { expr: first };
  if (args.length === 2 && first && second && parameter) return { param: first, expr: second };
  const wanted = parameter ? `a ${parameter} and an instant vector` : 'one instant vector';
  const message = `${op} takes ${wanted}; here are ${args.length} arguments.`;
  context.report('promql-arity', node, message, `Write ${op}(${parameter ? '…, vector' : 'vector'}).`);
  return undefined;
}
