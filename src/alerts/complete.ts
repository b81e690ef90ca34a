import { Vector } from '../metrics/index.ts';
import {
  checkShape,
  type Field,
  list,
  object,
  oneOf,
  type Problem,
  required,
  type Shape,
} from '../pipeline/index.ts';
import type { About, Alert } from './alert.ts';
import { severities } from './severity.ts';
import { Text } from './text.ts';

const value = (is: (v: unknown) => boolean, what: string, fix: string): Shape => ({
  kind: 'value',
  check: (v) => (is(v) ? undefined : `It is not ${what}`),
  fix,
});
const words = value((v) => typeof v === 'string' && v.trim() !== '', 'words', 'Write some words.');
const expression = value((v) => v instanceof Vector, 'an expression', 'Build it from metric(…).');
const sentence = value((v) => v instanceof Text, 'a sentence', 'Write text`…`.');
const moment = value(Number.isFinite, 'a time in seconds', 'Write seconds from 0.');
const anything = value(() => true, 'anything', '');
const abouts: readonly About[] = ['deployment', 'environment', 'slo', 'system'];

const runbook = object({
  meaning: required(words),
  impact: required(words),
  diagnosis: required(list(object({ question: required(words), query: required(expression) }))),
  mitigation: required(list(words)),
});
const example: Readonly<Record<string, Field>> = {
  title: required(words),
  at: required(moment),
  deployments: list(anything),
  series: list(anything),
  gatewayOutages: list(anything),
  gateway: anything,
  step: moment,
};
const notification = object({
  labels: required(anything),
  summary: required(words),
  description: required(words),
  deployments: list(words),
});
const alertShape = object({
  name: required(words),
  severity: required(oneOf(...Object.keys(severities))),
  about: required(oneOf(...abouts)),
  expr: required(expression),
  for: words,
  forReason: required(words),
  keepFiringFor: words,
  summary: required(sentence),
  description: required(sentence),
  deployments: sentence,
  runbook: required(runbook),
  inhibitedBy: list(words),
  examples: required(
    object({
      step: moment,
      fires: required(list(object({ ...example, notifications: required(list(notification)) }))),
      silent: required(list(object(example))),
      over: list(object(example)),
    }),
  ),
});

/** Lists of an alert in which there has to be something. */
const demanded = (alert: Alert): Readonly<Record<string, readonly unknown[]>> => ({
  'runbook.diagnosis': alert.runbook.diagnosis,
  'runbook.mitigation': alert.runbook.mitigation,
  'examples.fires': alert.examples.fires,
  'examples.silent': alert.examples.silent,
  ...Object.fromEntries(
    alert.examples.fires.map(({ notifications }, i) => [`examples.fires[${i}].notifications`, notifications]),
  ),
});

/** The parts of an alert that are missing, or are of another kind than they have to be; the types say the same. */
export function alertProblems(alert: Alert): readonly Problem[] {
  const problems: Problem[] = [];
  checkShape(alertShape, alert, '', (place, problem, fix) => problems.push({ place, problem, fix }));
  if (problems.length > 0) return problems;
  return Object.entries(demanded(alert))
    .filter(([, items]) => items.length === 0)
    .map(([place]) => ({ place, problem: 'There is none.', fix: 'Add at least one.' }));
}

/** Whether an alert has all its parts: rules, tests and pages are made only from such. */
export const isComplete = (alert: Alert): boolean => alertProblems(alert).length === 0;
