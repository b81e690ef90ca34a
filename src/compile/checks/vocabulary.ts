import { codesOf, describing, type LabelValues, type MetricDefinition } from '../../metrics/index.ts';
import type { KnownMetric, Vocabulary } from '../../promql/index.ts';
import type { MetricDefinitions } from '../bundle.ts';

/** Labels that a scrape gives to every series that is no recorded one. */
const scrapeLabels: readonly (readonly [string, LabelValues])[] = [
  ['job', 'open'],
  ['instance', 'open'],
];

/** A push and a target have one of each, too. */
const describingHere = new Set([...describing, ...scrapeLabels.map(([label]) => label)]);

function known(name: string, { type, unit, labels, pushedOnce }: MetricDefinition): KnownMetric {
  const own = Object.entries(labels);
  const codes = unit === 'code' ? codesOf(name) : undefined;
  return {
    type,
    labels: new Map(type === 'recorded' ? own : [...scrapeLabels, ...own]),
    ...(pushedOnce && { pushedOnce: true }),
    ...(codes && { codes }),
  };
}

/** Series that Prometheus makes of alerts: their names are those of the alerting rules. */
const ofAlerts = ['ALERTS', 'ALERTS_FOR_STATE'];

/** Metrics as the PromQL checks read them. @param alerts names of the alerts that there are */
export function vocabularyOf(metrics: MetricDefinitions, alerts: readonly string[] = []): Vocabulary {
  const names = new Map(Object.entries(metrics).map(([name, definition]) => [name, known(name, definition)]));
  for (const name of ofAlerts) {
    const metric = names.get(name);
    if (metric && alerts.length > 0)
      names.set(name, { ...metric, labels: new Map([...metric.labels, ['alertname', alerts]]) });
  }
  return { metric: (name) => names.get(name), names: () => names.keys(), describing: describingHere };
}
