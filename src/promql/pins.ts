import type { Node, SelectorNode } from './ast.ts';
import { unwrap } from './nodes.ts';

/** Labels whose value is certain. */
export type Pins = ReadonlyMap<string, string>;

const noPins: Pins = new Map();
const keep = (pins: Pins, wanted: (label: string) => boolean): Pins =>
  new Map([...pins].filter(([label]) => wanted(label)));

/** The labels that have one certain value on every series of a result, because a selector asks for it. */
export function pinnedLabels(ast: Node): Pins {
  const node = unwrap(ast);
  switch (node.kind) {
    case 'selector':
      return selectorPins(node);
    case 'matrix':
      return selectorPins(node.selector);
    case 'subquery':
    case 'unary':
      return pinnedLabels(node.expr);
    case 'aggregate': {
      const labels = new Set(node.grouping?.labels.map((l) => l.name));
      const without = node.grouping?.kind === 'without';
      return keep(pinnedLabels(node.expr), (label) => labels.has(label) !== without);
    }
    case 'call': {
      if (node.func.startsWith('label_') || node.func.startsWith('absent')) return noPins;
      const series = node.args.find((arg) => arg.valueType === 'vector' || arg.valueType === 'matrix');
      return series ? pinnedLabels(series) : noPins;
    }
    case 'binary':
      if (node.left.valueType === 'scalar') return pinnedLabels(node.right);
      return node.right.valueType === 'scalar' ? pinnedLabels(node.left) : noPins;
    default:
      return noPins;
  }
}

function selectorPins({ matchers }: SelectorNode): Pins {
  const equal = matchers.filter(({ op, label }) => op === '=' && label !== '__name__');
  return new Map(equal.map(({ label, value }) => [label, value]));
}
