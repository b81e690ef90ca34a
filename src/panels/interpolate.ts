/** The value of a template variable: one, or several when it is `multi`. `text` is what a person reads. */
export interface VariableValue {
  readonly value: string | readonly string[];
  readonly text: string | readonly string[];
  /** Chosen among several or with "All": PromQL then gets a regular expression. */
  readonly regex?: boolean;
  /** "All" is chosen: links say so, instead of naming everything. */
  readonly all?: boolean;
  /** The values behind "All", one by one: rows and panels are repeated for these. */
  readonly each?: readonly string[];
  /** Put into PromQL as it is: what the variable declares as its value for "All". */
  readonly verbatim?: string;
}

export type Values = Readonly<Record<string, VariableValue>>;

/** Looks a reference up: its name, the path after it (`.fields.x`), and the format. Undefined leaves the text as it is. */
export type Resolve = (name: string, path: string, format: string | undefined) => string | undefined;

/** `$name`, `${name}`, `${name:format}`, `${name.path:format}`, `${name["key"]}` and `[[name:format]]`. */
const reference = /\$(\w+)|\[\[(\w+)(?::(\w+))?\]\]|\$\{(\w+)((?:\.[^:}[\].]+|\[[^\]]*\])*)(?::([^}]+))?\}/g;

/** Replaces every reference that `resolve` knows. */
export const interpolate = (text: string, resolve: Resolve): string =>
  text.replace(reference, (whole, short, old, oldFormat, name, path, format) => {
    const key = (short ?? old ?? name) as string;
    return resolve(key, (path ?? '') as string, (oldFormat ?? format) as string | undefined) ?? whole;
  });

/** Names of everything that a text refers to. */
export const references = (text: string): string[] =>
  [...text.matchAll(reference)].map((m) => (m[1] ?? m[2] ?? m[4]) as string);

/** How "All" is written in URLs and in a dashboard's saved choice. */
export const allMarker = '$__all';

const list = (value: string | readonly string[]): readonly string[] =>
  typeof value === 'string' ? [value] : value;

/** Characters with a meaning in RE2, escaped. */
const escapeRegex = (text: string): string => text.replace(/[\\^$*+?.()|[\]{}]/g, '\\$&');
/** Inside a PromQL string, backslashes and quotes need one more backslash. */
const escapeString = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('"', '\\"');
const htmlEntities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
/** Text that HTML shows as it is. */
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (c) => htmlEntities[c] ?? c);
/** As a part of a URL, stricter than encodeURIComponent: `'()*!` are encoded too. */
const escapeUrl = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

const alternatives = (values: readonly string[], quote: (text: string) => string): string =>
  values.length === 1 ? quote(values[0] ?? '') : `(${values.map(quote).join('|')})`;
const glob = (values: readonly string[]): string =>
  values.length === 1 ? (values[0] ?? '') : `{${values.join(',')}}`;
const quoted = (quote: string) => (values: readonly string[]) =>
  values.map((v) => `${quote}${v.replaceAll(quote, `\\${quote}`)}${quote}`).join(',');

type Format = (values: readonly string[], variable: VariableValue, name: string) => string;
const formats: Readonly<Record<string, Format>> = {
  glob,
  csv: (values) => values.join(','),
  raw: (values) => values.join(','),
  pipe: (values) => values.join('|'),
  json: (values, { value }) => JSON.stringify(typeof value === 'string' ? value : values),
  regex: (values) => alternatives(values, escapeRegex),
  text: (_, { text }) => list(text).join(' + '),
  html: (values) => escapeHtml(values.join(', ')),
  queryparam: (values, { all }, name) =>
    (all ? [allMarker] : values).map((v) => `var-${name}=${escapeUrl(v)}`).join('&'),
  percentencode: (values) => escapeUrl(glob(values)),
  uriencode: (values) => encodeURI(glob(values)),
  singlequote: quoted("'"),
  doublequote: quoted('"'),
  promql: (values, { regex }) =>
    regex ? escapeString(alternatives(values, escapeRegex)) : escapeString(glob(values)),
};

/** A variable in one of Grafana's formats; an unknown format is treated as none. */
export function formatVariable(name: string, variable: VariableValue, format = 'glob'): string {
  if (format === 'promql' && variable.verbatim !== undefined) return variable.verbatim;
  const write = formats[format] ?? glob;
  return write(list(variable.value), variable, name);
}

/** Resolves against a set of variables; `fallback` is the format of references that name none. */
export const resolveFrom =
  (values: Values, fallback?: string): Resolve =>
  (name, path, format) => {
    const variable = values[name];
    return variable === undefined || path !== ''
      ? undefined
      : formatVariable(name, variable, format ?? fallback);
  };

/** Asks one resolver after the other. */
export const firstOf =
  (...resolvers: readonly Resolve[]): Resolve =>
  (name, path, format) => {
    for (const resolve of resolvers) {
      const found = resolve(name, path, format);
      if (found !== undefined) return found;
    }
    return undefined;
  };
