import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { commentBody } from './comment/body.ts';
import { type PullRequest, putComment, ReadOnly } from './comment/github.ts';
import { differences } from './diff/diff.ts';
import { snapshotAt, snapshotIn } from './diff/snapshot.ts';
import { parseCommand } from './lib/args.ts';
import { runMain, UserError } from './lib/errors.ts';
import { inProject } from './lib/root.ts';
import { say } from './lib/terminal.ts';
import { baseUrl } from './lib/url.ts';

const spec = {
  name: 'comment',
  summary: 'Writes what a pull request changes as one comment on it, and updates that comment from then on.',
  options: {
    base: { value: 'REF', help: 'the commit, branch or tag that it is compared with' },
    pull: { value: 'NUMBER', help: 'the pull request; without one the text goes to the job’s summary' },
    pictures: { value: 'URL', help: 'where the pictures are' },
    build: { value: 'FILE', help: 'what the build printed; shown when there is anything in it' },
    'dry-run': { help: 'print the comment, write nothing' },
  },
  footer:
    'Needs GITHUB_TOKEN and GITHUB_REPOSITORY. With a token that may only read (a pull request from a fork) the text\ngoes to $GITHUB_STEP_SUMMARY instead. Exits 0, 1 when it could neither.',
} as const;

const number = (text: string | undefined): number | undefined => {
  if (text === undefined || text === '') return undefined;
  if (!/^\d+$/.test(text)) throw new UserError(`--pull ${text} is no number of a pull request.`);
  return Number(text);
};

function pullRequest(pull: number | undefined, env: NodeJS.ProcessEnv): PullRequest | undefined {
  const { GITHUB_TOKEN: token, GITHUB_REPOSITORY: repository } = env;
  if (pull === undefined || !token || !repository) return undefined;
  return {
    api: baseUrl(env.GITHUB_API_URL ?? 'https://api.github.com', 'GITHUB_API_URL'),
    repository,
    number: pull,
    token,
  };
}

function toSummary(body: string, why: string): number {
  const file = process.env.GITHUB_STEP_SUMMARY;
  if (file) appendFileSync(file, `${body}\n`);
  else console.log(body);
  say(`${why}: the text went to ${file ? 'the job’s summary' : 'stdout'}.`);
  return 0;
}

await runMain(async () => {
  const { values } = parseCommand(spec);
  if (!values.base) throw new UserError('Say what to compare with: --base REF.');
  const changes = differences(snapshotAt(values.base), snapshotIn(inProject('generated')));
  const buildFailed =
    values.build && existsSync(values.build) ? readFileSync(values.build, 'utf8').trim() : '';
  const body = commentBody({
    changes,
    ...(values.pictures && { picturesUrl: values.pictures }),
    ...(buildFailed && { buildFailed }),
  });
  if (values['dry-run']) {
    console.log(body);
    return 0;
  }
  const pull = pullRequest(number(values.pull), process.env);
  if (!pull) return toSummary(body, 'No pull request, or no GITHUB_TOKEN');
  try {
    say(`The comment was ${await putComment(pull, body)}.`);
    return 0;
  } catch (error) {
    if (error instanceof ReadOnly) return toSummary(body, 'This token may not write comments');
    throw error;
  }
});
