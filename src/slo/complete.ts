import { checkShape, object, oneOf, type Problem, required, type Shape } from '../pipeline/index.ts';
import type { Objective } from './objective.ts';

const value = (is: (v: unknown) => boolean, what: string, fix: string): Shape => ({
  kind: 'value',
  check: (v) => (is(v) ? undefined : `It is not ${what}`),
  fix,
});
const words = value((v) => typeof v === 'string' && v.trim() !== '', 'words', 'Write some words.');
const share = value(
  (v) => typeof v === 'number' && v > 0 && v <= 1,
  'a share of events',
  'Write 0.99 for 99 %: more than 0, at most 1.',
);
const number = value(Number.isFinite, 'a number', 'Write a number.');
const query = value(
  (v) => typeof v === 'function',
  'a function',
  'Write (of) => …: what it counts, given a way to look a fact up.',
);

const policies: Readonly<Record<string, Shape>> = {
  freeze: object({ kind: required(words), text: required(words), spent: required(query) }),
  escalate: object({
    kind: required(words),
    text: required(words),
    seconds: required(number),
    atLeast: required(number),
    slow: required(query),
  }),
  tied: object({ kind: required(words), text: required(words), to: required(words) }),
  none: object({ kind: required(words), text: required(words) }),
};

const objectiveShape = object({
  id: required(words),
  title: required(words),
  question: required(words),
  indicator: required(
    object({
      events: required(words),
      good: required(words),
      total: required(query),
      bad: required(query),
    }),
  ),
  objective: required(share),
  text: required(words),
  agreement: object({
    objective: required(share),
    text: required(words),
    bad: query,
    consequence: required(words),
  }),
  budget: required(value((v) => typeof v === 'object' && v !== null, 'an object', 'Write { kind: … }.')),
  burn: required(oneOf('page and ticket', 'ticket', 'none')),
  source: required(words),
});

/** The parts of an objective that are missing, or are of another kind than they have to be; the types say the same. */
export function objectiveProblems(objective: Objective): readonly Problem[] {
  const problems: Problem[] = [];
  const report = (place: string, problem: string, fix: string): unknown =>
    problems.push({ place, problem, fix });
  checkShape(objectiveShape, objective, '', report);
  const kind = String(objective.budget?.kind);
  const policy = policies[kind];
  if (policy) checkShape(policy, objective.budget, 'budget', report);
  else if (typeof objective.budget === 'object')
    report('budget.kind', `"${kind}" is not known here.`, `Use one of ${Object.keys(policies).join(', ')}.`);
  return problems;
}

/** Whether an objective has all its parts: rules and pages are made only from such. */
export const isComplete = (objective: Objective): boolean => objectiveProblems(objective).length === 0;
