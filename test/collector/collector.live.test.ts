import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { uids } from '../../src/dashboards/links.ts';
import type { Sample } from '../../src/lib/prometheus.ts';
import { outcomes, stageStatuses } from '../../src/metrics/codes.ts';
import { panelQueries, resolveState } from '../../src/panels/dashboard-queries.ts';
import { isOurShape } from '../../src/record/grouping.ts';
import { type LiveSystem, startLiveSystem } from '../live/system.ts';
import { groupsOf, seriesOf } from '../record/helpers.ts';
import { dashboards } from '../relay.ts';
import {
  completed,
  cost,
  type Event,
  type Mode,
  migration,
  python,
  rollback,
  send,
  smokeTest,
  stage,
  started,
} from './events.ts';

if (!python)
  console.warn(
    'Skipped: the collector is not tested, because Python or its prometheus_client is missing (Debian: apt-get install python3-prometheus-client).',
  );

/** Seconds by which a moment that is only known from the gateway may be off: scrapes and starting processes. */
const about = 15;

const troubleshooting = dashboards().find(({ definition }) => definition.uid === uids.troubleshooting)!.json;

/** A deployment whose web build is slow, as the collector tells of it. */
const good: readonly Event[] = [
  started('good', 'release'),
  migration('good', 'success', 12.5),
  stage('good', 'api', 'build', 'success', 125),
  stage('good', 'web', 'deploy_vercel', 'success', 240),
  smokeTest('good', 'api health', 'success'),
  smokeTest('good', 'web/beta', 'success'),
  cost('good', 'railway_compute', 0.15),
  cost('good', 'vercel_build', 0.02),
  completed('good', 540, outcomes.success, 'release'),
];

describe.skipIf(!python)('the collector', () => {
  let live: LiveSystem;
  beforeAll(async () => {
    live = await startLiveSystem();
  });
  afterAll(() => live.stop());

  const sendAll = async (mode: Mode, events: readonly Event[]): Promise<void> => {
    for (const event of events) {
      const { code, stderr } = await send(mode, live.gateway.url, event);
      if (code !== 0) throw new Error(stderr);
    }
  };
  const metricsOnGateway = async (id: string): Promise<string[]> => {
    const series = await seriesOf(live.gateway.url);
    const own = series.filter(
      ({ name, labels }) => labels.deployment_id === id && !name.endsWith('_created'),
    );
    return [...new Set(own.map(({ name }) => name))].sort();
  };

  it('as it was, pushes nothing at all', async () => {
    const { code, stderr } = await send('before', live.gateway.url, started('as-it-was'));
    expect(code).not.toBe(0);
    expect(stderr).toContain("push_to_gateway() got an unexpected keyword argument 'instance'");
    expect(await metricsOnGateway('as-it-was')).toEqual([]);
  });

  it('with that one line fixed, keeps only the last event, and of the outcome nothing', async () => {
    const id = 'one-line';
    await sendAll('keyword', [
      started(id),
      stage(id, 'api', 'build', 'failure', 125),
      smokeTest(id, 'api health', 'success'),
      completed(id, 540),
    ]);
    expect(await metricsOnGateway(id)).toEqual(['deployment_in_progress']);
    await fetch(`${live.gateway.url}/metrics/job/deployment-pipeline/instance/${id}`, { method: 'DELETE' });
  });

  describe('repaired', () => {
    /** When the last word of the deployment was sent. */
    let goodAt: number;
    let runningAt: number;
    const value = async (series: string, id: string, more = ''): Promise<number | undefined> =>
      (await live.prometheus.query(`${series}{deployment_id="${id}"${more}}`))[0]?.value;
    const facts = async (id: string, ...names: string[]): Promise<(number | undefined)[]> =>
      await Promise.all(names.map((name) => value(`recent_deployment:${name}`, id)));

    beforeAll(async () => {
      await sendAll('repaired', good);
      goodAt = Date.now() / 1000;
      await sendAll('repaired', [
        started('failed'),
        stage('failed', 'api', 'build', 'success', 100),
        stage('failed', 'api', 'deploy', 'failure', 60),
        // The defect that the repair need not touch: the outcome stays in its log.
        completed('failed', 200),
      ]);
      await sendAll('repaired', [
        started('rolled-back'),
        stage('rolled-back', 'api', 'health_check', 'failure', 150),
        smokeTest('rolled-back', 'api health', 'failure'),
        rollback('rolled-back', 'health_check_failed', 'success'),
        completed('rolled-back', 700, outcomes.failure),
      ]);
      await sendAll('repaired', [
        started('bad-migration'),
        migration('bad-migration', 'failure', 3),
        completed('bad-migration', 10),
      ]);
      await sendAll('repaired', [started('running', 'hotfix')]);
      runningAt = Date.now() / 1000;
      await live.settle();
    });

    it('loses nothing, and its groups are of the shapes that the recorder sweeps', async () => {
      expect(await metricsOnGateway('good')).toEqual([
        'database_migration_lag_seconds',
        'deployment_in_progress',
        'deployment_infrastructure_cost',
        'deployment_outcome_code',
        'deployment_stage_duration_seconds',
        'deployment_total',
        'migration_total',
        'smoke_test_total',
        'time_to_deploy_seconds',
      ]);
      const groups = await groupsOf(live.gateway.url);
      const shapes = groups.map(({ labels: { job: _, ...labels } }) => labels);
      expect(shapes.filter((labels) => !isOurShape(labels))).toEqual([]);
      const series = await seriesOf(live.gateway.url);
      expect(
        series.filter(({ name, value }) => name === 'deployment_in_progress' && value === 1),
      ).toHaveLength(1);
    });

    it('a success: outcome, time to deploy, stages, migration and cost', async () => {
      expect(
        await facts(
          'good',
          'outcome:code',
          'stages:count',
          'stages_passed:count',
          'migration_duration_seconds:sum',
        ),
      ).toEqual([outcomes.success, 3, 3, 12.5]);
      expect(await value('deployment:error_budget_spent:sum', 'good')).toBe(0);
      expect(await value('recent_deployment:duration_seconds:last', 'good')).toBeCloseTo(540, 3);
      expect(await value('recent_deployment:cost_usd:sum', 'good')).toBeCloseTo(0.17, 6);
      const finished = await value('recent_deployment:finished_timestamp_seconds:max', 'good');
      expect(Math.abs(finished! - goodAt)).toBeLessThan(about);
      expect(await value('recent_deployment:triggered_timestamp_seconds:min', 'good')).toBeCloseTo(
        finished! - 540,
        3,
      );
      expect(await value('deployment_stage:duration_seconds:last', 'good', ',stage="build"')).toBe(125);
      expect(await value('recent_deployment:info:last', 'good', ',branch="release"')).toBe(1);
    });

    it('smoke tests: passed and made', async () => {
      expect(await value('deployment:smoke_tests:count', 'good')).toBe(2);
      expect(await value('deployment:smoke_tests_passed:count', 'good')).toBe(2);
      expect(await value('deployment:smoke_tests_passed:count', 'rolled-back')).toBe(0);
      expect(await value('deployment_test:smoke_tests_passed:count', 'good', ',test_name="web/beta"')).toBe(
        1,
      );
    });

    it('a failure by its failed stage, though the run was not reported as failed', async () => {
      expect(await facts('failed', 'outcome:code', 'stages:count', 'stages_passed:count')).toEqual([
        outcomes.failure,
        2,
        1,
      ]);
      expect(await value('deployment_stage:error_type:code', 'failed', ',stage="deploy"')).toBe(2);
      expect(await facts('bad-migration', 'outcome:code')).toEqual([outcomes.failure]);
      expect(await value('deployment:error_budget_spent:sum', 'bad-migration')).toBe(1);
    });

    it('a rollback with its reason, and half of one in the error budget', async () => {
      expect(await facts('rolled-back', 'outcome:code', 'rollback_reason:code')).toEqual([
        outcomes.rolled_back,
        1,
      ]);
      expect(await value('deployment:error_budget_spent:sum', 'rolled-back')).toBe(0.5);
    });

    it('one that runs', async () => {
      expect(await facts('running', 'outcome:code')).toEqual([outcomes.running]);
      const began = await value('recent_deployment:started_timestamp_seconds:min', 'running');
      expect(Math.abs(began! - runningAt)).toBeLessThan(about);
      const [active] = await live.prometheus.query(
        'environment:deployments_active:count{environment="production"}',
      );
      expect(active?.value).toBe(1);
    });

    /** A panel's answer when the troubleshooting dashboard is opened on a deployment now. */
    const shown = async (id: string, panel: string, refId: string): Promise<Sample[]> => {
      const variables = { environment: 'production', deployment: id };
      const to = Math.floor(Date.now() / 1000);
      const state = await resolveState(live.prometheus, troubleshooting, { variables, from: to - 900, to });
      const query = panelQueries(troubleshooting, state).find((q) => q.panel === panel && q.refId === refId)!;
      if (query.kind === 'instant') return await live.prometheus.query(query.expr, query.to);
      const series = await live.prometheus.queryRange(query.expr, query.from, query.to, query.step);
      return series.map(({ labels, points }) => ({ labels, time: points[0]![0], value: points[0]![1] }));
    };
    const row = ({ labels }: Sample): string => `${labels.service} ${labels.stage}`;

    it('a waterfall on the troubleshooting dashboard, with what failed in it and how it was rolled back', async () => {
      const bars = await shown('failed', 'Timeline', 'Ran');
      expect(bars.map((bar) => [row(bar), bar.value]).sort()).toEqual([
        ['api build', stageStatuses.success],
        ['api deploy', stageStatuses.failure],
      ]);
      const seconds = await shown('failed', 'Stages against their usual duration', 'This');
      expect(Object.fromEntries(seconds.map((s) => [row(s), Math.round(s.value)]))).toEqual({
        'api build': 100,
        'api deploy': 60,
      });
      const errors = async (id: string) =>
        (await shown(id, 'What failed', 'Error'))
          .map(({ labels }) => `${labels.name}: ${labels.error_type}`)
          .sort();
      expect(await errors('failed')).toEqual(['api deploy: timeout']);
      expect(await errors('rolled-back')).toEqual([
        'api health_check: timeout',
        // Old releases of the library write a space of a grouping key as a plus.
        expect.stringMatching(/^smoke test api[ +]health: test_failed$/),
      ]);
      const [rolledBack] = await shown('rolled-back', 'Affected services', 'Rollback');
      expect(rolledBack).toMatchObject({ labels: { service: 'api' }, value: stageStatuses.success });
    });

    it('counts each once, in success rate, time to deploy and rollbacks', async () => {
      const one = async (expr: string): Promise<number | undefined> =>
        (await live.prometheus.query(expr))[0]?.value;
      expect(await one('environment:deployments:count{window="1h"}')).toBe(4);
      expect(await one('environment:deployment_success:ratio{window="1h"}')).toBe(0.25);
      expect(
        await one('environment:time_to_deploy_seconds:quantile{window="1h",quantile="0.5"}'),
      ).toBeCloseTo(540, 3);
      expect(await one('environment:rollbacks:count{window="1h",reason="health_check_failed"}')).toBe(1);
      expect(await one('environment:smoke_test_success:ratio{window="1h"}')).toBeCloseTo(2 / 3, 6);
      expect(await one('environment:migration_success:ratio{window="1h"}')).toBe(0.5);
    });

    it('a retry replaces what it repeats', async () => {
      await sendAll('repaired', [stage('failed', 'api', 'deploy', 'success', 80)]);
      await live.settle();
      expect(await facts('failed', 'outcome:code', 'stages_passed:count')).toEqual([outcomes.success, 2]);
    });
  });
});
