import { type BinaryNode, comparisonOperators, setOperators, typeName } from './ast.ts';
import type { Report } from './problem.ts';

/** Everything that Prometheus refuses about a binary operator and its two sides. */
export function binaryProblems(node: BinaryNode, report: Report): void {
  checkOperands(node, report);
  checkBool(node, report);
  checkMatching(node, report);
}

function checkOperands({ left, right, op, opSpan }: BinaryNode, report: Report): void {
  for (const side of [left, right]) {
    if (side.valueType === 'scalar' || side.valueType === 'vector') continue;
    const fix =
      side.valueType === 'matrix'
        ? 'Wrap it in a function such as rate() or last_over_time().'
        : 'Remove it.';
    report('promql-type', side, `${op} cannot work on a ${typeName[side.valueType]}.`, fix);
  }
  if (setOperators.has(op) && (left.valueType === 'scalar' || right.valueType === 'scalar'))
    report(
      'promql-type',
      opSpan,
      `${op} joins two instant vectors, not scalars.`,
      'Wrap the number in vector().',
    );
}

function checkBool({ op, opSpan, bool, left, right }: BinaryNode, report: Report): void {
  const comparison = comparisonOperators.has(op);
  if (bool && !comparison)
    report('promql-matching', opSpan, 'bool goes with comparisons only.', `Remove bool behind ${op}.`);
  if (!bool && comparison && left.valueType === 'scalar' && right.valueType === 'scalar')
    report('promql-matching', opSpan, 'Two scalars can be compared with bool only.', `Write ${op} bool.`);
}

function checkMatching({ op, left, right, matching }: BinaryNode, report: Report): void {
  if (!matching) return;
  const { kind, labels, group, include } = matching;
  const vectors = left.valueType === 'vector' && right.valueType === 'vector';
  if (!vectors && labels.length > 0)
    report('promql-matching', matching, `${kind} works between two instant vectors only.`, `Remove ${kind}.`);
  if (vectors && group && setOperators.has(op)) {
    const message = `group_${group} does not go with ${op}, which always joins many to many.`;
    report('promql-matching', matching, message, `Remove group_${group}.`);
  }
  for (const label of include) {
    if (kind !== 'on' || !labels.some((l) => l.name === label.name)) continue;
    const message = `${label.name} is in on() and in group_${group}() at once.`;
    report('promql-matching', label, message, `Remove ${label.name} from group_${group}().`);
  }
}
