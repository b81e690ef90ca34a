import {
  barGauge,
  colour,
  graded,
  instant,
  type RowDefinition,
  stageHistoryAddress,
} from '../../src/dashboards/index.ts';
import * as queries from '../queries.ts';

const durations = () =>
  barGauge({
    title: 'Stage duration',
    description: 'Average duration of each stage in the chosen window, of the times that it succeeded.',
    noData: 'No stages known',
    missing:
      'No stage succeeded in this window. `record.mjs stage` around each step of the pipeline emits it.',
    unit: 'suffix:s',
    decimals: 0,
    min: 0,
    width: 12,
    nameAbove: true,
    queries: [instant(queries.stageDuration(), { legend: '{{service}} {{stage}} · {{environment}}' })],
    thresholds: graded(0, colour.running),
  });

const failures = () =>
  barGauge({
    title: 'Stage failures',
    description:
      'How often each stage failed in the chosen window, by type of error. Any failure of a deploy or a migration is red, of another stage from the third on.',
    noData: 'None known',
    missing: 'No stage failed in this window; or none was recorded, which the panel beside it shows.',
    unit: 'none',
    decimals: 0,
    min: 0,
    width: 12,
    nameAbove: true,
    queries: [
      instant(queries.stageFailures(), { legend: '{{service}} {{stage}}: {{error_type}} · {{environment}}' }),
    ],
    thresholds: graded(0, colour.warning, [3, colour.bad]),
    links: [{ title: 'History of the stages', url: stageHistoryAddress }],
    overrides: [
      {
        name: '\\S+ (deploy\\w*|migration): .*',
        regex: true,
        thresholds: graded(0, colour.bad),
      },
    ],
  });

/** Which stage takes the time, and which one breaks. */
export const stages: RowDefinition = {
  title: 'Stages',
  height: 7,
  panels: [durations(), failures()],
  source: import.meta.url,
};
