import { didYouMean } from '../../lib/words.ts';
import type { Matcher, Span } from '../ast.ts';
import type { LintCheck } from '../lint-check.ts';
import { metricOf, selectors } from '../nodes.ts';
import type { Problem } from '../problem.ts';
import { labelRegex, plainAlternatives } from '../regex.ts';
import { type KnownMetric, knownMetric } from '../vocabulary.ts';

/** A check of the matchers of a metric that is known. */
function perMetric(
  check: (matchers: readonly Matcher[], metric: KnownMetric, name: string) => Problem[],
): LintCheck['check'] {
  return (ast, vocabulary) =>
    selectors(ast).flatMap((selector) => {
      const name = metricOf(selector);
      const metric = name === undefined ? undefined : knownMetric(vocabulary, name);
      const matchers = selector.matchers.filter((m) => m.label !== '__name__');
      return name !== undefined && metric ? check(matchers, metric, name) : [];
    });
}

const labelUnknown: LintCheck = {
  id: 'label-unknown',
  summary: 'A matcher asks for a label that the metric does not have.',
  check: perMetric((matchers, metric, name) =>
    matchers
      .filter(({ label }) => !metric.labels.has(label))
      .map(({ label, from }) => {
        const message = `${name} has no label ${label}.${didYouMean(label, metric.labels.keys())}`;
        const fix = `Its labels are ${[...metric.labels.keys()].join(', ')}.`;
        return { id: 'label-unknown', message, fix, from, to: from + label.length };
      }),
  ),
};

/** Where the alternative at an index of a pattern stands; the whole pattern when escapes hide that. */
function alternativeSpan({ value, valueSpan }: Matcher, alternatives: readonly string[], i: number): Span {
  if (valueSpan.to - valueSpan.from !== value.length + 2) return valueSpan;
  const before = alternatives.slice(0, i).reduce((sum, word) => sum + word.length + 1, 0);
  const from = valueSpan.from + 1 + before;
  return { from, to: from + alternatives[i]!.length };
}

function valueProblems(matcher: Matcher, values: readonly string[]): Problem[] {
  const { label, op, value, valueSpan } = matcher;
  const selectsNothing = op === '=' || (op === '=~' && !values.some(labelRegex(value).matches));
  const problem = (span: Span, word: string): Problem => ({
    id: 'label-value-unknown',
    ...(!selectsNothing && { severity: 'warning' }),
    message: `${label} is never ${word}.${didYouMean(word, values)}`,
    fix: `Its values are ${values.join(', ')}.`,
    from: span.from,
    to: span.to,
  });
  if (op === '=' || op === '!=')
    return value === '' || values.includes(value) ? [] : [problem(valueSpan, value)];
  const alternatives = plainAlternatives(value);
  if (alternatives)
    return alternatives.flatMap((word, i) =>
      values.includes(word) ? [] : [problem(alternativeSpan(matcher, alternatives, i), word)],
    );
  return values.some(labelRegex(value).matches) || labelRegex(value).matches('')
    ? []
    : [problem(valueSpan, value)];
}

const labelValueUnknown: LintCheck = {
  id: 'label-value-unknown',
  summary: 'A matcher asks for a value that the label never has.',
  check: perMetric((matchers, metric) =>
    matchers.flatMap((matcher) => {
      const values = metric.labels.get(matcher.label);
      return values === undefined || values === 'open' ? [] : valueProblems(matcher, values);
    }),
  ),
};

const matcherDuplicate: LintCheck = {
  id: 'matcher-duplicate',
  summary: 'Two matchers of a selector say the same, or exclude each other.',
  check: (ast) =>
    selectors(ast).flatMap(({ matchers }) =>
      matchers.flatMap((matcher, i) => {
        const earlier = matchers.slice(0, i).filter((m) => m.label === matcher.label && m.op === matcher.op);
        const { from, to, label, value } = matcher;
        if (earlier.some((m) => m.value === value)) {
          const message = `The condition on ${label} is given twice.`;
          const fix = 'Remove one of them.';
          return [{ id: 'matcher-duplicate', severity: 'warning', message, fix, from, to }];
        }
        if (matcher.op !== '=' || earlier.length === 0) return [];
        const message = `${label} cannot be ${earlier[0]!.value} and ${value} at once: nothing matches.`;
        const fix = `Write ${label}=~"${earlier[0]!.value}|${value}".`;
        return [{ id: 'matcher-duplicate', message, fix, from, to }];
      }),
    ),
};

export const matcherChecks: readonly LintCheck[] = [labelUnknown, labelValueUnknown, matcherDuplicate];
