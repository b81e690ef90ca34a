import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { WireJob } from '../../src/import/wire.ts';
import { FakeGitHub } from '../fakes/github/github.ts';
import { type Listening, listen } from '../fakes/wire/listen.ts';
import { pipeline } from '../relay.ts';
import { jobEnv, pushes, record } from './helpers.ts';

const fake = new FakeGitHub();
let server: Listening;
beforeAll(async () => {
  server = await listen(fake.handler);
});
afterAll(() => server.stop());

const from = Date.UTC(2026, 10, 24, 12, 0, 0) / 1000;
const iso = (seconds: number): string => new Date(seconds * 1000).toISOString();
const job = (id: number, times: readonly (number | undefined)[], more: Partial<WireJob> = {}): WireJob => {
  const [created, started, completed] = times.map((time) => (time === undefined ? null : iso(from + time)));
  return {
    id,
    run_attempt: 2,
    labels: ['ubuntu-latest'],
    created_at: created!,
    started_at: started!,
    completed_at: completed!,
    ...more,
  };
};
beforeEach(() => {
  fake.runs.splice(0, Number.POSITIVE_INFINITY, {
    run: { id: 7, run_attempt: 2 },
    jobs: [
      job(1, [0, 12, 73]),
      // The job that asks goes on.
      job(2, [73, 80, undefined]),
      job(3, [0, 90, 95], { labels: ['self-hosted', 'gpu'] }),
      // Skipped; and what an earlier attempt did, listed again.
      job(4, [73, undefined, 73]),
      job(5, [0, -900, -600]),
    ],
  });
});

const env = (more: Record<string, string | undefined> = {}) =>
  jobEnv({
    DEPLOYMENT_ID: undefined,
    GITHUB_API_URL: server.url,
    GITHUB_TOKEN: fake.token,
    GITHUB_REPOSITORY: 'acme/shop',
    GITHUB_RUN_ID: '7',
    GITHUB_RUN_ATTEMPT: '2',
    ...more,
  });
const now = (from + 110) * 1000;

test('records how long the jobs of this attempt waited for each runner, and every minute that began', async () => {
  const found = await pushes(['jobs'], env(), now);
  const of = { environment: 'production', deployment_id: '7-2' };
  const { perMinute } = pipeline.cost.runners['ubuntu-latest']!;
  expect(found.map(({ group, samples }) => [group, samples[0]!.metric, samples[0]!.value])).toEqual([
    [{ ...of, runner: 'ubuntu-latest' }, 'deployment_runner_queue_seconds', 12],
    [{ ...of, runner: 'self-hosted gpu' }, 'deployment_runner_queue_seconds', 90],
    [
      { ...of, resource: 'ubuntu-latest' },
      'deployment_infrastructure_cost',
      Number((3 * perMinute).toFixed(6)),
    ],
  ]);
});

test('says why GitHub was not asked, and never fails', async () => {
  for (const [more, sentence] of [
    [{ GITHUB_TOKEN: undefined }, /GITHUB_TOKEN is not set/],
    [{ GITHUB_TOKEN: 'wrong' }, /GitHub does not accept GITHUB_TOKEN/],
    [{ DEPLOYMENT_ID: 'another' }, /"another" is not the id of this one\. Leave it unset/],
  ] as const) {
    const { code, warnings } = await record(['jobs', '--dry-run'], env(more), now);
    expect([code, warnings]).toEqual([0, [expect.stringMatching(sentence)]]);
  }
});

test('a wait can be told by any CI', async () => {
  const [push] = await pushes(['queue', '--runner', 'linux-large', '--seconds', '4.5'], jobEnv());
  expect(push).toMatchObject({
    method: 'PUT',
    group: { environment: 'production', deployment_id: '4711', runner: 'linux-large' },
    samples: [{ metric: 'deployment_runner_queue_seconds', value: 4.5 }],
  });
});
