import { allows, describing, type RecordingRule } from '../../metrics/index.ts';
import type { MetricDefinitions } from '../bundle.ts';
import type { Check, Found, LocatedExpression, View } from './check.ts';
import { branchLabels, metricsRead } from './tree.ts';

/** Written by the build itself, when all the rest is known; read by everything that asks a server for its version. */
const version = 'deployment_observability:bundle:info';
const catalogueFile = 'src/metrics/recorded.ts';

const recordedNames = (metrics: MetricDefinitions): string[] =>
  Object.entries(metrics).flatMap(([name, { type }]) =>
    type === 'recorded' && name !== version ? [name] : [],
  );

const labelList = (labels: readonly string[]): string => labels.join(', ');

/** A label that the catalogue declares and the rule does not write, or writes only on one side of an "or". */
function missingLabels(written: ReadonlySet<string>, rule: RecordingRule, declared: readonly string[]) {
  const missing = declared.filter((label) => !written.has(label) && !(label in rule.labels));
  const by = declared.filter((label) => !(label in rule.labels));
  return missing.length > 0
    ? {
        summary: `It writes no ${labelList(missing)}, by which ${rule.record} is selected.`,
        fix: `Keep the labels, as in by (${labelList(by)}), or remove them in ${catalogueFile}.`,
      }
    : undefined;
}

function declarationProblem(expression: LocatedExpression, rule: RecordingRule, view: View) {
  const declared = view.metrics[rule.record];
  if (declared?.type !== 'recorded')
    return {
      summary: `The catalogue has no recorded series "${rule.record}".`,
      fix: `Declare it in ${catalogueFile}.`,
    };
  const names = Object.keys(declared.labels);
  const branches = branchLabels(expression, view);
  const written = new Set(branches.flatMap((labels) => [...labels]));
  const extra = [...new Set([...written, ...Object.keys(rule.labels)])].filter((l) => !names.includes(l));
  if (extra.length > 0)
    return {
      summary: `It writes ${labelList(extra.sort())}, which the catalogue does not give to ${rule.record}.`,
      fix: `Aggregate the labels away, or declare them in ${catalogueFile}.`,
    };
  const wrong = Object.entries(rule.labels).find(
    ([label, value]) => !allows(declared.labels[label] ?? 'open', value),
  );
  if (wrong)
    return {
      summary: `The catalogue does not allow ${wrong[0]}="${wrong[1]}".`,
      fix: 'Use one of its values.',
    };
  if (branches.length === 0) return undefined;
  const certain = names.filter((label) => !describing.has(label));
  return (
    missingLabels(written, rule, names) ??
    branches.map((labels) => missingLabels(labels, rule, certain)).find((problem) => problem)
  );
}

export const recordDeclared: Check = {
  id: 'record-declared',
  severity: 'error',
  summary: 'Every recorded series is in the catalogue, with the labels that its rule gives it.',
  why: 'Nothing could select it, or would select it by a label that it does not have.',
  *run(view): Iterable<Found> {
    for (const expression of view.expressions) {
      const { usage, place, file } = expression;
      if (usage.kind !== 'rule' || usage.rule.kind !== 'record') continue;
      const problem = declarationProblem(expression, usage.rule, view);
      if (problem) yield { ...problem, place, file };
    }
  },
};

export const recordWritten: Check = {
  id: 'record-written',
  severity: 'error',
  summary: 'Every recorded series of the catalogue has a rule that writes it.',
  why: 'A panel that reads it would be empty for ever.',
  *run({ rules, metrics }) {
    const written = new Set<string>(
      rules.flatMap(({ rule }) => (rule.kind === 'record' ? [rule.record] : [])),
    );
    for (const name of recordedNames(metrics))
      if (!written.has(name))
        yield {
          summary: `No rule writes "${name}".`,
          place: ['catalogue', name],
          file: catalogueFile,
          fix: 'Write a rule for it, or remove it.',
        };
  },
};

export const recordRead: Check = {
  id: 'record-read',
  severity: 'warning',
  summary: 'Every recorded series is read by something.',
  why: 'Each costs an evaluation and its samples for as long as it is kept.',
  *run(view) {
    const { metrics, expressions } = view;
    const read = new Set(expressions.flatMap((expression) => [...metricsRead(expression, view)]));
    const unread = recordedNames(metrics).filter((name) => !read.has(name) && !metrics[name]?.readBy);
    if (unread.length > 0)
      yield {
        summary: `No panel, alert or rule reads ${unread.length} of the recorded series.`,
        details: unread.join(', '),
        place: ['catalogue'],
        file: catalogueFile,
        fix: 'Show them, or remove them with their rules; if a command reads one, say which in readBy.',
      };
  },
};
