import type { Bundle } from '../../src/compile/bundle.ts';
import { avg, binary, max, metric, Vector, variable } from '../../src/metrics/index.ts';
import { recordedMetrics } from '../../src/metrics/recorded.ts';
import { type RecordingRule, type RuleGroup, record } from '../../src/metrics/rule.ts';
import type { Broken } from './broken-definition.ts';
import { goodAnnotations } from './good.ts';

const rate = 'environment:deployment_success:ratio';
const recordPlace = ['facts.yml', 'indicators', rate];
const alertPlace = ['alerts.yml', 'alerts', 'DeploymentsFail'];

/** Adds rules to the group of the indicators. */
const alsoRecording =
  (...rules: RecordingRule[]) =>
  (bundle: Bundle): Bundle =>
    editGroup(bundle, 'facts', 1, (group) => ({ ...group, rules: [...group.rules, ...rules] }));

function editGroup(
  bundle: Bundle,
  file: string,
  index: number,
  edit: (group: RuleGroup) => RuleGroup,
): Bundle {
  const groups = bundle.ruleFiles[file]!.map((group, i) => (i === index ? edit(group) : group));
  return { ...bundle, ruleFiles: { ...bundle.ruleFiles, [file]: groups } };
}

const spare = {
  type: 'recorded',
  unit: 'ratio',
  help: 'A series of a test.',
  labels: { environment: 'open' },
  producers: ['rules'],
  required: false,
} as const;
const success = binary(metric('recent_deployment:outcome:code'), '==', 1, { bool: true });
const byEnvironment = avg(success, { by: ['environment'] });
const gate = 'deployment:last_event_timestamp_seconds:max';
/** Adds the ledger, with the fact that says when it writes. */
function withLedger(bundle: Bundle): Bundle {
  const started = metric('deployment_started_timestamp_seconds');
  const group: RuleGroup = {
    name: 'deployment-ledger',
    interval: 15,
    rules: [record(gate, max(started, { by: ['environment', 'deployment_id'] }))],
    source: import.meta.url,
  };
  return { ...bundle, ruleFiles: { ...bundle.ruleFiles, ledger: [group] } };
}
const spareRule = record('environment:spare:ratio' as typeof rate, byEnvironment);

const recording: readonly Broken[] = [
  {
    name: 'a recorded series that the catalogue does not have',
    changes: { built: alsoRecording(spareRule) },
    id: 'record-declared',
    place: ['facts.yml', 'indicators', 'environment:spare:ratio'],
  },
  {
    name: 'a label that the catalogue does not give it',
    changes: { record: { expr: success } },
    id: 'record-declared',
    place: recordPlace,
  },
  {
    name: 'a label of the catalogue that the rule does not keep',
    changes: { record: { expr: avg(success) } },
    id: 'record-declared',
    place: recordPlace,
  },
  {
    name: 'a label that only one side of an "or" has',
    changes: { record: { expr: new Vector(`${byEnvironment.text} or vector(0)`) } },
    id: 'record-declared',
    place: recordPlace,
  },
  {
    name: 'seconds recorded as a ratio',
    changes: {
      record: { expr: avg(metric('deployment_stage_duration_seconds'), { by: ['environment'] }) },
    },
    id: 'record-unit',
    place: recordPlace,
  },
  {
    name: 'a moment recorded as a ratio',
    changes: {
      record: {
        expr: max(metric('recent_deployment:started_timestamp_seconds:min'), { by: ['environment'] }),
      },
    },
    id: 'record-unit',
    place: recordPlace,
  },
  {
    name: 'a fact that is asked for as if it stayed',
    changes: {
      metrics: { [gate]: recordedMetrics[gate] },
      expr: metric(gate, { environment: variable('environment') }),
      built: withLedger,
    },
    id: 'ledger-fact',
    place: ['good', 'Numbers', 'Probe', 'query A'],
  },
  {
    name: 'a constant label with a value that it cannot have',
    changes: { record: { labels: { window: '8d' } } },
    id: 'record-declared',
    place: recordPlace,
  },
  {
    name: 'a series of the catalogue that no rule writes',
    changes: {
      metrics: { 'environment:spare:ratio': spare },
      expr: new Vector('environment:spare:ratio{environment=~"$environment"}'),
    },
    id: 'record-written',
    place: ['catalogue', 'environment:spare:ratio'],
  },
  {
    name: 'a series that nothing reads',
    changes: { metrics: { 'environment:spare:ratio': spare }, built: alsoRecording(spareRule) },
    id: 'record-read',
    place: ['catalogue'],
  },
  {
    name: 'a name of two parts',
    changes: {
      metrics: { 'environment:spare': spare },
      expr: new Vector('environment:spare{environment=~"$environment"}'),
      built: alsoRecording({ ...spareRule, record: 'environment:spare' as typeof rate }),
    },
    id: 'rule-name',
    place: ['facts.yml', 'indicators', 'environment:spare'],
  },
  {
    name: 'two rules that write the same series',
    changes: { built: alsoRecording(record(rate, byEnvironment, { window: '7d' })) },
    id: 'rule-unique',
    place: recordPlace,
  },
  {
    name: 'a rule that reads what is written after it',
    changes: {
      metrics: { 'environment:spare:ratio': spare },
      record: { expr: avg(new Vector('environment:spare:ratio'), { by: ['environment'] }) },
      built: alsoRecording(spareRule),
    },
    id: 'rule-order',
    place: recordPlace,
  },
  {
    name: 'a recording rule with a misspelt metric',
    changes: { record: { expr: avg(new Vector('recent_deployment:outcome'), { by: ['environment'] }) } },
    id: 'metric-unknown',
    place: recordPlace,
    caret: 'recent_deployment:outcome',
  },
  {
    name: 'a dashboard’s variable in a rule',
    changes: { alert: { expr: new Vector(`${rate}{environment="$environment",window="7d"} < 0.9`) } },
    id: 'variable-undeclared',
    place: alertPlace,
    caret: '$environment',
  },
];

const annotated = (annotations: Record<string, string>) => ({
  alert: { annotations: { ...goodAnnotations, ...annotations } },
});
const withoutDashboard = Object.fromEntries(
  Object.entries(goodAnnotations).filter(([name]) => name !== 'dashboard_url'),
);

const alerts: readonly Broken[] = [
  {
    name: 'an alert in small letters',
    changes: { alert: { alert: 'deployments_fail' } },
    id: 'rule-name',
    place: ['alerts.yml', 'alerts', 'deployments_fail'],
  },
  {
    name: 'a hold that is no duration',
    changes: { alert: { for: '2 minutes' } },
    id: 'rule-duration',
    place: alertPlace,
  },
  {
    name: 'a hold that is shorter than the interval of its group',
    changes: { alert: { for: '5s' } },
    id: 'rule-duration',
    place: alertPlace,
  },
  {
    name: 'a hold in milliseconds',
    changes: { alert: { keepFiringFor: '300ms' } },
    id: 'rule-duration',
    place: alertPlace,
  },
  {
    name: 'units in the wrong order',
    changes: { alert: { keepFiringFor: '30m1h' } },
    id: 'rule-duration',
    place: alertPlace,
  },
  {
    name: 'a severity without a route',
    changes: { alert: { labels: { severity: 'urgent' } } },
    id: 'alert-words',
    place: alertPlace,
  },
  {
    name: 'an alert that does not say where to look',
    changes: { alert: { annotations: withoutDashboard } },
    id: 'alert-words',
    place: alertPlace,
  },
  {
    name: 'a label of the alert that is a template',
    changes: { alert: { labels: { severity: 'high', where: '{{ $labels.stage }}' } } },
    id: 'template-text',
    place: [...alertPlace, 'where'],
    caret: '{{ $labels.stage }}',
  },
  {
    name: 'a command in an annotation that does not exist',
    changes: annotated({ description: 'Run record.mjs rolback.' }),
    id: 'recorder-verb',
    place: [...alertPlace, 'description'],
    caret: 'rolback',
  },
];

const groups: readonly Broken[] = [
  {
    name: 'two groups of one name',
    changes: { group: { name: 'facts' } },
    id: 'group-name-unique',
    place: ['alerts.yml', 'facts'],
  },
  {
    name: 'an evaluation so seldom that a missed one leaves a gap',
    changes: { group: { interval: 150 }, alert: { for: '5m' } },
    id: 'group-interval',
    place: ['alerts.yml', 'alerts'],
  },
  {
    name: 'an evaluation as seldom of a series of which the present value is shown',
    changes: { built: (bundle) => editGroup(bundle, 'facts', 1, (group) => ({ ...group, interval: 150 })) },
    id: 'group-interval',
    place: ['facts.yml', 'indicators'],
  },
  {
    name: 'an evaluation twice a second',
    changes: { group: { interval: 0.5 } },
    id: 'group-interval',
    place: ['alerts.yml', 'alerts'],
  },
  {
    name: 'a group without a name',
    changes: { group: { name: '' } },
    id: 'rule-schema',
    place: ['alerts.yml', ''],
  },
  {
    name: 'a label with a name that Prometheus does not take',
    changes: { alert: { labels: { severity: 'high', 'alert-team': 'relay' } } },
    id: 'rule-schema',
    place: ['alerts.yml', 'alerts'],
  },
];

/** Broken rules and groups. */
export const brokenRules: readonly Broken[] = [...recording, ...alerts, ...groups];
