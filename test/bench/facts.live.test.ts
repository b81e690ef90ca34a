import { beforeAll, describe, expect, it } from 'vitest';
import { factNames, factsOf, madeUpHistory, sampleTimes } from '../../src/bench/facts.ts';
import { ledger } from '../../src/ledger/facts.ts';
import { timelineGroup } from '../../src/ledger/history/timeline.ts';
import { forPipeline } from '../../src/metrics/index.ts';
import { inputSeriesOf } from '../../src/simulator/feed.ts';
import type { InputSeries } from '../../src/simulator/input-series.ts';
import { random } from '../../src/simulator/random.ts';
import { Run } from '../../src/simulator/run.ts';
import { tell } from '../../src/simulator/scenarios.ts';
import type { Deployment, History } from '../../src/simulator/types.ts';
import { pipeline } from '../relay.ts';
import { type Answer, evaluate } from './promtool.ts';

const interval = ledger(pipeline).interval;
const hours = 3;

/** One deployment that goes well, and nothing else for three hours. */
function oneSuccess(): Deployment {
  const run = new Run(random(3), {
    id: '17001',
    runId: '17001',
    runAttempt: 1,
    environment: 'production',
    committed: 300,
    triggered: 600,
    started: 610,
    branch: 'main',
    commit: 'c'.repeat(40),
    version: '2.0.1',
    actor: 'ada',
    triggeredBy: 'github_actions',
    previousId: '17000',
    clockOffset: 0,
    scenario: 'success',
  });
  tell('success', run);
  const told = run.deployment();
  return { ...told, queues: [{ runner: 'ubuntu-latest', time: told.finished!, seconds: 7 }] };
}

const deployment = oneSuccess();
const history: History = { seed: 0, end: hours * 3_600, deployments: [deployment] };
let series: InputSeries[];
beforeAll(async () => {
  series = await inputSeriesOf(history, { from: 0, to: hours * 3_600, interval });
});
const ask = (expr: string, at = hours * 3_600): Promise<Answer[]> =>
  evaluate(forPipeline([ledger(pipeline), timelineGroup], pipeline), series, interval, { expr, at });

describe('the made-up ledger', () => {
  it('has as many samples of a fact as the rules write', async () => {
    const [written] = await ask('count_over_time(deployment:outcome:code[3h])');
    const [last] = await ask('max(max_over_time(deployment:last_event_timestamp_seconds:max[3h]))');
    const made = sampleTimes([deployment.finished ?? 0, last?.value ?? 0]);
    expect(made.length).toBeGreaterThan(10);
    expect(written?.value).toBe(made.length);
  });

  it('has the facts of a success that the rules write, and in the same number', async () => {
    const names = factNames.join('|');
    const written = await ask(`count by (__name__) (last_over_time({__name__=~"${names}"}[3h]))`);
    // Series that exist also while the deployment runs.
    const always = [
      'deployment:running:bool',
      'deployment:ended_timestamp_seconds:max',
      'deployment_stage:status:code',
      'deployment_stage:started_timestamp_seconds:min',
      'deployment_stage:finished_timestamp_seconds:max',
      'deployment_stage:logged_timestamp_seconds:min',
    ];
    const made = madeUpHistory(1, 1, 86_400)
      .flatMap(factsOf)
      .map(({ series: text }) => text.slice(0, text.indexOf('{')))
      .filter((name) => !always.includes(name));
    const real = written.map(({ labels }) => labels.__name__!).filter((name) => !always.includes(name));
    expect([...new Set(made)].sort()).toEqual(real.sort());
    const count = written.reduce(
      (sum, one) => sum + (always.includes(one.labels.__name__!) ? 0 : one.value),
      0,
    );
    expect(Math.abs(made.length - count)).toBeLessThanOrEqual(3);
  });
});

describe('a made-up history', () => {
  const perDay = 100;
  const deployments = madeUpHistory(perDay, 30, 30 * 86_400);

  it('is spread evenly, of deployments with ids of their own, all before its end', () => {
    expect(deployments).toHaveLength(3_000);
    expect(new Set(deployments.map(({ id }) => id)).size).toBe(3_000);
    expect(Math.max(...deployments.map(({ finished }) => finished))).toBeLessThan(30 * 86_400);
    const gaps = deployments.slice(1).map((d, i) => d.finished - deployments[i]!.finished);
    expect(Math.max(...gaps) - Math.min(...gaps)).toBeLessThanOrEqual(1);
  });

  it('has every outcome, and mostly successes', () => {
    const share = (outcome: string) => deployments.filter((d) => d.outcome === outcome).length / 3_000;
    expect(share('success')).toBeCloseTo(0.9, 1);
    for (const outcome of ['failure', 'rolled_back', 'abandoned', 'cancelled'])
      expect(share(outcome)).toBeGreaterThan(0.005);
  });

  it('names each series once', () => {
    const all = deployments.slice(0, 200).flatMap((d) => factsOf(d).map(({ series: text }) => text));
    expect(new Set(all).size).toBe(all.length);
  });
});
