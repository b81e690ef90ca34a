import {
  barChart,
  colour,
  type RowDefinition,
  range,
  stageHistory,
  stateTimeline,
  table,
} from '../../src/dashboards/index.ts';
import { stepsOfASecond } from './context.ts';
import * as stages from './queries/stages.ts';
import * as bars from './queries/waterfall.ts';
import { barMappings } from './states.ts';

const { interval } = stepsOfASecond;

const timeline = () =>
  stateTimeline({
    title: 'Waterfall',
    noData: 'No stages',
    description:
      'Each stage from its start to its end, in the order in which they ran, to the second on spans up to half an hour. Yellow: slower than 95 % of the successful runs of this stage of this service in the 30 days before. Grey: skipped, or never begun because an earlier one failed. Orange: began, and nothing was heard of it again. Below them the health checks, each at its own time, and the time in which nothing ran. A bar opens the log of its stage.',
    missing:
      'No stage of this deployment lies in the time span shown. The id in "Facts" opens the time span of the deployment. `record.mjs stage` around each step of the pipeline emits the stages.',
    unit: 'none',
    width: 16,
    queries: [
      range(bars.ran(), { refId: 'Ran', legend: '{{service}} {{stage}}', interval }),
      range(bars.skipped(), { refId: 'Skipped', legend: '{{service}} {{stage}} (not reached)', interval }),
      range(bars.healthChecks(), { refId: 'Checks', legend: '{{service}} health checks', interval }),
      range(bars.waiting(), { refId: 'Waiting', legend: 'waiting', interval }),
    ],
    maxDataPoints: stepsOfASecond.maxDataPoints,
    mappings: barMappings,
    overrides: [
      {
        name: '.*',
        regex: true,
        links: [{ title: 'Its log', url: '${__field.labels.log_url}', newTab: true, oneClick: true }],
      },
    ],
  });

const durations = () =>
  barChart({
    title: 'Stages against their usual duration',
    noData: 'No stages',
    description:
      'How long each stage took, beside the median and the 95th percentile of its successful runs in the 30 days up to the end of the time span, of the same service and environment.',
    missing: 'No stage of this deployment has ended in the time span shown. `record.mjs stage` emits them.',
    unit: 's',
    decimals: 1,
    min: 0,
    width: 8,
    xField: 'Stage',
    panelLinks: [{ title: 'History of the stages, 30 days', url: stageHistory }],
    queries: [
      table(stages.named(stages.stageDuration()), { refId: 'This' }),
      table(stages.named(stages.usualOfSeen('p50')), { refId: 'P50' }),
      table(stages.named(stages.usualOfSeen('p95')), { refId: 'P95' }),
      table(stages.named(stages.begin()), { refId: 'Began' }),
    ],
    transformations: [
      { id: 'merge', options: {} },
      { id: 'sortBy', options: { sort: [{ field: 'Value #Began' }] } },
      {
        id: 'organize',
        options: {
          excludeByName: { Time: true, service: true, stage: true, 'Value #Began': true },
          indexByName: { name: 0, 'Value #This': 1, 'Value #P50': 2, 'Value #P95': 3 },
          renameByName: {
            name: 'Stage',
            'Value #This': 'This deployment',
            'Value #P50': 'Median, 30 days',
            'Value #P95': 'p95, 30 days',
          },
        },
      },
    ],
    overrides: [
      { name: 'This deployment', color: colour.running },
      { name: 'Median, 30 days', color: colour.skipped },
      { name: 'p95, 30 days', color: colour.warning },
    ],
  });

/** Where the time went, stage by stage. */
export const waterfall: RowDefinition = {
  title: 'Waterfall',
  height: 11,
  panels: [timeline(), durations()],
  source: import.meta.url,
};
