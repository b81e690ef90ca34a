import { markdownTable } from '../../lib/terminal.ts';
import {
  applicationMetrics,
  catalogue,
  type MetricDefinition,
  pipelineMetrics,
  recordedMetrics,
  systemMetrics,
} from '../../metrics/index.ts';

const labelText = (labels: MetricDefinition['labels']): string =>
  Object.entries(labels)
    .map(([name, values]) => (values === 'open' ? `\`${name}\`` : `\`${name}\` (${values.join(', ')})`))
    .join('; ');

const section = (title: string, intro: string, metrics: Readonly<Record<string, MetricDefinition>>): string =>
  [
    `## ${title}`,
    '',
    intro,
    '',
    markdownTable([
      ['Metric', 'Type', 'Unit', 'Labels', 'Emitted by', 'Meaning'],
      ...Object.entries(metrics).map(([name, m]) => [
        `\`${name}\``,
        m.type,
        m.unit,
        labelText(m.labels),
        `${m.producers.join(', ')}${m.required ? '' : ' (optional)'}`,
        m.help,
      ]),
    ]),
    '',
  ].join('\n');

/** The reference page of the metric catalogue. */
export const metricsPage = (): string =>
  [
    '# Metrics',
    '',
    `Every series that this bundle emits, records or reads: ${Object.keys(catalogue).length} names. Generated from \`metrics/\`; a name, label or value that is not here does not build.`,
    '',
    section(
      'Pushed by the pipeline',
      'One group of the Pushgateway per event. Each series is pushed once and never changes, so `rate()` and `increase()` of it are always 0; ask the ledger instead.',
      pipelineMetrics,
    ),
    section(
      'Recorded',
      'Written by recording rules: the ledger (facts per deployment), the last deployments, and indicators over windows.',
      recordedMetrics,
    ),
    section(
      'Of the application',
      'Scraped from the Relay API. They have no `environment` label.',
      applicationMetrics,
    ),
    section('Of Prometheus and the Pushgateway', 'What they say of themselves.', systemMetrics),
  ].join('\n');
