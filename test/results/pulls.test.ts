import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { DeploymentResult } from '../../src/record/result/model.ts';
import { tellPulls } from '../../src/record/tell/pulls.ts';
import { FakeGitHub } from '../fakes/github/github.ts';
import { type Listening, listen } from '../fakes/wire/listen.ts';
import { examples, noon, resultAt } from './examples.ts';

let github: FakeGitHub;
let server: Listening;
beforeEach(async () => {
  github = new FakeGitHub();
  server = await listen((request) => github.handler(request));
});
afterEach(() => server.stop());

const env = (): NodeJS.ProcessEnv => ({
  GITHUB_TOKEN: github.token,
  GITHUB_REPOSITORY: github.repository,
  GITHUB_API_URL: server.url,
});
const resultOf = async (commit: string, more: Partial<DeploymentResult> = {}): Promise<DeploymentResult> => ({
  ...(await resultAt(examples.good)),
  commit,
  ...more,
});
/** A deployment that succeeded before, as an earlier run told it. */
async function deployedBefore(commit: string): Promise<void> {
  await tellPulls(await resultOf(commit, { id: 'before', started: noon - 7_200 }), env());
  github.pulls.comments.length = 0;
  github.requests = 0;
}
const bodies = (pull: number): string[] =>
  github.pulls.comments.filter((comment) => comment.pull === pull).map(({ body }) => body);

describe('a deployment', () => {
  test('is told once to every pull request since the one before, and kept current', async () => {
    await deployedBefore(github.pulls.merge(1, 'Old'));
    github.pulls.merge(2, 'Remember more');
    const head = github.pulls.merge(3, 'Forget less');
    const running = { ...(await resultAt(examples.good, noon + 20)), commit: head };
    expect(running.outcome).toBe('running');
    expect(await tellPulls(running, env())).toMatchObject({ pulls: [3, 2], warnings: [] });
    expect(bodies(2)[0]).toContain('queued 12:00 UTC → being deployed since 2026-11-24 12:00 UTC');
    expect(github.pulls.deployments.at(-1)).toMatchObject({
      sha: head,
      statuses: [{ state: 'in_progress' }],
    });

    await tellPulls(await resultOf(head), env());
    expect(bodies(1)).toEqual([]);
    for (const pull of [2, 3]) {
      expect(bodies(pull)).toHaveLength(1);
      expect(bodies(pull)[0]).toContain('queued 12:00 UTC → live since 2026-11-24 12:06 UTC');
    }
    expect(github.pulls.deployments.at(-1)?.statuses.at(-1)).toMatchObject({
      state: 'success',
      description: 'succeeded in 6 min 42 s',
    });

    const late = { reason: 'error_rate', at: noon + 3_600, to: 'before' };
    await tellPulls(await resultOf(head, { outcome: 'rolled_back', rollback: late }), env());
    expect(bodies(2)).toHaveLength(1);
    expect(bodies(2)[0]).toContain(
      'live since 2026-11-24 12:06 UTC → rolled back 2026-11-24 13:00 UTC: `error rate`',
    );
    expect(github.pulls.deployments).toHaveLength(2);
    expect(github.pulls.deployments.at(-1)?.statuses.at(-1)).toMatchObject({ state: 'failure' });
  });

  test('changes nothing when it is told again', async () => {
    await deployedBefore(github.pulls.merge(1, 'Old'));
    const result = await resultOf(github.pulls.merge(2, 'New'));
    await tellPulls(result, env());
    const before = JSON.stringify([github.pulls.comments, github.pulls.deployments]);
    await tellPulls(result, env());
    expect(JSON.stringify([github.pulls.comments, github.pulls.deployments])).toBe(before);
  });

  test('leaves one comment when two runs tell it at once, with what both say', async () => {
    await deployedBefore(github.pulls.merge(1, 'Old'));
    const head = github.pulls.merge(2, 'New');
    const results = [await resultOf(head), await resultOf(head, { environment: 'staging', id: '77' })];
    await Promise.all([...results, ...results].map((result) => tellPulls(result, env())));
    expect(bodies(2)).toHaveLength(1);
    expect(bodies(2)[0]).toMatch(/`production`[\s\S]*`staging`/);
  });

  test('does not overwrite what a newer deployment said', async () => {
    await deployedBefore(github.pulls.merge(1, 'Old'));
    const head = github.pulls.merge(2, 'New');
    await tellPulls(await resultOf(head, { id: 'newer', started: noon + 7_200 }), env());
    await tellPulls(await resultOf(head), env());
    expect(bodies(2)[0]).toContain('newer');
  });

  test('finds the comment of its own among those of others, and touches no other', async () => {
    await deployedBefore(github.pulls.merge(1, 'Old'));
    const head = github.pulls.merge(2, 'New');
    const forged = '<!-- deployment-observability: deployments -->\nforged';
    for (let i = 0; i < 250; i++)
      github.pulls.comments.push({
        id: 1000 + i,
        pull: 2,
        body: i === 7 ? forged : `talk ${i}`,
        user: { login: 'eve' },
      });
    await tellPulls(await resultOf(head), env());
    await tellPulls(await resultOf(head, { outcome: 'failure' }), env());
    expect(bodies(2)).toHaveLength(251);
    expect(bodies(2)[7]).toBe(forged);
  });

  test('with 300 pull requests takes bounded requests, comments on the newest and lists the rest', async () => {
    await deployedBefore(github.pulls.merge(1, 'Old'));
    let head = '';
    for (let number = 2; number <= 301; number++) head = github.pulls.merge(number, `Change ${number}`);
    const { pulls, range } = await tellPulls(await resultOf(head), env());
    expect(pulls).toHaveLength(20);
    expect(pulls[0]).toBe(301);
    expect(range.rest).toHaveLength(280);
    expect(range.rest[0]).toContain('Change 281 (#281)');
    expect(github.requests).toBeLessThan(110);
  });

  test('tells nobody of commits that came past the main line, and asks for one commit a merge', async () => {
    const base = github.pulls.merge(1, 'Old');
    await deployedBefore(base);
    github.pulls.merge(2, 'Merged');
    const inner = 'd'.repeat(40);
    github.pulls.commits.splice(1, 0, { sha: inner, parents: [base], message: 'inner work', pulls: [2] });
    const { range } = await tellPulls(await resultOf(github.pulls.commits.at(-1)!.sha), env());
    expect(range.pulls.map(({ number }) => number)).toEqual([2]);
  });

  test('is no matter of pull requests in a fork, or of those that were not merged', async () => {
    await deployedBefore(github.pulls.merge(1, 'Old'));
    const head = github.pulls.merge(2, 'Of a fork', 'eve/shop');
    expect((await tellPulls(await resultOf(head), env())).pulls).toEqual([]);
  });
});

describe('what GitHub refuses is said, and the rest is done', () => {
  test.each([
    [
      'pull-requests: write',
      'Pull request #2 was not told: GITHUB_TOKEN lacks the permission "pull-requests: write"',
    ],
    ['deployments: write', "GitHub's Deployments were not read: GITHUB_TOKEN lacks the permission"],
    ['contents: read', 'Pull requests were not told: GITHUB_TOKEN lacks the permission "contents: read"'],
  ])('without %s', async (permission, warning) => {
    await deployedBefore(github.pulls.merge(1, 'Old'));
    const head = github.pulls.merge(2, 'New');
    github.pulls.merge(3, 'Newer');
    github.pulls.permissions.delete(permission);
    const { warnings } = await tellPulls(await resultOf(head), env());
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain(warning);
    expect(warnings[0]).toMatch(/fork/);
  });

  test('a locked conversation stops no other', async () => {
    await deployedBefore(github.pulls.merge(1, 'Old'));
    github.pulls.merge(2, 'New');
    const head = github.pulls.merge(3, 'Newer');
    github.pulls.locked.add(3);
    const { pulls, warnings } = await tellPulls(await resultOf(head), env());
    expect(pulls).toEqual([2]);
    expect(warnings).toEqual([
      expect.stringContaining('#3 was not told: GitHub answered 403: Unable to create'),
    ]);
  });

  test('a token that is wrong, or none', async () => {
    const head = github.pulls.merge(2, 'New');
    const wrong = await tellPulls(await resultOf(head), { ...env(), GITHUB_TOKEN: 'gho_wrong0123456789' });
    expect(wrong.warnings.join()).toContain('does not accept GITHUB_TOKEN');
    expect(wrong.warnings.join()).not.toContain('gho_wrong');
    const none = await tellPulls(await resultOf(head), { GITHUB_REPOSITORY: 'a/b' });
    expect(none.warnings).toEqual([expect.stringContaining('GITHUB_TOKEN is not set')]);
  });

  test('a broken answer is asked for again', async () => {
    await deployedBefore(github.pulls.merge(1, 'Old'));
    const head = github.pulls.merge(2, 'New');
    github.broken = 1;
    expect((await tellPulls(await resultOf(head), env())).pulls).toEqual([2]);
  });
});

test('names of others are no markup in a comment', async () => {
  const head = github.pulls.merge(2, 'New');
  const version = '`@everyone` <img src=x> [a](http://evil.example)';
  await tellPulls(await resultOf(head, { version, runUrl: 'javascript:alert(1)' }), env());
  const [body] = bodies(2);
  expect(body).toContain('version `` `@everyone` <img src=x> [a](http://evil.example) ``');
  expect(body).not.toContain('javascript:');
});
