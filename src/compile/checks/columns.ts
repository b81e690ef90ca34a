import type { DataTransformerConfig, Panel } from '@grafana/grafana-foundation-sdk/dashboard';

/** The columns that a table has at some point; undefined when that cannot be known. */
export type Columns = ReadonlySet<string> | undefined;

/** A table's query, and the labels that its result can have. */
export interface TableQuery {
  readonly refId: string;
  readonly labels: ReadonlySet<string>;
}

/** Columns that Grafana's Prometheus data source makes of queries in table format. */
export function queryColumns(queries: readonly TableQuery[]): ReadonlySet<string> {
  const values = queries.length === 1 ? ['Value'] : queries.map(({ refId }) => `Value #${refId}`);
  return new Set(['Time', ...values, ...queries.flatMap(({ labels }) => [...labels])]);
}

interface Organize {
  readonly excludeByName?: Readonly<Record<string, boolean>>;
  readonly indexByName?: Readonly<Record<string, number>>;
  readonly renameByName?: Readonly<Record<string, string>>;
}

function organized(columns: ReadonlySet<string>, options: Organize): ReadonlySet<string> {
  const kept = [...columns].filter((name) => !options.excludeByName?.[name]);
  return new Set(kept.map((name) => options.renameByName?.[name] || name));
}

/** Columns that a transformation names, and those that it leaves. */
interface Step {
  readonly named: readonly string[];
  readonly columns: Columns;
}

/** One transformation; after one that is not known here, nothing is known of the columns. */
export function transform(columns: ReadonlySet<string>, { id, options }: DataTransformerConfig): Step {
  switch (id) {
    case 'merge':
    case 'limit':
      return { named: [], columns };
    case 'sortBy': {
      const { sort = [] } = options as { sort?: { field?: string }[] };
      return { named: sort.flatMap(({ field }) => field ?? []), columns };
    }
    case 'organize': {
      const organize = options as Organize;
      const { excludeByName = {}, indexByName = {}, renameByName = {} } = organize;
      const named = [
        ...Object.keys(excludeByName),
        ...Object.keys(indexByName),
        ...Object.keys(renameByName),
      ];
      return { named: [...new Set(named)], columns: organized(columns, organize) };
    }
    case 'calculateField': {
      const { reduce, alias } = options as { reduce?: { include?: string[] }; alias?: string };
      return { named: reduce?.include ?? [], columns: new Set([...columns, ...(alias ? [alias] : [])]) };
    }
    default:
      return { named: [], columns: undefined };
  }
}

/** Columns that a table's settings name by their shown names. */
export function namedBySettings({ fieldConfig, options }: Panel): string[] {
  const overrides = (fieldConfig?.overrides ?? []).flatMap(({ matcher }) =>
    matcher.id === 'byName' ? [String(matcher.options)] : [],
  );
  const { sortBy = [] } = (options ?? {}) as { sortBy?: ({ displayName?: string } | null)[] };
  // The schema does not know the options of a kind of panel: what is handed over may have any shape.
  if (!Array.isArray(sortBy)) return overrides;
  return [...new Set([...overrides, ...sortBy.flatMap((by) => by?.displayName ?? [])])];
}
