import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { commentBody, marker } from '../../scripts/comment/body.ts';
import { putComment } from '../../scripts/comment/github.ts';
import { differences } from '../../scripts/diff/diff.ts';
import { markdown } from '../../scripts/diff/markdown.ts';
import { root } from '../../scripts/lib/root.ts';
import { edited, parts, snapshot } from '../diff/base.ts';
import { type FakeGitHub, fakeGitHub } from './fake-github.ts';

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
  it('reads as it should for a realistic change', async () => {
    const body = commentBody({ changes: realistic(), picturesUrl: 'https://ci.example/artefact' });
    await expect(body).toMatchFileSnapshot('golden/realistic.md');
  });

  it('is written once and updated from then on', async () => {
    github = await fakeGitHub({ comments: Array.from({ length: 130 }, (_, i) => `somebody's words ${i}`) });
    expect(await putComment(pull(github.url), `${marker}\nfirst`)).toBe('created');
    expect(await putComment(pull(github.url), `${marker}\nsecond`)).toBe('updated');
    expect(await putComment(pull(github.url), `${marker}\nsecond`)).toBe('unchanged');
    expect(github.comments.filter((c) => c.body.startsWith(marker))).toEqual([
      { id: 131, body: `${marker}\nsecond` },
    ]);
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
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('writes to the job’s summary when the token may only read', async () => {
    github = await fakeGitHub({ refuse: 403 });
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
    expect((await run([], {})).err).toContain('--base REF');
    const { code, err } = await run(['--base', 'no-such-ref'], {});
    expect(code).toBe(1);
    expect(err).toContain('git does not know the commit "no-such-ref"');
    expect(err).not.toContain('    at ');
  });
});
