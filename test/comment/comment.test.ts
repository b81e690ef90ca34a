import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { differences } from '../../src/diff/diff.ts';
import { markdown } from '../../src/diff/markdown.ts';
import { root } from '../../src/lib/root.ts';
import { commentBody, marker } from '../../src/review/comment/body.ts';
import { putComment, ReadOnly } from '../../src/review/comment/github.ts';
import { freePort } from '../../src/servers/index.ts';
import { edited, parts, snapshot } from '../diff/base.ts';
import { type FakeGitHub, fakeGitHub, readOnly } from './fake-github.ts';

let github: FakeGitHub | undefined;
afterEach(async () => await github?.stop());

const pull = (api: string) => ({ api: new URL(api), repository: 'relay/relay', number: 7, token: 'secret' });

/** A threshold moved, a panel removed, an alert added: what a pull request does. */
const realistic = () =>
  differences(
    snapshot(parts()),
    snapshot(
      edited(
        parts(),
        ['set', 'rate.fieldConfig.defaults.thresholds.steps.1.value', 0.85],
        ['remove', 'dash.panels.4'],
        [
          'add',
          'rules.rules.groups.1.rules',
          { alert: 'CostHigh', expr: 'up > 1', labels: { severity: 'medium' } },
        ],
      ),
    ),
  );

describe('the comment', () => {
  it('says that something was edited and not built, shows a plan as it is, and links to where a change is defined', () => {
    const [change, ...others] = realistic();
    const body = commentBody({
      changes: [{ ...change!, source: { file: 'alerts/health-checks.ts', line: 20 } }, ...others],
      notBuilt:
        'Edited and not built: generated/ is not what the definitions say.\n  - generated/manifest.json',
      plan: '@team ```\n# one rule file changes',
      repository: 'https://github.com/relay/relay/blob/abc',
    });
    expect(body).toContain('> [!WARNING]\n> Edited and not built: generated/');
    expect(body).toContain(
      '[`alerts/health-checks.ts:20`](https://github.com/relay/relay/blob/abc/alerts/health-checks.ts#L20)',
    );
    expect(body).toContain('### What provision would do\n\n````\n@team ```\n# one rule file changes\n````');
  });

  it('reads as it should for a realistic change', async () => {
    const body = commentBody({ changes: realistic(), picturesUrl: 'https://ci.example/artefact' });
    await expect(body).toMatchFileSnapshot('golden/realistic.md');
  });

  it('shows what the build said in a block that it cannot close, and that pictures are missing', () => {
    const body = commentBody({ changes: [], picturesUrl: '', buildFailed: 'error: no\n```\n# Approved' });
    expect(body).toContain('> The build does not pass');
    expect(body).toContain('\n````\nerror: no\n```\n# Approved\n````\n');
    expect(body).toContain('The pictures could not be taken: see the log.');
    expect(commentBody({ changes: [] })).not.toMatch(/picture|build/i);
  });

  it('is written once and updated from then on', async () => {
    github = await fakeGitHub({
      comments: Array.from({ length: 130 }, (_, i) => ({ body: `somebody's words ${i}`, login: 'somebody' })),
    });
    expect(await putComment(pull(github.url), `${marker}\nfirst`)).toBe('created');
    expect(await putComment(pull(github.url), `${marker}\nsecond`)).toBe('updated');
    expect(await putComment(pull(github.url), `${marker}\nsecond`)).toBe('unchanged');
    expect(github.comments.filter((c) => c.body.startsWith(marker))).toEqual([
      { id: 131, body: `${marker}\nsecond`, user: { login: 'github-actions[bot]' } },
    ]);
  });

  it.each([false, true])(
    'is written once through a gateway that fails twice (answers lost: %s)',
    async (lost) => {
      github = await fakeGitHub({ broken: { writes: 2, lost } });
      expect(await putComment(pull(github.url), `${marker}\nfirst`)).toBe('created');
      expect(github.comments.map((c) => c.body)).toEqual([`${marker}\nfirst`]);
    },
  );

  it('says that GitHub cannot be reached, and what was therefore not done', async () => {
    const failure = await putComment(pull(`http://127.0.0.1:${await freePort()}`), marker).catch(
      (error: unknown) => error,
    );
    expect(failure).toMatchObject({
      message: expect.stringMatching(/GitHub at .* cannot be reached/),
      notDone: 'the comment',
    });
  });

  it('is not one that others wrote, with our marker or around it', async () => {
    const comments = [
      { body: `${marker}\nI approve`, login: 'mallory' },
      { body: `> ${marker}\nquoted`, login: 'github-actions[bot]' },
    ];
    github = await fakeGitHub({ comments });
    expect(await putComment(pull(github.url), `${marker}\nours`)).toBe('created');
    expect(github.comments.map((c) => c.body)).toEqual([...comments.map((c) => c.body), `${marker}\nours`]);
  });

  it('is found again by the login of its token', async () => {
    github = await fakeGitHub({
      login: 'relay-bot',
      comments: [
        { body: `${marker}\nof the workflow`, login: 'github-actions[bot]' },
        { body: `${marker}\nold`, login: 'relay-bot' },
      ],
    });
    expect(await putComment(pull(github.url), `${marker}\nnew`)).toBe('updated');
    expect(github.comments.map((c) => c.body)).toEqual([`${marker}\nof the workflow`, `${marker}\nnew`]);
  });

  it('is refused to a token that may only read, and to no other', async () => {
    github = await fakeGitHub({ refuse: readOnly });
    await expect(putComment(pull(github.url), marker)).rejects.toThrow(ReadOnly);
    await github.stop();
    const failures: [Parameters<typeof fakeGitHub>[0], RegExp][] = [
      [{ refuse: { ...readOnly, status: 404, message: 'Not Found' } }, /no pull request 7 in relay\/relay/],
      [{ refuse: { methods: ['GET'], status: 404, message: 'Not Found' } }, /no pull request 7/],
      [
        { refuse: { ...readOnly, message: 'API rate limit exceeded for installation' } },
        /rate limit is used up/,
      ],
      [
        { refuse: { ...readOnly, message: 'No', headers: { 'x-ratelimit-remaining': '0' } } },
        /rate limit is used up/,
      ],
      [
        { refuse: { ...readOnly, status: 422, message: 'Body is too long' } },
        /answered 422 .*Body is too long/,
      ],
      [{ refuse: { ...readOnly, message: 'Repository was archived' } }, /answered 403 .*archived/],
    ];
    for (const [options, words] of failures) {
      github = await fakeGitHub(options);
      const failure = await putComment(pull(github.url), marker).catch((error: unknown) => error);
      expect(failure).not.toBeInstanceOf(ReadOnly);
      expect((failure as Error).message).toMatch(words);
      await github.stop();
    }
    github = await fakeGitHub();
    await expect(putComment({ ...pull(github.url), number: 8 }, marker)).rejects.toThrow(/no pull request 8/);
    await expect(putComment({ ...pull(github.url), token: 'old' }, marker)).rejects.toThrow(/GITHUB_TOKEN/);
  });

  it('fits into a comment, however much changed', () => {
    const [change] = realistic();
    const many = Array.from({ length: 3_000 }, (_, i) => ({
      ...change!,
      place: ['dashboard', `panel ${i}`],
    }));
    expect(markdown(many).length).toBeLessThanOrEqual(60_000);
    expect(markdown(many)).toMatch(/… and \d+ more/);
  });
});

const run = (
  args: readonly string[],
  env: Record<string, string>,
): Promise<{ code: number; out: string; err: string }> =>
  new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      ['scripts/run.mjs', 'comment', ...args],
      { cwd: root, env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env } },
      (_, out, err) => resolve({ code: child.exitCode ?? 1, out, err }),
    );
  });

describe('the command', () => {
  const folder = mkdtempSync(join(tmpdir(), 'comment-'));
  const summary = join(folder, 'summary.md');
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('writes to the job’s summary when the token may only read', async () => {
    github = await fakeGitHub({ refuse: readOnly });
    writeFileSync(summary, '');
    const env = {
      GITHUB_TOKEN: 'secret',
      GITHUB_REPOSITORY: 'relay/relay',
      GITHUB_API_URL: github.url,
      GITHUB_STEP_SUMMARY: summary,
    };
    const { code, err } = await run(['--base', 'HEAD', '--pull', '7'], env);
    expect(code, err).toBe(0);
    expect(readFileSync(summary, 'utf8')).toContain(marker);
    expect(github.comments).toEqual([]);
    expect(err).toContain('may not write');
  });

  it('says what is wrong with its options', async () => {
    const { code, err } = await run(['--base', 'no-such-ref'], {});
    expect(code).toBe(1);
    expect(err).toContain('git does not know the commit "no-such-ref"');
    expect(err).not.toContain('    at ');
    const wrong = await run(['--pull', 'abc', '--pictures', 'x y', '--build', 'docs', '--dry-run'], {});
    expect(wrong.code).toBe(1);
    for (const words of [
      '--base REF',
      '--pull abc is no number',
      '--pictures x y is no address',
      '--build docs is no file',
    ])
      expect(wrong.err).toContain(words);
    expect(wrong.err).not.toContain('bug');
  });

  it('compares another directory, as the job does that runs nothing of the pull request', async () => {
    const { code, out, err } = await run(['--base', 'HEAD', '--head-dir', 'generated', '--dry-run'], {});
    expect(code, err).toBe(0);
    expect(out).toContain(marker);
    expect((await run(['--base', 'HEAD', '--head-dir', 'docs', '--dry-run'], {})).err).toContain(
      'docs holds neither dashboards nor rules',
    );
  });
});
