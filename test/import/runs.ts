import type { WireJob, WireRun, WireStep } from '../../src/import/wire.ts';
import type { FakeRun } from '../fakes/github/github.ts';

/** A Tuesday in the middle of a month. */
export const day = Date.UTC(2026, 9, 13) / 1000;

export const iso = (seconds: number): string => new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');

export const step = (name: string, from: number, to: number, conclusion = 'success'): WireStep => ({
  name,
  status: 'completed',
  conclusion,
  started_at: conclusion === 'skipped' ? null : iso(from),
  completed_at: conclusion === 'skipped' ? null : iso(to),
});

/** A job that began 5 s after it was queued, with steps one after the other. */
export function job(
  id: number,
  name: string,
  began: number,
  steps: readonly WireStep[],
  more: Partial<WireJob> = {},
): WireJob {
  const failed = steps.find(({ conclusion }) => conclusion === 'failure' || conclusion === 'cancelled');
  const ends = steps.flatMap(({ completed_at }) => completed_at ?? []);
  return {
    id,
    run_attempt: 1,
    name,
    status: 'completed',
    conclusion: failed?.conclusion ?? 'success',
    created_at: iso(began - 5),
    started_at: iso(began),
    completed_at: ends.at(-1) ?? iso(began),
    labels: ['ubuntu-latest'],
    steps,
    ...more,
  };
}

export function run(
  id: number,
  created: number,
  jobs: readonly WireJob[],
  more: Partial<WireRun> = {},
  rest: Partial<FakeRun> = {},
): FakeRun {
  return {
    run: {
      id,
      event: 'push',
      status: 'completed',
      conclusion: jobs.some(({ conclusion }) => conclusion === 'failure') ? 'failure' : 'success',
      created_at: iso(created),
      run_started_at: iso(created),
      updated_at: iso(created + 900),
      run_attempt: 1,
      html_url: `https://github.com/acme/shop/actions/runs/${id}`,
      head_branch: 'main',
      head_sha: `${id}0123456789abcdef`,
      actor: { login: 'ana' },
      triggering_actor: { login: 'ben' },
      head_commit: { message: 'Change it', timestamp: iso(created - 60) },
      ...more,
    },
    jobs,
    ...rest,
  };
}
