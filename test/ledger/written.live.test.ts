import { beforeAll, describe, expect, it } from 'vitest';
import { ledger } from '../../src/ledger/facts.ts';
import { timelineGroup } from '../../src/ledger/history/timeline.ts';
import { errorTypes, outcomes } from '../../src/metrics/codes.ts';
import { forPipeline } from '../../src/metrics/index.ts';
import type { Pipeline } from '../../src/pipeline/pipeline.ts';
import { written } from '../../src/record/way.ts';
import { deployment, failedStage, rollback, stage } from '../../src/simulator/builders.ts';
import { gatewayTarget } from '../../src/simulator/feed.ts';
import { exposed, seriesKey, type TimedPush } from '../../src/simulator/gateway.ts';
import { type InputSeries, inputSeries } from '../../src/simulator/input-series.ts';
import { pushesOf } from '../../src/simulator/pushes.ts';
import { type Point, scraped, up } from '../../src/simulator/scrapes.ts';
import { type Answer, evaluate } from '../bench/promtool.ts';
import { pipeline } from '../relay.ts';

const interval = 60;
const end = 6 * 3_600;

const all = [
  // A gateway replaces what an earlier try said; what was written remotely stays.
  deployment({
    id: 'again',
    started: 600,
    finished: 2_000,
    stages: [
      failedStage('api', 'deploy_railway', 610, 700, { errorType: 'timeout', message: 'too late' }),
      stage('api', 'deploy_railway', 800, 900),
    ],
  }),
  deployment({
    id: 'failing',
    started: 600,
    finished: 2_000,
    reported: 'failure',
    stages: [
      stage('api', 'deploy_railway', 610, 700),
      failedStage('api', 'deploy_railway', 800, 900, { errorType: 'network', message: 'no route' }),
    ],
  }),
  deployment({
    id: 'back',
    started: 600,
    finished: 1_200,
    stages: [stage('api', 'deploy_railway', 610, 700)],
    rollbacks: [rollback(1_300, 1_360, { ok: false }), rollback(1_500, 1_560)],
  }),
  // Its start was hours ago when it ends.
  deployment({
    id: 'long',
    started: 600,
    finished: 15_000,
    stages: [
      failedStage('web', 'build', 610, 700, { errorType: 'timeout', message: 'too late' }),
      stage('api', 'build', 6_000, 6_100),
      stage('api', 'deploy_railway', 12_000, 12_100),
    ],
    reported: 'failure',
  }),
];

const writes = (pushes: readonly TimedPush[]): InputSeries[] => {
  const points = new Map<string, { labels: Readonly<Record<string, string>>; all: Point[] }>();
  for (const { time, push } of pushes)
    for (const { labels, points: own } of written(push, time)) {
      const key = seriesKey(labels);
      const series = points.get(key) ?? { labels, all: Array<Point>(end / interval + 1).fill('nothing') };
      series.all[Math.ceil(time / interval)] = own[0]![1];
      points.set(key, series);
    }
  return [...points.values()].map(({ labels, all: each }) =>
    inputSeries({ labels, points: each.map((point) => ({ point, count: 1 })) }),
  );
};
const scrapes = (pushes: readonly TimedPush[]): InputSeries[] => {
  const when = { from: 0, to: end, interval };
  const began = { __name__: 'process_start_time_seconds', ...gatewayTarget };
  const spans = [...exposed(pushes, end), { labels: began, value: 0, from: 0, to: end + 1 }];
  return [up(gatewayTarget.job, gatewayTarget.instance, when), ...scraped(spans, when)].map(inputSeries);
};

const everyFact = `last_over_time({__name__=~"deployment.*:.+", __name__!~".*:(reported|heard_of|lost|running).*|.*(recorded|late)_push.*|.*(gateway|ledger)_.*"}[${end}s])`;
const ask = (series: readonly InputSeries[], transport: Pipeline['transport']): Promise<Answer[]> => {
  const of = { ...pipeline, transport };
  // One group, so that the order is certain.
  const facts = ledger(of);
  const group = { ...facts, rules: [...facts.rules, ...timelineGroup.rules] };
  return evaluate(forPipeline([group], of), series, interval, { expr: everyFact, at: end });
};

describe('what was written remotely', () => {
  let [remote, gateway]: Answer[][] = [];
  beforeAll(async () => {
    const pushes = (await Promise.all(all.map((one) => pushesOf(one))))
      .flat()
      .sort((a, b) => a.time - b.time);
    [remote, gateway] = await Promise.all([
      ask(writes(pushes), 'remote-write'),
      ask(scrapes(pushes), 'pushgateway'),
    ]);
  }, 120_000);

  it.each(all.map(({ id }) => id))('gives the facts that a gateway gives: %s', (id) => {
    const lines = (answers: readonly Answer[]): string[] =>
      answers
        .filter(({ labels }) => labels.deployment_id === id)
        .map(({ labels, value }) => `${JSON.stringify(labels)} ${value}`)
        .sort();
    expect(lines(gateway!).length).toBeGreaterThan(10);
    expect(lines(remote!)).toEqual(lines(gateway!));
  });

  it('is judged by the last word', () => {
    const value = (name: string, id: string): number | undefined =>
      remote!.find(({ labels }) => labels.__name__ === name && labels.deployment_id === id)?.value;
    expect(value('deployment:outcome:code', 'again')).toBe(outcomes.success);
    expect(value('deployment_stage:error_type:code', 'again')).toBeUndefined();
    expect(value('deployment_stage:error_type:code', 'failing')).toBe(errorTypes.network);
    expect(value('deployment:outcome:code', 'back')).toBe(outcomes.rolled_back);
    expect(value('deployment:duration_seconds:last', 'long')).toBe(15_000 - 590);
  });
});
