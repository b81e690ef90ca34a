import { outputLabels } from '../labels.ts';
import type { LintCheck } from '../lint.ts';
import { didYouMean } from '../nearest.ts';
import { findAll } from '../nodes.ts';
import { labelsIn } from '../vocabulary.ts';

/** `by` with a label that what is aggregated cannot have: it groups by nothing. */
export const groupingLabel: LintCheck = {
  id: 'grouping-label',
  summary: 'An aggregation by a label that nothing below it has.',
  check: (ast, vocabulary) =>
    findAll(ast, 'aggregate').flatMap(({ op, grouping, expr }) => {
      const labels = grouping?.kind === 'by' ? outputLabels(expr, labelsIn(vocabulary)) : undefined;
      if (!grouping || !labels) return [];
      const known = [...labels].filter((label) => label !== '__name__');
      return grouping.labels
        .filter(({ name }) => !labels.has(name))
        .map(({ name, from, to }) => {
          const message = `${op} by (${name}) groups by nothing: no series here has ${name}.${didYouMean(name, known)}`;
          const fix =
            known.length > 0 ? `The labels here are ${known.join(', ')}.` : 'No label is left here.';
          return { id: 'grouping-label', message, fix, from, to };
        });
    }),
};
