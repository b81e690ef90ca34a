import { type Snapshot, snapshotOf } from '../../src/compile/snapshot.ts';

/** A small bundle with one of everything, as files below `generated/`. */
const dashboard = {
  uid: 'deployments',
  title: 'Deployments',
  description: 'Do they work?',
  tags: ['deployment-observability'],
  time: { from: 'now-24h', to: 'now' },
  refresh: '10s',
  graphTooltip: 1,
  schemaVersion: 42,
  editable: false,
  timezone: 'browser',
  links: [{ title: 'Others', type: 'dashboards', url: '' }],
  templating: {
    list: [
      { name: 'datasource', type: 'datasource', query: 'prometheus' },
      {
        name: 'environment',
        type: 'query',
        query: 'label_values(up, environment)',
        multi: true,
        includeAll: true,
        allValue: '.*',
      },
      { name: 'window', type: 'custom', query: '1h,1d', current: { text: '1d', value: '1d' } },
    ],
  },
  annotations: {
    list: [
      {
        name: 'Alerts',
        enable: true,
        iconColor: 'red',
        target: { refId: 'Anno', expr: 'ALERTS{alertstate="firing"}' },
      },
    ],
  },
  panels: [
    {
      type: 'row',
      id: 1,
      title: 'Key metrics',
      collapsed: false,
      gridPos: { x: 0, y: 0, w: 24, h: 1 },
      panels: [],
    },
    {
      type: 'stat',
      id: 11,
      title: 'Success rate',
      description: 'Share of deployments that succeeded.',
      gridPos: { x: 0, y: 1, w: 6, h: 5 },
      datasource: { type: 'prometheus', uid: '${datasource}' },
      targets: [
        {
          refId: 'A',
          expr: 'environment:deployment_success:ratio{environment=~"$environment", window="$window"}',
          legendFormat: '{{environment}}',
          instant: true,
        },
      ],
      fieldConfig: {
        defaults: {
          unit: 'percentunit',
          decimals: 1,
          noValue: 'No deployment finished.',
          thresholds: {
            mode: 'absolute',
            steps: [
              { color: 'red', value: null },
              { color: 'yellow', value: 0.9 },
              { color: 'green', value: 0.95 },
            ],
          },
          links: [{ title: 'Why', url: '/d/troubleshooting' }],
          mappings: [],
        },
        overrides: [
          { matcher: { id: 'byName', options: 'Status' }, properties: [{ id: 'unit', value: 's' }] },
        ],
      },
      options: { colorMode: 'value', reduceOptions: { calcs: ['lastNotNull'] } },
      transformations: [{ id: 'merge', options: {} }],
    },
    {
      type: 'timeseries',
      id: 12,
      title: 'Errors',
      description: 'Errors by type.',
      gridPos: { x: 6, y: 1, w: 12, h: 5 },
      datasource: { type: 'prometheus', uid: '${datasource}' },
      timeFrom: '7d',
      targets: [
        {
          refId: 'A',
          expr: 'sum by (error_type) (rate(http_requests_total{status_code=~"5.."}[5m] offset 1h)) / 2',
          legendFormat: '{{error_type}}',
        },
        { refId: 'B', expr: 'max(http_requests_total) > 5', legendFormat: 'most' },
      ],
      fieldConfig: { defaults: { unit: 'reqps', noValue: 'None.' }, overrides: [] },
      options: {},
    },
    {
      type: 'row',
      id: 2,
      title: 'Details',
      collapsed: false,
      gridPos: { x: 0, y: 6, w: 24, h: 1 },
      panels: [],
    },
    {
      type: 'table',
      id: 21,
      title: 'Recent',
      description: 'The last ten.',
      gridPos: { x: 0, y: 7, w: 24, h: 8 },
      datasource: { type: 'prometheus', uid: '${datasource}' },
      targets: [{ refId: 'A', expr: 'topk(10, recent_deployment:outcome:code)', format: 'table' }],
      fieldConfig: { defaults: { unit: 'none', noValue: 'None.' }, overrides: [] },
      options: {},
    },
  ],
};

const rules = {
  groups: [
    {
      name: 'ledger',
      interval: '15s',
      rules: [
        {
          record: 'deployment:outcome:code',
          expr: 'max by (environment, deployment_id) (deployment_outcome_code)',
        },
        {
          record: 'environment:deployment_success:ratio',
          expr: 'avg by (environment) (last_over_time(deployment:outcome:code[1d]) == bool 1)',
          labels: { window: '1d' },
        },
        { record: 'slo:objective:ratio', expr: 'vector(0.99)', labels: { slo: 'deployment-reliability' } },
        { record: 'slo:sla:ratio', expr: 'vector(0.98)', labels: { slo: 'deployment-reliability' } },
      ],
    },
    {
      name: 'alerts',
      interval: '30s',
      rules: [
        {
          alert: 'DeploymentTakingTooLong',
          expr: 'max by (environment, deployment_id) (time() - deployment_started_timestamp_seconds) > 900',
          for: '2m',
          keep_firing_for: '5m',
          labels: { severity: 'high', team: 'platform' },
          annotations: { summary: 'It takes too long', runbook_url: 'https://example.org/runbook' },
        },
        {
          alert: 'SuccessRateLow',
          expr: 'environment:deployment_success:ratio{window="1d"} < 0.95',
          labels: { severity: 'critical' },
          annotations: { summary: 'Low' },
        },
      ],
    },
  ],
};

const alertmanager = {
  route: {
    receiver: 'log',
    group_by: ['environment'],
    routes: [
      { matchers: ['severity="critical"'], receiver: 'page' },
      { matchers: ['severity="high"'], receiver: 'ops', repeat_interval: '4h' },
    ],
  },
  receivers: [
    { name: 'log' },
    { name: 'page', webhook_configs: [{ url_file: '/secrets/page' }] },
    { name: 'ops' },
  ],
  inhibit_rules: [{ source_matchers: ['alertname="DeploymentFailed"'], equal: ['deployment_id'] }],
};

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** The bundle's parts as JSON, free to be edited. */
export type Parts = { [key: string]: Json };

/** A fresh copy of the bundle. */
export const parts = (): Parts =>
  JSON.parse(
    JSON.stringify({ dashboards: { deployments: dashboard }, rules: { rules }, alertmanager }),
  ) as Parts;

/** One edit: sets what stands at a path (`panels.1.title`), removes it, or adds to the list there. */
export type Edit =
  | readonly ['set', path: string, value: unknown]
  | readonly ['remove', path: string]
  | readonly ['add', path: string, value: unknown];

/** Shorter ways to say where. */
const shortcuts: Readonly<Record<string, string>> = {
  dash: 'dashboards.deployments',
  rate: 'dashboards.deployments.panels.1',
  errors: 'dashboards.deployments.panels.2',
  recent: 'dashboards.deployments.panels.4',
  ledger: 'rules.rules.groups.0',
  slow: 'rules.rules.groups.1.rules.0',
  low: 'rules.rules.groups.1.rules.1',
  route: 'alertmanager.route',
};

/** Applies edits to the parts, one after the other. */
export function edited(start: Parts, ...edits: readonly Edit[]): Parts {
  for (const [how, path, value] of edits) {
    const keys = path.replace(/^\w+/, (first) => shortcuts[first] ?? first).split('.');
    const last = keys.pop() ?? '';
    const holder = keys.reduce<Json>((at, key) => (at as Parts)[key] ?? null, start) as Parts;
    if (how === 'set') holder[last] = value as Json;
    else if (how === 'add') (holder[last] as Json[]).push(value as Json);
    else if (Array.isArray(holder)) holder.splice(Number(last), 1);
    else delete holder[last];
  }
  return start;
}

/** The bundle as the diff reads it; rule files are written as JSON, which YAML contains. */
export function snapshot({ dashboards, rules: files, alertmanager: routing }: Parts): Snapshot {
  const entries = (folder: string, ending: string, part: Json | undefined): [string, string][] =>
    Object.entries(part as Parts).map(([name, content]) => [
      `${folder}/${name}.${ending}`,
      JSON.stringify(content),
    ]);
  return snapshotOf(
    new Map([
      ...entries('grafana/dashboards', 'json', dashboards),
      ...entries('prometheus/rules', 'yml', files),
      ['alertmanager/alertmanager.yml', JSON.stringify(routing)],
    ]),
    'a test',
  );
}
