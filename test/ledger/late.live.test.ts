import { beforeAll, describe, expect, it } from 'vitest';
import { lateEvents, ledger } from '../../src/ledger/facts.ts';
import { outcomes, rollbackReasons } from '../../src/metrics/codes.ts';
import { forPipeline } from '../../src/metrics/index.ts';
import { deployment, health, history, rollback, smokeTest, stage } from '../../src/simulator/builders.ts';
import { inputSeriesOf } from '../../src/simulator/feed.ts';
import type { Deployment } from '../../src/simulator/types.ts';
import { type Answer, evaluate } from '../bench/promtool.ts';
import { pipeline } from '../relay.ts';

const hour = 3_600;
const late = 2.75 * hour;
const end = 5 * hour;
/** A success of which the gateway holds nothing any more when a late word comes. */
const good = (id: string, rest: Partial<Deployment>): Deployment =>
  deployment({
    id,
    started: 60,
    finished: 1_500,
    stages: [stage('api', 'build', 70, 200), stage('web', 'build', 210, 300)],
    smokeTests: [smokeTest('api_health', 1_400), smokeTest('web_beta', 1_410)],
    health: health(1_300, '...'),
    costs: [
      { resource: 'railway_compute', time: 1_450, usd: 0.25 },
      { resource: 'vercel_build', time: 1_451, usd: 0.5 },
    ],
    ...rest,
  });
const costs = (...more: Deployment['costs']): Deployment['costs'] => [...good('0', {}).costs, ...more];

const told: Readonly<Record<string, Partial<Deployment>>> = {
  nothing: {},
  'a bill': { costs: costs({ resource: 'vercel_build', time: late, usd: 0.125 }) },
  'an error rate': { errorRates: [{ service: 'api', time: late, value: 0.001 }] },
  'a health check': { health: [...health(1_300, '...'), ...health(late, 'x', 'web')] },
  'a smoke test': {
    smokeTests: [smokeTest('api_health', 1_400), smokeTest('web_beta', 1_410), smokeTest('again', late)],
  },
  'a rollback': { rollbacks: [rollback(late, late + 60)] },
};
const words = Object.keys(told);
const all = (value: number, but: Readonly<Record<string, number | undefined>> = {}) =>
  Object.fromEntries(words.map((word) => [word, word in but ? but[word] : value]));

/** The ledger's last value of each of them. */
const truth: Readonly<Record<string, Record<string, number | undefined>>> = {
  'deployment:outcome:code': all(outcomes.success, { 'a rollback': outcomes.rolled_back }),
  'deployment:success:bool': all(1, { 'a rollback': 0 }),
  'deployment:finished_timestamp_seconds:max': all(1_500),
  'deployment:triggered_timestamp_seconds:min': all(50),
  'deployment:started_timestamp_seconds:min': all(60),
  'deployment:duration_seconds:last': all(1_450),
  'deployment:stages:count': all(2),
  'deployment:stages_passed:count': all(2),
  'deployment:health_checks:count': all(3),
  'deployment:smoke_tests:count': all(2),
  'deployment:error_budget_spent:sum': all(0, { 'a rollback': 1 }),
  'deployment:cost_usd:sum': all(0.75, { 'a bill': 0.375 }),
  'deployment:rollback_reason:code': Object.fromEntries(
    words.map((word) => [word, word === 'a rollback' ? rollbackReasons.manual : undefined]),
  ),
};

describe('a word that comes hours after the deployment was swept away', () => {
  let answers: Answer[];
  beforeAll(async () => {
    const deployments = words.map((word, index) => good(`10${index}`, told[word]!));
    // A deployment to staging in between sweeps.
    const sweeper = deployment({ id: '200', environment: 'staging', started: 2.5 * hour });
    const times = { from: 0, to: end, interval: 60 };
    const series = await inputSeriesOf(history(times.to, [...deployments, sweeper]), times);
    const expr = 'last_over_time({__name__=~"deployment:.+",environment="production"}[5h])';
    answers = await evaluate(forPipeline([ledger(pipeline), lateEvents], pipeline), series, times.interval, {
      expr,
      at: times.to,
    });
  }, 180_000);

  it.each(Object.keys(truth))('leaves %s what it was, unless it is about it', (fact) => {
    const said = (id: string): number | undefined =>
      answers.find(({ labels }) => labels.__name__ === fact && labels.deployment_id === id)?.value;
    const given = words.map((word, index) => [word, said(`10${index}`)]);
    expect(Object.fromEntries(given)).toEqual(truth[fact]);
  });
});
