import { didYouMean } from '../../lib/words.ts';
import { outputLabels } from '../labels.ts';
import type { LintCheck } from '../lint-check.ts';
import { findAll } from '../nodes.ts';
import { labelsIn } from '../vocabulary.ts';

/** `by` or `without` with a label that what is aggregated cannot have: it changes nothing. */
export const groupingLabel: LintCheck = {
  id: 'grouping-label',
  summary: 'An aggregation by, or without, a label that nothing below it has.',
  check: (ast, vocabulary) =>
    findAll(ast, 'aggregate').flatMap(({ op, grouping, expr }) => {
      const labels = grouping && outputLabels(expr, labelsIn(vocabulary));
      if (!grouping || !labels) return [];
      const known = [...labels].filter((label) => label !== '__name__');
      return grouping.labels
        .filter(({ name }) => !labels.has(name))
        .map(({ name, from, to }) => {
          const effect = grouping.kind === 'by' ? 'groups by nothing' : 'takes nothing away';
          const message = `${op} ${grouping.kind} (${name}) ${effect}: no series here has ${name}.${didYouMean(name, known)}`;
          const fix =
            known.length > 0 ? `The labels here are ${known.join(', ')}.` : 'No label is left here.';
          return { id: 'grouping-label', message, fix, from, to };
        });
    }),
};
