import type { BuiltDashboard } from '../../dashboards/index.ts';
import type { Span } from '../../promql/index.ts';

/** A reference to a variable in a text that Grafana fills in. */
interface Reference extends Span {
  readonly name: string;
}

const pattern = /\$(?<bare>[a-zA-Z_]\w*)|\$\{(?<braced>[a-zA-Z_]\w*)(?=[}:.])[^}]*\}/g;

/** Every `$name`, `${name}`, `${name:format}` and `${name.field}` of a text. */
export const references = (text: string): Reference[] =>
  [...text.matchAll(pattern)].map((m) => ({
    name: m.groups?.bare ?? m.groups?.braced ?? '',
    from: m.index,
    to: m.index + m[0].length,
  }));

/** References to variables that are neither declared nor Grafana's own (`$__…`). */
export const unknownVariables = (text: string, declared: ReadonlySet<string>): Reference[] =>
  references(text).filter(({ name }) => !name.startsWith('__') && !declared.has(name));

/** The names of a dashboard's variables. */
export const variableNames = (dashboard: BuiltDashboard): ReadonlySet<string> =>
  new Set(dashboard.definition.variables.map((v) => v.model.name));
