import type { Check, Found } from './check.ts';
import { metricsRead } from './tree.ts';
import { references } from './variable-text.ts';

/** The label, and the variable, by which everything is told apart first. */
const environment = 'environment';

export const panelEnvironment: Check = {
  id: 'panel-environment',
  severity: 'error',
  summary: 'A query asks about the environment that is chosen on its dashboard.',
  why: 'It would show one environment among another, or in its place, with any choice.',
  *run(view): Iterable<Found> {
    for (const expression of view.expressions) {
      const { usage, text, variables, place, file } = expression;
      if (usage.kind !== 'panel' || !variables.some(({ name }) => name === environment)) continue;
      if (references(text).some(({ name }) => name === environment)) continue;
      const read = [...metricsRead(expression, view)].find((name) =>
        Object.hasOwn(view.metrics[name]?.labels ?? {}, environment),
      );
      if (read)
        yield {
          summary: `It reads ${read} of every environment, whichever is chosen.`,
          place,
          file,
          fix: "Select by it: { environment: variable('environment') }.",
        };
    }
  },
};
