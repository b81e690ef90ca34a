import { beforeAll, describe, expect, it } from 'vitest';
import { ledger } from '../../src/ledger/facts.ts';
import { outcomes } from '../../src/metrics/codes.ts';
import { forPipeline } from '../../src/metrics/index.ts';
import {
  deployment,
  failedStage,
  health,
  migration,
  rollback,
  smokeTest,
  stage,
  unfinished,
} from '../../src/simulator/builders.ts';
import { gatewayTarget } from '../../src/simulator/feed.ts';
import { exposed, type TimedPush } from '../../src/simulator/gateway.ts';
import { type InputSeries, inputSeries } from '../../src/simulator/input-series.ts';
import { pushesOf } from '../../src/simulator/pushes.ts';
import { type ScrapeTimes, scraped, up } from '../../src/simulator/scrapes.ts';
import type { Deployment } from '../../src/simulator/types.ts';
import { type Answer, evaluate } from '../bench/promtool.ts';
import { pipeline } from '../relay.ts';

/** The gateway is gone from `lost` on and back, empty, at `back`. */
const [lost, back, end] = [930, 1_050, 5 * 3_600];
/** The recorder removes what finished two hours ago. */
const swept = 12_300;
const interval = 60;

const running = deployment({
  id: 'running',
  started: 600,
  finished: 1_500,
  committed: 300,
  stages: [
    stage('api', 'build', 610, 700),
    stage('api', 'deploy_railway', 710, 800),
    failedStage('web', 'build', 1_200, 1_300, { errorType: 'timeout', message: 'too late' }),
  ],
  migrations: [migration(610, 650)],
  health: [...health(810, '..x.'), ...health(1_100, '...', 'web')],
  smokeTests: [smokeTest('api_health', 850), smokeTest('web_beta', 1_400, false)],
  costs: [{ resource: 'railway_compute', time: 1_450, usd: 0.25 }],
  reported: 'failure',
});
/** Rolled back long after it finished. */
const regretted = deployment({
  id: 'regretted',
  started: 800,
  finished: 1_400,
  stages: [stage('api', 'build', 810, 900), stage('api', 'deploy_railway', 1_100, 1_200)],
  health: health(1_210, '...'),
  rollbacks: [rollback(5_000, 5_060)],
});
/** Nothing more is heard of it. */
const silent = unfinished({ id: 'silent', started: 700, stages: [stage('api', 'build', 710, 800)] });
const over = deployment({
  id: 'over',
  started: 300,
  finished: 600,
  stages: [stage('api', 'build', 310, 400)],
});

const times = (outage: boolean): ScrapeTimes => ({
  from: 0,
  to: end,
  interval,
  ...(outage && { outages: [{ from: lost, to: back - 1, of: 'target' }] }),
});

/** Scrapes of a gateway that loses everything, keeps everything, or keeps running when the groups are removed. */
async function scrapesOf(deployments: readonly Deployment[], fate: 'lost' | 'kept' | 'removed') {
  const pushes: TimedPush[] = (await Promise.all(deployments.map((one) => pushesOf(one))))
    .flat()
    .sort((a, b) => a.time - b.time);
  const taken = fate === 'kept' ? 0 : lost;
  const spans = [
    ...exposed(
      pushes.filter(({ time }) => time < taken),
      taken,
    ),
    ...exposed(
      pushes.filter(({ time }) => time >= taken),
      swept,
    ),
  ];
  const began = (value: number, from: number, to: number) => ({
    labels: { __name__: 'process_start_time_seconds', ...gatewayTarget },
    value,
    from,
    to,
  });
  const when = times(fate === 'lost');
  const starts =
    fate === 'lost' ? [began(0, 0, lost), began(back - 5, back, end + 1)] : [began(0, 0, end + 1)];
  return [up(gatewayTarget.job, gatewayTarget.instance, when), ...scraped([...spans, ...starts], when)].map(
    inputSeries,
  );
}

const facts = `{__name__=~"deployment.*:.+", __name__!~".*:(reported|heard_of|lost|running).*|.*(recorded|late)_push.*"}`;
const ask = async (series: readonly InputSeries[], expr: string, at = end): Promise<Answer[]> =>
  evaluate(forPipeline([ledger(pipeline)], pipeline), series, interval, { expr, at });
const lines = (answers: readonly Answer[], id: string): string[] =>
  answers
    .filter(({ labels }) => labels.deployment_id === id)
    .map(({ labels, value }) => `${JSON.stringify(labels)} ${value}`)
    .sort();

describe('a gateway that restarts empty', () => {
  let [lostSeries, keptSeries]: InputSeries[][] = [];
  beforeAll(async () => {
    const all = [over, running, regretted, silent];
    [lostSeries, keptSeries] = await Promise.all([scrapesOf(all, 'lost'), scrapesOf(all, 'kept')]);
  });

  it('changes no fact of what ran, of what fell silent, and of what was over', async () => {
    const expr = `last_over_time(${facts}[${end}s])`;
    const [without, kept] = await Promise.all([ask(lostSeries!, expr), ask(keptSeries!, expr)]);
    for (const { id } of [running, regretted, silent, over]) {
      expect(lines(kept, id).length).toBeGreaterThan(5);
      expect(lines(without, id)).toEqual(lines(kept, id));
    }
  }, 120_000);

  it('writes facts no longer than those of any other deployment', async () => {
    const count = `count_over_time(deployment:outcome:code[${end}s])`;
    const counts = async (series: readonly InputSeries[]) =>
      (await ask(series, count)).map(({ labels, value }) => [labels.deployment_id, value]);
    const kept = new Map((await counts(keptSeries!)) as [string, number][]);
    expect(kept.size).toBe(4);
    for (const [id, value] of (await counts(lostSeries!)) as [string, number][])
      expect(value, id).toBeLessThanOrEqual((kept.get(id) ?? 0) + 3);
  }, 60_000);

  it('leaves what runs on the dashboards, abandons what is silent, and remembers nothing for ever', async () => {
    const moments = [back + 90, 2_000, 3 * 3_600];
    const runningAt = moments.map(
      (at) => `label_replace(deployment:running:bool @ ${at}, "at", "${at}", "", "")`,
    );
    const still = '{__name__=~"deployment.*:(reported|heard_of|lost|running).*"}';
    const silence = `last_over_time(deployment:outcome:code{deployment_id="silent"}[4h])`;
    const answers = await ask(lostSeries!, [...runningAt, still, silence].join(' or '));
    const ids = (at: number): string[] =>
      answers.filter(({ labels }) => labels.at === String(at)).map(({ labels }) => labels.deployment_id!);
    expect(moments.map((at) => ids(at).sort())).toEqual([['regretted', 'running', 'silent'], ['silent'], []]);
    expect(answers.filter(({ labels }) => !labels.at).map(({ value }) => value)).toEqual([
      outcomes.abandoned,
    ]);
  }, 120_000);
});

it('forgets what was removed from a gateway that keeps running', async () => {
  const series = await scrapesOf([silent], 'removed');
  expect(await ask(series, 'deployment:running:bool', lost - 30)).toHaveLength(1);
  expect(await ask(series, 'deployment:running:bool', lost + 120)).toEqual([]);
  expect(await ask(series, `last_over_time(deployment:outcome:code[${end}s])`)).toEqual([]);
}, 60_000);
