import { type MetricDefinition, producers, units } from '../../metrics/index.ts';
import {
  checkShape,
  either,
  flag,
  labelName,
  labelValue,
  list,
  map,
  object,
  oneOf,
  type Problem,
  required,
  text,
} from '../../pipeline/index.ts';
import type { MetricDefinitions } from '../bundle.ts';

const metricShape = object({
  type: required(oneOf('counter', 'gauge', 'histogram', 'info', 'recorded')),
  unit: required(oneOf(...units)),
  help: required(text),
  labels: required(map(labelName, either('open', list(labelValue)))),
  producers: required(list(oneOf(...producers))),
  required: required(flag),
  pushedOnce: flag,
  rare: flag,
  readBy: text,
});

/** The parts of a metric's definition that are missing or of an unknown sort. */
export function metricProblems(definition: MetricDefinition): readonly Problem[] {
  const problems: Problem[] = [];
  checkShape(metricShape, definition, '', (place, problem, fix) => problems.push({ place, problem, fix }));
  return problems;
}

/** The metrics that have all their parts. */
export const completeMetrics = (metrics: MetricDefinitions): MetricDefinitions =>
  Object.fromEntries(
    Object.entries(metrics).filter(([, definition]) => metricProblems(definition).length === 0),
  );
