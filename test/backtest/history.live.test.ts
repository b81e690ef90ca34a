import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { classify, missed, within } from '../../src/backtest/classify.ts';
import { deploymentsAround } from '../../src/backtest/deployments.ts';
import { alertsOf, type Replay, replayAlert } from '../../src/backtest/replay.ts';
import { snapshotIn } from '../../src/compile/snapshot.ts';
import { inProject } from '../../src/lib/root.ts';
import { obtainPrograms } from '../../src/servers/find.ts';
import { inputSeriesOf } from '../../src/simulator/feed.ts';
import { simulate } from '../../src/simulator/history.ts';
import { seriesText } from '../../src/simulator/input-series.ts';
import { usualMix } from '../../src/simulator/scenarios.ts';
import type { History } from '../../src/simulator/types.ts';
import { truthAt } from '../oracle/truth.ts';
import { pipeline, bundle as relayBundle } from '../relay.ts';
import { type PastSystem, startPast } from '../troubleshooting/past.ts';

const step = 600;
const hours = 26;
/** promtool begins on Thursday, 1 January 1970; so does this October, which is as long. */
const october = Date.UTC(2026, 9, 1) / 1000;
/** Nothing that is said hours later: promtool looks it up an evaluation later than rules that are evaluated one by one. */
const mix = { ...usualMix, late_bill: 0, late_rollback: 0, flaky_smoke_test: 0 };
const early = simulate({ seed: 5, end: hours * 3_600, days: 1, perDay: 24, mix });
const times = new Set(['started', 'finished', 'triggered', 'time']);
/** The same history in October. */
const history = JSON.parse(JSON.stringify({ ...early, end: early.end + october }), (key, value) =>
  times.has(key) && typeof value === 'number' ? value + october : value,
) as History;

/** Alerts that promtool must see firing at a moment, if the replays are right. */
const firingAt = (replays: readonly Replay[], at: number) =>
  replays.flatMap(({ alert, severity, firings }) =>
    firings
      .filter(({ from, to }) => from <= at && at <= to)
      .map(({ labels }) => ({
        labels: seriesText({
          __name__: 'ALERTS',
          ...labels,
          alertname: alert,
          alertstate: 'firing',
          severity,
        }),
        value: 1,
      })),
  );

const promtoolSays = (promtool: string, file: string): Promise<string> =>
  new Promise((resolve) => {
    execFile(promtool, ['test', 'rules', file], { maxBuffer: 1 << 26 }, (error, out, err) =>
      resolve(error ? (out + err).slice(0, 4_000) : ''),
    );
  });

describe('a simulated day, replayed from a real Prometheus', () => {
  const { ruleFiles } = relayBundle;
  let past: PastSystem;
  const replays: Replay[] = [];
  let folder = '';

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'backtest-'));
    const span = { from: october, to: october + hours * 3_600, step };
    past = await startPast(history, span);
    for (const groups of Object.values(ruleFiles)) await past.evaluate(groups);
    for (const rule of alertsOf(snapshotIn(inProject('generated'))))
      replays.push(await replayAlert(past.prometheus, rule, span));
  });
  afterAll(async () => {
    await past?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('can ask for every alert', () => {
    expect(replays.filter(({ error }) => error)).toEqual([]);
  });

  it('knows which deployments were bad', async () => {
    const found = await deploymentsAround(
      past.prometheus,
      { from: october, to: history.end },
      pipeline.targets,
    );
    const truth = truthAt(history, history.end).facts.filter((f) => f.finished !== undefined);
    const isBad = (f: (typeof truth)[number]): boolean =>
      ['failure', 'rolled_back', 'abandoned'].includes(f.outcome) ||
      f.budgetSpent > 0 ||
      (f.outcome === 'success' && (f.duration ?? 0) > 600);
    const expected = truth.map((f) => `${f.environment} ${f.id} ${isBad(f)}`);
    expect(found.map((d) => `${d.environment} ${d.id} ${d.bad}`).sort()).toEqual(expected.sort());
    expect(found.some(({ bad }) => bad)).toBe(true);
  });

  it('judges firings also by deployments that finished before the time, and misses none', async () => {
    const later = { from: october + 13 * 3_600, to: history.end, step };
    const around = await deploymentsAround(past.prometheus, later, pipeline.targets);
    expect(around.length).toBeGreaterThan(within(around, later).length);
    const verdicts = classify(replays, around, later);
    const failed = verdicts.find(({ alert }) => alert === 'DeploymentFailed');
    expect(failed?.firings.map(({ worth }) => worth)).toEqual(failed?.firings.map(() => 'right'));
    expect(missed(replays, around, later)).toEqual([]);
  });

  it('finds firings of several alerts', () => {
    const fired = replays.filter(({ firings }) => firings.length > 0).map(({ alert }) => alert);
    expect(fired).toEqual(
      expect.arrayContaining(['DeploymentFailed', 'ErrorBudgetExhausted', 'RollbackExecuted']),
    );
  });

  it('fires when promtool says so, at every evaluation', async () => {
    const { promtool } = await obtainPrograms(['promtool']);
    const names = Object.keys(ruleFiles);
    const moments = Array.from({ length: (hours * 3_600) / step + 1 }, (_, i) => i * step);
    const test = {
      rule_files: names.map((name) => inProject('generated', 'prometheus', 'rules', `${name}.yml`)),
      evaluation_interval: `${step}s`,
      group_eval_order: Object.values(ruleFiles).flatMap((groups) => groups.map(({ name }) => name)),
      tests: [
        {
          interval: `${step}s`,
          input_series: await inputSeriesOf(early, { from: 0, to: hours * 3_600, interval: step }),
          promql_expr_test: moments.map((at) => ({
            expr: 'ALERTS{alertstate="firing"}',
            eval_time: `${at}s`,
            exp_samples: firingAt(replays, at + october),
          })),
        },
      ],
    };
    const file = join(folder, 'test.yml');
    writeFileSync(file, stringify(test));
    expect(await promtoolSays(promtool, file)).toBe('');
  }, 240_000);
});
