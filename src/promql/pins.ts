import type { BinaryNode, Node, SelectorNode } from './ast.ts';
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
      return binaryPins(node);
    default:
      return noPins;
  }
}

/** Matchers that hold on both sides of a join, as far as its labels survive. */
function binaryPins({ op, left, right, matching }: BinaryNode): Pins {
  const [l, r] = [pinnedLabels(left), pinnedLabels(right)];
  if (left.valueType === 'scalar') return r;
  if (right.valueType === 'scalar' || op === 'and' || op === 'unless') return l;
  if (op === 'or') return new Map([...l].filter(([label, value]) => r.get(label) === value));
  if (matching?.group) return matching.group === 'left' ? l : r;
  const listed = new Set(matching?.labels.map(({ name }) => name));
  const agreed = (label: string): boolean => !l.has(label) || !r.has(label) || l.get(label) === r.get(label);
  return keep(
    new Map([...l, ...r]),
    (label) => agreed(label) && listed.has(label) === (matching?.kind === 'on'),
  );
}

function selectorPins({ matchers }: SelectorNode): Pins {
  const equal = matchers.filter(({ op, label }) => op === '=' && label !== '__name__');
  return new Map(equal.map(({ label, value }) => [label, value]));
}
