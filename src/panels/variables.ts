import { inOneUnit, parseLooseDuration } from '../lib/duration.ts';
import { type Dashboard, type Variable, variablesOf } from './dashboard.ts';
import {
  allMarker,
  interpolate,
  references,
  resolveFrom,
  type Values,
  type VariableValue,
} from './interpolate.ts';
import { fixedOptions, type Option, prepareOptions, queryOptions } from './options.ts';
import type { Ask } from './query.ts';
import { intervalOf } from './step.ts';
import type { TimeSpan } from './time.ts';

/** Values of variables in the address. */
export type Chosen = Readonly<Record<string, readonly string[]>>;

/** A variable with its options and the value in force. */
export interface ResolvedVariable {
  readonly variable: Variable;
  readonly options: readonly Option[];
  readonly value: VariableValue;
  /** Why there are no options, when the query for them failed. */
  readonly error?: string;
}

/** Values by name, for interpolation. */
export const valuesOf = (resolved: readonly ResolvedVariable[]): Values =>
  Object.fromEntries(resolved.map((r) => [r.variable.name, r.value]));

const strings = (value: unknown): string[] =>
  value === undefined || value === null || value === '' ? [] : [value].flat().map(String);

/** The text of a variable's query, however it was written. */
export function queryText(variable: Variable): string {
  const { query } = variable;
  if (typeof query === 'string') return query;
  const inner = (query as { query?: unknown } | null | undefined)?.query;
  return typeof inner === 'string' ? inner : (variable.definition ?? '');
}

/** Variables in an order in which each comes after those that its query refers to. */
export function inDependencyOrder(variables: readonly Variable[]): Variable[] {
  const names = new Set(variables.map((v) => v.name));
  const done: Variable[] = [];
  const visit = (variable: Variable, path: readonly string[]): void => {
    if (done.includes(variable) || path.includes(variable.name)) return;
    for (const name of references(`${queryText(variable)} ${variable.regex ?? ''}`))
      if (names.has(name))
        visit(variables.find((v) => v.name === name) as Variable, [...path, variable.name]);
    done.push(variable);
  };
  for (const variable of variables) visit(variable, []);
  return done;
}

/** Which options are in force: what the address says, else what the dashboard was saved with, else the first one. */
function choose(
  variable: Variable,
  options: readonly Option[],
  chosen: readonly string[] | undefined,
): string[] {
  const free = variable.type === 'textbox' || variable.allowCustomValue === true;
  const known = (value: string): boolean =>
    free || value === allMarker || options.some((o) => o.value === value);
  const asked = chosen ?? [];
  // A value from the address is shown even when no series has it any more: "no data" is then the true answer.
  if (asked.length > 0) return [...asked];
  const saved = strings(variable.current?.value).filter(known);
  if (saved.length > 0) return saved;
  if (variable.includeAll) return [allMarker];
  return options.length > 0 ? [options[0]?.value ?? ''] : [''];
}

/** `auto` of an interval variable: the range in so many steps, and no shorter than its minimum. */
function autoInterval(variable: Variable, span: TimeSpan): string {
  const least = parseLooseDuration(variable.auto_min ?? '10s') ?? 10_000;
  return inOneUnit(intervalOf(span.to - span.from, variable.auto_count ?? 30, least));
}

function valueInForce(
  variable: Variable,
  options: readonly Option[],
  picked: readonly string[],
  span: TimeSpan,
): VariableValue {
  const textOf = (value: string): string => options.find((o) => o.value === value)?.text ?? value;
  const several = variable.multi === true || variable.includeAll === true;
  if (picked.includes(allMarker)) {
    const { allValue } = variable;
    const each = options.map((o) => o.value);
    const all = { text: 'All', all: true, regex: true, each };
    return allValue ? { ...all, value: allValue, verbatim: allValue } : { ...all, value: each };
  }
  if (several) return { value: picked, text: picked.map(textOf), regex: true };
  const one = picked[0] ?? '';
  if (variable.type === 'interval' && one.startsWith('$__auto'))
    return { value: autoInterval(variable, span), text: 'auto' };
  return { value: one, text: textOf(one) };
}

/**
 * Finds every variable's options and value; a query that fails leaves its variable empty and says why.
 * @param given values of other variables that queries refer to
 */
export async function resolveVariables(
  dashboard: Dashboard,
  chosen: Chosen,
  span: TimeSpan,
  ask: Ask,
  given: Values = {},
): Promise<ResolvedVariable[]> {
  const resolved: ResolvedVariable[] = [];
  for (const variable of inDependencyOrder(variablesOf(dashboard))) {
    const values = { ...given, ...valuesOf(resolved) };
    const { options, ...found } = await offeredBy(variable, values, { dashboard, span, ask });
    const picked = choose(variable, options, chosen[variable.name]);
    const value = valueInForce(variable, options, picked, span);
    resolved.push({ variable, options, value, ...(found.error !== undefined && { error: found.error }) });
  }
  const order = variablesOf(dashboard);
  return resolved.sort((a, b) => order.indexOf(a.variable) - order.indexOf(b.variable));
}

interface Context {
  readonly dashboard: Dashboard;
  readonly span: TimeSpan;
  readonly ask: Ask;
}

/** A variable's options as its dropdown shows them. */
export async function offeredBy(
  variable: Variable,
  values: Values,
  { dashboard, span, ask }: Context,
): Promise<{ options: readonly Option[]; error?: string }> {
  const text = queryText(variable);
  const found: { options: readonly Option[]; error?: string } =
    variable.type === 'query'
      ? await queryOptions(text, { span, values, dashboard }, ask)
      : { options: fixedOptions(variable, text) };
  const options = prepareOptions(variable, found.options, (regex) => interpolate(regex, resolveFrom(values)));
  return { ...found, options };
}
