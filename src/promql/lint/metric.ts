import { didYouMean } from '../../lib/words.ts';
import type { Matcher, SelectorNode } from '../ast.ts';
import type { LintCheck } from '../lint-check.ts';
import { metricOf, selectors } from '../nodes.ts';
import type { Problem } from '../problem.ts';
import { labelRegex } from '../regex.ts';
import { knownMetric, parentOf, type Vocabulary } from '../vocabulary.ts';

function byName(selector: SelectorNode, name: string, vocabulary: Vocabulary): Problem[] {
  if (knownMetric(vocabulary, name) || parentOf(vocabulary, name)) return [];
  const to = selector.name === undefined ? selector.to : selector.from + name.length;
  const message = `Nothing emits a metric called ${name}.${didYouMean(name, vocabulary.names())}`;
  const fix = 'Use a metric of the catalogue, or add this one to it together with what emits it.';
  return [{ id: 'metric-unknown', message, fix, from: selector.from, to }];
}

function byPattern({ op, value, from, to }: Matcher, vocabulary: Vocabulary): Problem[] {
  if (op !== '=~') return [];
  const regex = labelRegex(value);
  for (const name of vocabulary.names()) {
    const histogram = vocabulary.metric(name)?.type === 'histogram';
    const names = histogram ? [name, `${name}_bucket`, `${name}_count`, `${name}_sum`] : [name];
    if (names.some(regex.matches)) return [];
  }
  const message = `No metric has a name that matches ${value}.`;
  return [{ id: 'metric-unknown', message, fix: 'Name the metrics of the catalogue.', from, to }];
}

/** Series that nothing emits. */
export const metricUnknown: LintCheck = {
  id: 'metric-unknown',
  summary: 'The expression reads a metric that nothing emits.',
  check: (ast, vocabulary) =>
    selectors(ast).flatMap((selector) => {
      const name = metricOf(selector);
      if (name !== undefined) return byName(selector, name, vocabulary);
      const pattern = selector.matchers.find((m) => m.label === '__name__');
      return pattern ? byPattern(pattern, vocabulary) : [];
    }),
};
