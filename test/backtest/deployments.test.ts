import { expect, it } from 'vitest';
import { judge, missed, type Past } from '../../scripts/backtest/deployments.ts';
import type { Firing } from '../../scripts/backtest/firings.ts';
import type { Replay } from '../../scripts/backtest/replay.ts';

const past = (id: string, finished: number, bad: boolean): Past => ({
  id,
  environment: 'production',
  finished,
  bad,
});
const deployments = [past('1', 1_000, true), past('2', 2_000, false), past('3', 90_000, true)];
const fired = (alert: string, ...firings: Firing[]): Replay => ({ alert, severity: 'high', firings });
const about = (id: string, from: number): Firing => ({
  labels: { environment: 'production', deployment_id: id },
  from,
  to: from + 60,
});
const replays = [
  fired('DeploymentFailed', about('1', 1_060), about('2', 2_060)),
  fired('SuccessRateLow', { labels: { environment: 'production' }, from: 1_500, to: 2_500 }),
  fired('GatewayDown', { labels: {}, from: 89_000, to: 95_000 }),
];

it('marks a firing that names a deployment which was not bad, and no other', () => {
  const verdicts = judge(replays, deployments);
  expect(verdicts.map((v) => v.falsePositives.map((f) => f.labels.deployment_id))).toEqual([['2'], [], []]);
  expect(verdicts.map((v) => v.deployments)).toEqual([['1', '2'], ['1', '2'], []]);
  expect(verdicts[0]?.duration).toBe(120);
});

it('names the bad deployments that no alert was about', () => {
  expect(missed(replays, deployments).map((d) => d.id)).toEqual(['3']);
});
