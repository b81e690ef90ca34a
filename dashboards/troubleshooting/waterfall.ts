import { MappingType, type ValueMapping } from '@grafana/grafana-foundation-sdk/dashboard';
import {
  barChart,
  colour,
  ownSpan,
  type RowDefinition,
  range,
  stageHistory,
  stateTimeline,
  table,
} from '../../src/dashboards/index.ts';
import { stepsOfASecond } from './context.ts';
import * as stages from './queries/stages.ts';
import * as queries from './queries/waterfall.ts';
import { type BarState, barMappings } from './states.ts';

const { interval } = stepsOfASecond;

const timeline = () =>
  stateTimeline({
    title: 'Timeline',
    noData: 'Outside the chosen range',
    panelLinks: [{ title: 'Show the time span of this deployment', url: ownSpan }],
    description:
      'The same on the clock, in the time span shown, with each health check: stages from their start to their end, to the second on spans up to half an hour. Yellow: slower than 95 % of the successful runs of this stage of this service in the 30 days before. Grey: skipped, or never begun because an earlier one failed. Purple: began, and nothing was heard of it again. Below them the health checks, each at its own time, and the time in which nothing ran. A bar opens the log of its stage.',
    missing:
      'No stage of this deployment lies in the time span shown; the link above opens its own. `record.mjs stage` around each step of the pipeline emits the stages.',
    unit: 'none',
    width: 24,
    queries: [
      range(queries.ended(), { refId: 'Ran', legend: '{{service}} {{stage}}', interval }),
      range(queries.unended(), { refId: 'Runs', legend: '{{service}} {{stage}} …', interval }),
      range(queries.skipped(), { refId: 'Skipped', legend: '{{service}} {{stage}} (not reached)', interval }),
      range(queries.healthChecks(), { refId: 'Checks', legend: '{{service}} health checks', interval }),
      range(queries.waiting(), { refId: 'Waiting', legend: 'waiting', interval }),
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

/** States of bars, in the order of the legend, with the columns that they become. */
const bars = {
  success: ['succeeded', colour.good],
  slow: ['slow', colour.warning],
  failure: ['failed', colour.bad],
  running: ['running', colour.running],
  lost: ['no end reported', colour.unknown],
  skipped: ['skipped', colour.skipped],
  cancelled: ['cancelled', 'light-blue'],
} as const satisfies Partial<Record<BarState, readonly [name: string, color: string]>>;
const states = Object.keys(bars) as (keyof typeof bars)[];

/** No number stands in the room before a bar. */
const wordless: ValueMapping = {
  type: MappingType.RangeToText,
  options: { from: null, to: null, result: { text: ' ', index: 0 } } as never,
};

const fromThePush = () =>
  barChart({
    title: 'Waterfall',
    noData: 'No stages',
    description:
      'Each stage from its start to its end, in seconds since the push, in the order in which they began, in any time span. Yellow: slower than 95 % of the successful runs of this stage of this service in the 30 days before. In parallel: another stage still ran when it ended, so to make it faster may gain nothing; when any other stage ended nothing else ran, and the deployment waited for it. A stage without a bar was not reached because an earlier one failed. A bar opens the log of the run.',
    missing:
      'No deployment is chosen, or none of its stages was recorded. `record.mjs stage` around each step of the pipeline emits them.',
    unit: 'suffix:s',
    decimals: 0,
    min: 0,
    width: 15,
    xField: 'Stage',
    stacked: true,
    valued: true,
    queries: [
      table(queries.offset(), { refId: 'Offset' }),
      ...states.map((state) => table(queries.lengthIn(state), { refId: state })),
      table(queries.notReached(), { refId: 'NotReached' }),
    ],
    transformations: [
      { id: 'merge', options: {} },
      { id: 'sortBy', options: { sort: [{ field: 'Value #Offset' }] } },
      {
        id: 'organize',
        options: {
          excludeByName: { Time: true, service: true, stage: true, 'Value #NotReached': true },
          indexByName: Object.fromEntries(
            ['name', 'Value #Offset', ...states.map((state) => `Value #${state}`)].map((name, i) => [
              name,
              i,
            ]),
          ),
          renameByName: {
            name: 'Stage',
            'Value #Offset': 'before it',
            ...Object.fromEntries(states.map((state) => [`Value #${state}`, bars[state][0]])),
          },
        },
      },
    ],
    overrides: [
      {
        name: 'before it',
        color: 'transparent',
        mappings: [wordless],
        // The axis is that of the bars, whose numbers are shown.
        custom: {
          hideFrom: { legend: true, tooltip: true, viz: false },
          axisPlacement: 'hidden',
          lineWidth: 0,
          fillOpacity: 0,
        },
      },
      ...states.map((state) => ({ name: bars[state][0], color: bars[state][1] })),
    ],
    links: [{ title: 'The run', url: '${run_url}', newTab: true }],
  });

const durations = () =>
  barChart({
    title: 'Stages against their usual duration',
    noData: 'No stages',
    description:
      'How long each stage took, beside the median and the 95th percentile of its successful runs in the 30 days up to the end of the time span, of the same service and environment.',
    missing: 'No stage of this deployment has ended in the time span shown. `record.mjs stage` emits them.',
    unit: 'suffix:s',
    decimals: 0,
    min: 0,
    width: 9,
    xField: 'Stage',
    valued: false,
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
  height: 8,
  panels: [fromThePush(), durations(), { ...timeline(), height: 9 }],
  source: import.meta.url,
};
