import { RE2JS } from 're2js';
import { counted, didYouMean } from '../../lib/words.ts';
import type { CallNode, Node, StringNode } from '../ast.ts';
import { outputLabels } from '../labels.ts';
import type { LintCheck } from '../lint-check.ts';
import { findAll } from '../nodes.ts';
import { labelRegex } from '../regex.ts';
import { labelsIn } from '../vocabulary.ts';

const calls = (ast: Node): CallNode[] => findAll(ast, 'call').filter((c) => c.func === 'label_replace');
const stringAt = ({ args }: CallNode, i: number): StringNode | undefined =>
  args[i]?.kind === 'string' ? args[i] : undefined;

const source: LintCheck = {
  id: 'label-replace-source',
  summary: 'label_replace() reads a label that is not there.',
  check: (ast, vocabulary) =>
    calls(ast).flatMap((call) => {
      const label = stringAt(call, 3);
      const labels = call.args[0] && outputLabels(call.args[0], labelsIn(vocabulary));
      if (!label || label.value === '' || !labels || labels.has(label.value)) return [];
      const message = `label_replace() reads ${label.value}, which no series here has.${didYouMean(label.value, labels)}`;
      const fix = 'Read a label that survives up to here.';
      return [{ id: 'label-replace-source', message, fix, from: label.from, to: label.to }];
    }),
};

/** The number of groups of a pattern that is known to be right. */
const groupsOf = (pattern: string): number => RE2JS.compile(pattern).groupCount();

const pattern: LintCheck = {
  id: 'label-replace-pattern',
  summary: 'label_replace() that fails when it is evaluated, or that refers to a group which does not exist.',
  check: (ast) =>
    calls(ast).flatMap((call) => {
      const [replacement, regex] = [stringAt(call, 2), stringAt(call, 4)];
      if (!replacement || !regex) return [];
      const { error } = labelRegex(regex.value);
      if (error !== undefined) {
        const message = `This is no regular expression that Prometheus can read (RE2): ${error}.`;
        const fix = 'Fix the pattern; Prometheus finds out only when it evaluates it.';
        return [{ id: 'label-replace-pattern', message, fix, from: regex.from, to: regex.to }];
      }
      const groups = groupsOf(regex.value);
      const used = [...replacement.value.matchAll(/\$\{?(\d+)/g)].map((m) => Number(m[1]));
      if (used.every((n) => n <= groups)) return [];
      const message = `$${Math.max(...used)} is empty: the pattern has ${counted(groups, 'group')}.`;
      const fix = 'Put parentheses round the part of the pattern that is meant.';
      return [{ id: 'label-replace-pattern', message, fix, from: replacement.from, to: replacement.to }];
    }),
};

export const labelReplaceChecks: readonly LintCheck[] = [source, pattern];
