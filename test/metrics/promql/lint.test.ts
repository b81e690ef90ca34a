import { describe, expect, it, test } from 'vitest';
import { lintChecks, lintPromql } from '../../../src/promql/lint.ts';
import { parsePromql } from '../../../src/promql/parse.ts';
import { knownMetric, labelsIn } from '../../../src/promql/vocabulary.ts';
import { marked } from './invalid.ts';
import { vocabulary } from './vocabulary.ts';

/** For each check: expressions in which it finds the marked parts, and only those. */
const bad: Readonly<Record<string, readonly string[]>> = {
  'metric-unknown': [
    '«deployments_total»',
    'sum(rate(«http_request_total»{method="GET"}[5m]))',
    '«timestamp» or up',
    '{«__name__=~"nothing.*"»}',
    '«{__name__="nope"}»',
    'up + «environment:succes:ratio»',
  ],
  'label-unknown': [
    'up{«environment»="production"}',
    'queue_depth{«que»="mail"}',
    'deployment:success{environment="staging", «status»!="failure"}',
    'http_request_duration_seconds_count{«le»="1"}',
  ],
  'label-value-unknown': [
    'deployment:success{environment=«"prod"»}',
    'deployment:success{environment!=«"test"»}',
    'deployment:success{environment=~"production|«test»"}',
    'deployment:success{environment=~"«a»|staging|«b»"}',
    'deployment:success{environment!~"«qa»"}',
    'deployment:success{environment=~«"prod-.+"»}',
    "deployment:success{environment=~«'a\\x62'»}",
  ],
  'matcher-duplicate': [
    'up{job="a",«job="a"»}',
    'up{job="a",«job="b"»}',
    'up{job=~"a.*", instance="c", «job=~"a.*"»}',
  ],
  'rate-of-event': [
    'sum(«increase»(deployment_total[1h]))',
    '«rate»(time_to_deploy_seconds_bucket[5m])',
    '«changes»(deployment_in_progress[1h])',
    '«delta»(deployment_infrastructure_cost[30d])',
    '«increase»(deployment_total[30d:1m])',
  ],
  'rate-of-gauge': [
    '«rate»(queue_depth[5m])',
    '«increase»(up[5m])',
    '«irate»(queue_depth{queue="mail"}[5m] offset 1h)',
    '«resets»(queue_depth[1h:1m])',
  ],
  'rate-of-recorded': [
    'sum(«increase»(environment:failures:count{window="1d"}[1h]))',
    '«rate»(deployment:success[5m])',
  ],
  'delta-of-counter': [
    '«delta»(http_requests_total[5m])',
    '«deriv»(http_request_duration_seconds_sum[5m])',
    '«predict_linear»(http_requests_total[1h], 3600)',
  ],
  'rate-of-aggregate': [
    '«rate»(sum(http_requests_total)[5m:])',
    '«increase»((sum by (job) (http_requests_total))[1h:1m])',
  ],
  'not-a-histogram': [
    '«queue_depth_count»',
    'histogram_quantile(0.95, rate(«api_health_check_latency_ms_bucket»[5m]))',
    'rpc_duration_seconds_count + «rpc_duration_seconds_bucket»',
    '«{__name__="queue_depth_sum"}»',
  ],
  'bare-histogram': ['rate(«http_request_duration_seconds»[5m])'],
  'quantile-without-le': [
    'histogram_quantile(0.9, «queue_depth»)',
    'histogram_quantile(0.9, «sum(rate(http_request_duration_seconds_bucket[5m]))»)',
    'histogram_quantile(0.9, «sum by (job) (rate(http_request_duration_seconds_bucket[5m]))»)',
  ],
  'quantile-range': [
    'histogram_quantile(«95», http_request_duration_seconds_bucket)',
    'quantile(«(1.5)», up)',
    'quantile_over_time(«-1», up[5m])',
  ],
  'grouping-label': [
    'sum by («time») (http_requests_total)',
    'sum by («job») (sum by (method) (http_requests_total))',
    'count by (job, «enviroment») (up)',
    'topk by («nope») (3, up)',
    'sum without («stage») (up)',
    'sum without (method, «statuscode») (http_requests_total)',
  ],
  'join-label': [
    'up * on («environment») group_left deployment:success',
    'deployment:success and on («job») up',
    'up + on («nope») up',
    'deployment:success «-» environment:success:ratio',
    'up «unless» environment:success:ratio',
    'queue_depth «/ ignoring (job)» up',
    'sum by (job) (up) «==» sum by (instance) (up)',
  ],
  'join-many': [
    'deployment:success «* on (environment)» environment:success:ratio',
    'environment:success:ratio «/ on (environment)» deployment:success',
    'environment:success:ratio «* on (environment) group_left ()» deployment:success',
    'http_requests_total «/ ignoring (method)» sum without (method) (http_requests_total)',
    'topk by (environment, deployment_id) (1, deployment:success) «> on (environment)» environment:success:ratio',
  ],
  'code-unknown': [
    'deployment:outcome:code == «9»',
    'last_over_time(deployment:outcome:code[1d]) != bool «7»',
    'max by (environment) (deployment:outcome:code and on (deployment_id) deployment_info) == («3»)',
    '«4» == deployment:outcome:code',
  ],
  'join-value': [
    'http_requests_total{method="GET"} «/» http_requests_total{method="POST"}',
    'sum by (method) (http_requests_total{method="A"}) «- on (method)» sum by (method) (http_requests_total{method="B"})',
  ],
  'join-include': [
    'up * on (job, instance) group_left («queue») up',
    'sum by (job) (up) * on (job) group_right («method») up',
  ],
  'ratio-of-itself': [
    'rate(http_requests_total{method="GET"}[5m]) «/» rate(http_requests_total[5m])',
    'sum by (method) (http_requests_total{method="GET"}) «/» sum by (method) (http_requests_total)',
  ],
  'label-replace-source': [
    'label_replace(up, "short", "$1", «"host"», "(.*):.*")',
    'label_replace(sum by (job) (up), "short", "$1", «"instance"», "(.*)")',
  ],
  'label-replace-pattern': [
    'label_replace(up, "short", "$1", "instance", «"(.*"»)',
    'label_replace(up, "short", «"$2"», "instance", "(.*):.*")',
    'label_replace(up, "short", «"${1}"», "instance", ".*")',
  ],
};

/** Expressions in which nothing is wrong, although they come close. */
const good: readonly string[] = [
  'up',
  '{__name__=~"up|queue_.*"}',
  '{__name__="http_request_duration_seconds_bucket", le="0.5"}',
  '{job="relay"}',
  'count by (__name__) ({job="relay"})',
  'queue_depth{queue=~"mail|index"}',
  'queue_depth{queue=~".*"}',
  'queue_depth{queue=~"m.*"}',
  'queue_depth{queue!=""}',
  'queue_depth{queue!="mail",queue!="index"}',
  'up{job=~"a.*",job!~"ab.*"}',
  'rate(http_requests_total[5m])',
  'increase(http_request_duration_seconds_count[1h])',
  'sum(rate(http_requests_total[5m]))',
  'sum_over_time(rate(http_requests_total[5m])[1h:5m])',
  'max_over_time(sum(rate(http_requests_total[5m]))[1h:])',
  'delta(queue_depth[1h]) + deriv(queue_depth[1h])',
  'changes(queue_depth[1h])',
  'rpc_duration_seconds{quantile="0.9"} + on (service) group_left rate(rpc_duration_seconds_count[5m])',
  'histogram_quantile(0.95, sum by (le, method) (rate(http_request_duration_seconds_bucket[5m])))',
  'histogram_quantile(1, rate(http_request_duration_seconds_bucket[5m]))',
  'sum(last_over_time(deployment:success[30d])) / count(last_over_time(deployment:success[30d]))',
  'sum by (environment) (deployment:success) / count by (environment) (deployment:success)',
  'deployment:success * on (environment) group_left environment:success:ratio',
  'deployment:success and on (deployment_id) deployment_info{branch="main"}',
  'deployment:success * on (deployment_id, environment) group_left (commit) deployment_info',
  'deployment:success * on (environment) group_left () environment:success:ratio',
  'environment:success:ratio * on (environment) group_right () deployment:success',
  'deployment:success{deployment_id="7"} * on (environment) environment:success:ratio',
  'topk by (environment) (1, deployment:success) > on (environment) environment:success:ratio',
  'deployment:success * on (environment, deployment_id) max by (environment, deployment_id, branch) (deployment_info)',
  'rate(http_requests_total{job="a"}[5m]) / on (instance, method, status_code) rate(http_requests_total{job="a"}[1h])',
  'delta(environment:failures:count{window="1d"}[1h])',
  'deployment:outcome:code == 2 or deployment:outcome:code > 7',
  'count(deployment:outcome:code) == 9',
  '(deployment:outcome:code or deployment:success) == 9',
  'sum without (method) (http_requests_total)',
  'up and up offset 5m',
  'up or vector(0)',
  'up == 0 unless on () vector(1)',
  'queue_depth > 10 and queue_depth < 20',
  'http_requests_total{method="GET"} / ignoring (method) group_left sum without (method) (http_requests_total)',
  'sum(http_requests_total{method="GET"}) / sum(http_requests_total)',
  'sum(http_requests_total{method="GET"}) / sum(http_requests_total{method="POST"})',
  'label_replace(up, "host", "$1", "instance", "(.*):.*")',
  'label_replace(up, "all", "everything", "", "")',
  'sum by (host) (label_replace(up, "host", "$1", "instance", "(.*):.*"))',
  'absent(up{job="relay"})',
  'time() - queue_depth > 1',
];

function lint(text: string) {
  const parsed = parsePromql(text);
  if (!parsed.ok) throw new Error(`${text}: ${parsed.problems.map((p) => p.message).join(' ')}`);
  return lintPromql(parsed.ast, vocabulary);
}

describe('the checks', () => {
  it('each have a name of their own, a summary, and bad examples', () => {
    const ids = lintChecks.map((check) => check.id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(Object.keys(bad).sort()).toEqual([...ids].sort());
    for (const { id, summary } of lintChecks) {
      expect(id).toMatch(/^[a-z]+(-[a-z]+)+$/);
      expect(summary).toMatch(/\.$/);
    }
  });
});

for (const [id, sources] of Object.entries(bad))
  describe(`${id} finds`, () => {
    test.each(sources)('%s', (source) => {
      const { text, found } = marked([id], source);
      const problems = lint(text);
      expect(problems.map((p) => ({ id: p.id, from: p.from, to: p.to }))).toEqual(found);
      for (const problem of problems) {
        expect(problem.message).toMatch(/[.?]$/);
        expect(problem.fix).toMatch(/\.$/);
      }
    });
  });

describe('nothing is found in', () => {
  test.each(good)('%s', (text) => {
    expect(lint(text)).toEqual([]);
  });
});

describe('a finding', () => {
  it.each([
    ['up{jobb="a"}', 'Did you mean job?'],
    ['http_request_totals', 'Did you mean http_requests_total?'],
    ['queue_depth{queue="mails"}', 'Did you mean mail?'],
    ['count by (enviroment) (deployment:success)', 'Did you mean environment?'],
    ['queue_depth{queue=~"mail|idnex"}', 'Did you mean index?'],
  ])('of %s guesses what was meant', (text, guess) => {
    expect(lint(text)[0]?.message).toContain(guess);
  });

  it.each([
    ['queue_depth{queue="x"}', undefined],
    ['queue_depth{queue=~"x|y"}', undefined],
    ['queue_depth{queue=~"x|mail"}', 'warning'],
    ['queue_depth{queue!="x"}', 'warning'],
    ['queue_depth{queue!~"x.*"}', 'warning'],
    ['up{job="a",job="a"}', 'warning'],
    ['up{job="a",job="b"}', undefined],
  ])('is a warning when it is only useless: %s', (text, severity) => {
    expect(lint(text)[0]?.severity).toBe(severity);
  });

  it('says how to write a quantile', () => {
    expect(lint('quantile(95, up)')[0]?.fix).toBe('Write 0.95.');
  });
});

describe('the series of a metric', () => {
  it('have the labels of the metric, and those of their sort', () => {
    const labels = labelsIn(vocabulary);
    expect(labels('http_request_duration_seconds_bucket')?.has('le')).toBe(true);
    expect(labels('http_request_duration_seconds_sum')?.has('le')).toBe(false);
    expect(labels('rpc_duration_seconds')?.has('quantile')).toBe(true);
    expect(labels('rpc_duration_seconds_bucket')).toBeUndefined();
    expect(labels('up_count')).toBeUndefined();
  });
  it('of a histogram that is pushed once are pushed once', () => {
    expect(knownMetric(vocabulary, 'time_to_deploy_seconds_count')?.pushedOnce).toBe(true);
    expect(knownMetric(vocabulary, 'http_request_duration_seconds_count')?.pushedOnce).toBeUndefined();
  });
});
