import { expressionOf, intervalsOf, type Surroundings } from './builtins.ts';
import type { Variable } from './dashboard.ts';
import type { Ask, Labels, QueryRequest } from './query.ts';
import { scrapeIntervalMs } from './step.ts';

/** One thing that a variable can be. */
export interface Option {
  readonly text: string;
  readonly value: string;
}

const same = (text: string): Option => ({ text, value: text });

/** `a, b, Label : value`, with `\,` for a comma inside. */
function commaList(text: string): Option[] {
  const items = text.match(/(?:\\,|[^,])+/g) ?? [];
  return items.map((item) => {
    const plain = item.trim().replaceAll('\\,', ',');
    const pair = /^(.+)\s:\s(.+)$/.exec(plain);
    return pair ? { text: (pair[1] ?? '').trim(), value: (pair[2] ?? '').trim() } : same(plain);
  });
}

/** The options of a variable without a query. */
export function fixedOptions(variable: Variable, query: string): readonly Option[] {
  switch (variable.type) {
    case 'custom':
    case 'interval': {
      const auto = variable.auto ? [{ text: 'auto', value: `$__auto_interval_${variable.name}` }] : [];
      return [...auto, ...commaList(query)];
    }
    case 'textbox':
    case 'constant':
      return [same(query)];
    case 'datasource':
      // Of data sources the preview has one, a Prometheus.
      return query === 'prometheus' ? [same('Prometheus')] : [];
    default:
      return [];
  }
}

const labelText = (labels: Labels): string =>
  Object.entries(labels)
    .filter(([name]) => name !== '__name__')
    .map(([name, value]) => `${name}="${value}"`)
    .join(',');

/** Asks Prometheus for the options of a query variable: `label_values(…)` or `query_result(…)`. */
export async function queryOptions(
  query: string,
  around: Surroundings,
  ask: Ask,
): Promise<{ options: readonly Option[]; error?: string }> {
  const request = variableRequest(query, around);
  if (typeof request === 'string') return { options: [], error: request };
  const answer = await ask(request);
  if (!answer.ok) return { options: [], error: answer.error };
  const { result } = answer;
  if (result.kind === 'labelValues') return { options: result.values.map(same) };
  if (result.kind !== 'instant') return { options: [] };
  const milliseconds = around.span.to;
  return {
    options: result.samples.map(({ labels, value }) =>
      // Grafana writes each series like this, and the variable's regex takes it apart.
      same(`${labels.__name__ ?? ''}{${labelText(labels)}} ${value} ${milliseconds}`),
    ),
  };
}

/** The request behind a variable's query, or a sentence when the preview cannot ask it. */
export function variableRequest(query: string, around: Surroundings): QueryRequest | string {
  const text = expressionOf(query, around, intervalsOf(scrapeIntervalMs)).trim();
  const start = Math.floor(around.span.from / 1_000);
  const end = Math.floor(around.span.to / 1_000);
  const values = /^label_values\(\s*(?:([\s\S]+),\s*)?([a-zA-Z_]\w*)\s*\)$/.exec(text);
  if (values)
    return { kind: 'labelValues', label: values[2] ?? '', match: (values[1] ?? '').trim(), start, end };
  const result = /^query_result\(([\s\S]+)\)$/.exec(text);
  if (result) return { kind: 'instant', expr: (result[1] ?? '').trim(), time: end };
  return `The preview knows label_values() and query_result() only, not: ${query}`;
}

/** Takes text and value out of each option with the variable's regex; options that do not match are left out. */
function applyRegex(options: readonly Option[], pattern: string): Option[] {
  const written = /^\/(.*)\/([a-z]*)$/s.exec(pattern);
  const regex = new RegExp(
    written ? (written[1] ?? '') : `^${pattern}$`,
    written?.[2]?.replaceAll('g', '') ?? '',
  );
  return options.flatMap((option) => {
    const match = regex.exec(option.value);
    if (!match) return [];
    const { text, value } = match.groups ?? {};
    if (text !== undefined || value !== undefined)
      return [{ text: text ?? value ?? '', value: value ?? text ?? '' }];
    return match.length > 1 ? [same(match[1] ?? '')] : [option];
  });
}

const natural = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });
const plain = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const firstNumber = (text: string): number =>
  Number(/-?\d+(\.\d+)?/.exec(text)?.[0] ?? Number.POSITIVE_INFINITY);

/** Grafana's sort orders: 0 none, then alphabetical, numerical, alphabetical without case, natural; odd up, even down. */
function sortOptions(options: readonly Option[], sort = 0): readonly Option[] {
  if (sort === 0) return options;
  const orders: readonly ((a: Option, b: Option) => number)[] = [
    (a, b) => plain(a.text, b.text),
    (a, b) => firstNumber(a.text) - firstNumber(b.text),
    (a, b) => plain(a.text.toLowerCase(), b.text.toLowerCase()),
    (a, b) => natural.compare(a.text, b.text),
  ];
  const sorted = [...options].sort(orders[Math.ceil(sort / 2) - 1] ?? (() => 0));
  return sort % 2 === 1 ? sorted : sorted.reverse();
}

/** A variable's options as its dropdown shows them: filtered, each once, sorted. */
export function prepareOptions(
  variable: Variable,
  options: readonly Option[],
  replace: (text: string) => string,
): readonly Option[] {
  const matching = variable.regex ? applyRegex(options, replace(variable.regex)) : options;
  const once = matching.filter((o, i) => matching.findIndex((other) => other.value === o.value) === i);
  return variable.type === 'query' ? sortOptions(once, variable.sort) : once;
}
