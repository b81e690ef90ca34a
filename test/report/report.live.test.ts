import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Prometheus } from '../../src/lib/prometheus.ts';
import {
  asHtml,
  asMarkdown,
  daysOf,
  endOf,
  monthBefore,
  parseMonth,
  readMonth,
  reportBlocks,
} from '../../src/report/index.ts';
import { prometheusConfig, type RunningPrometheus, startPrometheus } from '../../src/servers/start.ts';
import type { RecordedRule } from '../../src/simulator/backfill.ts';
import { simulate } from '../../src/simulator/history.ts';
import { injectLedger } from '../../src/simulator/past.ts';
import { remoteWrite } from '../../src/simulator/remote-write.ts';
import { usualMix } from '../../src/simulator/scenarios.ts';
import { flakyParts } from '../oracle/flaky.ts';
import { truthAt } from '../oracle/truth.ts';
import { within } from '../oracle/windows.ts';
import { objectives, pipeline, ruleFiles } from '../relay.ts';
import { left, tally } from '../slo-dashboard/slo-truth.ts';

const hour = 3_600;
const day = 24 * hour;
const now = Date.UTC(2026, 10, 5) / 1000;
const month = parseMonth('2026-10', now);
const end = month.to + 2 * day;
const start = month.from - 2 * day;

/** The rules of this project as they stand in the rule files. */
const rulesOf = (files: readonly (keyof typeof ruleFiles)[]): RecordedRule[] =>
  files.flatMap((file) =>
    (ruleFiles[file] ?? []).flatMap((group) =>
      group.rules.flatMap((rule) =>
        rule.kind === 'record'
          ? [
              {
                group: group.name,
                record: rule.record,
                expr: rule.expr.text,
                labels: rule.labels as Record<string, string>,
              },
            ]
          : [],
      ),
    ),
  );

const mix = {
  ...usualMix,
  abandoned: 3,
  late_rollback: 4,
  health_rollback: 6,
  manual_rollback: 5,
  smoke_failure: 3,
};
// It goes on into the next month, so that there is something on both sides of the border.
const simulated = simulate({ seed: 5, end: month.to + 12 * hour, days: 34, perDay: 6, mix });
const history = {
  ...simulated,
  deployments: simulated.deployments.map((d, i) => (i % 17 === 0 ? { ...d, hotfix: true } : d)),
};
const truth = truthAt(history, end);
const facts = within(truth.facts, { from: month.from, to: month.to - 0.001, includesFrom: true });

describe('the report of a month', () => {
  let server: RunningPrometheus;
  let prometheus: Prometheus;
  const read = (environment?: string) =>
    readMonth(prometheus, {
      month,
      before: monthBefore(month),
      days: daysOf(month, endOf(month, now)),
      objectives,
      pipeline,
      ...(environment !== undefined && { environment }),
      now,
    });
  const context = {
    name: 'Relay',
    currency: 'USD',
    objectives,
    changes: ['2026-11-03 abc1234 Change <it> | all'],
  };

  beforeAll(async () => {
    server = await startPrometheus({
      config: prometheusConfig({ outOfOrderWindow: '60d' }),
      acceptsBackfill: true,
    });
    prometheus = new Prometheus(server.url);
    const backfill = await injectLedger(prometheus, server.url, history, rulesOf(['ledger', 'history']), {
      start,
      end,
      step: hour,
    });
    const others = rulesOf(['indicators', 'history', 'objectives', 'budgets']);
    // The end of each day, ten minutes before midnight: what was recorded is looked for a quarter of an hour.
    await backfill.evaluate(others, { start: month.from + day - 600, end: month.to - 600, step: day });
  });
  afterAll(() => server.stop());

  it('lists every deployment that finished in it, with outcome, cost and what it spent', async () => {
    const { deployments } = await read();
    const told = deployments.map((d) => [
      d.environment,
      d.id,
      d.outcome,
      d.spent,
      Number(d.costUsd.toFixed(6)),
    ]);
    const true_ = facts.map((f) => [
      f.environment,
      f.id,
      f.outcome,
      f.budgetSpent,
      Number(
        Object.values(f.costs)
          .reduce((a, b) => a + b, 0)
          .toFixed(6),
      ),
    ]);
    expect(told.length).toBeGreaterThan(150);
    expect(told.map(String).sort()).toEqual(true_.map(String).sort());
    const failed = deployments.filter(({ outcome }) => outcome === 'failure');
    expect(failed.length).toBeGreaterThan(3);
    expect(failed.filter(({ failures }) => failures.length > 0).length).toBeGreaterThan(failed.length / 2);
    expect(deployments.every(({ runUrl }) => runUrl.startsWith('https://'))).toBe(true);
  });

  it('judges every promise as it is', async () => {
    const report = await read();
    const whole = { from: month.from, to: month.to - 0.001, includesFrom: true };
    expect(report.objectives.length).toBe(10);
    for (const o of report.objectives) {
      const t = tally(truth, o.environment, o.slo, whole);
      expect(o.good, `${o.slo} ${o.environment}`).toBeCloseTo(1 - t.bad / t.events, 9);
      if (o.left !== undefined) expect(o.left, o.slo).toBeCloseTo(left(o.objective, t.spent, t.events), 5);
      if (o.agreementGood !== undefined)
        expect(o.agreementGood).toBeCloseTo(1 - (t.agreementBad ?? 0) / t.events, 9);
    }
  });

  it('draws the budget as it stood at the end of each day', async () => {
    const { objectives: told } = await read('production');
    const reliability = told.find(({ slo }) => slo === 'deployment-reliability')!;
    expect(reliability.days.length).toBe(31);
    for (const [dayEnd, value] of reliability.days) {
      const t = Math.floor(dayEnd / 600) * 600;
      const then = tally(truthAt(history, t), 'production', reliability.slo, {
        from: month.from,
        to: t,
        includesFrom: true,
      });
      expect(value, new Date(dayEnd * 1000).toISOString()).toBeCloseTo(
        left(0.99, then.spent, then.events),
        4,
      );
    }
  });

  it('knows which deployments say that they are fixes', async () => {
    const { deployments } = await read();
    const told = deployments.filter(({ isHotfix }) => isHotfix).map(({ id }) => id);
    const says = (f: (typeof facts)[number]): boolean =>
      f.deployment.hotfix === true || f.deployment.reworkOf !== undefined;
    // Only one that reached users can have fixed anything there.
    const maybe = facts.filter((f) => says(f)).map(({ id }) => id);
    expect(told.length).toBeGreaterThan(0);
    expect(maybe).toEqual(expect.arrayContaining(told));
    const sure = facts.filter((f) => says(f) && f.outcome === 'success').map(({ id }) => id);
    expect(told).toEqual(expect.arrayContaining(sure));
  });

  it('counts the runs and the failures of each stage in the month', async () => {
    const { stages } = await read();
    const truthOf = new Map<string, [runs: number, failures: number]>();
    for (const f of facts)
      for (const { service, stage, status } of f.stages) {
        if (status !== 'success' && status !== 'failure') continue;
        const name = `${f.environment} ${service} ${stage}`;
        const [runs, failures] = truthOf.get(name) ?? [0, 0];
        truthOf.set(name, [runs + 1, failures + (status === 'failure' ? 1 : 0)]);
      }
    const told = stages
      .filter(({ runs }) => runs > 0)
      .map((s) => [`${s.environment} ${s.service} ${s.stage}`, [s.runs, s.failures]]);
    expect(Object.fromEntries(told)).toEqual(Object.fromEntries(truthOf));
    expect(stages.some(({ failures, runs }) => failures > 0 && failures < runs)).toBe(true);
  });

  it('names what is flaky in it, also when it passed after its end', async () => {
    const { flaky } = await read();
    const whole = { from: month.from, to: month.to - 0.001, includesFrom: true };
    const told = flaky.map((f) => [f.environment, f.name, f.failures, f.lostSeconds.toFixed(3)].join());
    const inTruth = flakyParts(truth.facts, whole).map((f) =>
      [f.environment, f.part, f.failures, f.lost.toFixed(3)].join(),
    );
    expect(inTruth.length).toBeGreaterThan(2);
    expect(told.sort()).toEqual(inTruth.sort());
    for (const one of flaky)
      expect(one.deployments).toBe(
        facts.filter((f) => f.environment === one.environment && f.outcome !== 'cancelled').length,
      );
  });

  it('says of each alert that fired whether what it was about was bad', async () => {
    const bad = facts.find((f) => f.outcome === 'failure' && f.environment === 'production')!;
    const good = facts.find(
      (f) =>
        f.outcome === 'success' && f.environment === 'production' && f.budgetSpent === 0 && f.duration! < 600,
    )!;
    const firing = (id: string | undefined, from: number, minutes: number) => ({
      labels: {
        __name__: 'ALERTS',
        alertname: id === undefined ? 'LedgerNotEvaluated' : 'DeploymentFailed',
        alertstate: 'firing',
        severity: 'critical',
        ...(id !== undefined && { environment: 'production', deployment_id: id }),
      },
      points: Array.from({ length: minutes }, (_, i) => [from + 60 * i, 1] as const),
    });
    await remoteWrite(server.url, [
      firing(bad.id, bad.finished!, 30),
      firing(good.id, good.finished!, 30),
      firing(undefined, month.from + 4 * day, 60),
    ]);
    const { alerts } = await read();
    expect(alerts).toEqual([
      expect.objectContaining({ alert: 'DeploymentFailed', right: 1, false: 1, unknown: 0 }),
      expect.objectContaining({ alert: 'LedgerNotEvaluated', right: 0, false: 0, unknown: 1 }),
    ]);
    // Looked at every five minutes, and a series is there for five minutes after its last sample.
    expect(alerts[1]!.seconds).toBeGreaterThanOrEqual(3_600);
    expect(alerts[1]!.seconds).toBeLessThanOrEqual(3_600 + 600);
  });

  it('is the same to the byte when it is read again, and holds no markup of others', async () => {
    const [one, two] = [reportBlocks(await read(), context), reportBlocks(await read(), context)];
    expect(asMarkdown(two)).toBe(asMarkdown(one));
    const html = asHtml('x', one);
    expect(html).toContain('Change &lt;it&gt; | all');
    expect(html).not.toMatch(/<script|src=|https?:\/\/(?!github\.com)/);
    expect(asMarkdown(one)).toContain('Change \\<it\\> \\| all');
  });

  it('says of a month with nothing in it that there was nothing', async () => {
    const empty = parseMonth('2025-03', now);
    const report = await readMonth(prometheus, {
      month: empty,
      before: monthBefore(empty),
      days: daysOf(empty, empty.to),
      objectives,
      pipeline,
      now,
    });
    const text = asMarkdown(reportBlocks(report, { ...context, changes: undefined }));
    for (const sentence of [
      'No deployment finished in this month.',
      'No objective was measured.',
      'Nothing was spent.',
      'Not known: this is no git checkout.',
    ])
      expect(text).toContain(sentence);
    expect(text).not.toMatch(/NaN|undefined|Infinity/);
  });
});
