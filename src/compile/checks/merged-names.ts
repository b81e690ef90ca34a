import type { Check, Found } from './check.ts';
import { resultLabels } from './tree.ts';

/** Transformations that make one row of several queries' rows where all their shared columns agree. */
const joining = new Set(['merge', 'joinByField']);

export const mergedNames: Check = {
  id: 'merged-names',
  severity: 'error',
  summary: 'Queries that are merged into one table carry no metric name.',
  why: 'The name is a column, differs from query to query, and keeps Grafana from merging their rows.',
  *run(view): Iterable<Found> {
    for (const expression of view.expressions) {
      const { usage, place, file } = expression;
      if (usage.kind !== 'panel') continue;
      const { panel } = usage.panel;
      const merged = (panel.transformations ?? []).some((t) => joining.has(t.id));
      if (!merged || (panel.targets ?? []).length < 2) continue;
      if (resultLabels(expression, view)?.has('__name__'))
        yield {
          summary: 'Its result carries the name of the metric, and its rows will stand alone.',
          place,
          file,
          fix: 'Aggregate by the labels that are columns, such as max by (environment, deployment_id).',
        };
    }
  },
};
