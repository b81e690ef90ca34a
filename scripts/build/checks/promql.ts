import { queryProblems } from '../../../metrics/promql/query.ts';
import type { Check } from './check.ts';
import { vocabulary } from './vocabulary.ts';

/** Syntax, types, portability and the catalogue, of every expression; findings carry the id of their rule. */
export const promql: Check = {
  id: 'promql',
  severity: 'error',
  summary: 'Every expression is PromQL that Prometheus accepts and that can have an answer.',
  why: 'A query with a misspelt metric, an unknown label or the rate of a gauge is valid and stays empty for ever.',
  *run({ expressions }) {
    const seen = new Map<string, ReturnType<typeof queryProblems>>();
    for (const { text, variables, place, file } of expressions) {
      const key = `${variables.map((v) => v.name).join()}\u0000${text}`;
      if (!seen.has(key)) seen.set(key, queryProblems(text, variables, vocabulary));
      for (const problem of seen.get(key) ?? [])
        yield {
          id: problem.id,
          summary: problem.message,
          place,
          file,
          fix: problem.fix,
          source: { text, from: problem.from, to: problem.to },
        };
    }
  },
};
