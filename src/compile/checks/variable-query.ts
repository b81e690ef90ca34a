import type { Check } from './check.ts';
import { resultLabels } from './tree.ts';

const labelValues = /^label_values\((?:.*),\s*(?<label>\w+)\)$/s;

export const variableLabel: Check = {
  id: 'variable-label',
  severity: 'error',
  summary: 'A variable lists the values of a label that its metric has.',
  why: 'The list stays empty, and with it the dashboard.',
  *run(view) {
    for (const expression of view.expressions) {
      const { usage, place, file } = expression;
      if (usage.kind !== 'variable') continue;
      const label = labelValues.exec(usage.query)?.groups?.label;
      const labels = label === undefined ? undefined : resultLabels(expression, view);
      if (label === undefined || !labels || labels.has(label)) continue;
      const from = usage.query.lastIndexOf(label);
      yield {
        summary: `The values of ${label} are asked for, and there is no such label.`,
        place,
        file,
        fix: `Ask for one of ${[...labels].filter((l) => l !== '__name__').join(', ')}.`,
        source: { text: usage.query, from, to: from + label.length },
      };
    }
  },
};
