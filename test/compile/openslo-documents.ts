/** Documents of OpenSLO v1 in which nothing is wrong, and ways in which one goes wrong. */

const document = (kind: string, spec: object) => ({
  apiVersion: 'openslo/v1',
  kind,
  metadata: { name: 'an-example', displayName: 'An example' },
  spec,
});
const metric = (query: string) => ({ metricSource: { type: 'Prometheus', spec: { query } } });
const ratio = { counter: true, good: metric('good'), total: metric('all') };
const inline = (spec: object) => ({ metadata: { name: 'an-indicator' }, spec });
const month = {
  duration: '1M',
  isRolling: false,
  calendar: { startTime: '2026-01-01 00:00:00', timeZone: 'America/New_York' },
};
const slo = (spec: object) =>
  document('SLO', {
    service: 'a-service',
    indicator: inline({ ratioMetric: ratio }),
    timeWindow: [month],
    budgetingMethod: 'Occurrences',
    objectives: [{ displayName: 'most', target: 0.99 }],
    ...spec,
  });
const condition = {
  severity: 'page',
  condition: { kind: 'burnrate', op: 'gte', threshold: 2, lookbackWindow: '1h', alertAfter: '0m' },
};
const inlineOf = (kind: string, spec: object) => ({ kind, metadata: { name: 'inside' }, spec });

/** By what is special about each. */
export const good = {
  'a data source': document('DataSource', { type: 'Prometheus', connectionDetails: { url: 'http://here' } }),
  'a service': document('Service', { description: 'What it does.' }),
  'an SLO of good events': slo({}),
  'an SLO of bad events': slo({
    indicator: inline({ ratioMetric: { counter: false, bad: metric('bad'), total: metric('all') } }),
  }),
  'an SLO of a ratio': slo({
    indicator: inline({ ratioMetric: { raw: metric('ratio'), rawType: 'success' } }),
  }),
  'an SLO of a threshold': slo({
    indicator: inline({ thresholdMetric: metric('seconds') }),
    objectives: [{ op: 'lte', value: 600, targetPercent: 95 }],
  }),
  'an SLO of an indicator elsewhere': slo({ indicator: undefined, indicatorRef: 'an-indicator' }),
  'an SLO of time slices': slo({
    budgetingMethod: 'Timeslices',
    timeWindow: [{ duration: '4w', isRolling: true }],
    objectives: [{ target: 0.99, timeSliceTarget: 0.95, timeSliceWindow: '5m' }],
  }),
  'a composite SLO': slo({
    indicator: undefined,
    objectives: [
      { target: 0.99, indicatorRef: 'one', compositeWeight: 2 },
      { target: 0.9, indicator: inline({ ratioMetric: ratio }), compositeWeight: 1 },
    ],
  }),
  'an SLO with alerts': slo({
    alertPolicies: [
      { alertPolicyRef: 'a-policy' },
      inlineOf('AlertPolicy', {
        conditions: [{ conditionRef: 'a-condition' }],
        notificationTargets: [{ targetRef: 'a-target' }],
      }),
    ],
  }),
  'an indicator': document('SLI', { description: 'How many.', ratioMetric: ratio }),
  'a policy': document('AlertPolicy', {
    alertWhenBreaching: true,
    conditions: [inlineOf('AlertCondition', condition)],
    notificationTargets: [inlineOf('AlertNotificationTarget', { target: 'slack' })],
  }),
  'a condition': document('AlertCondition', condition),
  'a target': document('AlertNotificationTarget', { description: 'The channel.', target: 'slack' }),
} as const;

/** A change of a good document: what stands at a path; `undefined` takes it away. */
export type Change = readonly [of: keyof typeof good, path: string, value: unknown];

const anSlo = 'an SLO of good events';
const aThreshold = 'an SLO of a threshold';
const aRatio = 'an SLO of a ratio';

/** Each makes a document that must be refused. */
export const broken: readonly Change[] = [
  [anSlo, 'apiVersion', 'openslo/v1alpha'],
  [anSlo, 'kind', 'Slo'],
  [anSlo, 'kind', undefined],
  [anSlo, 'kind', 'Service'],
  [anSlo, 'status', {}],
  [anSlo, 'spec', undefined],
  [anSlo, 'metadata', undefined],
  [anSlo, 'metadata.name', undefined],
  [anSlo, 'metadata.name', 'An Example'],
  [anSlo, 'metadata.name', '-example'],
  [anSlo, 'metadata.name', 'example-'],
  [anSlo, 'metadata.name', 'x'.repeat(64)],
  [anSlo, 'metadata.displayName', ''],
  [anSlo, 'metadata.owner', 'ada'],
  [anSlo, 'metadata.labels', { '-team': 'relay' }],
  [anSlo, 'metadata.labels', { team: 1 }],
  [anSlo, 'metadata.annotations', { 'a/b/c': 'x' }],
  [anSlo, 'metadata.annotations', { team: ['relay'] }],
  [anSlo, 'spec.description', 'x'.repeat(1_051)],
  [anSlo, 'spec.owner', 'ada'],
  [anSlo, 'spec.service', undefined],
  [anSlo, 'spec.service', 'A service'],
  [anSlo, 'spec.indicator', undefined],
  [anSlo, 'spec.indicatorRef', 'another'],
  [anSlo, 'spec.indicator.metadata', undefined],
  [anSlo, 'spec.indicator.kind', 'SLI'],
  [anSlo, 'spec.indicator.spec', {}],
  [anSlo, 'spec.indicator.spec.thresholdMetric', metric('seconds')],
  [anSlo, 'spec.indicator.spec.ratioMetric.counter', undefined],
  [anSlo, 'spec.indicator.spec.ratioMetric.counter', 'true'],
  [anSlo, 'spec.indicator.spec.ratioMetric.good', undefined],
  [anSlo, 'spec.indicator.spec.ratioMetric.total', undefined],
  [anSlo, 'spec.indicator.spec.ratioMetric.bad', metric('bad')],
  [anSlo, 'spec.indicator.spec.ratioMetric.raw', metric('ratio')],
  [anSlo, 'spec.indicator.spec.ratioMetric.rawType', 'success'],
  [anSlo, 'spec.indicator.spec.ratioMetric.good', { query: 'good' }],
  [anSlo, 'spec.indicator.spec.ratioMetric.good.metricSource.spec', undefined],
  [anSlo, 'spec.indicator.spec.ratioMetric.good.metricSource.spec', 'good'],
  [anSlo, 'spec.indicator.spec.ratioMetric.good.metricSource.type', undefined],
  [anSlo, 'spec.indicator.spec.ratioMetric.good.metricSource.query', 'good'],
  [anSlo, 'spec.timeWindow', undefined],
  [anSlo, 'spec.timeWindow', []],
  [anSlo, 'spec.timeWindow', [month, month]],
  [anSlo, 'spec.timeWindow.0.duration', undefined],
  [anSlo, 'spec.timeWindow.0.duration', '1 month'],
  [anSlo, 'spec.timeWindow.0.duration', '30s'],
  [anSlo, 'spec.timeWindow.0.duration', '0d'],
  [anSlo, 'spec.timeWindow.0.isRolling', true],
  [anSlo, 'spec.timeWindow.0.calendar', undefined],
  [anSlo, 'spec.timeWindow.0.calendar.startTime', '2026-01-01T00:00:00Z'],
  [anSlo, 'spec.timeWindow.0.calendar.startTime', '2026-13-01 00:00:00'],
  [anSlo, 'spec.timeWindow.0.calendar.timeZone', undefined],
  [anSlo, 'spec.timeWindow.0.calendar.timeZone', 'New York!'],
  [anSlo, 'spec.budgetingMethod', undefined],
  [anSlo, 'spec.budgetingMethod', 'occurrences'],
  [anSlo, 'spec.budgetingMethod', 'Timeslices'],
  [anSlo, 'spec.budgetingMethod', 'RatioTimeslices'],
  [anSlo, 'spec.objectives', undefined],
  [anSlo, 'spec.objectives', []],
  [anSlo, 'spec.objectives.0.target', 1],
  [anSlo, 'spec.objectives.0.target', -0.1],
  [anSlo, 'spec.objectives.0.target', '0.99'],
  [anSlo, 'spec.objectives.0.target', undefined],
  [anSlo, 'spec.objectives.0.targetPercent', 99],
  [anSlo, 'spec.objectives.0', { targetPercent: 100 }],
  [anSlo, 'spec.objectives.0', { target: 0.99, op: 'lte', value: 1 }],
  [anSlo, 'spec.objectives.0.timeSliceWindow', '5m'],
  [anSlo, 'spec.objectives.0.compositeWeight', 1],
  [anSlo, 'spec.objectives.0.indicatorRef', 'another'],
  [anSlo, 'spec.objectives.0.weight', 1],
  ['a composite SLO', 'spec.objectives.0.indicatorRef', undefined],
  ['a composite SLO', 'spec.objectives.0.compositeWeight', 0],
  ['an SLO of time slices', 'spec.objectives.0.timeSliceTarget', undefined],
  ['an SLO of time slices', 'spec.objectives.0.timeSliceTarget', 0],
  ['an SLO of time slices', 'spec.objectives.0.timeSliceWindow', '5 minutes'],
  [aThreshold, 'spec.objectives.0.op', undefined],
  [aThreshold, 'spec.objectives.0.op', '<='],
  [aThreshold, 'spec.objectives.0.value', undefined],
  [
    aThreshold,
    'spec.objectives',
    [
      { op: 'lte', value: 600, target: 0.95 },
      { op: 'lte', value: 900, target: 0.99 },
    ],
  ],
  [aRatio, 'spec.indicator.spec.ratioMetric.rawType', undefined],
  [aRatio, 'spec.indicator.spec.ratioMetric.rawType', 'good'],
  [aRatio, 'spec.indicator.spec.ratioMetric.total', metric('all')],
  ['an SLO with alerts', 'spec.alertPolicies.0.alertPolicyRef', undefined],
  ['an SLO with alerts', 'spec.alertPolicies.1.kind', 'AlertCondition'],
  ['an SLO with alerts', 'spec.alertPolicies.1.spec.conditions', []],
  ['a data source', 'spec.type', undefined],
  ['a data source', 'spec.connectionDetails', undefined],
  ['a service', 'spec.owner', 'ada'],
  ['an indicator', 'spec.ratioMetric', undefined],
  ['a policy', 'spec.conditions', undefined],
  ['a policy', 'spec.conditions', [{ conditionRef: 'one' }, { conditionRef: 'two' }]],
  ['a policy', 'spec.conditions.0.kind', undefined],
  ['a policy', 'spec.notificationTargets', []],
  ['a policy', 'spec.notificationTargets.0.spec.target', undefined],
  ['a policy', 'spec.alertWhenBreaching', 'yes'],
  ['a condition', 'spec.severity', undefined],
  ['a condition', 'spec.condition.kind', 'threshold'],
  ['a condition', 'spec.condition.op', undefined],
  ['a condition', 'spec.condition.threshold', '2'],
  ['a condition', 'spec.condition.lookbackWindow', undefined],
  ['a condition', 'spec.condition.alertAfter', '5'],
  ['a condition', 'spec.condition.shortWindow', '5m'],
  ['a target', 'spec.target', undefined],
  ['a target', 'spec.url', 'http://here'],
];
