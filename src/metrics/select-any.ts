import type { MetricName } from './catalogue.ts';
import { Vector } from './expression.ts';
import { type Match, type Range, Selector, selectorText } from './selectors.ts';

/**
 * Selects several metrics of the catalogue at once, each result with its name: one question instead of many. Only
 * for matchers that the index answers quickly, such as a deployment's id.
 */
export const selectAny = (
  names: readonly MetricName[],
  matchers: Readonly<Record<string, string>>,
): Vector<string> => {
  const list = Object.entries(matchers).map(([label, value]) => `${label}=${JSON.stringify(value)}`);
  return new Vector(`{${[`__name__=~"${names.join('|')}"`, ...list].join(',')}}`);
};

/** The last value of each in a range. It keeps names, as no other function does. */
export const lastOfAny = (selected: Vector<string>, range: Range): Vector<string> =>
  new Vector(`last_over_time(${selected.text}[${range}])`);

/**
 * Selects a series of a metric that the pipeline file defines. The types know none of its labels; the build checks name,
 * labels and values.
 */
export const custom = (
  name: string,
  matchers: Readonly<Record<string, string | Match<string>>> = {},
): Vector<string> & { readonly selector: true } =>
  new Selector(selectorText(name, matchers)) as unknown as Vector<string> & { readonly selector: true };
