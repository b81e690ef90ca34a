import { lintChecks, promqlRules, queryProblems, variableRules } from '../../promql/index.ts';
import type { Check } from './check.ts';

/** Syntax, types, portability and the catalogue, of every expression; findings carry the id of their rule. */
export const promql: Check = {
  id: 'promql',
  severity: 'error',
  summary: 'Every expression is PromQL that Prometheus accepts and that can have an answer.',
  why: 'A query with a misspelt metric, an unknown label or the rate of a gauge is valid and stays empty for ever.',
  rules: [...promqlRules, ...variableRules, ...lintChecks],
  *run({ expressions, vocabulary, parse }) {
    const seen = new Map<string, ReturnType<typeof queryProblems>>();
    for (const { text, variables, place, file } of expressions) {
      const key = `${JSON.stringify(variables)}\u0000${text}`;
      if (!seen.has(key)) seen.set(key, queryProblems(text, variables, vocabulary, parse));
      for (const { id, severity = 'error', message, fix, from, to } of seen.get(key) ?? [])
        yield { id, severity, summary: message, place, file, fix, source: { text, from, to } };
    }
  },
};
