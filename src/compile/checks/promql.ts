import {
  lintChecks,
  type PortabilityProblem,
  type Problem,
  promqlRules,
  queryProblems,
  variableRules,
} from '../../promql/index.ts';
import type { Check } from './check.ts';

/** Whether a version is at least another one: `3.5` is, of `2.42`. */
function atLeast(version: string, least: string): boolean {
  const [a, b] = [version, least].map((text) => text.split('.').map(Number));
  const at = a?.findIndex((part, i) => part !== (b?.[i] ?? 0)) ?? -1;
  return at === -1 || (a?.[at] ?? 0) > (b?.[at] ?? 0);
}

/** Whether the oldest Prometheus that is to be supported understands it, without a feature flag. */
function isUnderstood(problem: Problem, oldest: string): boolean {
  const { since, experimental, stable } = problem as Partial<PortabilityProblem>;
  const from = experimental ? stable : since;
  return problem.id === 'promql-not-portable' && from !== undefined && atLeast(oldest, from);
}

/** Syntax, types, portability and the catalogue, of every expression; findings carry the id of their rule. */
export const promql: Check = {
  id: 'promql',
  severity: 'error',
  summary: 'Every expression is PromQL that Prometheus accepts and that can have an answer.',
  why: 'A query with a misspelt metric, an unknown label or the rate of a gauge is valid and stays empty for ever.',
  rules: [...promqlRules, ...variableRules, ...lintChecks],
  *run({ expressions, vocabulary, parse, oldest }) {
    const seen = new Map<string, ReturnType<typeof queryProblems>>();
    for (const { text, variables, place, file } of expressions) {
      const key = `${JSON.stringify(variables)}\u0000${text}`;
      if (!seen.has(key)) seen.set(key, queryProblems(text, variables, vocabulary, parse));
      const problems = (seen.get(key) ?? []).filter((problem) => !isUnderstood(problem, oldest));
      for (const { id, severity = 'error', message, fix, from, to } of problems)
        yield { id, severity, summary: message, place, file, fix, source: { text, from, to } };
    }
  },
};
