import type { Check, LocatedExpression, LocatedPanel, View } from './check.ts';
import { type Columns, namedBySettings, queryColumns, type TableQuery, transform } from './columns.ts';
import { resultLabels } from './tree.ts';

/** The queries of each panel, as expressions with their place. */
function expressionsByPanel({ expressions }: View): Map<unknown, LocatedExpression[]> {
  const byPanel = new Map<unknown, LocatedExpression[]>();
  for (const expression of expressions) {
    if (expression.usage.kind !== 'panel') continue;
    const own = byPanel.get(expression.usage.panel);
    if (own) own.push(expression);
    else byPanel.set(expression.usage.panel, [expression]);
  }
  return byPanel;
}

/** The queries of a table; undefined when one of them is no table or its labels are not known. */
function tableQueries(
  { panel }: LocatedPanel,
  expressions: readonly LocatedExpression[],
  view: View,
): TableQuery[] | undefined {
  const targets = (panel.targets ?? []) as { refId?: string; format?: string }[];
  const queries = targets.map(({ refId = '', format }, index) => {
    const labels = expressions[index] && resultLabels(expressions[index], view);
    return format === 'table' && labels ? { refId, labels } : undefined;
  });
  return queries.every((query) => query !== undefined) ? queries : undefined;
}

/** Column names that are used where no such column can be. */
function unknownColumns(panel: LocatedPanel['panel'], queries: readonly TableQuery[]): string[] {
  let columns: Columns = queryColumns(queries);
  const unknown: string[] = [];
  for (const transformation of panel.transformations ?? []) {
    if (!columns) return unknown;
    const known: ReadonlySet<string> = columns;
    const step = transform(known, transformation);
    unknown.push(...step.named.filter((name) => !known.has(name)));
    columns = step.columns;
  }
  const shown = columns;
  return shown ? [...unknown, ...namedBySettings(panel).filter((name) => !shown.has(name))] : unknown;
}

export const columnUnknown: Check = {
  id: 'column-unknown',
  severity: 'error',
  summary: 'A table hides, renames, sorts and colours only columns that its queries make.',
  why: 'Grafana ignores a name that it does not find: the column stays as it is, and a link in it is missing.',
  *run(view) {
    const byPanel = expressionsByPanel(view);
    for (const located of view.panels) {
      if (located.panel.type !== 'table') continue;
      const queries = tableQueries(located, byPanel.get(located.placed) ?? [], view);
      for (const name of queries ? unknownColumns(located.panel, queries) : [])
        yield {
          summary: `The table has no column "${name}" there.`,
          place: located.place,
          file: located.file,
          fix: 'Columns are Time, the labels, and Value, or "Value #X" of query X where there are several; once renamed, by their new names.',
        };
    }
  },
};
