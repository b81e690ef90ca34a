import { views } from '../../metrics/index.ts';
import { metricOf, selectors, substitute } from '../../promql/index.ts';
import type { Check, Found } from './check.ts';
import { treeOf } from './tree.ts';

export const mixedViews: Check = {
  id: 'mixed-views',
  severity: 'error',
  summary: 'A series that is recorded per window or quantile is read with a matcher for it.',
  why: 'An average over an hour, a day and a month at once is a number that means nothing, and looks like any other.',
  *run(view): Iterable<Found> {
    for (const expression of view.expressions) {
      const { usage, text, variables, place, file } = expression;
      const tree = treeOf(expression, view);
      // The choices of a variable are labels: no value is read.
      if (!tree || usage.kind === 'variable') continue;
      for (const selector of selectors(tree)) {
        const name = metricOf(selector) ?? '';
        for (const label of views) {
          const values = view.metrics[name]?.labels[label];
          if (!Array.isArray(values) || values.length < 2) continue;
          if (selector.matchers.some((matcher) => matcher.label === label)) continue;
          const to = selector.name === undefined ? selector.to : selector.from + name.length;
          const span = substitute(text, variables, 'sample').mapSpan({ from: selector.from, to });
          yield {
            summary: `${name} has one series for each ${label} (${values.join(', ')}), and this reads all of them at once.`,
            place,
            file,
            fix: `Choose one: ${label}="${values[0]}". Where all are meant, say so: ${label}!="".`,
            source: { text, ...span },
          };
        }
      }
    }
  },
};
