import { buildDashboard } from '../../src/dashboards/dashboard.ts';
import { datasourceVariable } from '../../src/dashboards/variables.ts';
import { Vector } from '../../src/metrics/index.ts';
import type { Broken } from './broken-definition.ts';
import { probe } from './good.ts';

/** The panel of which the expression is broken. */
const place = ['good', 'Numbers', 'Probe', 'query A'];

/** The mistake, the expression, the finding's id, and the text under its caret. */
type Case = readonly [name: string, expr: string, id: string, caret: string];

/** A mistake somewhere in seven hundred operands. */
const long = `${'up + '.repeat(700)}+ / up`;

/** Mistakes that Prometheus itself refuses. */
const refused: readonly Case[] = [
  ['no expression', '', 'promql-empty', ''],
  ['an open parenthesis', 'sum(up', 'promql-syntax', '('],
  ['two operands without an operator', 'up up', 'promql-syntax', 'up'],
  ['an operator of another language', 'up == 1 && up', 'promql-syntax', '&&'],
  ['by behind a function', 'abs(up) by (job)', 'promql-syntax', 'by'],
  ['an unfinished string', 'up{job="x}', 'promql-string', '"x}'],
  ['a function that does not exist', 'average(up)', 'promql-unknown-function', 'average'],
  ['too many arguments', 'abs(up, up)', 'promql-arity', 'abs(up, up)'],
  ['a scalar where a vector is wanted', 'sum(1)', 'promql-type', '1'],
  [
    'an instant vector where a range is wanted',
    'rate(http_requests_total)',
    'promql-type',
    'http_requests_total',
  ],
  ['a range of something that is no selector', 'abs(up)[5m]', 'promql-range', '[5m]'],
  ['a range of no length', 'rate(http_requests_total[0s])', 'promql-duration', '[0s]'],
  ['two offsets', 'up offset 5m offset 5m', 'promql-modifier', 'offset 5m'],
  ['offset behind an aggregation', 'sum(up) offset 5m', 'promql-modifier', 'offset 5m'],
  ['bool without a comparison', 'up + bool up', 'promql-matching', '+'],
  [
    'group_left with a set operator',
    'up and on (job) group_left () up',
    'promql-matching',
    'on (job) group_left ()',
  ],
  ['an empty label name', 'sum by ("") (up)', 'promql-label-name', '""'],
  ['a regular expression that RE2 does not know', 'up{job=~"(?=x)"}', 'promql-regex', '"(?=x)"'],
  ['a selector that excludes nothing', '{job=~".*"}', 'promql-empty-selector', '{job=~".*"}'],
  ['a metric named twice', 'up{__name__="up"}', 'promql-name-twice', '__name__="up"'],
  ['a function of a feature flag', 'sort_by_label(up, "job")', 'promql-not-portable', 'sort_by_label'],
  ['a mistake in an expression without an end', long, 'promql-too-long', long],
];

/** Mistakes that it accepts and never answers as meant. */
const silent: readonly Case[] = [
  ['a misspelt metric', 'deployment_totl', 'metric-unknown', 'deployment_totl'],
  ['a label that the metric does not have', 'up{stage="x"}', 'label-unknown', 'stage'],
  ['a value outside of a closed set', 'deployment_total{status="sucess"}', 'label-value-unknown', '"sucess"'],
  [
    'one wrong alternative of several',
    'deployment_total{status=~"success|broken"}',
    'label-value-unknown',
    'broken',
  ],
  ['one label with two values', 'up{job="a",job="b"}', 'matcher-duplicate', 'job="b"'],
  ['the rate of a series that is pushed once', 'rate(deployment_total[5m])', 'rate-of-event', 'rate'],
  ['the rate of a gauge', 'rate(database_pool_utilization_percent[5m])', 'rate-of-gauge', 'rate'],
  ['the delta of a counter', 'delta(http_requests_total[5m])', 'delta-of-counter', 'delta'],
  ['the rate of a sum', 'rate(sum(http_requests_total)[5m:1m])', 'rate-of-aggregate', 'rate'],
  [
    'the buckets of a gauge',
    'database_pool_utilization_percent_bucket',
    'not-a-histogram',
    'database_pool_utilization_percent_bucket',
  ],
  [
    'a histogram by its own name',
    'http_request_duration_seconds',
    'bare-histogram',
    'http_request_duration_seconds',
  ],
  [
    'a quantile without buckets',
    'histogram_quantile(0.9, sum(rate(http_request_duration_seconds_bucket[5m])))',
    'quantile-without-le',
    'sum(rate(http_request_duration_seconds_bucket[5m]))',
  ],
  ['a quantile of 95', 'quantile(95, up)', 'quantile-range', '95'],
  ['by a label that is not there', 'sum by (stage) (up)', 'grouping-label', 'stage'],
  ['a join on a label of one side', 'up * on (version) up', 'join-label', 'version'],
  ['a join without saying on what', 'up and deployment_outcome_code', 'join-label', 'and'],
  ['without a label that is not there', 'sum without (stage) (up)', 'grouping-label', 'stage'],
  [
    'a join in which many have one partner',
    'deployment_total / on (environment) deployment_outcome_code',
    'join-many',
    '/ on (environment)',
  ],
  [
    'group_left to the wrong side',
    'deployment_outcome_code * on (environment, deployment_id) group_left () deployment_total',
    'join-many',
    '* on (environment, deployment_id) group_left ()',
  ],
  [
    'all windows at once',
    'avg by (environment) (environment:deployment_success:ratio)',
    'mixed-views',
    'environment:deployment_success:ratio',
  ],
  ['a code that no outcome has', 'deployment_outcome_code == 9', 'code-unknown', '9'],
  [
    'an alert that does not exist',
    'ALERTS{alertname="DeploymentsFal"}',
    'label-value-unknown',
    '"DeploymentsFal"',
  ],
  [
    'the rate of a recorded count',
    'rate(environment:deployment_success:ratio{window="7d"}[1h])',
    'rate-of-recorded',
    'rate',
  ],
  [
    'a join of two values of one label',
    'deployment_total{status="success"} / deployment_total{status="failure"}',
    'join-value',
    '/',
  ],
  ['a label copied from where it is not', 'up * on (job) group_left (stage) up', 'join-include', 'stage'],
  ['a share of itself', 'deployment_total{status="success"} / deployment_total', 'ratio-of-itself', '/'],
  [
    'label_replace of a label that is not there',
    'label_replace(up, "x", "$1", "stage", "(.*)")',
    'label-replace-source',
    '"stage"',
  ],
  [
    'a group that the pattern does not have',
    'label_replace(up, "x", "$2", "job", "(.*)")',
    'label-replace-pattern',
    '"$2"',
  ],
];

/** Mistakes of dashboards only. */
const variables: readonly Case[] = [
  ['a variable that is not declared', 'up{job="$jbo"}', 'variable-undeclared', '$jbo'],
  [
    '"All" compared letter by letter',
    'ALERTS{environment="$environment"}',
    'variable-all',
    'environment="$environment"',
  ],
  [
    'a selector that is empty with "All"',
    '{environment=~"$environment"}',
    'promql-empty-selector',
    '{environment=~"$environment"}',
  ],
  [
    'a quantile without buckets, of a job that is chosen',
    'histogram_quantile(0.9, sum(rate(http_request_duration_seconds_bucket{instance=~"$environment"}[5m])))',
    'quantile-without-le',
    'sum(rate(http_request_duration_seconds_bucket{instance=~"$environment"}[5m]))',
  ],
  [
    'a value of a choice that the label does not have',
    'ALERTS{environment=~"$environment",severity="$window"}',
    'label-value-unknown',
    '"$window"',
  ],
];

const inPanel = ([name, expr, id, caret]: Case): Broken => ({
  name,
  changes: { expr: new Vector(expr) },
  id,
  place,
  caret,
});

/** In a dashboard of its own, without a choice of the environment. */
const alone = ([name, expr, id, caret]: Case): Broken => ({
  name,
  changes: {
    built: ({ dashboards, ...bundle }) => {
      const { source } = dashboards[0]!.definition;
      const panels = [probe({ expr: new Vector(expr), probe: { width: 24 } })];
      const definition = {
        ...dashboards[1]!.definition,
        uid: 'alone',
        title: 'Alone',
        variables: [datasourceVariable],
        rows: [{ title: 'Numbers', height: 5, panels, source }],
      };
      return { ...bundle, dashboards: [...dashboards, buildDashboard(definition)] };
    },
  },
  id,
  place: ['alone', ...place.slice(1)],
  caret,
});

/** Broken expressions of a panel. */
export const brokenExpressions: readonly Broken[] = [
  ...[...refused, ...silent].map(alone),
  ...variables.map(inPanel),
];
