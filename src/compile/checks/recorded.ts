import { allows, type RecordingRule } from '../../metrics/index.ts';
import type { MetricDefinitions } from '../bundle.ts';
import type { Check, Found, LocatedExpression, View } from './check.ts';
import { metricsRead, resultLabels } from './tree.ts';

/** Written by the build itself, when all the rest is known; read by everything that asks a server for its version. */
const version = 'deployment_observability:bundle:info';
const catalogueFile = 'src/metrics/recorded.ts';

const recordedNames = (metrics: MetricDefinitions): string[] =>
  Object.entries(metrics).flatMap(([name, { type }]) =>
    type === 'recorded' && name !== version ? [name] : [],
  );

/** Labels that a rule writes; recording gives the result a name of its own. */
function labelsWritten(expression: LocatedExpression, rule: RecordingRule, view: View): string[] {
  const result = resultLabels(expression, view) ?? [];
  return [...new Set([...result, ...Object.keys(rule.labels)])].filter((l) => l !== '__name__').sort();
}

function declarationProblem(expression: LocatedExpression, rule: RecordingRule, view: View) {
  const declared = view.metrics[rule.record];
  if (declared?.type !== 'recorded')
    return {
      summary: `The catalogue has no recorded series "${rule.record}".`,
      fix: `Declare it in ${catalogueFile}.`,
    };
  const extra = labelsWritten(expression, rule, view).filter((label) => !(label in declared.labels));
  if (extra.length > 0)
    return {
      summary: `It writes ${extra.join(', ')}, which the catalogue does not give to ${rule.record}.`,
      fix: `Aggregate the labels away, or declare them in ${catalogueFile}.`,
    };
  const wrong = Object.entries(rule.labels).find(
    ([label, value]) => !allows(declared.labels[label] ?? 'open', value),
  );
  return (
    wrong && {
      summary: `The catalogue does not allow ${wrong[0]}="${wrong[1]}".`,
      fix: 'Use one of its values.',
    }
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
