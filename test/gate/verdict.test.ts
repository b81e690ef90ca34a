import { describe, expect, it, test } from 'vitest';
import { judgeAlerts, neverFrozen, noOther, runningOn } from '../../src/record/gate/deploy.ts';
import type { ServedRule } from '../../src/record/gate/prometheus.ts';
import { NotAsked } from '../../src/record/gate/prometheus.ts';
import { rollbackReason } from '../../src/record/gate/reason.ts';
import { headline, reportJson, reportMarkdown, reportText } from '../../src/record/gate/render.ts';
import { judgeTraffic, type Traffic } from '../../src/record/gate/traffic.ts';
import { type Check, type Report, type Verdict, verdictOn } from '../../src/record/gate/verdict.ts';
import type { TransportView } from '../../src/record/gate/view.ts';
import { freezes } from '../../src/record/pipeline.ts';

const check = (verdict: Check['verdict']): Check => ({ name: 'x', verdict, found: '', demanded: '' });

describe('the verdict on all checks', () => {
  test.each<[Check['verdict'][], Verdict]>([
    [[], 'inconclusive'],
    [['skipped', 'skipped'], 'inconclusive'],
    [['pass', 'skipped'], 'pass'],
    [['pass', 'inconclusive'], 'inconclusive'],
    [['inconclusive', 'error', 'pass'], 'error'],
    [['error', 'inconclusive', 'fail', 'pass'], 'fail'],
  ])('of %j is %s', (verdicts, expected) => {
    expect(verdictOn(verdicts.map(check))).toBe(expected);
  });
});

describe('live traffic', () => {
  const traffic = (requests: number, errors: number | undefined, seconds = 300): Traffic => ({
    requests,
    errors,
    seconds,
  });
  const hour = (errors: number): Traffic => traffic(36_000, errors, 3_600);

  test.each<[string, Traffic | undefined, Traffic | undefined, Check['verdict']]>([
    ['of an application that is not scraped', undefined, undefined, 'skipped'],
    ['without errors', traffic(3_000, 0), hour(0), 'pass'],
    ['above the limit', traffic(3_000, 151), hour(0), 'fail'],
    ['at the limit, as always', traffic(3_000, 150), hour(1_800), 'pass'],
    ['three times the hour before and more', traffic(3_000, 100), hour(360), 'fail'],
    ['twice the hour before', traffic(3_000, 60), hour(360), 'pass'],
    ['many times almost nothing is almost nothing', traffic(3_000, 40), hour(1), 'pass'],
    ['of a few people', traffic(20, 4), hour(0), 'skipped'],
    ['of four errors', traffic(40, 4), hour(0), 'pass'],
    ['without an hour before', traffic(3_000, 61), undefined, 'fail'],
    ['that is good for long enough', traffic(1_000, 0, 100), hour(0), 'pass'],
    ['that is good so far', traffic(200, 0, 100), hour(0), 'inconclusive'],
    ['that is good in the first seconds', traffic(1_000, 0, 50), hour(0), 'inconclusive'],
    ['that is bad after a minute already', traffic(600, 60, 60), hour(0), 'fail'],
    ['that is bad in the first seconds', traffic(100, 60, 10), hour(0), 'inconclusive'],
    ['that was there before and is gone', undefined, hour(0), 'inconclusive'],
    ['of which there is no longer any', traffic(0, 0), hour(0), 'inconclusive'],
    ['of few people before, and none now', traffic(0, 0), traffic(100, 0, 3_600), 'skipped'],
    ['that says nothing of how it ended', traffic(3_000, undefined), hour(0), 'inconclusive'],
  ])('%s', (_, after, before, verdict) => {
    expect(judgeTraffic(after, before).verdict).toBe(verdict);
  });
});

describe('the reason of a rollback', () => {
  const failing = (...names: string[]): Report => ({
    question: 'stay',
    environment: 'production',
    deployment_id: '1',
    verdict: 'fail',
    complete: true,
    checks: names.map((name) => ({ ...check('fail'), name })),
  });
  test.each<[string[], string | undefined]>([
    [['health', 'error-rate'], 'health_check_failed'],
    [['error-rate'], 'error_rate'],
    [['live-traffic', 'health'], 'error_rate'],
    [['health', 'smoke-tests'], 'test_failed'],
    [['migrations'], 'manual'],
    [[], undefined],
  ])('of %j is %s', (names, reason) => {
    expect(rollbackReason(failing(...names))).toBe(reason);
  });
});

describe('critical alerts', () => {
  const rule = (over: Partial<ServedRule> = {}, severity = 'critical'): ServedRule => ({
    type: 'alerting',
    name: 'DeploymentFailed',
    query: 'up',
    health: 'ok',
    labels: { severity },
    alerts: [],
    ...over,
  });
  const firing = (environment?: string, state = 'firing'): NonNullable<ServedRule['alerts']> => [
    { state, labels: { severity: 'critical', ...(environment && { environment }) } },
  ];

  test.each<[string, ServedRule[], Check['verdict']]>([
    ['none at all', [], 'inconclusive'],
    ['only others', [rule({}, 'high')], 'inconclusive'],
    ['quiet', [rule()], 'pass'],
    ['firing', [rule({ alerts: firing('production') })], 'fail'],
    ['firing without an environment', [rule({ alerts: firing() })], 'fail'],
    ['firing elsewhere', [rule({ alerts: firing('staging') })], 'pass'],
    ['pending', [rule({ alerts: firing('production', 'pending') })], 'pass'],
    ['another that is high fires', [rule(), rule({ alerts: firing('production') }, 'high')], 'pass'],
    ['not evaluated', [rule({ health: 'unknown' })], 'inconclusive'],
    ['broken, and another fires', [rule({ health: 'err' }), rule({ alerts: firing() })], 'fail'],
  ])('%s', (_, rules, verdict) => {
    expect(judgeAlerts(rules, 'production', false).verdict).toBe(verdict);
  });

  it('do not stop a hotfix', () => {
    const found = judgeAlerts([rule({ alerts: firing() })], 'production', true);
    expect(found).toMatchObject({
      verdict: 'skipped',
      found: expect.stringContaining('DeploymentFailed fires'),
    });
  });
});

describe('deployments on the gateway', () => {
  const now = 1_800_000_000;
  const family = (value: number) => ({ metrics: [{ labels: {}, value: String(value) }] });
  const deployment = (id: string, over: Record<string, unknown> = {}, environment = 'production') => ({
    labels: { job: 'deployment-pipeline', environment, deployment_id: id },
    deployment_started_timestamp_seconds: family(now - 600),
    push_time_seconds: family(now - 60),
    ...over,
  });

  it('run until they finished, or nothing was heard of them for two hours', () => {
    const groups = [
      deployment('runs'),
      deployment('finished', { deployment_finished_timestamp_seconds: family(now - 10) }),
      deployment('again', {
        deployment_finished_timestamp_seconds: family(now - 900),
        deployment_started_timestamp_seconds: family(now - 300),
      }),
      deployment('abandoned', { push_time_seconds: family(now - 7_300) }),
      deployment('elsewhere', {}, 'staging'),
      { labels: { job: 'another', environment: 'production', deployment_id: 'foreign' } },
    ];
    expect(runningOn(groups, 'production', now)).toEqual([
      { id: 'runs', started: now - 600 },
      { id: 'again', started: now - 300 },
    ]);
  });
});

describe('previews, which are recorded as one environment', () => {
  const now = 1_800_000_000;
  const family = (value: number, labels: Record<string, string> = {}) => ({
    metrics: [{ labels, value: String(value) }],
  });
  const running = (id: string, preview: string) => ({
    labels: { job: 'deployment-pipeline', environment: 'preview', deployment_id: id },
    deployment_started_timestamp_seconds: family(now - Number(id)),
    deployment_info: family(1, { preview }),
    push_time_seconds: family(now - 60),
  });
  const asked = (id: string, preview: string, others: readonly object[]) =>
    noOther(
      new NotAsked('no Prometheus'),
      { complete: true, listing: [running(id, preview), ...others] } as unknown as TransportView,
      { environment: 'preview', deployment_id: id, preview },
      now,
    );

  it('do not wait for one another, and each waits for itself', async () => {
    const others = [running('90', 'pr-1'), running('80', 'pr-2')];
    expect(await asked('10', 'pr-3', others)).toMatchObject({ verdict: 'pass' });
    expect(await asked('10', 'pr-2', others)).toMatchObject({
      verdict: 'fail',
      found: 'running: 80',
      demanded: 'no other deployment to pr-2 runs',
    });
  });

  it('have no error budget that could freeze them', () => {
    expect(neverFrozen('preview')).toMatchObject({ verdict: 'pass' });
    expect(freezes('production')).toBe(true);
    expect(freezes('staging')).toBe(true);
    expect(freezes('unknown')).toBe(false);
    expect(freezes('preview')).toBe(false);
  });
});

describe('the answer', () => {
  const report: Report = {
    question: 'stay',
    environment: 'production',
    deployment_id: '4711',
    verdict: 'fail',
    complete: true,
    checks: [{ name: 'smoke-tests', verdict: 'fail', found: 'a | b failed', demanded: 'all pass' }],
  };
  it('is a table for people', () => {
    expect(reportText(report)).toBe(
      'FAIL: Deployment 4711 in production must not stay.\n\ncheck        verdict  found         demanded\nsmoke-tests  fail     a | b failed  all pass\n',
    );
  });
  it('is Markdown for the summary page', () => {
    expect(reportMarkdown(report)).toContain('| smoke-tests | fail | a \\| b failed | all pass |\n');
  });
  it('is JSON for scripts', () => {
    expect(JSON.parse(reportJson(report))).toEqual({ ...report, exit_code: 1 });
  });
  it('says each verdict on each question in a sentence', () => {
    const questions = ['stay', 'deploy'] as const;
    const all = questions.flatMap((question) =>
      (['pass', 'fail', 'inconclusive', 'error'] as const).map((verdict) =>
        headline({ ...report, question, verdict }),
      ),
    );
    expect(new Set(all).size).toBe(8);
  });
});
