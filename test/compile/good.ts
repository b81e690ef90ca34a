import pipeline from '../../pipeline.config.ts';
import type { Bundle, MetricDefinitions } from '../../src/compile/bundle.ts';
import {
  type BuiltDashboard,
  buildDashboard,
  type DashboardDefinition,
} from '../../src/dashboards/dashboard.ts';
import type { PanelDefinition, RowDefinition } from '../../src/dashboards/definition.ts';
import type { PanelSpec } from '../../src/dashboards/panel.ts';
import { lines, stat, tablePanel, text } from '../../src/dashboards/panels.ts';
import { instant, range, table } from '../../src/dashboards/query.ts';
import { steps } from '../../src/dashboards/style.ts';
import {
  choiceVariable,
  datasourceVariable,
  environmentVariable,
  labelVariable,
} from '../../src/dashboards/variables.ts';
import { applicationMetrics } from '../../src/metrics/application.ts';
import { avg, binary, max, metric, min, oneOf, type Vector, variable } from '../../src/metrics/index.ts';
import { pipelineMetrics } from '../../src/metrics/pipeline.ts';
import { recordedMetrics } from '../../src/metrics/recorded.ts';
import { type AlertingRule, type RecordingRule, type RuleGroup, record } from '../../src/metrics/rule.ts';
import { systemMetrics } from '../../src/metrics/system.ts';

/** Changes of the small good bundle; each takes the place of the part of that name. */
export interface Changes {
  /** Expression of the panel "Probe". */
  readonly expr?: Vector<string>;
  readonly probe?: Partial<PanelSpec>;
  readonly stat?: Partial<PanelSpec>;
  readonly table?: Partial<Parameters<typeof tablePanel>[0]>;
  readonly notes?: Partial<Parameters<typeof text>[0]>;
  /** The row "Numbers". */
  readonly row?: Partial<RowDefinition>;
  /** The dashboard "good". */
  readonly dashboard?: Partial<DashboardDefinition>;
  /** Replaces the recording rule of the success rate. */
  readonly record?: Partial<RecordingRule>;
  readonly alert?: Partial<AlertingRule>;
  /** The group of the alert. */
  readonly group?: Partial<RuleGroup>;
  /** Metrics beside those that there are. */
  readonly metrics?: MetricDefinitions;
  /** Changes what was built: for what the functions of src/dashboards cannot do wrong. */
  readonly built?: (bundle: Bundle) => Bundle;
}

const source = import.meta.url;
const environment = variable('environment');
const perDeployment = ['environment', 'deployment_id'] as const;
const successRate = metric('environment:deployment_success:ratio', { environment, window: oneOf('window') });

/** Everything that a panel must say. */
const words = {
  description: 'What it means.',
  noData: 'Nothing yet',
  missing: '`record.mjs finish` emits it.',
  unit: 'none',
  width: 8,
} as const;

/** The panel whose expression is broken. */
export const probe = (changes: Changes): PanelDefinition =>
  lines({
    ...words,
    title: 'Probe',
    timeFrom: '7d',
    queries: [range(changes.expr ?? metric('up'), { legend: 'probe' })],
    ...changes.probe,
  });

const numbers = (changes: Changes): RowDefinition => ({
  title: 'Numbers',
  height: 5,
  panels: [
    stat({
      ...words,
      title: 'Success rate',
      unit: 'percentunit',
      queries: [instant(successRate, { legend: '{{environment}}' })],
      thresholds: steps('red', [0.9, 'yellow'], [0.95, 'green']),
      links: [{ title: 'Other', url: '/d/other/?var-environment=${environment}' }],
      ...changes.stat,
    }),
    probe(changes),
    text({
      title: 'Notes',
      description: 'What else to know.',
      width: 8,
      content: 'Of $environment.',
      ...changes.notes,
    }),
  ],
  source,
  ...changes.row,
});

const rename = {
  id: 'organize',
  options: {
    excludeByName: { Time: true },
    indexByName: { deployment_id: 0, 'Value #Outcome': 1 },
    renameByName: { 'Value #Started': 'Started', 'Value #Outcome': 'Outcome' },
  },
};

const tables = (changes: Changes): RowDefinition => ({
  title: 'Tables',
  height: 8,
  panels: [
    tablePanel({
      ...words,
      title: 'Deployments',
      width: 24,
      queries: [
        table(
          max(metric('recent_deployment:started_timestamp_seconds:min', { environment }), {
            by: perDeployment,
          }),
          {
            refId: 'Started',
          },
        ),
        table(max(metric('recent_deployment:outcome:code', { environment }), { by: perDeployment }), {
          refId: 'Outcome',
        }),
      ],
      transformations: [{ id: 'merge', options: {} }, rename],
      overrides: [{ name: 'Started', unit: 'dateTimeAsIso' }],
      sortBy: { column: 'Started', descending: true },
      ...changes.table,
    }),
  ],
  source,
});

const good = (changes: Changes): DashboardDefinition => ({
  uid: 'good',
  title: 'Good',
  description: 'Nothing is wrong with it.',
  tags: [],
  from: 'now-1h',
  refresh: '10s',
  variables: [
    datasourceVariable,
    environmentVariable,
    choiceVariable({
      name: 'window',
      label: 'Window',
      description: 'How far back.',
      values: ['1d', '7d'],
      current: '7d',
    }),
  ],
  annotations: [
    {
      name: 'Alerts',
      expr: metric('ALERTS', { alertstate: 'firing' }),
      color: 'red',
      title: '{{alertname}}',
      text: '{{environment}}',
    },
  ],
  rows: [numbers(changes), tables(changes)],
  source,
  ...changes.dashboard,
});

/** Dashboard that the good one links to. */
const other: DashboardDefinition = {
  uid: 'other',
  title: 'Other',
  description: 'Linked to.',
  tags: [],
  from: 'now-1h',
  refresh: '',
  variables: [
    datasourceVariable,
    labelVariable({
      name: 'environment',
      label: 'Environment',
      description: 'Where.',
      metric: 'environment:deployment_success:ratio',
      of: 'environment',
    }),
  ],
  annotations: [],
  rows: [
    {
      title: 'All',
      height: 5,
      panels: [
        stat({
          ...words,
          title: 'Success rate',
          queries: [instant(metric('environment:deployment_success:ratio', { environment, window: '7d' }))],
        }),
      ],
      source,
    },
  ],
  source,
};

const facts: RuleGroup = {
  name: 'facts',
  interval: 15,
  rules: [
    record(
      'recent_deployment:started_timestamp_seconds:min',
      min(metric('deployment_started_timestamp_seconds'), { by: perDeployment }),
    ),
    record('recent_deployment:outcome:code', max(metric('deployment_outcome_code'), { by: perDeployment })),
  ],
  source,
};

const indicators = (changes: Changes): RuleGroup => ({
  name: 'indicators',
  interval: 30,
  rules: [
    {
      ...record(
        'environment:deployment_success:ratio',
        avg(binary(metric('recent_deployment:outcome:code'), '==', 1, { bool: true }), {
          by: ['environment'],
        }),
        { window: '7d' },
      ),
      ...changes.record,
    },
  ],
  source,
});

const alerts = (changes: Changes): RuleGroup => ({
  name: 'alerts',
  interval: 30,
  rules: [
    {
      kind: 'alert',
      alert: 'DeploymentsFail',
      expr: binary(metric('environment:deployment_success:ratio', { window: '7d' }), '<', 0.9),
      for: '2m',
      labels: { severity: 'high' },
      annotations: goodAnnotations,
      ...changes.alert,
    },
  ],
  source,
  ...changes.group,
});

/** Required parts of every alert. */
export const goodAnnotations: Readonly<Record<string, string>> = {
  summary: 'Deployments fail',
  description: 'Too few of them succeeded.',
  runbook_url: 'https://docs.example/runbook',
  dashboard_url: 'https://grafana.example/d/good',
};

const recorded = {
  'recent_deployment:started_timestamp_seconds:min':
    recordedMetrics['recent_deployment:started_timestamp_seconds:min'],
  'recent_deployment:outcome:code': recordedMetrics['recent_deployment:outcome:code'],
  'environment:deployment_success:ratio': recordedMetrics['environment:deployment_success:ratio'],
};

/** A small bundle in which nothing is wrong, but for the changes. */
export function bundleWith(changes: Changes = {}): Bundle {
  const bundle: Bundle = {
    pipeline,
    metrics: { ...pipelineMetrics, ...applicationMetrics, ...systemMetrics, ...recorded, ...changes.metrics },
    dashboards: [good(changes), other].map(buildDashboard),
    ruleFiles: { facts: [facts, indicators(changes)], alerts: [alerts(changes)] },
    families: [],
    objectives: [],
  };
  return changes.built ? changes.built(bundle) : bundle;
}

/** The bundle with its first dashboard's JSON changed; the panels are changed in both places in which they are. */
export function withJson(edit: (json: BuiltDashboard['json']) => unknown): (bundle: Bundle) => Bundle {
  return (bundle) => {
    const [first, ...rest] = bundle.dashboards;
    const json = structuredClone(first!.json);
    edit(json);
    const byId = new Map((json.panels ?? []).map((panel) => [panel.id, panel]));
    const panels = first!.panels.map((placed) => {
      const panel = byId.get(placed.panel.id) as typeof placed.panel | undefined;
      return { ...placed, panel: panel ?? placed.panel };
    });
    return { ...bundle, dashboards: [{ ...first!, json, panels }, ...rest] };
  };
}
