import { markdownTable } from '../../lib/terminal.ts';
import type { MetricDefinition } from '../../metrics/index.ts';
import type { Bundle } from '../bundle.ts';

const labelText = (labels: MetricDefinition['labels']): string =>
  Object.entries(labels)
    .map(([name, values]) => (values === 'open' ? `\`${name}\`` : `\`${name}\` (${values.join(', ')})`))
    .join('; ');

const section = (
  title: string,
  intro: string,
  metrics: Readonly<Record<string, MetricDefinition>>,
  currency: string,
): string =>
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
        m.unit === 'currency' ? currency : m.unit,
        labelText(m.labels),
        `${m.producers.join(', ')}${m.required ? '' : ' (optional)'}`,
        m.help,
      ]),
    ]),
    '',
  ].join('\n');

type Metrics = Bundle['metrics'];
const only = (metrics: Metrics, is: (metric: MetricDefinition) => boolean): Metrics =>
  Object.fromEntries(Object.entries(metrics).filter(([, metric]) => is(metric)));
const ofApplication = ({ producers }: MetricDefinition): boolean =>
  producers.some((producer) => producer === 'application' || producer === 'none yet');

/** The reference page of the metric catalogue. */
export const metricsPage = ({ metrics, pipeline }: Pick<Bundle, 'metrics' | 'pipeline'>): string => {
  const { currency } = pipeline.cost;
  return [
    '# Metrics',
    '',
    `Every series that this bundle emits, records or reads: ${Object.keys(metrics).length} names. Generated from \`src/metrics/\` and the pipeline file; a name, label or value that is not here does not build.`,
    '',
    section(
      'Pushed by the pipeline',
      'One group of the Pushgateway per event. Each series is pushed once and never changes, so `rate()` and `increase()` of it are always 0; ask the ledger instead.',
      only(metrics, ({ pushedOnce }) => pushedOnce === true),
      currency,
    ),
    section(
      'Recorded',
      'Written by recording rules: the ledger (facts per deployment), the last deployments, and indicators over windows.',
      only(metrics, ({ type }) => type === 'recorded'),
      currency,
    ),
    ...(pipeline.application
      ? [
          section(
            'Of the application',
            `Scraped from ${pipeline.name} under the job \`${pipeline.application.job}\`. They have no \`environment\` label.`,
            only(metrics, ofApplication),
            currency,
          ),
        ]
      : []),
    section(
      'Of Prometheus and the Pushgateway',
      'What they say of themselves.',
      only(metrics, (m) => m.type !== 'recorded' && m.pushedOnce !== true && !ofApplication(m)),
      currency,
    ),
  ].join('\n');
};
