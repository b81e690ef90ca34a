import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  branch,
  committedAt,
  defaultDeploymentId,
  isRevert,
  jobUrl,
  runUrl,
  triggeredAt,
  triggeredBy,
  version,
} from '../../src/record/github.ts';
import { jobEnv, pushes, temporaryFolder } from './helpers.ts';

const run = { GITHUB_SERVER_URL: 'https://ghe.example', GITHUB_REPOSITORY: 'relay/app', GITHUB_RUN_ID: '77' };

describe('from the variables of GitHub', () => {
  test('the id: a re-run is another deployment', () => {
    expect(defaultDeploymentId({ ...run, GITHUB_RUN_ATTEMPT: '1' })).toBe('77');
    expect(defaultDeploymentId({ ...run, GITHUB_RUN_ATTEMPT: '3' })).toBe('77-3');
    expect(defaultDeploymentId(run)).toBe('77');
    expect(defaultDeploymentId({ GITHUB_RUN_ID: '' })).toBeUndefined();
  });
  test('DEPLOYMENT_ID and the option win', async () => {
    const id = async (argv: string[], env: Record<string, string>): Promise<string | undefined> =>
      (await pushes(['cost', '--resource', 'vercel_build', '--usd', '1', ...argv], { ...run, ...env }))[0]
        ?.group.deployment_id;
    expect(await id([], { GITHUB_RUN_ATTEMPT: '2' })).toBe('77-2');
    expect(await id([], { DEPLOYMENT_ID: 'x', GITHUB_RUN_ATTEMPT: '2' })).toBe('x');
    expect(await id(['--deployment-id', 'y'], { DEPLOYMENT_ID: 'x' })).toBe('y');
  });
  test('the environment', async () => {
    const of = async (argv: string[], env: Record<string, string>): Promise<string | undefined> =>
      (await pushes(['cost', '--resource', 'vercel_build', '--usd', '1', ...argv], { ...run, ...env }))[0]
        ?.group.environment;
    expect(await of([], {})).toBe('production');
    expect(await of([], { DEPLOYMENT_ENVIRONMENT: 'staging' })).toBe('staging');
    expect(await of(['--environment', 'production'], { DEPLOYMENT_ENVIRONMENT: 'staging' })).toBe(
      'production',
    );
  });
  test('a commit that takes an earlier one back is rework, without a word of the pipeline', async () => {
    const file = join(temporaryFolder(), 'event.json');
    const shows = (payload: unknown): boolean => {
      writeFileSync(file, JSON.stringify(payload));
      return isRevert({ ...run, GITHUB_EVENT_PATH: file });
    };
    expect(
      shows({ head_commit: { message: 'Revert "Cache the embeddings"\n\nThis reverts commit 0123.' } }),
    ).toBe(true);
    expect(shows({ workflow_run: { head_commit: { message: 'Revert "x"' } } })).toBe(true);
    expect(shows({ pull_request: { title: 'Revert "x"' } })).toBe(true);
    expect(shows({ head_commit: { message: 'Do not revert "x"' } })).toBe(false);
    expect(shows({})).toBe(false);
    expect(isRevert(run)).toBe(false);
    const rework = async (argv: string[]): Promise<string> => {
      const [start] = await pushes(['start', ...argv], run);
      return JSON.stringify(start);
    };
    expect(await rework([])).not.toContain('deployment_rework_info');
    expect(await rework(['--hotfix'])).toContain('deployment_rework_info');
    expect(await rework(['--rework-of', '4711'])).toContain('4711');
  });
  test('pages', () => {
    expect(runUrl(run)).toBe('https://ghe.example/relay/app/actions/runs/77/attempts/1');
    expect(runUrl({ ...run, GITHUB_RUN_ATTEMPT: '2' })).toBe(
      'https://ghe.example/relay/app/actions/runs/77/attempts/2',
    );
    expect(runUrl({})).toBe('');
    expect(jobUrl(run, '555')).toBe('https://ghe.example/relay/app/actions/runs/77/job/555');
    expect(jobUrl(run, undefined)).toBe(runUrl(run));
    expect(jobUrl({}, '555')).toBe('');
  });
  test('branch and version', () => {
    expect(branch({ GITHUB_REF_NAME: 'main' })).toBe('main');
    expect(branch({ GITHUB_REF_NAME: '12/merge', GITHUB_HEAD_REF: 'feature' })).toBe('feature');
    expect(
      version({ GITHUB_SHA: '0123456789abcdef', GITHUB_REF_NAME: 'main', GITHUB_REF_TYPE: 'branch' }),
    ).toBe('0123456789ab');
    expect(version({ GITHUB_SHA: '0123456789abcdef', GITHUB_REF_NAME: 'v1.2', GITHUB_REF_TYPE: 'tag' })).toBe(
      'v1.2',
    );
  });
  test.each([
    ['push', 'github_actions'],
    ['schedule', 'github_actions'],
    ['workflow_dispatch', 'manual'],
    ['repository_dispatch', 'webhook'],
    ['deployment', 'webhook'],
    ['', 'manual'],
  ] as const)('who triggered: %s', (event, expected) =>
    expect(triggeredBy({ GITHUB_EVENT_NAME: event })).toBe(expected),
  );
});

describe('when it was triggered', () => {
  const at = (event: string, payload: unknown, extra: Record<string, string> = {}): number | undefined => {
    const file = join(temporaryFolder(), 'event.json');
    writeFileSync(file, typeof payload === 'string' ? payload : JSON.stringify(payload));
    return triggeredAt({ GITHUB_EVENT_NAME: event, GITHUB_EVENT_PATH: file, ...extra });
  };
  const iso = '2026-01-31T12:00:00Z';
  const ms = Date.parse(iso);
  test.each([
    ['push', { repository: { pushed_at: ms / 1000 }, head_commit: { timestamp: '2020-01-01T00:00:00Z' } }],
    ['push', { repository: {}, head_commit: { timestamp: '2026-01-31T13:00:00+01:00' } }],
    [
      'workflow_run',
      { workflow_run: { created_at: iso }, repository: { pushed_at: '2020-01-01T00:00:00Z' } },
    ],
    ['pull_request', { pull_request: { merged_at: iso, updated_at: '2020-01-01T00:00:00Z' } }],
    ['pull_request', { pull_request: { merged_at: null, updated_at: iso } }],
    ['release', { release: { published_at: iso } }],
    ['deployment_status', { deployment_status: { created_at: iso } }],
  ])('%s', (event, payload) => expect(at(event, payload)).toBe(ms));
  test.each([
    ['workflow_dispatch', { repository: { pushed_at: ms / 1000 } }],
    ['schedule', { repository: { pushed_at: iso } }],
    ['push', { head_commit: null }],
    ['push', '{broken'],
    ['push', 'null'],
    ['push', { repository: { pushed_at: {} } }],
  ])('%s without a word about it', (event, payload) => expect(at(event, payload)).toBeUndefined());
  test('not of a re-run, whose cause is a click', () => {
    expect(at('push', { repository: { pushed_at: ms / 1000 } }, { GITHUB_RUN_ATTEMPT: '2' })).toBeUndefined();
  });
  test('not from a file that is not there', () => {
    expect(triggeredAt({ GITHUB_EVENT_NAME: 'push', GITHUB_EVENT_PATH: '/nowhere' })).toBeUndefined();
  });
  test('falls back to the start', async () => {
    const [push] = await pushes(['start', '--at', '1700000000'], jobEnv());
    const value = (name: string): number | undefined => push?.samples.find((s) => s.metric === name)?.value;
    expect(value('deployment_triggered_timestamp_seconds')).toBe(1_700_000_000);
    expect(value('deployment_started_timestamp_seconds')).toBe(1_700_000_000);
  });
});

describe('when the commit was made', () => {
  const env = (event: string, payload: unknown, extra: Record<string, string> = {}): NodeJS.ProcessEnv => {
    const file = join(temporaryFolder(), 'event.json');
    writeFileSync(file, JSON.stringify(payload));
    return { GITHUB_EVENT_NAME: event, GITHUB_EVENT_PATH: file, ...extra };
  };
  const timestamp = '2026-01-31T13:00:00+01:00';
  const ms = Date.parse(timestamp);
  test.each([
    ['push', { head_commit: { timestamp }, repository: { pushed_at: 1 } }],
    ['workflow_run', { workflow_run: { head_commit: { timestamp } } }],
  ])('%s', (event, payload) => expect(committedAt(env(event, payload))).toBe(ms));
  test('also of a re-run, which deploys the same commit', () => {
    expect(committedAt(env('push', { head_commit: { timestamp } }, { GITHUB_RUN_ATTEMPT: '2' }))).toBe(ms);
  });
  test.each([
    ['workflow_dispatch', { head_commit: { timestamp } }],
    ['push', { head_commit: null }],
  ])('%s without a word about it', (event, payload) =>
    expect(committedAt(env(event, payload))).toBeUndefined(),
  );
  test('is recorded where it is known, and not made up where it is not', async () => {
    const times = async (extra: Record<string, string>) => {
      const [push] = await pushes(['start'], { ...jobEnv(), ...extra });
      return push?.samples
        .filter(({ metric }) => metric === 'deployment_committed_timestamp_seconds')
        .map(({ value }) => value);
    };
    expect(await times(env('push', { head_commit: { timestamp } }) as Record<string, string>)).toEqual([
      ms / 1000,
    ]);
    expect(await times({})).toEqual([]);
  });
});
