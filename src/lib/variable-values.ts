import type { Dashboard, VariableModel } from '@grafana/grafana-foundation-sdk/dashboard';
import { type DashboardState, fillIn } from './panel-queries.ts';
import type { Prometheus, Sample } from './prometheus.ts';

/** One thing that a variable can be: what a person reads, and what queries get. */
export interface Choice {
  readonly text: string;
  readonly value: string;
}

/** A series as Grafana writes it for a variable's regex to take apart. */
function line({ labels: { __name__: name = '', ...labels }, value, time }: Sample): string {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${text}"`);
  return `${name}{${pairs.join(',')}} ${value} ${time * 1_000}`;
}

/** What the regex takes out of a line; nothing when it does not match. */
function choiceIn(text: string, pattern: string | undefined): Choice[] {
  if (!pattern) return [{ text, value: text }];
  const match = new RegExp(pattern.replace(/^\/(.*)\/\w*$/s, '$1')).exec(text);
  if (!match) return [];
  const { text: shown, value } = match.groups ?? {};
  const taken = value ?? shown ?? match[1] ?? match[0];
  return [{ text: shown ?? taken, value: taken }];
}

/** Sorts as far as this project's variables ask for it: by text, odd numbers up and even ones down. */
function sorted(choices: Choice[], sort: number | undefined): Choice[] {
  if (!sort) return choices;
  const rising = choices.sort((a, b) => (a.text < b.text ? -1 : 1));
  return sort % 2 === 0 ? rising.reverse() : rising;
}

/** The text of what a variable asks. */
export const queryText = ({ query }: VariableModel): string =>
  typeof query === 'string' ? query : String((query as { query?: unknown } | undefined)?.query ?? '');

/** What a variable that asks Prometheus can be, with the variables before it set. */
export async function choicesOf(
  prometheus: Prometheus,
  variable: VariableModel,
  state: DashboardState,
): Promise<Choice[]> {
  const query = fillIn(queryText(variable), state, 15);
  const values = /^label_values\((?<match>.*),\s*(?<label>\w+)\)$/s.exec(query)?.groups;
  if (values) {
    const span = { start: String(state.from), end: String(state.to), 'match[]': values.match ?? '' };
    const found = await prometheus.get<string[]>(`api/v1/label/${values.label}/values`, span);
    return found.map((value) => ({ text: value, value }));
  }
  const result = /^query_result\((?<expr>.*)\)$/s.exec(query)?.groups?.expr ?? query;
  const lines = (await prometheus.query(result, state.to)).map(line);
  return sorted(
    lines.flatMap((text) => choiceIn(text, variable.regex)),
    variable.sort,
  );
}

async function opened(
  prometheus: Prometheus,
  variable: VariableModel,
  state: DashboardState,
): Promise<string> {
  const saved = String(variable.current?.value ?? '');
  if (variable.type !== 'query') return saved;
  if (variable.includeAll && !saved) return variable.allValue ?? '.*';
  const choices = await choicesOf(prometheus, variable, state);
  return (choices.find(({ value }) => value === saved) ?? choices[0])?.value ?? '';
}

/**
 * The values that Grafana gives a dashboard's variables when it is opened: what the address says, else what was
 * saved, else the first choice. Variables are declared after those that they ask about.
 */
export async function resolveState(
  prometheus: Prometheus,
  dashboard: Dashboard,
  state: DashboardState,
): Promise<DashboardState> {
  let resolved = state;
  for (const variable of dashboard.templating?.list ?? []) {
    if (variable.name in state.variables) continue;
    const value = await opened(prometheus, variable, resolved);
    resolved = { ...resolved, variables: { ...resolved.variables, [variable.name]: value } };
  }
  return resolved;
}
