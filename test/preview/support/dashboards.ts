import type { Dashboard, GridPos, Panel, Target, Variable } from '../../../src/panels/dashboard.ts';

type Partially = Partial<Panel> & Pick<Panel, 'type' | 'title'>;

/** Thresholds from `[value, colour]` pairs; the first value is null. */
export const thresholds = (...steps: readonly (readonly [number | null, string])[]) => ({
  mode: 'absolute',
  steps: steps.map(([value, color]) => ({ value, color })),
});

const places = (row: number, widths: readonly number[], height: number): GridPos[] => {
  let x = 0;
  return widths.map((w) => {
    const pos = { x, y: row, w, h: height };
    x += w;
    return pos;
  });
};

/** Panels beside each other; their ids count up from `firstId`. */
export const row = (
  y: number,
  h: number,
  firstId: number,
  panels: readonly (Partially & { w: number })[],
): Panel[] => {
  const pos = places(
    y,
    panels.map((p) => p.w),
    h,
  );
  return panels.map(({ w: _, ...panel }, i) => ({ id: firstId + i, gridPos: pos[i] as GridPos, ...panel }));
};

const range = (expr: string, legendFormat = '', more: Partial<Target> = {}): Target => ({
  refId: 'A',
  expr,
  legendFormat,
  ...more,
});
const instant = (expr: string, legendFormat = ''): Target => ({
  refId: 'A',
  expr,
  legendFormat,
  instant: true,
});
const columns = (refId: string, expr: string): Target => ({ refId, expr, instant: true, format: 'table' });

const outcomeMapping = {
  type: 'value',
  options: {
    1: { text: 'success', color: 'green', index: 0 },
    2: { text: 'failure', color: 'red', index: 1 },
    3: { text: 'rolled back', color: 'orange', index: 2 },
  },
};

const variables: readonly Variable[] = [
  { name: 'datasource', type: 'datasource', query: 'prometheus', hide: 2 },
  {
    name: 'environment',
    label: 'Environment',
    type: 'query',
    query: { query: 'label_values(success_ratio, environment)', refId: 'x' },
    sort: 1,
    current: { text: 'production', value: 'production' },
  },
  {
    name: 'deployment_id',
    label: 'Deployment',
    type: 'query',
    query: 'label_values(deployment_seconds, deployment_id)',
    multi: true,
    includeAll: true,
    sort: 8,
  },
  {
    name: 'quantile',
    label: 'Quantile',
    type: 'custom',
    query: 'p50 : 0.5, p95 : 0.95',
    current: { value: '0.95' },
  },
  { name: 'window', type: 'interval', query: '5m,1h,1d', current: { value: '1h' } },
  { name: 'search', label: 'Search', type: 'textbox', query: '' },
];

const ratio = {
  unit: 'percentunit',
  min: 0,
  max: 1,
  thresholds: thresholds([null, 'red'], [0.9, 'yellow'], [0.95, 'green']),
};

const numbers = row(0, 5, 1, [
  {
    w: 6,
    type: 'stat',
    title: 'Success rate in ${environment}',
    description: 'Of **all** deployments in $environment.',
    targets: [range('success_ratio{environment="$environment"}')],
    fieldConfig: { defaults: { ...ratio, decimals: 1 }, overrides: [] },
    options: { colorMode: 'background', graphMode: 'area' },
  },
  {
    w: 6,
    type: 'stat',
    title: 'Last deployment',
    targets: [instant('deployment_outcome', '{{deployment_id}}')],
    fieldConfig: {
      defaults: {
        mappings: [outcomeMapping],
        links: [
          {
            title: 'Open it',
            url: '/d/edges?${__url_time_range}&var-deployment_id=${__field.labels.deployment_id}',
          },
        ],
      },
      overrides: [],
    },
    options: {
      colorMode: 'background',
      graphMode: 'none',
      reduceOptions: { values: false, calcs: ['lastNotNull'], fields: '' },
      textMode: 'value_and_name',
    },
    transformations: [{ id: 'limit', options: { limitField: 1 } }],
  },
  {
    w: 6,
    type: 'gauge',
    title: 'Health checks',
    targets: [instant('success_ratio_two', '{{environment}}')],
    fieldConfig: { defaults: ratio, overrides: [] },
  },
  {
    w: 6,
    type: 'bargauge',
    title: 'Stage duration',
    targets: [instant('stage_seconds', '{{stage}}')],
    fieldConfig: {
      defaults: { unit: 's', thresholds: thresholds([null, 'green'], [120, 'yellow'], [200, 'red']) },
      overrides: [],
    },
    options: { orientation: 'horizontal', displayMode: 'gradient' },
  },
]);

const trends = row(5, 8, 10, [
  {
    w: 8,
    type: 'timeseries',
    title: 'Time to deploy',
    targets: [range('duration_p95', '{{service}}')],
    fieldConfig: {
      defaults: {
        unit: 's',
        custom: { lineWidth: 2, fillOpacity: 10, thresholdsStyle: { mode: 'dashed' } },
        thresholds: thresholds([null, 'transparent'], [600, 'red']),
        links: [
          {
            title: 'Service ${__field.labels.service}',
            url: '/d/edges?var-service=${__field.labels.service}&at=${__value.time}',
          },
        ],
      },
      overrides: [],
    },
    options: {
      legend: { displayMode: 'table', placement: 'bottom', showLegend: true, calcs: ['mean', 'max'] },
      tooltip: { mode: 'multi', sort: 'desc' },
    },
  },
  {
    w: 8,
    type: 'timeseries',
    title: 'Rollbacks by reason',
    targets: [range('rollbacks', '{{reason}}', { interval: '15m' })],
    fieldConfig: {
      defaults: {
        decimals: 0,
        custom: { drawStyle: 'bars', fillOpacity: 80, stacking: { mode: 'normal', group: 'A' } },
      },
      overrides: [
        {
          matcher: { id: 'byName', options: 'manual' },
          properties: [{ id: 'color', value: { mode: 'fixed', fixedColor: 'purple' } }],
        },
      ],
    },
    options: { tooltip: { mode: 'multi', sort: 'none' } },
  },
  {
    w: 8,
    type: 'heatmap',
    title: 'Durations of stages',
    targets: [range('buckets', '{{le}}', { format: 'heatmap', interval: '15m' })],
    options: { yAxis: { unit: 's' } },
  },
]);

const bars = row(13, 9, 20, [
  {
    w: 8,
    type: 'barchart',
    title: 'Results by stage',
    targets: [columns('A', 'stage_results')],
    transformations: [
      { id: 'groupingToMatrix', options: { columnField: 'status', rowField: 'stage', valueField: 'Value' } },
    ],
    fieldConfig: {
      defaults: {},
      overrides: [
        {
          matcher: { id: 'byName', options: 'success' },
          properties: [{ id: 'color', value: { mode: 'fixed', fixedColor: 'green' } }],
        },
      ],
    },
    options: { orientation: 'horizontal', stacking: 'normal' },
  },
  {
    w: 8,
    type: 'barchart',
    title: 'Duration by stage',
    targets: [columns('A', 'stage_seconds')],
    transformations: [
      { id: 'organize', options: { excludeByName: { Time: true }, renameByName: { Value: 'duration' } } },
      { id: 'sortBy', options: { sort: [{ field: 'duration', desc: true }] } },
    ],
    fieldConfig: {
      defaults: {
        unit: 's',
        color: { mode: 'thresholds' },
        thresholds: thresholds([null, 'green'], [120, 'yellow'], [200, 'red']),
        links: [{ title: 'Logs', url: 'https://ci.example/stages/${__data.fields.stage}' }],
      },
      overrides: [],
    },
    options: { xField: 'stage', showValue: 'auto', legend: { showLegend: false } },
  },
  {
    w: 8,
    type: 'state-timeline',
    title: 'Health of services',
    targets: [range('health', '{{service}}', { interval: '15m' })],
    fieldConfig: {
      defaults: {
        mappings: [
          {
            type: 'value',
            options: { 0: { text: 'down', color: 'red' }, 1: { text: 'up', color: 'green' } },
          },
        ],
      },
      overrides: [],
    },
    options: { showValue: 'never' },
  },
]);

const waterfall = row(22, 8, 30, [
  {
    w: 24,
    type: 'state-timeline',
    title: 'Stages of a deployment',
    timeFrom: '1h',
    targets: [range('stage_state', '{{stage}}', { interval: '15s' })],
    fieldConfig: {
      defaults: {
        custom: { fillOpacity: 80 },
        mappings: [
          {
            type: 'value',
            options: {
              1: { text: 'success', color: 'green' },
              2: { text: 'slow', color: 'yellow' },
              3: { text: 'failed', color: 'red' },
            },
          },
        ],
        links: [
          { title: 'Log of ${__field.labels.stage}', url: '${__field.labels.log_url}', targetBlank: true },
        ],
      },
      overrides: [],
    },
  },
]);

const cell = (name: string, ...properties: readonly { id: string; value: unknown }[]) => ({
  matcher: { id: 'byName', options: name },
  properties,
});

const details = row(30, 8, 40, [
  {
    w: 16,
    type: 'table',
    title: 'Recent deployments',
    targets: [
      columns('A', 'deployment_seconds'),
      columns('B', 'deployment_outcome'),
      columns('C', 'deployment_finished_ms'),
    ],
    transformations: [
      { id: 'joinByField', options: { byField: 'deployment_id', mode: 'outer' } },
      {
        id: 'organize',
        options: {
          excludeByName: { 'Time 1': true, 'Time 2': true, 'Time 3': true, Time: true },
          indexByName: { deployment_id: 0, 'Value #C': 1, 'Value #A': 2, 'Value #B': 3 },
          renameByName: {
            deployment_id: 'Deployment',
            'Value #A': 'Duration',
            'Value #B': 'Outcome',
            'Value #C': 'Finished',
          },
        },
      },
      { id: 'sortBy', options: { sort: [{ field: 'Finished', desc: true }] } },
    ],
    fieldConfig: {
      defaults: { custom: { align: 'left' } },
      overrides: [
        cell('Deployment', {
          id: 'links',
          value: [
            {
              title: 'Why it went so',
              url: '/d/edges?var-deployment_id=${__data.fields.Deployment}&from=${__data.fields.Finished.numeric}&to=${__to}',
            },
          ],
        }),
        cell(
          'Outcome',
          { id: 'mappings', value: [outcomeMapping] },
          { id: 'custom.cellOptions', value: { type: 'color-background', mode: 'basic' } },
        ),
        cell(
          'Duration',
          { id: 'unit', value: 's' },
          { id: 'min', value: 0 },
          { id: 'max', value: 900 },
          { id: 'custom.cellOptions', value: { type: 'gauge', mode: 'basic' } },
        ),
        cell('Finished', { id: 'unit', value: 'dateTimeAsIso' }),
        cell('run_url', { id: 'custom.hideFrom.viz', value: true }),
      ],
    },
    options: { cellHeight: 'sm' },
  },
  {
    w: 8,
    type: 'text',
    title: 'What to do',
    options: {
      mode: 'markdown',
      content:
        '### In $environment\n\n1. Open the [log](https://ci.example)\n2. Roll back with `npm run gate`\n\nRange: ${__from:date:iso}',
    },
    links: [{ title: 'Runbook', url: 'https://ci.example/runbook?env=${environment}' }],
  },
]);

/** A dashboard with every type of panel that ours use. */
export const everything: Dashboard = {
  uid: 'everything',
  title: 'Everything in ${environment}',
  tags: ['deployment'],
  graphTooltip: 1,
  time: { from: 'now-6h', to: 'now' },
  templating: { list: variables },
  annotations: {
    list: [
      { name: 'Annotations & Alerts', builtIn: 1, enable: true },
      {
        name: 'Deployments',
        enable: true,
        iconColor: 'blue',
        target: { expr: 'deploy_marks', interval: '60s' },
        titleFormat: '{{deployment_id}}',
        textFormat: '{{outcome}}',
        tagKeys: 'outcome',
      },
      {
        name: 'Frozen',
        enable: true,
        iconColor: 'red',
        target: { expr: 'frozen' },
        titleFormat: 'No budget left',
      },
    ],
  },
  links: [
    {
      type: 'dashboards',
      title: 'Deployment dashboards',
      tags: ['deployment'],
      includeVars: true,
      keepTime: true,
    },
  ],
  panels: [...numbers, ...trends, ...bars, ...waterfall, ...details],
};

const rowPanel = (id: number, y: number, title: string, more: Partial<Panel> = {}): Panel => ({
  id,
  type: 'row',
  title,
  gridPos: { x: 0, y, w: 24, h: 1 },
  ...more,
});

/** A dashboard of everything that can be missing or go wrong. */
export const edges: Dashboard = {
  uid: 'edges',
  title: 'Edges',
  tags: ['deployment'],
  time: { from: 'now-6h', to: 'now' },
  templating: {
    list: [
      {
        name: 'deployment_id',
        type: 'query',
        query: 'label_values(deployment_seconds, deployment_id)',
        current: { value: '' },
      },
    ],
  },
  panels: [
    rowPanel(100, 0, 'Without data'),
    ...row(1, 5, 1, [
      {
        w: 6,
        type: 'stat',
        title: 'Stat',
        targets: [instant('nothing')],
        fieldConfig: { defaults: { noValue: 'No deployment yet' }, overrides: [] },
      },
      {
        w: 6,
        type: 'timeseries',
        title: 'Series',
        targets: [range('nothing')],
        fieldConfig: {
          defaults: { noValue: 'Nothing was deployed: record.mjs start emits it' },
          overrides: [],
        },
      },
      { w: 6, type: 'table', title: 'Table', targets: [columns('A', 'nothing')] },
      { w: 6, type: 'state-timeline', title: 'Timeline', targets: [range('nothing')] },
    ]),
    rowPanel(101, 6, 'Broken'),
    ...row(7, 5, 10, [
      { w: 6, type: 'timeseries', title: 'Refused', targets: [range('broken(')] },
      {
        w: 6,
        type: 'timeseries',
        title: 'Half refused',
        targets: [range('rollbacks', '{{reason}}'), { ...range('broken('), refId: 'B' }],
      },
      { w: 6, type: 'piechart', title: 'Unknown panel', targets: [instant('rollbacks')] },
      {
        w: 6,
        type: 'table',
        title: 'Unknown transformation',
        targets: [columns('A', 'rollbacks')],
        transformations: [{ id: 'rowsToFields', options: {} }],
      },
    ]),
    rowPanel(102, 12, 'Closed at first', {
      collapsed: true,
      panels: row(13, 6, 20, [
        { w: 12, type: 'timeseries', title: 'Inside', targets: [range('duration_p95', '{{service}}')] },
      ]),
    }),
    rowPanel(103, 13, 'Below'),
    ...row(14, 5, 30, [
      {
        w: 12,
        type: 'stat',
        title: 'Under the closed row',
        targets: [instant('success_ratio')],
        fieldConfig: { defaults: { unit: 'percentunit' }, overrides: [] },
      },
      {
        w: 12,
        type: 'barchart',
        title: 'Shares',
        targets: [columns('A', 'stage_results')],
        transformations: [
          {
            id: 'groupingToMatrix',
            options: { columnField: 'status', rowField: 'stage', valueField: 'Value' },
          },
        ],
        options: {
          stacking: 'percent',
          xTickLabelRotation: 45,
          legend: { placement: 'right', displayMode: 'list', showLegend: true },
        },
      },
    ]),
  ],
};
