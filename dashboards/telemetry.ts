import { MappingType, type ValueMapping } from '@grafana/grafana-foundation-sdk/dashboard';
import { colour, type RowDefinition, strip, table } from '../src/dashboards/index.ts';
import type { Vector } from '../src/metrics/index.ts';
import type { Pipeline } from '../src/pipeline/index.ts';
import { collection, heard } from './telemetry-queries.ts';

const warning: ValueMapping = {
  type: MappingType.RegexToText,
  options: { pattern: '^(⚠.*)$', result: { text: '$1', color: colour.unknown, index: 0 } },
};
const plain: ValueMapping = {
  type: MappingType.RegexToText,
  options: { pattern: '^(.*)$', result: { text: '$1', color: colour.neutral, index: 1 } },
};
/** Events that never happened have no time. */
const never: ValueMapping = {
  type: MappingType.ValueToText,
  options: { '0': { text: ' ', color: colour.neutral, index: 0 } },
};

/** A sentence and a time. */
const line = (spec: {
  readonly description: string;
  readonly noData: string;
  readonly missing: string;
  readonly query: Vector<'telemetry'>;
  readonly refId: string;
}) =>
  strip({
    ...spec,
    name: spec.refId,
    width: 12,
    unit: 'none',
    queries: [table(spec.query, { refId: spec.refId })],
    transformations: [
      {
        id: 'organize',
        options: {
          excludeByName: { Time: true },
          indexByName: { telemetry: 0, Value: 1 },
          renameByName: { telemetry: 'Telemetry', Value: 'Since' },
        },
      },
    ],
    overrides: [
      {
        name: 'Telemetry',
        mappings: [warning, plain],
        // On a phone the time stands beside it.
        custom: { cellOptions: { type: 'color-text' }, width: 220, wrapText: true },
      },
      { name: 'Since', unit: 'dateTimeFromNow', mappings: [never], custom: { align: 'left' } },
    ],
  });

const collected = (pipeline: Pipeline) =>
  line({
    description:
      pipeline.transport === 'pushgateway'
        ? 'Whether the numbers below can be believed: is the Pushgateway scraped, and are the rules evaluated? The same facts as those of the alerts PushgatewayDown and LedgerNotEvaluated.'
        : 'Whether the numbers below can be believed: are the rules evaluated? The same fact as that of the alert LedgerNotEvaluated.',
    noData: 'Telemetry missing',
    missing: 'Prometheus has no rules of this bundle: `npm run doctor` says where telemetry ends.',
    query: collection(pipeline),
    refId: 'Collection',
  });

const lastHeard = () =>
  line({
    description:
      'When anything was heard last of the chosen environments. The same facts as those of the alerts NothingRecorded, DeploymentTelemetryMissing and NoDeploymentForLongerThanUsual.',
    noData: 'No deployment recorded',
    missing: '`record.mjs start` at the beginning of the pipeline emits the first event.',
    query: heard(),
    refId: 'Heard',
  });

/** On top of every dashboard: is the telemetry there? */
export const telemetryStrip = (pipeline: Pipeline): RowDefinition => ({
  title: 'Telemetry',
  height: 2,
  panels: [collected(pipeline), lastHeard()],
  source: import.meta.url,
});
