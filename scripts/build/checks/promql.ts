import { lintChecks } from '../../../metrics/promql/lint.ts';
import { queryProblems } from '../../../metrics/promql/query.ts';
import type { Check } from './check.ts';

/** What Prometheus itself would refuse, and what a dashboard adds to it. */
const rules = {
  'promql-empty': 'There is an expression.',
  'promql-syntax': 'It is PromQL.',
  'promql-string': 'Strings end, and know their escapes.',
  'promql-unknown-function': 'Functions exist, without a feature flag.',
  'promql-arity': 'Functions get as many arguments as they take.',
  'promql-type': 'Functions and operators get what they can work on.',
  'promql-range': 'A range stands behind a selector.',
  'promql-duration': 'Durations are read by every version, and positive where they must be.',
  'promql-modifier': 'offset and @ stand where they can stand, once.',
  'promql-matching': 'on, ignoring, group_left and bool stand where they mean something.',
  'promql-label-name': 'Labels have names that exist.',
  'promql-regex': 'Regular expressions are RE2.',
  'promql-empty-selector': 'A selector excludes something.',
  'promql-name-twice': 'A selector names its metric once.',
  'promql-not-portable': 'Prometheus 2.42 and 3.x both understand it.',
  'variable-undeclared': 'A variable of an expression is declared by its dashboard.',
  'variable-all': 'A variable with "All" is compared with =~.',
} as const;

/** Syntax, types, portability and the catalogue, of every expression; findings carry the id of their rule. */
export const promql: Check = {
  id: 'promql',
  severity: 'error',
  summary: 'Every expression is PromQL that Prometheus accepts and that can have an answer.',
  why: 'A query with a misspelt metric, an unknown label or the rate of a gauge is valid and stays empty for ever.',
  rules: { ...rules, ...Object.fromEntries(lintChecks.map((lint) => [lint.id, lint.summary])) },
  *run({ expressions, vocabulary }) {
    const seen = new Map<string, ReturnType<typeof queryProblems>>();
    for (const { text, variables, place, file } of expressions) {
      const key = `${JSON.stringify(variables)}\u0000${text}`;
      if (!seen.has(key)) seen.set(key, queryProblems(text, variables, vocabulary));
      for (const { id, message, fix, from, to } of seen.get(key) ?? [])
        yield { id, summary: message, place, file, fix, source: { text, from, to } };
    }
  },
};
