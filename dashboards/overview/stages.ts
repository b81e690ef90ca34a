import { barGauge, colour, instant, type RowDefinition, steps } from '../../src/dashboards/index.ts';
import * as queries from '../queries.ts';

const durations = () =>
  barGauge({
    title: 'Stage duration',
    description: 'Average duration of each stage in the chosen window, of the times that it succeeded.',
    noData:
      'No stage succeeded in this window. `record.mjs stage` around each step of the pipeline emits it.',
    unit: 's',
    decimals: 1,
    min: 0,
    width: 12,
    nameAbove: true,
    queries: [instant(queries.stageDuration(), { legend: '{{service}} {{stage}} · {{environment}}' })],
    color: colour.running,
  });

const failures = () =>
  barGauge({
    title: 'Stage failures',
    description: 'How often each stage failed in the chosen window, by type of error.',
    noData: 'No stage failed in this window.',
    unit: 'short',
    decimals: 0,
    min: 0,
    width: 12,
    nameAbove: true,
    queries: [
      instant(queries.stageFailures(), { legend: '{{service}} {{stage}}: {{error_type}} · {{environment}}' }),
    ],
    thresholds: steps(colour.warning, [3, colour.bad]),
  });

/** Which stage takes the time, and which one breaks. */
export const stages: RowDefinition = {
  title: 'Stages',
  height: 10,
  panels: [durations(), failures()],
  source: import.meta.url,
};
